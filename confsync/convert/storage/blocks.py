"""Storage as a tree of blocks. Children of a region are found through wrappers that say nothing."""

import re
from collections.abc import Callable
from itertools import pairwise

from confsync.convert.rules.labels import label_of
from confsync.convert.rules.marks import MARKS
from confsync.convert.rules.preview import preview_of
from confsync.convert.storage.block_level import (
    HEADINGS,
    WRAPPERS,
    holds_blocks,
    is_block,
    is_single,
    loose_text,
    wraps_block,
)
from confsync.convert.storage.extensions import ExtensionReader
from confsync.convert.storage.figures import FigureReader
from confsync.convert.storage.grids import GridReader
from confsync.convert.storage.inline import InlineReader
from confsync.convert.storage.leaf import settle, units
from confsync.convert.storage.lists import ListReader
from confsync.convert.storage.macros import MacroReader
from confsync.convert.storage.page import Page
from confsync.convert.storage.parse import Node
from confsync.convert.storage.shown import shown_runs
from confsync.convert.storage.text import decode
from confsync.convert.tree import Item

_IMAGES = frozenset(("ac:image", "img"))
_TAG = re.compile(r"<(/?)([A-Za-z][\w:.-]*)([^>]*?)(/?)>")
_BREAK = re.compile(r"<br\b[^>]*/>")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


