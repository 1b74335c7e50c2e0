"""Images with a caption, and links shown as cards."""

import re
from typing import TYPE_CHECKING

from confsync.convert.rules.image import read_image
from confsync.convert.storage.block_level import BLOCKS, loose_text
from confsync.convert.storage.parse import Node, child
from confsync.convert.storage.text import decode
from confsync.convert.tree import Item

if TYPE_CHECKING:
    from confsync.convert.storage.blocks import BlockReader


class FigureReader:
    """Reads what is shown instead of said: images with a caption, cards."""

    def __init__(self, reader: "BlockReader") -> None:
        self.reader = reader
        self.page = reader.page

    def figure(self, node: Node) -> Item:
        """An image with a caption."""
        caption = child(node, "ac:caption")
        source = read_image(self.page, node)
        if caption is None or source is None:
            return self.reader.opaque(node)
        inner = caption
        if len(caption.kids) == 1 and caption.kids[0].tag == "p" and not loose_text(self.page, caption):
            inner = caption.kids[0]
        if any(kid.tag in BLOCKS for kid in inner.kids):
            return self.reader.opaque(node)
        item = self.reader.spanned(Item("figure", {"image": source}), node)
        self.reader.leaf(item, inner.open_end, inner.close_start, inner.kids)
        if not item.shows:
            item = self.reader.spanned(Item("paragraph"), node)
            item.bare = True
            return self.reader.leaf(item, node.start, node.end, [node])
        return item

    def card(self, node: Node) -> Item:
        """A smart link that takes a block of its own."""
        said = self.page.attributes(node)
        target = said.get("href", "")
        text = " ".join(decode(self.page.inside(node)).split())
        if node.kids or not target.strip() or re.search(r"[\s()<>]", target) or "<" in self.page.inside(node):
            return self.reader.opaque(node)
        props = {"name": "card" if said["data-card-appearance"] == "block" else "embed", "target": target}
        if text and text != target:
            props["label"] = text
        if re.fullmatch(r"\d+(?:\.\d+)?", said.get("data-width", "")):
            props["@width"] = said["data-width"]
        return self.reader.spanned(Item("leaf", props), node)
