"""Our Markdown to another generator's, block by block: what is plain stays as it was written."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from markdown_it import MarkdownIt
from markdownify import markdownify

from confsync.convert.markdown.directive import Close, Directive, Shape, find_inline, parse_directive
from confsync.errors import MalformedMarkdown
from confsync.site.formats.dialects import Dialect, Lines, indented
from confsync.site.html.inlines import readable_date
from confsync.site.rules.inline import KNOWN

_PANELS = {
    "info": "info", "tip": "tip", "note": "note", "warning": "warning", "adf-note": "important",
    "adf-info": "info", "adf-success": "tip", "adf-warning": "note", "adf-error": "warning", "panel": "info",
    "adf-custom": "info",
}  # fmt: skip
_ALERTS = {"note": "info", "tip": "tip", "warning": "note", "caution": "warning", "important": "important"}
_ALERT = re.compile(r"\\?\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\\?\][ \t]*", re.IGNORECASE)
_ITEM = re.compile(r"([ ]*)([-*+]|\d{1,9}[.)])([ ]+|$)")
_BOX = re.compile(r"\[([ xX])\][ ]+")
_CODE = r"(?<!\\)(`+)(?:(?!\1).|\n)*?\1"
_TARGET = r"<[^<>\n]*>|[^()\s]*(?:\([^()\s]*\)[^()\s]*)*"
_TITLE = r"(?:\s+(?:\"[^\"]*\"|'[^']*'))?"
_LINK = re.compile(
    rf"{_CODE}|(!?)\[((?:[^\[\]`]|`[^`]*`|\[[^\[\]]*\])*)\]\(\s*({_TARGET}){_TITLE}\s*\)", re.DOTALL
)
_DEFINITION = re.compile(r"(?m)^([ ]{0,3}\[[^\]\n]*\]):")
_COMMENT = re.compile(r"\s*<!--.*?-->\s*", re.DOTALL)
_HIDDEN = frozenset({"excerpt", "details"})
_PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])

Show = Callable[[str], str]
"""A block of our Markdown to sanitised HTML, its links relative to the page."""


class Resolve(Protocol):
    """Resolves links."""

    def __call__(self, target: str, *, picture: bool) -> str | None:
        """A link's target (or a picture's) to an address relative to the page; None where it has to go."""


class Converter:
    """Converts one page.

    Args:
        dialect: the generator's.
        show: renders what has no form in Markdown.
        resolve: resolves links.
        finish: spells addresses of the site as the generator wants them.
    """

    def __init__(self, dialect: Dialect, show: Show, resolve: Resolve, finish: Callable[[str], str]) -> None:
        self._dialect = dialect
        self._show = show
        self._resolve = resolve
        self._finish = finish

    def convert(self, text: str) -> str:
        """Return a page's body."""
        env: dict[str, dict[str, dict[str, str]]] = {}
        _PARSER.parse(text, env)
        named = [
            f"[{name.lower()}]: {address}"
            for name, one in env.get("references", {}).items()
            if (address := self._resolve(one["href"], picture=False)) is not None
        ]
        return "\n".join([*self._blocks(text.split("\n")), *named]).strip("\n") + "\n"

    def _blocks(self, lines: Lines) -> Lines:
        out: Lines = []
        waiting: list[tuple[Directive, Lines]] = []
        for kind, block, inline in _top_level(lines):
            found = _directive(inline) if kind == "paragraph_open" else None
            if isinstance(found, Directive) and found.shape is Shape.CONTAINER and found.body is None:
                waiting.append((found, []))
                continue
            if isinstance(found, Close) and waiting:
                done, inside = waiting.pop()
                made = self._container(done, inside)
            else:
                made = self._block(kind, block, found)
            target = waiting[-1][1] if waiting else out
            target += [*made, ""] if made else []
        for done, inside in reversed(waiting):
            out += [*self._container(done, inside), ""]
        return out

    def _block(self, kind: str, block: Lines, found: Directive | Close | None) -> Lines:
        text = "\n".join(block)
        make = self._makers.get(kind)
        if kind in ("fence", "code_block"):
            return block
        if kind == "html_block":
            return [] if _COMMENT.fullmatch(text) else self._shown(text)
        if isinstance(found, Directive):
            return self._shown(text)
        return make(self, block) if make else self._words(text).split("\n")

    def _shown(self, text: str) -> Lines:
        html = self._show(text)
        if "<table" in html or "<math" in html or "<details" in html:
            return html.strip().split("\n")
        said: str = markdownify(html, heading_style="ATX", bullets="-")
        done = _LINK.sub(
            lambda one: one[0] if one[1] else _link(one[2], one[3], self._finish(one[4])), said.strip()
        )
        return _without_tags(done).split("\n") if done else []

    def _container(self, found: Directive, inside: Lines) -> Lines:
        while inside and not inside[-1]:
            inside.pop()
        if found.name in _HIDDEN and found.get("hidden") in ("", "true"):
            return []
        if found.name in _PANELS:
            return self._dialect.panel(_PANELS[found.name], found.label or "", inside)
        if found.name == "expand":
            return self._dialect.fold(found.label or "More", inside)
        return inside

    def _quote(self, block: Lines) -> Lines:
        inside = [re.sub(r"^[ ]{0,3}> ?", "", line) for line in block]
        found = _ALERT.match(inside[0]) if inside else None
        if found is None:
            return [f"> {line}".rstrip() for line in _trimmed(self._blocks(inside))]
        rest = [inside[0][found.end() :], *inside[1:]]
        return self._dialect.panel(_ALERTS[found[1].lower()], "", _trimmed(self._blocks(rest)))

    def _list(self, block: Lines) -> Lines:
        out: Lines = []
        for marker, inside in _items(block):
            head = inside[0] if inside else ""
            box = _BOX.match(head)
            done = "" if box is None else self._dialect.task[box[1] != " "]
            body = _trimmed(self._blocks([head[box.end() :] if box else head, *inside[1:]]))
            if "" not in inside:
                body = [line for line in body if line]
            width = max(self._dialect.indent, len(marker) + 1)
            first = f"{marker.ljust(width)}{done}{body[0] if body else ''}".rstrip()
            out += [first, *indented(body[1:], width)]
            if not inside or "" in inside:
                out.append("")
        return _trimmed(out)

    _makers: Mapping[str, Callable[["Converter", Lines], Lines]] = {
        "blockquote_open": _quote,
        "bullet_list_open": _list,
        "ordered_list_open": _list,
    }

    # ---- words

    def _words(self, text: str) -> str:
        out, at = [], 0
        for found in find_inline(text):
            if found.name in KNOWN or found.id:
                out += [self._relinked(text[at : found.span[0]]), self._inline(found)]
                at = found.span[1]
        return "".join([*out, self._relinked(text[at:])])

    def _inline(self, found: Directive) -> str:
        match found.name:
            case "status":
                return f"**{found.label or ''}**"
            case "date":
                return readable_date(found.label or "") or found.label or ""
            case "emoji":
                return f":{found.label}:"
            case "excerpt":
                return self._words(found.raw_label)
            case _:
                return found.label or ""

    def _relinked(self, text: str) -> str:
        return _without_tags(_SIZES.sub(r"\1", self._linked(text)))

    def _linked(self, text: str) -> str:
        out, at = [], 0
        for found in _LINK.finditer(text):
            out += [_no_link(text[at : found.start()]), self._link(found)]
            at = found.end()
        return "".join([*out, _no_link(text[at:])])

    def _link(self, found: re.Match[str]) -> str:
        if found[1]:
            return found[0]
        picture, words, target = bool(found[2]), self._linked(found[3]), found[4].strip("<>")
        if target.startswith("confluence:user"):
            return words
        address = self._resolve(target, picture=picture)
        if address is None:
            return words
        return _link(found[2], words, address)


