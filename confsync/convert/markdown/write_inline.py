"""Inline atoms as Markdown, or as HTML inside cells of HTML tables."""

import html
import re
from collections.abc import Sequence

from confsync.convert.markdown.attributes import Attribute, write_attributes
from confsync.convert.markdown.code_span import code_span
from confsync.convert.markdown.escape import Escaper, is_plain, line_start, looks_like_table_rule
from confsync.convert.markdown.labels import escape_label
from confsync.convert.markdown.target import write_href, write_target
from confsync.convert.rules.marks import DELIMITERS
from confsync.convert.rules.tokens import TOKENS
from confsync.convert.spaces import WIDE
from confsync.convert.storage.page import Page
from confsync.convert.tree import BREAK, CLOSE, OPEN, SPACE, TOKEN, WORDED, Atom, fields_of, runs_of_atoms

_NBSP = "\xa0"
_ODD_SPACE = re.compile(f"[{WIDE}]")
_HTML_SPECIAL = re.compile(f"[&<>:${_NBSP}]")
_DIRECTIVE = re.compile(r":(?=[a-z][a-z0-9-]*\[)|\$(?=`)")
_PUNCT = re.compile(r"[^\w\s]|_")
_ID_LIMIT = 60
_UNSAFE_IN_LABEL = re.compile(r"[\\`*\[\]<>~|$&{}]|(?<![^\W_])_|_(?![^\W_])|:(?=[:a-z])")


