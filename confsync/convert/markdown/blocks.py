"""Markdown as a tree of blocks: CommonMark, tables, directives, HTML tables, layout comments."""

import html
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from markdown_it.token import Token

from confsync.convert.cells import normalise_heads
from confsync.convert.markdown.cell import html_cell, html_inline, pipe_cell
from confsync.convert.markdown.directive import Close, Directive, Shape, parse_directive, split_close
from confsync.convert.markdown.inline import atoms_of, attribute, read_inline
from confsync.convert.markdown.parser import parse_blocks
from confsync.convert.markdown.target import canonical
from confsync.convert.rules.macros import MACROS
from confsync.convert.tree import BREAK, CLOSE, OPEN, SPACE, TOKEN, Atom, Item
from confsync.errors import MalformedMarkdown

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_ALERT = re.compile(r"\[!(NOTE|TIP|WARNING|CAUTION|IMPORTANT)\][ \t]*(?:\n|$)?", re.IGNORECASE)
_TASK = re.compile(r"\[([ xX])\](?:\s+|$)|\\\[ \\\]$")
_MARKER = re.compile(r"\s*(?:[-+*]|\d{1,9}[.)])( *)")
_QUOTE = re.compile(r"\s{0,3}> ?")
_HTML = re.compile(
    r"<!--(?P<comment>.*?)-->|<(?P<close>/?)(?P<tag>table|thead|tbody|tfoot|tr|td|th|details|summary|caption|colgroup|col)\b[^>]*>",
    re.DOTALL | re.IGNORECASE,
)
_LAYOUT = re.compile(r"layout:\s*([a-z][a-z0-9_-]*)")
_STRUCTURE = frozenset(("decisions", "align", "macro"))


@dataclass(slots=True)
class _Frame:
    """Something open that collects blocks: a directive, a column, a cell."""

    item: Item | None
    items: list[Item]
    end: str = ""
    """What closes it: colons, or the name of a tag or comment."""
    line: int = 0
    table: Item | None = None
    text: list[str] = field(default_factory=list)
    """Inline HTML of a cell, before any blank line."""


