"""Storage as a tree of blocks. Children of a region are found through wrappers that say nothing."""

import re
from collections.abc import Callable
from itertools import pairwise

from confsync.convert.rules.excerpt import inline_body
from confsync.convert.rules.formula import MACROS as FORMULAS
from confsync.convert.rules.image import read_image
from confsync.convert.rules.labels import MACROS as MACRO_ELEMENTS
from confsync.convert.rules.labels import label_of
from confsync.convert.rules.macros import MACROS
from confsync.convert.rules.marks import MARKS
from confsync.convert.rules.parameters import macro_name
from confsync.convert.rules.preview import preview_of
from confsync.convert.rules.tokens import TOKENS
from confsync.convert.storage.extensions import ExtensionReader
from confsync.convert.storage.heads import hide_bold
from confsync.convert.storage.inline import InlineReader
from confsync.convert.storage.leaf import settle, units
from confsync.convert.storage.macros import MacroReader
from confsync.convert.storage.page import Page
from confsync.convert.storage.parse import Node, child
from confsync.convert.storage.shown import shown_runs
from confsync.convert.storage.text import decode
from confsync.convert.tree import OPEN, Entry, Item

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_COLUMNS = ("single", "single", "two_equal", "three_equal", "four_equal", "five_equal")
"""What a section without a type is, by the number of its cells."""
_BLOCKS = HEADINGS | frozenset(
    ("p", "ul", "ol", "table", "hr", "blockquote", "pre", "div", "ac:layout", "ac:layout-section",
     "ac:layout-cell", "ac:task-list", "ac:adf-extension", "ac:adf-node", "dl")
)  # fmt: skip
_WRAPPERS = frozenset(
    ("div", "ac:layout", "ac:layout-cell", "section", "article", "center", "main", "header", "footer",
     "aside", "nav", "address", "html", "body", "details", "ac:rich-text-body", "ac:task-body",
     "ac:adf-content")
)  # fmt: skip
"""Elements that say nothing of their content, among them bodies that have lost their macro."""
_IMAGES = frozenset(("ac:image", "img"))
_SINGLE = frozenset(("single", "fixed-width", "default", ""))
_TAG = re.compile(r"<(/?)([A-Za-z][\w:.-]*)([^>]*?)(/?)>")
_BREAK = re.compile(r"<br\b[^>]*/>")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_STRONG = OPEN + "strong"


def entries_of(page: Page, item: Item) -> list[Entry]:
    """A leaf's entries; those of most leaves are read only now."""
    if not item.entries:
        reader = InlineReader(page)
        counted = dict(page.constructs)
        reader.run(*item.inner, [kid for kid in item.source_kids if isinstance(kid, Node)])
        page.constructs = counted
        item.entries, item.marks = settle(reader)
    return item.entries