def _link(mark: str, words: str, address: str) -> str:
    safe = address.replace(" ", "%20").replace("(", "%28").replace(")", "%29")
    return f"{mark}[{words}]({safe})"


def _no_link(text: str) -> str:
    """Text that no reader of Markdown takes for a link, or for the target of one."""
    return _DEFINITION.sub(r"\1&#58;", text.replace("](", "]&#40;"))


def _without_tags(text: str) -> str:
    """Text in which no tag acts: bodies come from anybody, and these generators let all tags through."""
    return _TAG.sub(lambda found: found[0] if found[1] or found[2] else f"&lt;{found[0][1:]}", text)


_TAG = re.compile(
    r"(`+)(?:(?!\1).|\n)*?\1"
    r"|(</?(?:br|u|sub|sup|ins|mark|kbd|small|del|ul|ol|li|b|i|em|strong|code)\s*/?>"
    r"|<a id=\"[\w.:-]+\">|</a>|<https?://[^\s<>]*>)"
    r"|<(?=[A-Za-z/!?])"
)
_SIZES = re.compile(r"(!\[[^\]]*\]\([^)\s]*\))\{[^{}]*\}")


def _top_level(lines: Lines) -> Sequence[tuple[str, Lines, str]]:
    """The blocks of a text: their kind, their lines, and the source of a paragraph."""
    tokens = _PARSER.parse("\n".join(lines))
    found = []
    table_from = -1
    for at, token in enumerate(tokens):
        if token.level != 0 or token.nesting < 0 or not token.map:
            continue
        # A table in HTML may hold blank lines, which end a block of HTML but not the table.
        start = token.map[0] if table_from < 0 else table_from
        block = lines[start : token.map[1]]
        said = "\n".join(block).lower()
        if (token.type == "html_block" or table_from >= 0) and said.count("<table") > said.count("</table"):
            table_from = start
            continue
        kind = token.type if table_from < 0 else "html_block"
        table_from = -1
        inline = tokens[at + 1].content if at + 1 < len(tokens) else ""
        found.append((kind, _trimmed(block), inline))
    return found


def _directive(text: str) -> Directive | Close | None:
    try:
        return parse_directive(text)
    except MalformedMarkdown:
        return None


def _items(block: Lines) -> list[tuple[str, Lines]]:
    """The items of a list: marker, and lines without their indent."""
    tokens = _PARSER.parse("\n".join(block))
    found = []
    for token in tokens:
        if token.type == "list_item_open" and token.level == 1 and token.map:
            lines = block[token.map[0] : token.map[1]]
            head = _ITEM.match(lines[0])
            width = len(head[0]) if head and head[3] else 2
            rest = [line[min(width, len(line) - len(line.lstrip())) :] for line in lines[1:]]
            found.append((head[2] if head else "-", _trimmed([lines[0][width:], *rest])))
    return found


def _trimmed(lines: Sequence[str]) -> Lines:
    out = list(lines)
    while out and not out[-1].strip():
        out.pop()
    return out