class MarkdownReader:
    """Reads one text."""

    def __init__(self, text: str, offset: int = 0, first_line: int = 0) -> None:
        # One for one, so that offsets stay: XML has no place for these, and atoms use some as signs.
        self.text = text = _FORBIDDEN.sub("\ufffd", text)
        self.offset = offset
        self.first_line = first_line
        self.starts = [0, *(found.end() for found in re.finditer(r"\r\n|\n|\r", text))]
        self.tokens: Sequence[Token] = parse_blocks(text)
        self.at = 0
        self.open_colons: list[int] = []
        self.pending: list[tuple[int, int]] = []
        """Closing colons found deeper than what they close: (colons, line)."""

    def document(self) -> list[Item]:
        """The blocks of the whole text.

        Raises:
            MalformedMarkdown: a directive that cannot be read, or that is never closed.
        """
        return self._sequence("", "")

    def _line(self, number: int) -> int:
        """A line's number in the whole file, 1-based."""
        return number + self.first_line + 1

    # ---------------------------------------------------------------------------------------- spans

    def _place(self, item: Item, lines: tuple[int, int], prefix: str, first: int = -1) -> Item:
        """Note where a block stands: whole lines, less what containers put before them."""
        start_line, end_line = lines
        while end_line > start_line + 1 and not self._source_line(end_line - 1).strip("> \t"):
            end_line -= 1
        start = self.starts[start_line]
        start += first if first >= 0 else min(len(prefix), len(self._source_line(start_line)))
        end = self.starts[end_line] if end_line < len(self.starts) else len(self.text)
        while end > start and self.text[end - 1] in "\r\n":
            end -= 1
        item.span = (start + self.offset, max(start, end) + self.offset)
        item.prefix = prefix
        return item

    def _source_line(self, number: int) -> str:
        end = self.starts[number + 1] if number + 1 < len(self.starts) else len(self.text)
        return self.text[self.starts[number] : end].rstrip("\r\n")

    # ------------------------------------------------------------------------------------- sequence

    def _sequence(self, stop: str, prefix: str, first: int = -1, first_line: int = -1) -> list[Item]:
        frames = [_Frame(None, [])]
        depth = len(self.open_colons)
        while self.at < len(self.tokens):
            tok = self.tokens[self.at]
            self.at += 1
            if tok.type == stop:
                break
            if self.pending:
                self._close_pending(frames)
            column = first if tok.map and tok.map[0] == first_line else -1
            self._token(tok, frames, prefix, column)
        else:
            if self.pending:
                self._close_pending(frames)
        while len(frames) > 1:
            frame = frames[-1]
            if frame.end.isdigit():
                raise MalformedMarkdown(
                    f"the directive `{':' * int(frame.end)}{self._name(frame)}` is never closed",
                    line=self._line(frame.line),
                    hint=f"end it with a paragraph of {frame.end} colons",
                )
            self._pop(frames, (frame.line, frame.line + 1))
        del self.open_colons[depth:]
        return frames[0].items

    def _name(self, frame: _Frame) -> str:
        return frame.item.props.get("name", "") if frame.item else ""

    def _close_pending(self, frames: list[_Frame]) -> None:
        colons, line = self.pending[0]
        if frames[-1].end == str(colons):
            self.pending.pop(0)
            self._pop(frames, (line, line + 1))

    def _token(self, tok: Token, frames: list[_Frame], prefix: str, column: int) -> None:  # noqa: C901  (one branch per kind)
        lines = (tok.map[0], tok.map[1]) if tok.map else (0, 0)
        items = frames[-1].items
        match tok.type:
            case "paragraph_open":
                inline = self.tokens[self.at]
                self.at += 2
                self._paragraph(inline, lines, frames, prefix, column)
            case "heading_open":
                inline = self.tokens[self.at]
                self.at += 2
                item = Item("heading", {"level": tok.tag[1]})
                item.atoms = atoms_of(inline.children or ())
                if item.atoms:
                    items.append(self._place(item, lines, prefix, column).seal())
            case "hr":
                items.append(self._place(Item("rule"), lines, prefix, column).seal())
            case "fence" | "code_block":
                items.append(self._place(self._code(tok), lines, prefix, column).seal())
            case "blockquote_open":
                items.append(self._quote(lines, prefix, column))
            case "bullet_list_open" | "ordered_list_open":
                self._list(tok, items, lines, prefix, column)
            case "table_open":
                items.append(self._place(self._table(prefix, column), lines, prefix, column).seal())
            case "html_block":
                self._html(tok.content, lines, frames, prefix, column)
            case _:
                pass
        if self.pending:
            self._close_pending(frames)

    # ----------------------------------------------------------------------------------- paragraphs

    def _paragraph(
        self, inline: Token, lines: tuple[int, int], frames: list[_Frame], prefix: str, column: int
    ) -> None:
        raw = inline.content
        found = parse_directive(raw, line=self._line(lines[0]))
        if isinstance(found, Close):
            self._close(found.colons, lines, frames)
        elif found is not None:
            self._directive(found, lines, frames, prefix, column)
        else:
            before = split_close(raw, self.open_colons[-1]) if self.open_colons else None
            if before is None:
                self._add_leaf(inline.children or (), lines, frames, prefix, column)
                return
            if before:
                self._add_text(before, lines, frames, prefix, column)
            self._close(self.open_colons[-1], lines, frames)

    def _add_text(
        self, text: str, lines: tuple[int, int], frames: list[_Frame], prefix: str, column: int
    ) -> None:
        item = Item("paragraph")
        item.atoms = read_inline(text)
        if item.atoms:
            frames[-1].items.append(self._place(item, lines, prefix, column).seal())

    def _add_leaf(
        self, tokens: Sequence[Token], lines: tuple[int, int], frames: list[_Frame], prefix: str, column: int
    ) -> None:
        item = leaf(tokens)
        if item is not None:
            frames[-1].items.append(self._place(item, lines, prefix, column).seal())

    def _close(self, colons: int, lines: tuple[int, int], frames: list[_Frame]) -> None:
        if frames[-1].end == str(colons):
            self._pop(frames, lines)
        elif colons in self.open_colons and not any(frame.end == str(colons) for frame in frames):
            self.pending.append((colons, lines[0]))
        elif any(frame.end.isdigit() for frame in frames):
            raise MalformedMarkdown(
                f"`{':' * colons}` does not close `{':' * int(frames[-1].end or 3)}{self._name(frames[-1])}`",
                line=self._line(lines[0]),
                hint="a directive ends with exactly as many colons as it begins with",
            )
        else:
            raise MalformedMarkdown(
                f"`{':' * colons}` closes nothing", line=self._line(lines[0]), hint="remove the line"
            )

    def _pop(self, frames: list[_Frame], lines: tuple[int, int]) -> None:
        frame = frames.pop()
        if frame.end.isdigit() and self.open_colons:
            self.open_colons.pop()
        if frame.item is None:
            return
        frame.item.children = frame.items
        start = frame.item.span[0]
        prefix = frame.item.prefix
        self._place(frame.item, (frame.line, lines[1]), prefix)
        frame.item.span = (start, frame.item.span[1])
        if frame.item.props.get("name") == "align":
            where = next((key[1:] for key in frame.item.props if key[0] == "@"), "center")
            for kid in frame.items:
                kid.hint = where if re.fullmatch(r"[a-z]+", where) else ""
            frames[-1].items += frame.items
            return
        if frame.item.kind == "column":
            # Between its markers; the markers themselves are the layout's.
            behind = self.starts[min(frame.line + 1, len(self.starts) - 1)] + self.offset
            first, last = (frame.items[0], frame.items[-1]) if frame.items else (None, None)
            frame.item.span = (first.span[0], last.span[1]) if first and last else (behind, behind)
            layout = frames[-1]
            layout.items.append(frame.item.seal())
            return
        made = _finished(frame.item)
        if made is not None:
            frames[-1].items.append(made)

    def _directive(
        self, found: Directive, lines: tuple[int, int], frames: list[_Frame], prefix: str, column: int
    ) -> None:
        item = directive_item(found, self._line(lines[0]))
        self._place(item, lines, prefix, column)
        if found.shape is Shape.LEAF:
            frames[-1].items.append(item.seal())
            return
        frames.append(_Frame(item, [], str(found.colons), lines[0]))
        self.open_colons.append(found.colons)
        if found.body:
            self._add_text(found.body, lines, frames, prefix, column)
        if found.closed:
            self._pop(frames, lines)

    # -------------------------------------------------------------------------------- code and quote

    def _code(self, tok: Token) -> Item:
        item = Item("code", _info(tok.info))
        item.text = tok.content.removesuffix("\n")
        if item.props.pop("math", None):
            item.props["language"] = "math"
        return item

    def _quote(self, lines: tuple[int, int], prefix: str, column: int) -> Item:
        source = self._source_line(lines[0])
        begin = column if column >= 0 else len(prefix)
        mark = _QUOTE.match(source, begin)
        width = mark.end() if mark else begin
        inner = prefix + "> "
        item = Item("quote")
        start = self.at
        children: list[Item] | None = None
        first = self.tokens[start + 1] if start + 1 < len(self.tokens) else None
        if first is not None and first.type == "inline" and (alert := _ALERT.match(first.content)):
            name = alert[1].upper()
            rule = MACROS.by_alert.get(name)
            item = Item("macro", {"name": rule.markdown_name if rule else "adf-note"})
            rest = first.content[alert.end() :].strip()
            self.at += 3
            children = []
            if rest:
                body = Item("paragraph")
                body.atoms = read_inline(rest)
                if body.atoms:
                    children.append(self._place(body, tuple(first.map or lines), inner, width).seal())  # type: ignore[arg-type]
        rest_children = self._sequence("blockquote_close", inner, width, lines[0])
        item.children = [*(children or ()), *rest_children]
        return self._place(item, lines, prefix, column).seal()

    # ---------------------------------------------------------------------------------------- lists

    def _list(self, tok: Token, items: list[Item], lines: tuple[int, int], prefix: str, column: int) -> None:
        ordered = tok.type == "ordered_list_open"
        item = Item("list", {"ordered": str(tok.attrGet("start") or 1)} if ordered else {})
        item.children = []
        boxes: list[str | None] = []
        while self.tokens[self.at].type == "list_item_open":
            entry, box = self._entry(prefix, column if not item.children else -1)
            item.children.append(entry)
            boxes.append(box)
        self.at += 1
        if not ordered and boxes and all(box is not None for box in boxes):
            item.kind = "tasks"
            for entry, box in zip(item.children, boxes, strict=True):
                entry.kind = "task"
                entry.props = {"done": "1"} if box == "x" else {}
        else:
            for entry, box in zip(item.children, boxes, strict=True):
                if box is not None:
                    _unbox(entry, box)
        for entry in item.children:
            entry.seal()
        items.append(self._place(item, lines, prefix, column).seal())

    def _entry(self, prefix: str, column: int) -> tuple[Item, str | None]:
        tok = self.tokens[self.at]
        self.at += 1
        lines = (tok.map[0], tok.map[1]) if tok.map else (0, 1)
        source = self._source_line(lines[0])
        begin = column if column >= 0 else min(len(prefix), len(source))
        mark = _MARKER.match(source, begin)
        end = mark.end() if mark else begin
        if mark and (len(mark[1]) > 4 or end >= len(source)):  # noqa: PLR2004
            end = mark.start(1) + 1
        inner = prefix + " " * (end - begin)
        item = Item("item")
        self._place(item, lines, prefix, begin)
        box = self._box()
        width = 0
        if box is not None and (found := _TASK.match(source, end)):
            width = found.end() - end
        item.children = self._sequence("list_item_close", inner, end + width, lines[0])
        return item, box

    def _box(self) -> str | None:
        """Take the checkbox off an item's first paragraph."""
        inline = self.tokens[self.at + 1] if self.at + 1 < len(self.tokens) else None
        if self.tokens[self.at].type != "paragraph_open" or inline is None:
            return None
        found = _TASK.match(inline.content)
        if found is None:
            return None
        rest = inline.content[found.end() :]
        from confsync.convert.markdown.parser import parse_inline_text  # noqa: PLC0415

        inline.content = rest
        inline.children = list(parse_inline_text(rest)) if rest.strip() else []
        return (found[1] or " ").lower()

    # --------------------------------------------------------------------------------------- tables

    def _table(self, prefix: str, column: int) -> Item:
        table = Item("table", {"header": "1"})
        table.children = []
        row: Item | None = None
        ranges: list[tuple[int, int]] = []
        while (tok := self.tokens[self.at]).type != "table_close":
            self.at += 1
            if tok.type == "tr_open":
                row = Item("row")
                row.children = []
                lines = (tok.map[0], tok.map[1]) if tok.map else (0, 1)
                at = column if column >= 0 and not table.children else -1
                self._place(row, lines, prefix, at)
                ranges = self._ranges(row.span)
            elif tok.type == "tr_close" and row is not None:
                table.children.append(row.seal())
            elif tok.type == "inline" and row is not None and row.children is not None:
                cell = Item("cell")
                cell.children = pipe_cell(tok.children or ())
                index = len(row.children)
                cell.span = ranges[index] if index < len(ranges) else (row.span[1], row.span[1])
                for leaf_item in cell.children:
                    leaf_item.span = cell.span
                row.children.append(cell.seal())
        self.at += 1
        head = table.children[0]
        if not any(cell.children for cell in head.children or ()):
            del table.props["header"]
            del table.children[0]
        return table

    def _ranges(self, span: tuple[int, int]) -> list[tuple[int, int]]:
        """Where the cells of a row stand, without the spaces around them."""
        start, end = span[0] - self.offset, span[1] - self.offset
        line = self.text[start:end]
        cuts = [found.start() for found in re.finditer(r"(?<!\\)\|", line)]
        edges = cuts if line.lstrip().startswith("|") else [-1, *cuts]
        if not line.rstrip().endswith("|") or not cuts:
            edges = [*edges, len(line)]
        out = []
        for left, right in pairwise(edges):
            inside = line[left + 1 : right]
            lead = len(inside) - len(inside.lstrip()) if inside.strip() else min(1, len(inside))
            first = start + left + 1 + lead
            out.append((first + self.offset, first + len(inside.strip()) + self.offset))
        return out

    # ----------------------------------------------------------------------------------------- HTML

    def _html(
        self, content: str, lines: tuple[int, int], frames: list[_Frame], prefix: str, column: int
    ) -> None:
        at = 0
        for found in _HTML.finditer(content):
            self._html_text(content[at : found.start()], lines, frames, prefix, column)
            at = found.end()
            line = lines[0] + content.count("\n", 0, found.start())
            if found["comment"] is not None:
                self._comment(found["comment"].strip(), found[0], (line, line + 1), frames, prefix)
            else:
                self._tag(found, (line, line + 1), frames, prefix)
        self._html_text(content[at:], lines, frames, prefix, column)

    def _html_text(
        self, text: str, lines: tuple[int, int], frames: list[_Frame], prefix: str, column: int
    ) -> None:
        frame = frames[-1]
        if frame.item is not None and frame.item.kind in ("cell", "summary"):
            frame.text.append(text)
            return
        if not text.strip() or frame.table is not None:
            return
        if re.fullmatch(r"\s*<br\s*/?>\s*", text, re.IGNORECASE):
            frame.items.append(self._place(Item("empty"), lines, prefix, column).seal())
            return
        for item in html_inline(text.strip()):
            frame.items.append(self._place(item, lines, prefix, column))

    def _comment(
        self, said: str, raw: str, lines: tuple[int, int], frames: list[_Frame], prefix: str
    ) -> None:
        frame = frames[-1]
        if frame.item is not None and frame.item.kind == "cell":
            frame.text.append(raw)
        elif (found := _LAYOUT.fullmatch(said)) and not prefix:
            layout = self._place(Item("layout", {"type": found[1]}), lines, prefix)
            frames.append(_Frame(layout, [], "/layout", lines[0]))
            frames.append(_Frame(self._place(Item("column"), lines, prefix), [], "column", lines[0]))
        elif said == "column" and frame.end == "column":
            self._pop(frames, lines)
            frames.append(_Frame(self._place(Item("column"), lines, prefix), [], "column", lines[0]))
        elif said == "/layout" and frame.end == "column":
            self._pop(frames, lines)
            self._pop(frames, lines)
        elif said.replace(" ", "") == "table:headerColumn":
            frame.items.append(Item("header-column"))

    def _tag(self, found: re.Match[str], lines: tuple[int, int], frames: list[_Frame], prefix: str) -> None:  # noqa: C901  (one branch per kind)
        name, closes = found["tag"].lower(), bool(found["close"])
        frame = frames[-1]
        if frame.item is not None and frame.item.kind == "cell" and name not in ("td", "th", "tr", "table"):
            frame.text.append(found[0])
        elif name == "table" and not closes:
            table = self._place(Item("table"), lines, prefix)
            frames.append(_Frame(table, [], "table", lines[0], table=table))
        elif name == "table":
            self._end_table(frames, lines)
        elif name == "tr" and not closes and frame.table is not None:
            frames.append(
                _Frame(self._place(Item("row"), lines, prefix), [], "tr", lines[0], table=frame.table)
            )
        elif name == "tr" and closes and frame.end == "tr":
            self._pop(frames, lines)
        elif name in ("td", "th") and not closes and frame.end == "tr":
            props = {"head": "1"} if name == "th" else {}
            for key in ("rowspan", "colspan"):
                value = attribute(found[0], key) or "1"
                if value.isascii() and value.isdigit() and int(value) > 1:
                    props[key] = str(int(value))
            frames.append(_Frame(self._place(Item("cell", props), lines, prefix), [], "td", lines[0]))
        elif name in ("td", "th") and frame.end == "td":
            self._end_cell(frames, lines)
        elif name == "details":
            self._details(frames, lines, prefix, closes=closes)
        elif name == "summary":
            self._summary(frames, lines, closes=closes)

    def _end_cell(self, frames: list[_Frame], lines: tuple[int, int]) -> None:
        frame = frames[-1]
        made = html_cell("".join(frame.text))
        for item in made:
            item.span = frame.item.span if frame.item else (0, 0)
        frame.items[:0] = made
        self._pop(frames, lines)

    def _end_table(self, frames: list[_Frame], lines: tuple[int, int]) -> None:
        while len(frames) > 1 and frames[-1].end in ("td", "tr"):
            if frames[-1].end == "td":
                self._end_cell(frames, lines)
            else:
                self._pop(frames, lines)
        if frames[-1].end == "table":
            self._pop(frames, lines)

    def _details(self, frames: list[_Frame], lines: tuple[int, int], prefix: str, *, closes: bool) -> None:
        if closes:
            if frames[-1].end == "details":
                self._pop(frames, lines)
            return
        item = self._place(Item("macro", {"name": "expand"}), lines, prefix)
        frames.append(_Frame(item, [], "details", lines[0]))

    def _summary(self, frames: list[_Frame], lines: tuple[int, int], *, closes: bool) -> None:
        if not closes and frames[-1].end == "details":
            frames.append(_Frame(Item("summary"), [], "summary", lines[0]))
        elif closes and frames[-1].end == "summary":
            text = " ".join(html.unescape("".join(frames.pop().text)).split())
            holder = frames[-1].item
            if text and holder is not None:
                holder.props["label"] = text


