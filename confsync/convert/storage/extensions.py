"""What only the new editor has: panels without a macro, decisions, apps with or without a body."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from confsync.convert.rules.adf import panel_props
from confsync.convert.rules.labels import label_of
from confsync.convert.storage.parse import Node, child, children
from confsync.convert.tree import Item

if TYPE_CHECKING:
    from confsync.convert.storage.blocks import BlockReader

_KIND = re.compile(r"[a-z]+")


class ExtensionReader:
    """Reads `ac:adf-extension`; the rendered copy beside the content counts for nothing."""

    def __init__(self, reader: "BlockReader") -> None:
        self.reader = reader
        self.page = reader.page

    def block(self, node: Node) -> Item | None:
        """A panel, decisions, or an app with editable content; None where nothing inside can be edited."""
        inner = node if node.tag == "ac:adf-node" else child(node, "ac:adf-node")
        if inner is None:
            return None
        match self.page.attributes(inner).get("type", ""):
            case "decision-list":
                return self._decisions(node, inner)
            case "panel" if _KIND.fullmatch(kind := self._said(inner, "panel-type")):
                return self._panel(node, inner, kind)
            case _:
                return self._app(node, inner)

    def _panel(self, node: Node, inner: Node, kind: str) -> Item | None:
        content = child(inner, "ac:adf-content")
        if content is None:
            return None
        said = panel_props(self.page, inner) if kind == "custom" else {}
        return self._filled(Item("macro", {"name": f"adf-{kind}", **said}), node, content)

    def _filled(self, item: Item, node: Node, content: Node) -> Item:
        item = self.reader.spanned(item, node)
        return self.reader.region(item, content.open_end, content.close_start, content.kids)

    def _said(self, node: Node, key: str) -> str:
        """An attribute of a node of the new editor."""
        found = (
            kid for kid in children(node, "ac:adf-attribute") if self.page.attributes(kid).get("key") == key
        )
        return next((self.page.inside(kid).strip() for kid in found), "")

    def _decisions(self, node: Node, inner: Node) -> Item | None:
        """A list of decisions: tasks that are decided or not."""
        nodes = list(children(inner, "ac:adf-node"))
        contents = [child(kid, "ac:adf-content") for kid in nodes]
        if not nodes or any(self.page.attributes(kid).get("type") != "decision-item" for kid in nodes):
            return None
        tasks = self._over(Item("tasks"), nodes)
        for kid, content in zip(nodes, contents, strict=True):
            if content is None:
                return None
            done = {"done": "1"} if self._said(kid, "state") == "DECIDED" else {}
            tasks.children = [*(tasks.children or ()), self._filled(Item("task", done), kid, content)]
        item = self.reader.spanned(Item("macro", {"name": "decisions"}), node)
        item.inner = tasks.inner
        item.children = [self.reader.tiled(tasks)]
        return item

    def _over(self, item: Item, nodes: list[Node]) -> Item:
        item.start, item.end = nodes[0].start, nodes[-1].end
        item.inner = (item.start, item.end)
        item.own_end = item.end
        return item

    def _app(self, node: Node, inner: Node) -> Item | None:
        """An app with a body, or with several: its frames."""
        content = child(inner, "ac:adf-content")
        if content is not None:
            item = self._named(node, label_of(self.page, node), self._shell(inner, [content]))
            return self._filled(item, node, content)
        frames = [kid for kid in children(inner, "ac:adf-node") if child(kid, "ac:adf-content") is not None]
        if not frames:
            return None
        item = self.reader.spanned(
            self._named(node, label_of(self.page, node), self._shell(inner, frames)), node
        )
        item.inner = (frames[0].start, frames[-1].end)
        item.children = list(self._frames(frames))
        return self.reader.tiled(item)

    def _frames(self, frames: list[Node]) -> Iterator[Item]:
        for frame in frames:
            content = child(frame, "ac:adf-content")
            if content is not None:
                label = self.page.attributes(frame).get("type", "") or "frame"
                yield self._filled(self._named(frame, label, self._shell(frame, [content])), frame, content)

    def _named(self, node: Node, label: str, said: str) -> Item:
        identity = self.page.identify(self.page.raw(node), label, said=said)
        return Item("macro", {"name": "macro", "id": identity})

    def _shell(self, node: Node, bodies: list[Node]) -> str:
        """What a node says besides its bodies."""
        raw, shell, at = self.page.source, "", node.start
        for body in bodies:
            shell += raw[at : body.start]
            at = body.end
        return shell + raw[at : node.end]
