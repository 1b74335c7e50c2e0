"""What stands side by side: the cells of tables, the columns of layouts."""

import re
from typing import TYPE_CHECKING

from confsync.convert.storage.block_level import loose_text
from confsync.convert.storage.entries import entries_of
from confsync.convert.storage.heads import hide_bold
from confsync.convert.storage.parse import Node
from confsync.convert.tree import OPEN, Item

if TYPE_CHECKING:
    from confsync.convert.storage.blocks import BlockReader

_STRONG = OPEN + "strong"
_COLUMNS = ("single", "single", "two_equal", "three_equal", "four_equal", "five_equal")
"""What a section without a type is, by the number of its cells."""


class GridReader:
    """Reads tables, and the sections of a layout."""

    def __init__(self, reader: "BlockReader") -> None:
        self.reader = reader
        self.page = reader.page

    def table(self, node: Node) -> Item | None:
        """A table; its rows may stand in several groups."""
        rows: list[Node] = []
        if not self._rows(node, rows) or not rows:
            return None
        item = self.reader.spanned(Item("table"), node)
        item.inner = (rows[0].start, rows[-1].end)
        item.children = []
        for row in rows:
            if (
                any(kid.tag not in ("td", "th") for kid in row.kids)
                or loose_text(self.page, row)
                or not row.kids
            ):
                return None
            made = self.reader.spanned(Item("row"), row)
            made.inner = (row.open_end, row.close_start)
            made.children = [self._cell(kid) for kid in row.kids]
            item.children.append(self.reader.tiled(made))
        if all(kid.tag == "th" for kid in rows[0].kids):
            for cell in item.children[0].children or ():
                for leaf in cell.children or ():
                    if leaf.runs and leaf.runs[0] == _STRONG:
                        entries_of(self.page, leaf)
            hide_bold(item.children[0])
        return self.reader.tiled(item)

    def _rows(self, node: Node, rows: list[Node]) -> bool:
        if loose_text(self.page, node):
            return False
        for kid in node.kids:
            if kid.tag == "tr":
                rows.append(kid)
            elif kid.tag in ("tbody", "thead", "tfoot"):
                if not self._rows(kid, rows):
                    return False
            elif kid.tag not in ("colgroup", "col", "caption", "ac:adf-fragment-mark"):
                return False
        return True

    def _cell(self, node: Node) -> Item:
        said = self.page.attributes(node)
        props = {"head": "1"} if node.tag == "th" else {}
        for name in ("rowspan", "colspan"):
            value = said.get(name, "1")
            if value.isascii() and value.isdigit() and int(value) > 1:
                props[name] = str(int(value))
        item = self.reader.spanned(Item("cell", props), node)
        return self.reader.region(item, node.open_end, node.close_start, node.kids)

    def section(self, node: Node) -> Item | None:
        """A section of a layout with several columns."""
        if not node.kids or any(kid.tag != "ac:layout-cell" for kid in node.kids):
            return None
        kind = self.page.attributes(node).get("ac:type", "")
        if not kind and len(node.kids) < len(_COLUMNS):
            kind = _COLUMNS[len(node.kids)]
        if not re.fullmatch(r"[a-z][a-z0-9_-]*", kind):
            return None
        item = self.reader.spanned(Item("layout", {"type": kind}), node)
        item.inner = (node.open_end, node.close_start)
        item.children = [
            self.reader.region(
                self.reader.spanned(Item("column"), kid), kid.open_end, kid.close_start, kid.kids
            )
            for kid in node.kids
        ]
        return self.reader.tiled(item)