def _finished(item: Item) -> Item | None:
    """Seal what has just been closed."""
    if item.kind == "table":
        item.children = [row for row in item.children or () if row.children]
        if not item.children:
            return None
        normalise_heads(item)
        for row in item.children:
            for cell in row.children or ():
                cell.seal()
            row.seal()
    return item.seal()


def leaf(tokens: Sequence[Token]) -> Item | None:
    """A paragraph, or an image with its caption; None where nothing is said."""
    atoms = atoms_of(tokens)
    if not atoms:
        return None
    figure = _figure(atoms, tokens)
    if figure is not None:
        return figure
    item = Item("paragraph")
    item.atoms = atoms
    return item


def _figure(atoms: list[Atom], tokens: Sequence[Token]) -> Item | None:
    if len(atoms) < 5 or not atoms[0].startswith(TOKEN + "image") or atoms[1] != SPACE:  # noqa: PLR2004
        return None
    if atoms[2] != OPEN + "em" or atoms[-1] != CLOSE + "em" or BREAK in atoms[:2]:
        return None
    if any(tok.type == "html_inline" for tok in tokens[1:3]):
        return None
    depth = 0
    for index, atom in enumerate(atoms[2:], 2):
        depth += (atom[0] == OPEN) - (atom[0] == CLOSE)
        if depth == 0 and index < len(atoms) - 1:
            return None
    item = Item("figure", {"image": atoms[0]})
    item.atoms = atoms[3:-1]
    return item