class BlockReader:
    """Reads one body into items."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.source = page.source
        self.readers: dict[str, Callable[[Node], Item | None]] = {
            "ul": self.bullets,
            "ol": self.bullets,
            "table": self.table,
            "hr": self.rule,
            "blockquote": self.quote,
            "pre": self.pre,
            "ac:task-list": self.tasks,
            "ac:layout-section": self.section,
            "ac:adf-extension": ExtensionReader(self).block,
            "ac:adf-node": ExtensionReader(self).block,
            "ac:structured-macro": MacroReader(self).block,
            "ac:macro": MacroReader(self).block,
            "dl": self.definitions,
        }

    def region(self, item: Item, start: int, end: int, kids: list[Node]) -> Item:
        """Fill a container from `source[start:end]`."""
        item.inner = (start, end)
        item.children = self.sequence(start, end, kids)
        return item

    def sequence(self, start: int, end: int, kids: list[Node]) -> list[Item]:
        """The blocks of a region, in order, with what lies between them told apart."""
        out: list[Item] = []
        self._walk(start, end, kids, out)
        for index, item in enumerate(out):
            after = out[index + 1].start if index + 1 < len(out) else end
            item.own_end = after if after == item.end else self._own_end(item.end, after)
        return out

    def _walk(self, start: int, end: int, kids: list[Node], out: list[Item]) -> None:
        run: list[Node] = []
        at = run_start = start
        for kid in kids:
            if self._is_block(kid):
                if run or kid.start > run_start:
                    self._run(run_start, kid.start, run, out)
                self._block(kid, out)
                run, run_start = [], kid.end
            else:
                run.append(kid)
            at = kid.end
        if run or end > run_start:
            self._run(run_start, max(end, at), run, out)

    def _is_block(self, node: Node) -> bool:
        tag = node.tag
        if tag in _BLOCKS or tag in _WRAPPERS:
            return True
        if tag in MACRO_ELEMENTS:
            return self._is_block_macro(node)
        if tag == "a":
            return self.page.attributes(node).get("data-card-appearance") in ("block", "embed")
        return tag == "ac:image" and child(node, "ac:caption") is not None

    def _is_block_macro(self, node: Node) -> bool:
        name = macro_name(self.page, node)
        rule = TOKENS.macros.get(name)
        if rule is not None and rule.read is not None:
            if name in ("status", "anchor") or name in FORMULAS:
                return False
            return rule.read(self.page, node) is None
        return True

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
        self._leaf(item, start, end, kids)
        if item.shows:
            out.append(item)

    def _leaf(self, item: Item, start: int, end: int, kids: list[Node]) -> Item:
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
            if self._leaf(item, node.open_end, node.close_start, node.kids).shows:
                out.append(item)
        elif tag in _WRAPPERS or (tag == "ac:layout-section" and self._is_single(node)):
            if tag == "ac:layout-section":
                for kid in node.kids:
                    self._walk(kid.open_end, kid.close_start, kid.kids, out)
            else:
                self._walk(node.open_end, node.close_start, node.kids, out)
        elif tag == "a":
            out.append(self.card(node))
        elif tag == "ac:image":
            out.append(self.figure(node))
        else:
            read = self.readers.get(tag)
            item_or_none = read(node) if read else None
            out.append(item_or_none or self.opaque(node))

    def _paragraph(self, node: Node, out: list[Item]) -> None:
        """A paragraph; one that only wraps a block is that block."""
        if len(node.kids) == 1 and node.kids[0].tag not in MARKS and self._wraps_block(node):
            before = len(out)
            self._block(node.kids[0], out)
            if len(out) == before + 1:
                out[-1].start, out[-1].end = node.start, node.end
                return
            del out[before:]
        if node.kids and self._holds_blocks(node):
            before = len(out)
            self._walk(node.open_end, node.close_start, node.kids, out)
            for inside in out[before:]:
                inside.host = (node.start, node.end)
            return
        item = self.spanned(Item("paragraph"), node)
        if self._leaf(item, node.open_end, node.close_start, node.kids).shows:
            out.append(item)

    def _holds_blocks(self, node: Node) -> bool:
        """Whether a paragraph is in truth several blocks: an older editor let macros stand in its text."""
        macros = [kid for kid in node.kids if kid.tag in MACRO_ELEMENTS and self._is_block_macro(kid)]
        return any(self._has_blocks(kid) for kid in macros) or (
            len(macros) == len(node.kids) and not self.loose_text(node)
        )

    def _has_blocks(self, macro: Node) -> bool:
        """Whether a macro holds code, or text in paragraphs or in a panel: no part of a line."""
        if child(macro, "ac:plain-text-body") is not None:
            return True
        body = child(macro, "ac:rich-text-body")
        rule = MACROS.by_name.get(macro_name(self.page, macro))
        if body is None:
            return False
        if rule is not None and rule.name != "excerpt":
            return True
        return inline_body(self.page, macro) is None and any(self._is_block(kid) for kid in body.kids)

    def _wraps_block(self, node: Node) -> bool:
        kid = node.kids[0]
        around = self.source[node.open_end : kid.start] + self.source[kid.end : node.close_start]
        return not decode(around).strip() and kid.tag not in ("p", "div") and self._is_block(kid)

    def _is_single(self, node: Node) -> bool:
        kind = self.page.attributes(node).get("ac:type", "")
        return kind in _SINGLE and len(node.kids) == 1 and node.kids[0].tag == "ac:layout-cell"

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
        if len(node.kids) == 1 and node.kids[0].tag == "code" and not self.loose_text(node):
            inner = node.kids[0]
        if any(kid.tag != "br" for kid in inner.kids):
            return None
        item = self.spanned(Item("code", {"pre": "1"}), node)
        raw = _BREAK.sub("\n", self.page.inside(inner))
        item.text = decode(raw).removesuffix("\n")
        item.inner = (inner.open_end, inner.close_start)
        return item if "<" not in raw and "\r" not in item.text else None

    def definitions(self, node: Node) -> Item | None:
        """A list of definitions: what it holds is editable, that it is one stays in the base."""
        if not node.kids or any(kid.tag not in ("dt", "dd") for kid in node.kids) or self.loose_text(node):
            return None
        item = self.spanned(Item("macro", {"name": "macro"}), node)
        item.inner = (node.open_end, node.close_start)
        item.children = []
        for kid in node.kids:
            self._walk(kid.open_end, kid.close_start, kid.kids, item.children)
        item.props["id"] = self.page.identify(
            self.page.raw(node), "definitions", said=self.page.start_tag(node)
        )
        return self.tiled(item)

    def bullets(self, node: Node) -> Item | None:
        """A bullet or numbered list."""
        if not _items_with_lists(node.kids, "li", ("ul", "ol")) or self.loose_text(node):
            return None
        ordered = node.tag == "ol"
        start = self.page.attributes(node).get("start", "1") if ordered else ""
        if ordered and not (start.isascii() and start.isdigit() and len(start) < 10):  # noqa: PLR2004
            return None
        props = {"ordered": str(int(start))} if ordered else {}
        item = self.spanned(Item("list", props), node)
        item.inner = (node.open_end, node.close_start)
        item.children = []
        for kid in node.kids:
            if kid.tag == "li":
                made = self.spanned(Item("item"), kid)
                item.children.append(self.region(made, kid.open_end, kid.close_start, kid.kids))
            else:
                self._nested(item.children[-1], kid)
        return self.tiled(item)

    def _nested(self, item: Item, node: Node) -> None:
        """A list that stands behind an item instead of in it."""
        item.end = node.end
        item.inner = (item.inner[0], node.end)
        item.children = [*(item.children or ()), *self.sequence(node.start, node.end, [node])]
        self.tiled(item)

    def tiled(self, item: Item) -> Item:
        """Tell for each child how far what follows it belongs to it."""
        inside = item.children or []
        for index, kid in enumerate(inside):
            after = inside[index + 1].start if index + 1 < len(inside) else item.inner[1]
            kid.own_end = after if after == kid.end else self._own_end(kid.end, after)
        return item

    def loose_text(self, node: Node) -> bool:
        """Whether text stands between the children of an element that has only element content."""
        at = node.open_end
        for kid in node.kids:
            if self.source[at : kid.start].strip():
                return True
            at = kid.end
        return bool(self.source[at : node.close_start].strip())

    def tasks(self, node: Node) -> Item | None:
        """A task list."""
        if not _items_with_lists(node.kids, "ac:task", ("ac:task-list",)):
            return None
        item = self.spanned(Item("tasks"), node)
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
        return self.tiled(item)

    def task(self, node: Node) -> Item | None:
        """One task: its body, and the list nested in it."""
        body, status = child(node, "ac:task-body"), child(node, "ac:task-status")
        if body is None or status is None:
            return None
        done = self.page.inside(status).strip() == "complete"
        item = self.spanned(Item("task", {"done": "1"} if done else {}), node)
        nested = [kid for kid in node.kids if kid.tag == "ac:task-list"]
        inner = body
        if len(body.kids) == 1 and body.kids[0].tag == "span" and not self.loose_text(body):
            inner = body.kids[0]
        end = node.close_start if nested else inner.close_start
        item.inner = (inner.open_end, end)
        item.children = self.sequence(inner.open_end, inner.close_start, inner.kids)
        if nested:
            item.children += self.sequence(nested[0].start, nested[-1].end, nested)
        return self.tiled(item)

    def section(self, node: Node) -> Item | None:
        """A section of a layout with several columns."""
        if not node.kids or any(kid.tag != "ac:layout-cell" for kid in node.kids):
            return None
        kind = self.page.attributes(node).get("ac:type", "")
        if not kind and len(node.kids) < len(_COLUMNS):
            kind = _COLUMNS[len(node.kids)]
        if not re.fullmatch(r"[a-z][a-z0-9_-]*", kind):
            return None
        item = self.spanned(Item("layout", {"type": kind}), node)
        item.inner = (node.open_end, node.close_start)
        item.children = [
            self.region(self.spanned(Item("column"), kid), kid.open_end, kid.close_start, kid.kids)
            for kid in node.kids
        ]
        return self.tiled(item)

    # --------------------------------------------------------------------------------------- tables

    def table(self, node: Node) -> Item | None:
        """A table; its rows may stand in several groups."""
        rows: list[Node] = []
        if not self._rows(node, rows) or not rows:
            return None
        item = self.spanned(Item("table"), node)
        item.inner = (rows[0].start, rows[-1].end)
        item.children = []
        for row in rows:
            if any(kid.tag not in ("td", "th") for kid in row.kids) or self.loose_text(row) or not row.kids:
                return None
            made = self.spanned(Item("row"), row)
            made.inner = (row.open_end, row.close_start)
            made.children = [self._cell(kid) for kid in row.kids]
            item.children.append(self.tiled(made))
        if all(kid.tag == "th" for kid in rows[0].kids):
            for cell in item.children[0].children or ():
                for leaf in cell.children or ():
                    if leaf.runs and leaf.runs[0] == _STRONG:
                        entries_of(self.page, leaf)
            hide_bold(item.children[0])
        return self.tiled(item)

    def _rows(self, node: Node, rows: list[Node]) -> bool:
        if self.loose_text(node):
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
        item = self.spanned(Item("cell", props), node)
        return self.region(item, node.open_end, node.close_start, node.kids)

    # -------------------------------------------------------------------------------- media and cards

    def figure(self, node: Node) -> Item:
        """An image with a caption."""
        caption = child(node, "ac:caption")
        source = read_image(self.page, node)
        if caption is None or source is None:
            return self.opaque(node)
        inner = caption
        if len(caption.kids) == 1 and caption.kids[0].tag == "p" and not self.loose_text(caption):
            inner = caption.kids[0]
        if any(kid.tag in _BLOCKS for kid in inner.kids):
            return self.opaque(node)
        item = self.spanned(Item("figure", {"image": source}), node)
        self._leaf(item, inner.open_end, inner.close_start, inner.kids)
        if not item.shows:
            item = self.spanned(Item("paragraph"), node)
            item.bare = True
            return self._leaf(item, node.start, node.end, [node])
        return item

    def card(self, node: Node) -> Item:
        """A smart link that takes a block of its own."""
        said = self.page.attributes(node)
        target = said.get("href", "")
        text = " ".join(decode(self.page.inside(node)).split())
        if node.kids or not target.strip() or re.search(r"[\s()<>]", target) or "<" in self.page.inside(node):
            return self.opaque(node)
        props = {"name": "card" if said["data-card-appearance"] == "block" else "embed", "target": target}
        if text and text != target:
            props["label"] = text
        if re.fullmatch(r"\d+(?:\.\d+)?", said.get("data-width", "")):
            props["@width"] = said["data-width"]
        return self.spanned(Item("leaf", props), node)

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


def _items_with_lists(nodes: list[Node], entry: str, lists: tuple[str, ...]) -> bool:
    """Whether these are the items of a list, some with a list right behind them."""
    return (
        bool(nodes) and nodes[0].tag == entry and all(kid.tag == entry or kid.tag in lists for kid in nodes)
    )