class InlineWriter:
    """Writes one leaf's atoms.

    Args:
        page: where names of people and labels of placeholders are found.
        mode: `text`, `heading` (one line), `pipe` (a cell of a pipe table) or `html`.
        tags: write marks as HTML tags, which works where delimiters cannot.
        emphasised: the text stands inside emphasis (a caption): what is emphasised in it gets another sign.
    """

    def __init__(self, page: Page | None, mode: str, *, tags: bool = False, emphasised: bool = False) -> None:
        self.page = page
        self.mode = mode
        self.tags = tags
        self.signs = {**DELIMITERS, "em": "_"} if emphasised else DELIMITERS
        self.doubtful = False
        """Set where only reading the text back can tell whether it is right."""

    def write(self, atoms: Sequence[Atom]) -> str:
        """The Markdown of a leaf's content."""
        if self.mode == "html":
            return "".join(self._html(atoms))
        return self.write_runs(runs_of_atoms(atoms))

    def write_runs(self, runs: Sequence[str]) -> str:
        """The Markdown of atoms whose words and spaces stand together in runs of text."""
        flat = runs[0] if len(runs) == 1 else "".join([run for run in runs if run[0] >= SPACE])
        plain = is_plain(flat)
        pieces = self._pieces(runs)
        if "\x00" in pieces:
            self._delimit(runs, pieces)
        if not plain:
            cell, struck = self.mode == "pipe", OPEN + "del" in runs
            self._escape(runs, pieces, Escaper(flat, cell=cell, struck=struck))
        return self._lines("".join(pieces))

    def _pieces(self, atoms: Sequence[Atom]) -> list[str]:
        """Everything but delimiters and words that need escaping."""
        pieces = []
        targets: list[str] = []
        for atom in atoms:
            sign = atom[0]
            if sign >= SPACE:
                pieces.append(atom)
            elif sign == BREAK:
                pieces.append("\\\n" if self.mode == "text" else "<br>")
            elif sign == TOKEN:
                pieces.append(_apart(pieces, self._token(atom)))
            elif sign == OPEN and atom[1:3] == "a\x1f":
                targets.append(fields_of(atom)[1])
                pieces.append("[")
            elif sign == CLOSE and atom[1:] == "a":
                pieces.append(f"]({self._target(targets.pop())})")
            elif sign in (OPEN, CLOSE):
                pieces.append("\x00")
        return pieces

    def _target(self, target: str) -> str:
        written = write_target(target)
        return written.replace("|", "%7C") if self.mode == "pipe" else written

    def _token(self, atom: Atom) -> str:
        kind, *fields = fields_of(atom)
        if kind == "code":
            written = code_span(fields[0])
        elif kind == "url":
            written = f"<{fields[0]}>"
        elif kind == "math":
            written = f"${code_span(fields[0])}$"
        elif kind == "macro":
            written = self.placeholder(fields)
        else:
            written = TOKENS.kinds[kind].markdown(fields, self.page)
        return written.replace("|", "\\|") if self.mode == "pipe" else written

    def placeholder(self, fields: Sequence[str]) -> str:
        """A macro in a line; its label says what it is."""
        if not fields[0]:
            return f":macro[{escape_label(fields[1])}]{fields[2]}"
        label = self.page.labels.get(fields[0], "macro") if self.page else "macro"
        clean = " ".join(_UNSAFE_IN_LABEL.sub(" ", label).split())[:_ID_LIMIT].strip() or "macro"
        return f":macro[{clean}]{{#{fields[0]}}}"

    def _delimit(self, atoms: Sequence[Atom], pieces: list[str]) -> None:
        """Choose signs or tags for each mark by the rules for delimiter runs."""
        stack: list[int] = []
        for index, atom in enumerate(atoms):
            if pieces[index] != "\x00":
                continue
            if atom[0] == OPEN:
                stack.append(index)
                continue
            start = stack.pop()
            name, *said = fields_of(atoms[start])
            if name in ("excerpt", WORDED):
                head, pieces[index] = _worded(name, said)
                pieces[start] = _apart(pieces[:start], head)
                self.doubtful = True
                continue
            sign = self.signs.get(name)
            if sign and not self.tags and self._flanked(atoms, start, index):
                pieces[start] = pieces[index] = self._emphasis(sign, pieces, start, index)
            else:
                attribute = f' style="{html.escape(said[0])}"' if said and said[0] else ""
                pieces[start], pieces[index] = f"<{name}{attribute}>", f"</{name}>"

    def _emphasis(self, sign: str, pieces: Sequence[str], start: int, end: int) -> str:
        """The sign of emphasis that has bold text at its edge: some readers do not see it in `*a **b***`."""
        inside = pieces[start + 1 : end]
        bold = "**" in (inside[0], inside[-1]) and not (inside[0] == inside[-1] and inside.count("**") == 2)  # noqa: PLR2004
        if sign != "*" or not bold:
            return sign
        self.doubtful = True
        return "_"

    def _flanked(self, atoms: Sequence[Atom], start: int, end: int) -> bool:
        outer_left, inner_left = self._beside(atoms, start, -1), self._beside(atoms, start, 1)
        inner_right, outer_right = self._beside(atoms, end, -1), self._beside(atoms, end, 1)
        if inner_left.isspace() or inner_right.isspace():
            return False
        if "\x00" in (outer_left, inner_left, inner_right, outer_right):
            self.doubtful = True
        if outer_left.isalnum() or outer_right.isalnum():
            self.doubtful = True
        opens = not _PUNCT.match(inner_left) or outer_left.isspace() or bool(_PUNCT.match(outer_left))
        closes = not _PUNCT.match(inner_right) or outer_right.isspace() or bool(_PUNCT.match(outer_right))
        return opens and closes

    def _beside(self, atoms: Sequence[Atom], index: int, step: int) -> str:
        """The character that will stand beside a delimiter: a space at an edge, NUL for another delimiter."""
        index += step
        if not 0 <= index < len(atoms):
            return " "
        atom = atoms[index]
        sign = atom[0]
        if sign in (OPEN, CLOSE):
            return ("[" if sign == OPEN else ")") if atom[1:2] == "a" and len(atom) != 3 else "\x00"  # noqa: PLR2004
        if sign == TOKEN:
            return "`"
        return " " if sign == BREAK else sign if step > 0 else atom[-1]

    def _escape(self, atoms: Sequence[Atom], pieces: list[str], escaper: Escaper) -> None:
        depth = 0
        for index, atom in enumerate(atoms):
            sign = atom[0]
            if sign == OPEN and atom[1:3] == "a\x1f":
                depth += 1
            elif sign == CLOSE and atom[1:] == "a":
                depth -= 1
            elif sign >= SPACE and not is_plain(atom):
                before = pieces[index - 1][-1:] if index else ""
                after = pieces[index + 1][:1] if index + 1 < len(pieces) else ""
                written = escaper.word(atom, in_link=depth > 0, before=before, after=after)
                pieces[index] = written = written.replace(_NBSP, "&nbsp;")
                if _ODD_SPACE.search(written):
                    self.doubtful = True

    def _lines(self, text: str) -> str:
        if self.mode == "pipe":
            return text
        if self.mode == "heading":
            return re.sub(r"(#+)$", r"\\\1", text)
        if BREAK not in text:
            return line_start(text, first=True)
        lines = text.split("\n")
        if any(looks_like_table_rule(line) for line in lines[1:]):
            self.doubtful = True
        return "\n".join(line_start(line, first=not index) for index, line in enumerate(lines))

    def _html(self, atoms: Sequence[Atom]) -> list[str]:
        out: list[str] = []
        ends: list[str] = []
        for atom in atoms:
            sign = atom[0]
            if sign == BREAK:
                out.append("<br>")
            elif sign == TOKEN:
                out.append(self._html_token(atom))
            elif sign == OPEN:
                name, *said = fields_of(atom)
                if name in ("excerpt", WORDED):
                    head, tail = _worded(name, said)
                    ends.append(tail)
                    out.append(_apart(out, head))
                    continue
                attribute = {"a": "href", "span": "style"}.get(name)
                value = f' {attribute}="{write_href(said[0])}"' if attribute and said else ""
                # Code that holds marks (a comment's, say) must not be read as code without any.
                out.append("<code><!-- -->" if name == "code" else f"<{name}{value}>")
            elif sign == CLOSE:
                out.append(ends.pop() if atom[1:] in ("excerpt", WORDED) else f"</{atom[1:]}>")
            else:
                out.append(_html_text(atom))
        return out

    def _html_token(self, atom: Atom) -> str:  # noqa: PLR0911  (one return per kind)
        kind, *fields = fields_of(atom)
        match kind:
            case "code":
                return f"<code>{_html_text(fields[0])}</code>"
            case "url":
                return f'<a href="{write_href(fields[0])}">{_html_text(fields[0])}</a>'
            case "image":
                return f'<img src="{write_href(write_target(fields[0]))}" alt="{html.escape(fields[1])}">'
            case "math":
                return f"$`{_html_text(fields[0])}`$"
            case "jira":
                return f'<a href="jira:{write_href(fields[0])}">{_html_text(fields[0])}</a>'
            case "user":
                bare = fields[0].rpartition("=")[2]
                name = self.page.links.users.get(bare, bare) if self.page else bare
                identity = f"/{fields[0]}" if fields[0] else ""
                return (
                    f'<a href="confluence:user{write_href(identity)}">@{_html_text(name or fields[-1])}</a>'
                )
            case _:
                return self._token(atom)


def _apart(pieces: Sequence[str], written: str) -> str:
    """A directive needs something other than a letter before it, and code no other code."""
    before = pieces[-1][-1:] if pieces else ""
    joins = (written[0] == ":" and before and (before.isalnum() or before in "_:\\")) or (
        written[0] == before == "`"
    )
    return f"<!-- -->{written}" if joins else written


def _worded(name: str, said: Sequence[str]) -> tuple[str, str]:
    """What opens and closes a directive around words."""
    if name == "excerpt":
        return ":excerpt[", _excerpt_end(said)
    return f":{said[1]}[", f"]{{#{said[0]}}}"


def _excerpt_end(said: Sequence[str]) -> str:
    """What closes an inline excerpt: its name, and whether it is hidden."""
    name, hidden = [*said, "", ""][:2]
    pairs: list[Attribute] = [("name", name)] if name else []
    return "]" + write_attributes([*pairs, ("hidden", None)] if hidden else pairs)


def _html_text(text: str) -> str:
    if _HTML_SPECIAL.search(text) is None:
        return text
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace(_NBSP, "&nbsp;")
    return _DIRECTIVE.sub(r"\g<0><!-- -->", escaped)