def directive_item(found: Directive, line: int) -> Item:
    """The block that a leaf directive or the opening of a container makes."""
    container = found.shape is Shape.CONTAINER
    if found.id:
        known = {"name": "macro", "id": found.id}
        return Item("macro", known) if container else Item("opaque", {"id": found.id})
    rule = MACROS.by_directive.get(found.name)
    known_name = rule is not None or found.name in _STRUCTURE or found.name.startswith("adf-")
    if not known_name and not (found.name in ("card", "embed") and found.target is not None):
        raise MalformedMarkdown(
            f"there is no directive called `{found.name}`",
            line=line,
            hint=f"for a macro of that name write `{':' * found.colons}macro[{found.name}]`",
        )
    props = {"name": found.name}
    if found.label:
        props["label"] = found.label
    if found.target is not None:
        props["target"] = canonical(found.target) if found.name not in ("card", "embed") else found.target
        if found.name not in ("card", "embed"):
            props.pop("label", None)
    for key, value in found.attributes:
        props[f"@{key}"] = "true" if value is None else value
    return Item("macro" if container else "leaf", props)


def _info(info: str) -> dict[str, str]:
    """What the words behind a fence say."""
    word, _, rest = info.strip().partition(" ")
    rest = rest.strip()
    props: dict[str, str] = {}
    named = re.search(r"\{[^}]*?#([A-Za-z0-9_-]+)[^}]*\}", rest) if word.startswith("macro-") else None
    if named:
        return {"id": named[1]}
    if word == "{":
        word = ""
    if word and not word.startswith("{"):
        props["language"] = word
    for found in re.finditer(
        r'([A-Za-z][\w.-]*)(?:=(?:"([^"]*)"|([^\s"{}]+)))?', re.sub(r"\{[^}]*\}", "", rest)
    ):
        if found[1] == "pre" and found[2] is None and found[3] is None:
            props["pre"] = "1"
        elif found[1] in ("title", "linenumbers", "firstline", "collapse"):
            value = found[2] if found[2] is not None else found[3]
            props[f"@{found[1]}"] = "true" if value is None else value
    if props.get("language") == "text" and len(props) > 1:
        del props["language"]
    return props


def _unbox(entry: Item, box: str) -> None:
    """A list with checkboxes on some items only is an ordinary list: the box is text again."""
    words = ["[x]"] if box == "x" else ["[", SPACE, "]"]
    first = entry.children[0] if entry.children else None
    if first is not None and first.kind == "paragraph" and first.atoms:
        first.atoms = [*words, SPACE, *first.atoms]
        first.seal()
    else:
        item = Item("paragraph")
        item.atoms = words
        entry.children = [item.seal(), *(entry.children or ())]


def line_of(starts: Sequence[int], offset: int) -> int:
    """The line an offset stands on, counted from 0."""
    return bisect_right(starts, offset) - 1
