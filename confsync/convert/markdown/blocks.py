"""Markdown as a tree of blocks: CommonMark, tables, directives, HTML tables, layout comments."""

import re
from itertools import pairwise

from markdown_it.token import Token

from confsync.convert.markdown.cell import pipe_cell
from confsync.convert.markdown.constructs import directive_item, info_props, paragraph, unbox
from confsync.convert.markdown.directive import Close, Directive, Shape, parse_directive, split_close
from confsync.convert.markdown.frames import Frame
from confsync.convert.markdown.html_blocks import HtmlReader
from confsync.convert.markdown.inline import fill
from confsync.convert.rules.macros import MACROS
from confsync.convert.tree import Item
from confsync.errors import MalformedMarkdown

_ALERT = re.compile(r"\[!(NOTE|TIP|WARNING|CAUTION|IMPORTANT)\][ \t]*(?:\n|$)?", re.IGNORECASE)
_ALIGNED = re.compile("text-align:(center|right)")
"""How a column is aligned, where that is not as everything is anyway."""
_TASK = re.compile(r"\[([ xX])\](?:\s+|$)|\\\[ \\\]$")
_MARKER = re.compile(r"\s*(?:[-+*]|\d{1,9}[.)])( *)")
_QUOTE = re.compile(r"\s{0,3}> ?")


class MarkdownReader(HtmlReader):
    """Reads one text."""

    def document(self) -> list[Item]:
        """The blocks of the whole text.

        Raises:
            MalformedMarkdown: a directive that cannot be read, or that is never closed.
        """
        return self._sequence("", "")

    # ------------------------------------------------------------------------------------- sequence

    def _sequence(self, stop: str, prefix: str, first: int = -1, first_line: int = -1) -> list[Item]:
        frames = [Frame(None, [])]
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

    def _name(self, frame: Frame) -> str:
        return frame.item.props.get("name", "") if frame.item else ""

    def _close_pending(self, frames: list[Frame]) -> None:
        colons, line = self.pending[0]
        if frames[-1].end == str(colons):
            self.pending.pop(0)
            self._pop(frames, (line, line + 1))

    def _token(self, tok: Token, frames: list[Frame], prefix: str, column: int) -> None:  # noqa: C901  (one branch per kind)
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
                fill(item, inline.content, self.references)
                if item.shows:
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
        self, inline: Token, lines: tuple[int, int], frames: list[Frame], prefix: str, column: int
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
                self._add_leaf(raw, lines, frames, prefix, column)
                return
            if before:
                self._add_text(before, lines, frames, prefix, column)
            self._close(self.open_colons[-1], lines, frames)

    def _add_text(
        self, text: str, lines: tuple[int, int], frames: list[Frame], prefix: str, column: int
    ) -> None:
        item = Item("paragraph")
        fill(item, text, self.references)
        if item.shows:
            frames[-1].items.append(self._place(item, lines, prefix, column).seal())

    def _add_leaf(
        self, text: str, lines: tuple[int, int], frames: list[Frame], prefix: str, column: int
    ) -> None:
        item = paragraph(text, self.references)
        if item is not None:
            frames[-1].items.append(self._place(item, lines, prefix, column).seal())

    def _close(self, colons: int, lines: tuple[int, int], frames: list[Frame]) -> None:
        if frames[-1].end == str(colons):
            self._pop(frames, lines)
        elif colons in self.open_colons and not any(frame.end == str(colons) for frame in frames):
            self.pending.append((colons, lines[0]))
        elif opened := [frame for frame in frames if frame.end.isdigit()]:
            raise MalformedMarkdown(
                f"`{':' * colons}` does not close `{':' * int(opened[-1].end)}{self._name(opened[-1])}`",
                line=self._line(lines[0]),
                hint="a directive ends with exactly as many colons as it begins with",
            )
        else:
            raise MalformedMarkdown(
                f"`{':' * colons}` closes nothing", line=self._line(lines[0]), hint="remove the line"
            )

    def _directive(
        self, found: Directive, lines: tuple[int, int], frames: list[Frame], prefix: str, column: int
    ) -> None:
        item = directive_item(found, self._line(lines[0]))
        self._place(item, lines, prefix, column)
        if found.shape is Shape.LEAF:
            frames[-1].items.append(item.seal())
            return
        self._push(frames, Frame(item, [], str(found.colons), lines[0]))
        self.open_colons.append(found.colons)
        if found.body:
            self._add_text(found.body, lines, frames, prefix, column)
        if found.closed:
            self._pop(frames, lines)

    # -------------------------------------------------------------------------------- code and quote

    def _code(self, tok: Token) -> Item:
        item = Item("code", info_props(tok.info))
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
                fill(body, rest, self.references)
                if body.shows:
                    children.append(self._place(body, tuple(first.map or lines), inner, width).seal())  # type: ignore[arg-type]
        rest_children = self._sequence("blockquote_close", inner, width, lines[0])
        item.children = [*(children or ()), *rest_children]
        return self._place(item, lines, prefix, column).seal()

    # ---------------------------------------------------------------------------------------- lists

    def _list(self, tok: Token, items: list[Item], lines: tuple[int, int], prefix: str, column: int) -> None:
        ordered = tok.type == "ordered_list_open"
        item = Item(
            "list",
            {"ordered": str(1 if (start := tok.attrGet("start")) is None else start)} if ordered else {},
        )
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
                    unbox(entry, box)
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
        inline.content = inline.content[found.end() :]
        return (found[1] or " ").lower()

    # --------------------------------------------------------------------------------------- tables

    def _table(self, prefix: str, column: int) -> Item:
        table = Item("table", {"header": "1"})
        table.children = []
        row: Item | None = None
        ranges: list[tuple[int, int]] = []
        aligned = ""
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
            elif tok.type in ("th_open", "td_open"):
                found = _ALIGNED.search(str(tok.attrGet("style") or ""))
                aligned = found[1] if found else ""
            elif tok.type == "inline" and row is not None and row.children is not None:
                cell = Item("cell")
                cell.children = pipe_cell(tok.content, self.references)
                index = len(row.children)
                cell.span = ranges[index] if index < len(ranges) else (row.span[1], row.span[1])
                for leaf_item in cell.children:
                    leaf_item.span = cell.span
                cell.hint = aligned
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
