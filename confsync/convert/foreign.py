"""HTML that is not ours, a browser's or an exporter's, as Markdown in our forms.

One way only, and never on the way between a page and its file: what Markdown has no form for is dropped,
scripts and embedded data are, too. Storage format goes through `storage_to_markdown`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import nh3
from bs4 import BeautifulSoup, Tag
from markdownify import ATX, BACKSLASH, MarkdownConverter

from confsync.convert.markdown.code_span import code_span
from confsync.convert.markdown.labels import escape_label
from confsync.convert.markdown.target import canonical, write_target
from confsync.convert.markdown.write_inline import InlineWriter
from confsync.convert.tree import SPACE
from confsync.errors import ConvertError

MAX_SIZE: Final = 2_000_000
"""Characters of a document."""
MAX_DEPTH: Final = 150
"""Elements inside each other; documents that people see stay far below."""
MAX_SPAN: Final = 50
"""Columns or rows that one cell may span."""

_ELEMENTS = frozenset(
    """
    a article b blockquote br caption code dd del details div dl dt em figcaption figure h1 h2 h3 h4
    h5 h6 hr i img input ins kbd li mark ol p pre q s samp section strong sub summary sup table
    tbody td tfoot th thead tr u ul
    """.split()  # noqa: SIM905  (words are easier to read than a list of strings)
)
_ATTRIBUTES = {
    "*": {"class"}, "a": {"href"}, "img": {"src", "alt"}, "input": {"type", "checked"}, "ol": {"start"},
    "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"},
}  # fmt: skip
_DROPPED = frozenset(
    """
    script style noscript template iframe object svg canvas head title button select textarea video
    audio
    """.split()  # noqa: SIM905  (words are easier to read than a list of strings)
)
_SCHEMES = frozenset(("http", "https", "mailto", "tel", "ftp"))
_LANGUAGE = re.compile(r"(?:language|lang|highlight-source|brush:?)[-:\s]\s*([A-Za-z0-9+#_.-]+)")
_BOX = re.compile(r"^(\[[ x]\])\s+")
_CELL, _ROW, _PARAGRAPH = "\ue0f1", "\ue0f2", "\ue0f3"
_SIGNS = re.compile(f"[{_CELL}{_ROW}{_PARAGRAPH}\x00]")


def html_to_markdown(html: str) -> str:
    """Convert a document or a piece of one.

    Raises:
        ConvertError: it is too long or nests too deeply.
    """
    if len(html) > MAX_SIZE:
        raise ConvertError(f"the document is longer than {MAX_SIZE} characters")
    clean = nh3.clean(
        _SIGNS.sub("", html), tags=set(_ELEMENTS), attributes=_ATTRIBUTES, clean_content_tags=set(_DROPPED),
        url_schemes=set(_SCHEMES), link_rel=None,
    )  # fmt: skip
    soup = BeautifulSoup(clean, "html.parser")
    if _depth(soup) > MAX_DEPTH:
        raise ConvertError(f"elements nest more than {MAX_DEPTH} deep")
    for ordered in soup("ol"):
        _number(ordered)
    text = _Converter().convert_soup(soup).strip()
    return f"{text}\n" if text else ""


class _Converter(MarkdownConverter):
    """Writes the forms of docs/markdown.md where the library has its own."""

    def __init__(self) -> None:
        super().__init__(
            heading_style=ATX, bullets="-", newline_style=BACKSLASH, wrap=True, wrap_width=None,
            code_language_callback=_language,
        )  # fmt: skip

    def escape(self, text: str, parent_tags: set[str]) -> str:
        words = text.split()
        if not words:
            return text
        atoms = [atom for word in words for atom in (SPACE, word)][1:]
        mode = "pipe" if parent_tags & {"td", "th"} else "heading" if "_inline" in parent_tags else "text"
        lead, tail = " " * text[0].isspace(), " " * text[-1].isspace()
        return lead + InlineWriter(None, mode).write(atoms) + tail

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        href = str(el.get("href") or "").strip()
        if "_noformat" in parent_tags or not text.strip() or not href:
            return text
        plain = " ".join(el.get_text().split())
        if plain == href and href.startswith(("http://", "https://")) and not re.search(r"[<>\s\\]", href):
            return f"<{href}>"
        lead, tail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        return f"{lead}[{' '.join(text.split())}]({write_target(canonical(href))}){tail}"

    def convert_img(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        del text, parent_tags
        source, alt = str(el.get("src") or "").strip(), " ".join(str(el.get("alt") or "").split())
        if not source:
            return self.escape(alt, set())
        return f"![{escape_label(alt)}]({write_target(canonical(source))})"

    def convert_br(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        del el
        if parent_tags & {"td", "th"}:
            return f"<br>{text}"
        return " " if "_inline" in parent_tags else f"\\\n{text}"

    def convert_p(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        del el
        if parent_tags & {"td", "th"}:
            return f"{_PARAGRAPH}{text.strip()}{_PARAGRAPH}"
        return f"\n\n{text.strip()}\n\n" if text.strip() else ""

    def convert_pre(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        code = el.get_text()
        if "_inline" in parent_tags:
            plain = " ".join(code.split())
            return code_span(plain).replace("|", "\\|") if plain else ""
        longest = max((len(run) for run in re.findall(r"`{3,}", code)), default=2)
        fence = "`" * (longest + 1)
        inside = code.removeprefix("\n").removesuffix("\n")
        return f"\n\n{fence}{_language(el)}\n{inside}\n{fence}\n\n" if text.strip() else ""

    def convert_list(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if "_inline" in parent_tags:
            return f"<{el.name}>{text.strip()}</{el.name}>" if text.strip() else ""
        before = el.find_previous_sibling()
        apart = "<!-- -->\n\n" if before is not None and before.name in ("ul", "ol") else ""
        lead = "\n" if "li" in parent_tags and not apart else f"\n\n{apart}"
        return f"{lead}{text.strip()}\n\n" if text.strip() else ""

    convert_ul = convert_list
    convert_ol = convert_list

    def convert_li(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        text = text.strip()
        if not text:
            return ""
        if "_inline" in parent_tags:
            return f"<li>{text}</li>"
        bullet = f"{el['value']}. " if el.parent is not None and el.parent.name == "ol" else "- "
        indent = " " * len(bullet)
        text = _BOX.sub(r"\1 ", text)
        return bullet + re.sub(r"\n(?=[^\n])", f"\n{indent}", text) + "\n"

    def convert_input(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        del text, parent_tags
        if el.get("type") != "checkbox":
            return ""
        return "[x] " if el.has_attr("checked") else "[ ] "

    def convert_details(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if "_inline" in parent_tags or not text.strip():
            return text
        summary = el.find("summary")
        label = escape_label(" ".join(summary.get_text().split())) if isinstance(summary, Tag) else ""
        colons = ":" * (3 + len(el.find_all("details")))
        opening = f"{colons}expand[{label}]" if label else f"{colons}expand"
        return f"\n\n{opening}\n\n{text.strip()}\n\n{colons}\n\n"

    def convert_summary(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        del el, text, parent_tags
        return ""

    def convert_dt(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return self.convert_p(el, f"**{' '.join(text.split())}**" if text.strip() else "", parent_tags)

    def convert_dd(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return self.convert_p(el, text, parent_tags)

    def convert_sub(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return text if "_noformat" in parent_tags or not text.strip() else f"<{el.name}>{text}</{el.name}>"

    convert_sup = convert_sub
    convert_u = convert_sub
    convert_ins = convert_sub
    convert_mark = convert_sub

    # --------------------------------------------------------------------------------------- tables

    def convert_td(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        del parent_tags
        parts = [" ".join(part.split()) for part in text.split(_PARAGRAPH)]
        columns, rows = (_span(el, name) for name in ("colspan", "rowspan"))
        said = "<br><br>".join(part for part in parts if part)
        return f"{columns}x{rows}{'h' if el.name == 'th' else 'd'}{said}{_CELL}"

    convert_th = convert_td

    def convert_tr(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        del el, parent_tags
        return f"{text.strip()}{_ROW}" if _CELL in text else ""

    def convert_caption(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        del el, text, parent_tags
        return ""

    def convert_table(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        rows = [[_cell(cell) for cell in row.split(_CELL)[:-1]] for row in text.split(_ROW)[:-1]]
        if "_inline" in parent_tags:
            return "<br>".join(" ".join(cell[3] for cell in row) for row in rows)
        grid = _grid(rows)
        if not grid:
            return ""
        width = len(grid[0])
        has_head = all(cell[2] for cell in rows[0]) or el.find("thead") is not None
        head, body = (grid[0], grid[1:]) if has_head else ([""] * width, grid)
        lines = [_line(head), _line(["---"] * width), *(_line(row) for row in body)]
        caption = el.find("caption")
        said = " ".join(caption.get_text().split()) if isinstance(caption, Tag) else ""
        return f"\n\n{self.escape(said, set())}\n\n" + "\n".join(lines) + "\n\n"


def _language(el: Tag) -> str:
    """The language that highlighters name in classes."""
    for one in (el, *el.find_all("code")):
        classes = one.get("class")
        found = _LANGUAGE.search(classes if isinstance(classes, str) else " ".join(classes or ()))
        if found:
            return found[1]
    return ""


def _depth(soup: BeautifulSoup) -> int:
    """How deep elements nest, found without recursion."""
    deepest, waiting = 0, [(soup, 0)]
    while waiting:
        node, depth = waiting.pop()
        deepest = max(deepest, depth)
        if deepest > MAX_DEPTH:
            return deepest
        waiting += [(kid, depth + 1) for kid in node.children if isinstance(kid, Tag)]  # type: ignore[misc]
    return deepest


def _number(ordered: Tag) -> None:
    start = str(ordered.get("start") or "1")
    number = int(start) if start.isascii() and start.isdigit() and len(start) < 9 else 1  # noqa: PLR2004
    for item in ordered.find_all("li", recursive=False):
        item["value"] = str(number)
        number += 1


def _span(el: Tag, name: str) -> int:
    said = str(el.get(name) or "1")
    return max(1, min(MAX_SPAN, int(said))) if said.isascii() and said.isdigit() and len(said) < 9 else 1  # noqa: PLR2004


_Cell = tuple[int, int, bool, str]
"""Columns and rows that a cell spans, whether it is a header, its text."""


def _cell(written: str) -> _Cell:
    found = re.match(r"(\d+)x(\d+)([hd])", written.strip())
    if found is None:
        return 1, 1, False, written
    return int(found[1]), int(found[2]), found[3] == "h", written.strip()[found.end() :]


def _grid(rows: Sequence[Sequence[_Cell]]) -> list[list[str]]:
    """The cells on a grid without spans: what is spanned stays empty."""
    taken: dict[int, int] = {}
    grid: list[list[str]] = []
    for row in rows:
        line: list[str] = []
        for columns, height, _, text in row:
            line += _spanned(taken, len(line))
            for index in range(columns):
                if height > 1:
                    taken[len(line)] = height
                line.append("" if index else text)
        line += _spanned(taken, len(line))
        grid.append(line)
        taken = {column: left - 1 for column, left in taken.items() if left > 1}
    width = max((len(line) for line in grid), default=0)
    return [line + [""] * (width - len(line)) for line in grid] if width else []


def _spanned(taken: Mapping[int, int], start: int) -> Iterator[str]:
    """Empty cells for the columns from `start` on that a cell above covers."""
    while start in taken:
        yield ""
        start += 1


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
