"""Tables as lines: pipes where each cell is one line of text, HTML where there is more to say."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from confsync.convert.cells import is_simple
from confsync.convert.tree import Item

if TYPE_CHECKING:
    from confsync.convert.markdown.write_blocks import BlockWriter


class TableWriter:
    """Writes tables; what stands in their cells its owner writes."""

    def __init__(self, writer: "BlockWriter") -> None:
        self.writer = writer

    def lines(self, item: Item) -> list[str]:
        """The lines of a table."""
        rows = item.children or []
        if item.written != "pipe":
            return self._html_table(item)
        lines = [self._pipe_row(row) for row in rows]
        width = len(rows[0].children or ())
        rule = "| " + " | ".join(["---"] * width) + " |"
        if "header" not in item.props:
            return ["|" + "  |" * width, rule, *lines]
        return [lines[0], rule, *lines[1:]]

    def _pipe_row(self, row: Item) -> str:
        return "| " + " | ".join(inline_blocks(cell.children or ()) for cell in row.children or ()) + " |"

    def _html_table(self, item: Item) -> list[str]:
        out = ["<table>"]
        for index, row in enumerate(item.children or ()):
            out.append("<tr>")
            for column, cell in enumerate(row.children or ()):
                head = (
                    (index == 0 and "header" in item.props)
                    or (column == 0 and item.bare)
                    or "head" in cell.props
                )
                out += self._html_cell(cell, "th" if head else "td")
            out.append("</tr>")
        return [*out, "</table>"]

    def _html_cell(self, cell: Item, tag: str) -> list[str]:
        spans = "".join(
            f' {name}="{cell.props[name]}"' for name in ("rowspan", "colspan") if name in cell.props
        )
        if is_simple(cell):
            return [f"<{tag}{spans}>{inline_blocks(cell.children or ())}</{tag}>"]
        return [f"<{tag}{spans}>", "", *self.writer.sequence(cell.children or ()), "", f"</{tag}>"]


def inline_blocks(items: Sequence[Item]) -> str:
    """Paragraphs and lists on one line, for a cell."""
    out = ""
    before = ""
    for item in items:
        if item.kind == "list":
            tag = "ol" if "ordered" in item.props else "ul"
            entries = "".join(
                f"<li>{inline_blocks(entry.children or ())}</li>" for entry in item.children or ()
            )
            out += f"<{tag}>{entries}</{tag}>"
        else:
            gap = "<br><br>" if before == "paragraph" else ""
            out += gap + item.written.replace("<br><br>", "<br><!-- --><br>")
        before = item.kind
    return out
