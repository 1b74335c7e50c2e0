"""Plain text as Markdown: escape what would be read as markup, and as little else as possible."""

import re

from confsync.convert.spaces import WIDE

_NOT_PLAIN = re.compile(rf"[\\`*_\[\]<&~|:$!{{#{WIDE}]")

_RISKY = re.compile(
    r"\\(?P<slash>)(?=[!-/:-@\[-`{-~\xa0]|$)|`|\*|_(?P<under>)|\[(?P<open>)|\](?P<close>)|<(?=[A-Za-z/!?])"
    r"|&(?P<amp>)(?=#?\w+;)|~(?P<tilde>)|\|(?P<pipe>)|:(?P<colon>)(?=[a-z][a-z0-9-]*\[)|\$(?=`)"
    r"|!(?P<bang>)$|\{(?P<brace>)"
)
"""Every branch begins with its sign, so that the search skips what none begins with."""
_LINE_START = re.compile(
    r"(#{1,6})(?=\s|$)|([+-])(?=\s|$)|(-{2,}|={1,})[ \t]*$|(>)|(?P<n>\d{1,9})([.)])(?=\s|$)|(:{2,})"
)
_TABLE_RULE = re.compile(r"[|:\- ]*-[|:\- ]*$")


def is_plain(text: str) -> bool:
    """Whether words need no look at all, unless a line begins with them."""
    return _NOT_PLAIN.search(text) is None


class Escaper:
    """Escapes the words of one leaf; some signs matter only when the leaf holds others."""

    def __init__(self, text: str, *, cell: bool, struck: bool) -> None:
        self.cell = cell
        self.brackets = "](" in text or "][" in text or "]:" in text or "[^" in text
        self.tildes = struck or text.count("~") > 1

    def word(self, word: str, *, in_link: bool, before: str, after: str) -> str:
        """Escape one word; `before` and `after` are the characters beside it in the Markdown."""
        return _RISKY.sub(lambda m: self._sign(m, word, in_link, before, after), word)

    def _sign(  # noqa: PLR0911  (one return per sign)
        self,
        found: re.Match[str],
        word: str,
        in_link: bool,  # noqa: FBT001  (one of what a sign depends on)
        before: str,
        after: str,
    ) -> str:
        kind, sign = found.lastgroup, found[0]
        match kind:
            case "under":
                left = word[found.start() - 1] if found.start() else before
                right = word[found.end()] if found.end() < len(word) else after
                return "_" if left.isalnum() and right.isalnum() else "\\_"
            case "open" | "close":
                return "\\" + sign if in_link or self.brackets else sign
            case "amp":
                return "&amp;"
            case "tilde":
                return "\\~" if self.tildes else "~"
            case "pipe":
                return sign if not self.cell else "\\|"
            case "colon":
                left = word[found.start() - 1] if found.start() else before
                return ":" if left.isalnum() else ":<!-- -->"
            case "bang":
                return "\\!" if after == "[" else "!"
            case "brace":
                return "\\{" if not found.start() and before and before in ")]}" else "{"
            case "slash":
                at_end = found.end() == len(word)
                return (
                    "\\\\"
                    if not at_end or after in ("", "\n") or (not after.isalnum() and after != " ")
                    else "\\"
                )
            case _:
                return "\\" + sign


def line_start(line: str, *, first: bool) -> str:
    """Escape what would make a line of a paragraph the beginning of another block."""
    found = _LINE_START.match(line)
    if found is None:
        return _bracketed(line, first=first)
    if found["n"]:
        return f"{found['n']}\\{line[len(found['n']) :]}"
    if line.startswith("::"):
        return ":<!-- -->" + line[1:]
    if found[3] and first and found[3][0] == "=":
        return line
    return "\\" + line


_X_LINK = re.compile(r"\[([xX])\](?=\()")
"""A link that formatters take for a checkbox."""
_BOX = re.compile(r"\[(?:[ xX]\](?:\s|$)|!\w|[^\]]*\]:)")
"""Text that is a checkbox, an alert's marker or a link's definition where a block begins."""


def _bracketed(line: str, *, first: bool) -> str:
    if not line.startswith("["):
        return line
    if _X_LINK.match(line):
        return f"{line[:2]}<!-- -->{line[2:]}"
    return "\\" + line if first and _BOX.match(line) else line


def looks_like_table_rule(line: str) -> bool:
    """Whether a second line would turn the first into the head of a table."""
    return _TABLE_RULE.match(line) is not None
