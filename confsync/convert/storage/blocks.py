"""Storage as a tree of blocks. Children of a region are found through wrappers that say nothing."""

import re
from collections.abc import Callable
from itertools import pairwise

from confsync.convert.markdown.directive import can_write
from confsync.convert.rules.adf import panel_props
from confsync.convert.rules.formula import MACROS as FORMULAS
from confsync.convert.rules.image import read_image
from confsync.convert.rules.labels import MACROS as MACRO_ELEMENTS
from confsync.convert.rules.labels import label_of
from confsync.convert.rules.link import implicit_text, link_target
from confsync.convert.rules.macro import ALWAYS_HIDDEN, Form, MacroRule
from confsync.convert.rules.macros import MACROS
from confsync.convert.rules.marks import MARKS
from confsync.convert.rules.parameters import macro_name, parameters
from confsync.convert.rules.preview import preview_of
from confsync.convert.rules.tokens import TOKENS
from confsync.convert.storage.heads import hide_bold
from confsync.convert.storage.inline import InlineReader
from confsync.convert.storage.leaf import settle, units
from confsync.convert.storage.page import Page
from confsync.convert.storage.parse import Node, child, children
from confsync.convert.storage.shown import shown_runs
from confsync.convert.storage.text import decode
from confsync.convert.tree import OPEN, Entry, Item

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BLOCKS = HEADINGS | frozenset(
    ("p", "ul", "ol", "table", "hr", "blockquote", "pre", "div", "ac:layout", "ac:layout-section",
     "ac:layout-cell", "ac:task-list", "ac:adf-extension", "dl", "section",
     "article", "center", "ac:rich-text-body")
)  # fmt: skip
_WRAPPERS = frozenset(("div", "ac:layout", "ac:layout-cell", "section", "article", "center"))
_SINGLE = frozenset(("single", "fixed-width", "default", ""))
_TAG = re.compile(r"<(/?)([A-Za-z][\w:.-]*)([^>]*?)(/?)>")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_LANGUAGE = re.compile(r"[A-Za-z0-9+#._-]+")
_INFO_SAFE = re.compile(r"[^\x00-\x1f\x7f`\\&]+")
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
            "ac:adf-extension": self.adf,
            "ac:structured-macro": self.macro,
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
        if tag in _BLOCKS:
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
        if len(kids) > 1 and all(kid.tag == "ac:image" for kid in kids):
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
            item = self._spanned(Item("heading", {"level": tag[1]}), node)
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
        item = self._spanned(Item("paragraph"), node)
        if self._leaf(item, node.open_end, node.close_start, node.kids).shows:
            out.append(item)

    def _wraps_block(self, node: Node) -> bool:
        kid = node.kids[0]
        around = self.source[node.open_end : kid.start] + self.source[kid.end : node.close_start]
        return not decode(around).strip() and kid.tag not in ("p", "div") and self._is_block(kid)

    def _is_single(self, node: Node) -> bool:
        kind = self.page.attributes(node).get("ac:type", "")
        return kind in _SINGLE and len(node.kids) == 1 and node.kids[0].tag == "ac:layout-cell"

    def _spanned(self, item: Item, node: Node) -> Item:
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
        return self._spanned(Item("rule"), node)

    def quote(self, node: Node) -> Item | None:
        """A quotation."""
        item = self._spanned(Item("quote"), node)
        self.region(item, node.open_end, node.close_start, node.kids)
        return item if item.children else None

    def pre(self, node: Node) -> Item | None:
        """Preformatted text without markup."""
        if node.kids:
            return None
        item = self._spanned(Item("code", {"pre": "1"}), node)
        item.text = decode(self.page.inside(node)).removesuffix("\n")
        item.inner = (node.open_end, node.close_start)
        return item if "<" not in self.page.inside(node) and "\r" not in item.text else None

    def bullets(self, node: Node) -> Item | None:
        """A bullet or numbered list."""
        if not node.kids or any(kid.tag != "li" for kid in node.kids) or self._loose_text(node):
            return None
        ordered = node.tag == "ol"
        start = self.page.attributes(node).get("start", "1") if ordered else ""
        if ordered and not (start.isascii() and start.isdigit() and len(start) < 10):  # noqa: PLR2004
            return None
        props = {"ordered": str(int(start))} if ordered else {}
        item = self._spanned(Item("list", props), node)
        item.inner = (node.open_end, node.close_start)
        item.children = [
            self.region(self._spanned(Item("item"), kid), kid.open_end, kid.close_start, kid.kids)
            for kid in node.kids
        ]
        return self._tiled(item)

    def _tiled(self, item: Item) -> Item:
        """Tell for each child how far what follows it belongs to it."""
        inside = item.children or []
        for index, kid in enumerate(inside):
            after = inside[index + 1].start if index + 1 < len(inside) else item.inner[1]
            kid.own_end = after if after == kid.end else self._own_end(kid.end, after)
        return item

    def _loose_text(self, node: Node) -> bool:
        """Whether text stands between the children of an element that has only element content."""
        at = node.open_end
        for kid in node.kids:
            if self.source[at : kid.start].strip():
                return True
            at = kid.end
        return bool(self.source[at : node.close_start].strip())

    def tasks(self, node: Node) -> Item | None:
        """A task list."""
        if not node.kids or any(kid.tag not in ("ac:task", "ac:task-list") for kid in node.kids):
            return None
        item = self._spanned(Item("tasks"), node)
        item.inner = (node.open_end, node.close_start)
        item.children = []
        for kid in node.kids:
            task = self.task(kid) if kid.tag == "ac:task" else None
            if task is None:
                return None
            item.children.append(task)
        return self._tiled(item)

    def task(self, node: Node) -> Item | None:
        """One task: its body, and the list nested in it."""
        body, status = child(node, "ac:task-body"), child(node, "ac:task-status")
        if body is None or status is None:
            return None
        done = self.page.inside(status).strip() == "complete"
        item = self._spanned(Item("task", {"done": "1"} if done else {}), node)
        nested = [kid for kid in node.kids if kid.tag == "ac:task-list"]
        inner = body
        if len(body.kids) == 1 and body.kids[0].tag == "span" and not self._loose_text(body):
            inner = body.kids[0]
        end = node.close_start if nested else inner.close_start
        item.inner = (inner.open_end, end)
        item.children = self.sequence(inner.open_end, inner.close_start, inner.kids)
        if nested:
            item.children += self.sequence(nested[0].start, nested[-1].end, nested)
        return self._tiled(item)

    def section(self, node: Node) -> Item | None:
        """A section of a layout with several columns."""
        if not node.kids or any(kid.tag != "ac:layout-cell" for kid in node.kids):
            return None
        kind = self.page.attributes(node).get("ac:type", "")
        if not re.fullmatch(r"[a-z][a-z0-9_-]*", kind):
            return None
        item = self._spanned(Item("layout", {"type": kind}), node)
        item.inner = (node.open_end, node.close_start)
        item.children = [
            self.region(self._spanned(Item("column"), kid), kid.open_end, kid.close_start, kid.kids)
            for kid in node.kids
        ]
        return self._tiled(item)

    # --------------------------------------------------------------------------------------- tables

    def table(self, node: Node) -> Item | None:
        """A table; its rows may stand in several groups."""
        rows: list[Node] = []
        if not self._rows(node, rows) or not rows:
            return None
        item = self._spanned(Item("table"), node)
        item.inner = (rows[0].start, rows[-1].end)
        item.children = []
        for row in rows:
            if any(kid.tag not in ("td", "th") for kid in row.kids) or self._loose_text(row) or not row.kids:
                return None
            made = self._spanned(Item("row"), row)
            made.inner = (row.open_end, row.close_start)
            made.children = [self._cell(kid) for kid in row.kids]
            item.children.append(self._tiled(made))
        if all(kid.tag == "th" for kid in rows[0].kids):
            for cell in item.children[0].children or ():
                for leaf in cell.children or ():
                    if leaf.runs and leaf.runs[0] == _STRONG:
                        entries_of(self.page, leaf)
            hide_bold(item.children[0])
        return self._tiled(item)

    def _rows(self, node: Node, rows: list[Node]) -> bool:
        if self._loose_text(node):
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
        item = self._spanned(Item("cell", props), node)
        return self.region(item, node.open_end, node.close_start, node.kids)

    # -------------------------------------------------------------------------------- media and cards

    def figure(self, node: Node) -> Item:
        """An image with a caption."""
        caption = child(node, "ac:caption")
        source = read_image(self.page, node)
        if caption is None or source is None:
            return self.opaque(node)
        inner = caption
        if len(caption.kids) == 1 and caption.kids[0].tag == "p" and not self._loose_text(caption):
            inner = caption.kids[0]
        if any(kid.tag in _BLOCKS for kid in inner.kids):
            return self.opaque(node)
        item = self._spanned(Item("figure", {"image": source}), node)
        self._leaf(item, inner.open_end, inner.close_start, inner.kids)
        if not item.shows:
            item = self._spanned(Item("paragraph"), node)
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
        return self._spanned(Item("leaf", props), node)

    # --------------------------------------------------------------------------------------- macros

    def macro(self, node: Node) -> Item | None:  # noqa: PLR0911  (one return per case)
        """A macro in the form its rule says; without a rule in the form its body allows."""
        name = macro_name(self.page, node)
        rule = MACROS.by_name.get(name)
        rich, plain = child(node, "ac:rich-text-body"), child(node, "ac:plain-text-body")
        if rule is not None and rule.form is Form.FENCE and plain is not None and rich is None:
            return self.fence(node, plain, rule)
        if rule is not None and rule.form is Form.CONTAINER and rich is not None:
            item = Item("macro", self._props(node, rule))
            return self.region(self._spanned(item, node), rich.open_end, rich.close_start, rich.kids)
        bodiless = rich is None and plain is None
        if rule is not None and rule.form is Form.LEAF and bodiless and self._sayable(node, rule):
            return self._spanned(Item("leaf", self._props(node, rule)), node)
        if not name:
            return None
        if rich is not None and plain is None:
            return self._unknown_rich(node, rich, name)
        if plain is not None and rich is None:
            return self._unknown_plain(node, plain, name)
        return self.opaque(node)

    def _sayable(self, node: Node, rule: MacroRule) -> bool:
        return all(one.value is not None or one.name == rule.target for one in parameters(self.page, node))

    def _props(self, node: Node, rule: MacroRule) -> dict[str, str]:
        props = {"name": rule.markdown_name}
        for one in parameters(self.page, node):
            if one.name == rule.target and one.node.kids:
                self._target(one.node, props)
            elif one.value is None or one.name in ALWAYS_HIDDEN or one.name in rule.hidden:
                continue
            elif one.name == rule.label and rule.label:
                if one.value.strip() and can_write(one.value.strip()):
                    props["label"] = " ".join(one.value.split())
            elif self._shown(one.name, one.value, rule):
                props[f"@{one.name or 'default'}"] = one.value
        return props

    def _shown(self, name: str, value: str, rule: MacroRule) -> bool:
        if not value or rule.defaults.get(name) == value or not can_write(value):
            return False
        return re.fullmatch(r"[A-Za-z][A-Za-z0-9._-]*|", name) is not None

    def _target(self, node: Node, props: dict[str, str]) -> None:

        link = node.kids[0] if node.kids else None
        if link is None:
            return
        holder = link
        if link.tag.startswith("ri:"):
            holder = node
        target = link_target(self.page, holder)
        if target:
            props["target"] = target
            self.page.labels[target] = implicit_text(self.page, holder)

    def fence(self, node: Node, body: Node, rule: MacroRule) -> Item:
        """A macro whose body is code."""
        props: dict[str, str] = {} if rule.name == "code" else {"language": rule.markdown_name}
        for one in parameters(self.page, node):
            value = one.value
            if value is None or not value.strip():
                continue
            if rule.name == "code" and one.name == "language" and _LANGUAGE.fullmatch(value):
                props["language"] = value
            elif one.name in ("title", "linenumbers", "firstline", "collapse") and _INFO_SAFE.fullmatch(
                value
            ):
                if value in ("false", rule.defaults.get(one.name)):
                    continue
                props[f"@{one.name}"] = " ".join(value.split())
        if props.get("language") == "text" and len(props) > 1:
            del props["language"]
        item = self._spanned(Item("code", props), node)
        return self._body(item, body)

    def _body(self, item: Item, body: Node) -> Item:
        raw = self.page.inside(body)
        item.inner = (body.open_end, body.close_start)
        if "<![CDATA[" in raw:
            text = re.sub(r"<!\[CDATA\[(.*?)\]\]>", lambda m: m[1], raw.strip(), flags=re.DOTALL)
        else:
            text = decode(raw)
        # The last line end belongs to the fence that closes the block.
        item.text = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
        return item

    def _unknown_rich(self, node: Node, body: Node, name: str) -> Item:
        head = self.source[node.start : body.open_end] + self.source[body.close_start : node.end]
        identity = self.page.identify(self.page.raw(node), name, said=head)
        item = self._spanned(Item("macro", {"name": "macro", "id": identity}), node)
        return self.region(item, body.open_end, body.close_start, body.kids)

    def _unknown_plain(self, node: Node, body: Node, name: str) -> Item:
        head = self.source[node.start : body.open_end] + self.source[body.close_start : node.end]
        identity = self.page.identify(self.page.raw(node), name, said=head)
        item = self._spanned(Item("code", {"id": identity}), node)
        return self._body(item, body)

    def adf(self, node: Node) -> Item | None:
        """A panel that storage has no macro for."""
        inner = child(node, "ac:adf-node")
        content = child(inner, "ac:adf-content") if inner is not None else None
        if inner is not None and self.page.attributes(inner).get("type") == "decision-list":
            return self.decisions(node, inner)
        if inner is None or content is None or self.page.attributes(inner).get("type") != "panel":
            return None
        kind = self._adf_said(inner, "panel-type")
        if not re.fullmatch(r"[a-z]+", kind):
            return None
        said = panel_props(self.page, inner) if kind == "custom" else {}
        item = self._spanned(Item("macro", {"name": f"adf-{kind}", **said}), node)
        return self.region(item, content.open_end, content.close_start, content.kids)

    def _adf_said(self, node: Node, key: str) -> str:
        """An attribute of a node of the new editor."""
        found = (
            kid for kid in children(node, "ac:adf-attribute") if self.page.attributes(kid).get("key") == key
        )
        return next((self.page.inside(kid).strip() for kid in found), "")

    def decisions(self, node: Node, inner: Node) -> Item | None:
        """A list of decisions: tasks that are decided or not."""
        nodes = list(children(inner, "ac:adf-node"))
        contents = [child(kid, "ac:adf-content") for kid in nodes]
        if not nodes or any(self.page.attributes(kid).get("type") != "decision-item" for kid in nodes):
            return None
        tasks = Item("tasks")
        tasks.start, tasks.end = nodes[0].start, nodes[-1].end
        tasks.inner = (tasks.start, tasks.end)
        tasks.children = []
        for kid, content in zip(nodes, contents, strict=True):
            if content is None:
                return None
            done = {"done": "1"} if self._adf_said(kid, "state") == "DECIDED" else {}
            task = self._spanned(Item("task", done), kid)
            tasks.children.append(self.region(task, content.open_end, content.close_start, content.kids))
        tasks.own_end = tasks.end
        item = self._spanned(Item("macro", {"name": "decisions"}), node)
        item.inner = tasks.inner
        item.children = [self._tiled(tasks)]
        return item

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
