"""Lists of every kind as items inside items."""

from typing import TYPE_CHECKING

from confsync.convert.storage.block_level import loose_text
from confsync.convert.storage.parse import Node, child
from confsync.convert.tree import Item

if TYPE_CHECKING:
    from confsync.convert.storage.blocks import BlockReader


class ListReader:
    """Reads lists: bullets and numbers, tasks, definitions."""

    def __init__(self, reader: "BlockReader") -> None:
        self.reader = reader
        self.page = reader.page

    def bullets(self, node: Node) -> Item | None:
        """A bullet or numbered list."""
        if not _items_with_lists(node.kids, "li", ("ul", "ol")) or loose_text(self.page, node):
            return None
        ordered = node.tag == "ol"
        start = self.page.attributes(node).get("start", "1") if ordered else ""
        if ordered and not (start.isascii() and start.isdigit() and len(start) < 10):  # noqa: PLR2004
            return None
        props = {"ordered": str(int(start))} if ordered else {}
        item = self.reader.spanned(Item("list", props), node)
        item.inner = (node.open_end, node.close_start)
        item.children = []
        for kid in node.kids:
            if kid.tag == "li":
                made = self.reader.spanned(Item("item"), kid)
                item.children.append(self.reader.region(made, kid.open_end, kid.close_start, kid.kids))
            else:
                self._nested(item.children[-1], kid)
        return self.reader.tiled(item)

    def tasks(self, node: Node) -> Item | None:
        """A task list."""
        if not _items_with_lists(node.kids, "ac:task", ("ac:task-list",)):
            return None
        item = self.reader.spanned(Item("tasks"), node)
        item.inner = (node.open_end, node.close_start)
        item.children = []
        for kid in node.kids:
            if kid.tag != "ac:task":
                self._nested(item.children[-1], kid)
                continue
            task = self.task(kid)
            if task is None:
                return None
            item.children.append(task)
        return self.reader.tiled(item)

    def task(self, node: Node) -> Item | None:
        """One task: its body, and the list nested in it."""
        body, status = child(node, "ac:task-body"), child(node, "ac:task-status")
        if body is None or status is None:
            return None
        done = self.page.inside(status).strip() == "complete"
        item = self.reader.spanned(Item("task", {"done": "1"} if done else {}), node)
        nested = [kid for kid in node.kids if kid.tag == "ac:task-list"]
        inner = body
        if len(body.kids) == 1 and body.kids[0].tag == "span" and not loose_text(self.page, body):
            inner = body.kids[0]
        end = node.close_start if nested else inner.close_start
        item.inner = (inner.open_end, end)
        item.children = self.reader.sequence(inner.open_end, inner.close_start, inner.kids)
        if nested:
            item.children += self.reader.sequence(nested[0].start, nested[-1].end, nested)
        return self.reader.tiled(item)

    def definitions(self, node: Node) -> Item | None:
        """A list of definitions: what it holds is editable, that it is one stays in the base."""
        if (
            not node.kids
            or any(kid.tag not in ("dt", "dd") for kid in node.kids)
            or loose_text(self.page, node)
        ):
            return None
        item = self.reader.spanned(Item("macro", {"name": "macro"}), node)
        item.inner = (node.open_end, node.close_start)
        item.children = []
        for kid in node.kids:
            self.reader.walk(kid.open_end, kid.close_start, kid.kids, item.children)
        item.props["id"] = self.page.identify(
            self.page.raw(node), "definitions", said=self.page.start_tag(node)
        )
        return self.reader.tiled(item)

    def _nested(self, item: Item, node: Node) -> None:
        """A list that stands behind an item instead of in it."""
        item.end = node.end
        item.inner = (item.inner[0], node.end)
        item.children = [*(item.children or ()), *self.reader.sequence(node.start, node.end, [node])]
        self.reader.tiled(item)


def _items_with_lists(nodes: list[Node], entry: str, lists: tuple[str, ...]) -> bool:
    """Whether these are the items of a list, some with a list right behind them."""
    return (
        bool(nodes) and nodes[0].tag == entry and all(kid.tag == entry or kid.tag in lists for kid in nodes)
    )