class BlockReader:
    """Reads one body into items."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.source = page.source
        lists, grids = ListReader(self), GridReader(self)
        self.figures = FigureReader(self)
        self.readers: dict[str, Callable[[Node], Item | None]] = {
            "ul": lists.bullets,
            "ol": lists.bullets,
            "table": grids.table,
            "hr": self.rule,
            "blockquote": self.quote,
            "pre": self.pre,
            "ac:task-list": lists.tasks,
            "ac:layout-section": grids.section,
            "ac:adf-extension": ExtensionReader(self).block,
            "ac:adf-node": ExtensionReader(self).block,
            "ac:structured-macro": MacroReader(self).block,
            "ac:macro": MacroReader(self).block,
            "dl": lists.definitions,
        }

    def region(self, item: Item, start: int, end: int, kids: list[Node]) -> Item:
        """Fill a container from `source[start:end]`."""
        item.inner = (start, end)
        item.children = self.sequence(start, end, kids)
        return item

    def sequence(self, start: int, end: int, kids: list[Node]) -> list[Item]:
        """The blocks of a region, in order, with what lies between them told apart."""
        out: list[Item] = []
        self.walk(start, end, kids, out)
        for index, item in enumerate(out):
            after = out[index + 1].start if index + 1 < len(out) else end
            item.own_end = after if after == item.end else self._own_end(item.end, after)
        return out

    def walk(self, start: int, end: int, kids: list[Node], out: list[Item]) -> None:
        """Append the blocks of a region, those inside wrappers among them."""
        run: list[Node] = []
        at = run_start = start
        for kid in kids:
            if is_block(self.page, kid):
                if run or kid.start > run_start:
                    self._run(run_start, kid.start, run, out)
                self._block(kid, out)
                run, run_start = [], kid.end
            else:
                run.append(kid)
            at = kid.end
        if run or end > run_start:
            self._run(run_start, max(end, at), run, out)

    def _run(self, start: int, end: int, kids: list[Node], out: list[Item]) -> None:
        """Inline content without an element of its own becomes a bare paragraph."""
        source = self.source
        if not kids and (not source[start:end].strip() or not _COMMENT.sub("", source[start:end]).strip()):
            return
        if len(kids) > 1 and all(kid.tag in _IMAGES for kid in kids):
            pieces = [source[one.end : other.start] for one, other in pairwise(kids)]
            if not "".join((source[start : kids[0].start], *pieces, source[kids[-1].end : end])).strip():
                # Images side by side between blocks are blocks of their own.
                for kid in kids:
                    self._run(kid.start, kid.end, [kid], out)
                return
        while start < end and source[start] in " \t\r\n":
            start += 1
        while end > start and source[end - 1] in " \t\r\n":
            end -= 1
        item = Item("paragraph")
        item.bare = True
        item.start, item.end = start, end
        self.leaf(item, start, end, kids)
        if item.shows:
            out.append(item)

    def leaf(self, item: Item, start: int, end: int, kids: list[Node]) -> Item:
        """Fill an item that holds text from `source[start:end]`."""
        item.inner = (start, end)
        item.runs = runs = shown_runs(self.page, start, end, kids)
        if runs is None:
            reader = InlineReader(self.page)
            reader.run(start, end, kids)
            item.entries, item.marks = settle(reader)
            item.atoms = [atom for atom, _, _ in units(item.entries)]
        else:
            item.source_kids = kids
        return item

    def _block(self, node: Node, out: list[Item]) -> None:
        tag = node.tag
        if tag == "p":
            self._paragraph(node, out)
        elif tag in HEADINGS:
            item = self.spanned(Item("heading", {"level": tag[1]}), node)
            if self.leaf(item, node.open_end, node.close_start, node.kids).shows:
                out.append(item)
        elif tag in WRAPPERS or (tag == "ac:layout-section" and is_single(self.page, node)):
            if tag == "ac:layout-section":
                for kid in node.kids:
                    self.walk(kid.open_end, kid.close_start, kid.kids, out)
            else:
                self.walk(node.open_end, node.close_start, node.kids, out)
        elif tag == "a":
            out.append(self.figures.card(node))
        elif tag == "ac:image":
            out.append(self.figures.figure(node))
        else:
            read = self.readers.get(tag)
            item_or_none = read(node) if read else None
            out.append(item_or_none or self.opaque(node))

    def _paragraph(self, node: Node, out: list[Item]) -> None:
        """A paragraph; one that only wraps a block is that block."""
        if len(node.kids) == 1 and node.kids[0].tag not in MARKS and wraps_block(self.page, node):
            before = len(out)
            self._block(node.kids[0], out)
            if len(out) == before + 1:
                out[-1].start, out[-1].end = node.start, node.end
                return
            del out[before:]
        if node.kids and holds_blocks(self.page, node):
            before = len(out)
            self.walk(node.open_end, node.close_start, node.kids, out)
            for inside in out[before:]:
                inside.host = (node.start, node.end)
            return
        item = self.spanned(Item("paragraph"), node)
        if self.leaf(item, node.open_end, node.close_start, node.kids).shows:
            out.append(item)

    def spanned(self, item: Item, node: Node) -> Item:
        """Tell an item which element it is."""
        item.start, item.end, item.source_node = node.start, node.end, node
        return item

    def _own_end(self, start: int, end: int) -> int:
        """How far what follows a block belongs to it: up to the first tag that is not closed there."""
        glue = self.source[start:end]
        if "<" not in glue:
            return end
        depth, whole = 0, 0
        for found in _TAG.finditer(glue):
            if found[4]:
                pass
            elif found[1]:
                if depth == 0:
                    return start + whole
                depth -= 1
            else:
                depth += 1
            if depth == 0:
                whole = found.end()
        return start + (len(glue) if depth == 0 else whole)

    def tiled(self, item: Item) -> Item:
        """Tell for each child how far what follows it belongs to it."""
        inside = item.children or []
        for index, kid in enumerate(inside):
            after = inside[index + 1].start if index + 1 < len(inside) else item.inner[1]
            kid.own_end = after if after == kid.end else self._own_end(kid.end, after)
        return item

    # ------------------------------------------------------------------------------- simple blocks

    def rule(self, node: Node) -> Item:
        """A thematic break."""
        return self.spanned(Item("rule"), node)

    def quote(self, node: Node) -> Item | None:
        """A quotation."""
        item = self.spanned(Item("quote"), node)
        self.region(item, node.open_end, node.close_start, node.kids)
        return item if item.children else None

    def pre(self, node: Node) -> Item | None:
        """Preformatted text without markup, or with code around all of it."""
        inner = node
        if len(node.kids) == 1 and node.kids[0].tag == "code" and not loose_text(self.page, node):
            inner = node.kids[0]
        if any(kid.tag != "br" for kid in inner.kids):
            return None
        item = self.spanned(Item("code", {"pre": "1"}), node)
        raw = _BREAK.sub("\n", self.page.inside(inner))
        item.text = decode(raw).removesuffix("\n")
        item.inner = (inner.open_end, inner.close_start)
        return item if "<" not in raw and "\r" not in item.text else None

    # --------------------------------------------------------------------------------- placeholders

    def opaque(self, node: Node) -> Item:
        """A block whose bytes stay in the base."""
        item = self.placeholder(node.start, node.end, label_of(self.page, node))
        if self.page.links.files and (preview := preview_of(self.page, node)):
            self.page.previews[item.props["id"]] = preview
        return item

    def placeholder(self, start: int, end: int, label: str) -> Item:
        """A placeholder for any bytes."""
        item = Item("opaque", {"id": self.page.identify(self.source[start:end], label)})
        item.start, item.end = start, end
        self.page.opaque.append(label.partition(":")[0])
        return item
