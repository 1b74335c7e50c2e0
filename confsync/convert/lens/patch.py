"""From two aligned trees to the new storage: a list of replacements in the base's bytes.

Whatever is equal is never touched. A deleted block takes along the invisible blocks behind it, but never the
tags of what encloses it; an added one goes right behind its predecessor.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cached_property

from confsync.convert.lens.align import Aligner
from confsync.convert.lens.columns import column_splices
from confsync.convert.lens.create import BlockSource, Creator
from confsync.convert.lens.known import without_known
from confsync.convert.lens.layouts import Place, place_at
from confsync.convert.lens.losses import placeholder_ids_of
from confsync.convert.rules.adf import set_panel_attribute
from confsync.convert.rules.macro import Form
from confsync.convert.rules.macros import MACROS
from confsync.convert.rules.parameters import Splice, set_parameter
from confsync.convert.rules.tokens import TOKENS
from confsync.convert.storage.blocks import entries_of
from confsync.convert.storage.page import Page
from confsync.convert.storage.parse import Node, check_well_formed, child, children
from confsync.convert.storage.text import cdata, without_identity
from confsync.convert.tree import Item, fields_of
from confsync.errors import MalformedStorage

_EMPTY_PARAGRAPH = re.compile(r"<p\b([^>]*?)\s*/>|<p\b([^>]*)>(?:\s|&nbsp;|\xa0|<br\s*/>)*</p>")
_LAST_LINE_END = re.compile(r"\n(?:\]\]>\s*)?\Z")
_TEXT = frozenset(("paragraph", "heading"))
_HOLDERS = frozenset(("cell", "column", "macro"))


class Patcher(BlockSource):
    """Turns one page's base into what the edited tree says."""

    def __init__(
        self, page: Page, base: Sequence[Item], edited: Sequence[Item], library: Mapping[str, str]
    ) -> None:
        self.page = page
        self.base = base
        self.edited = edited
        self.library = library
        self.splices: list[Splice] = []
        self.aligner = Aligner()
        self.matches: dict[int, dict[int, int]] = {}
        self.gone: dict[str, list[Item]] = {}
        self.equal: list[Item] = []
        self.changed: list[Item] = []
        self.taken: set[int] = set()
        self.creator = Creator(page, self)

    def storage(self) -> str:
        """The new body, before the gate."""
        self._plan(self.base, self.edited)
        root = Item("root")
        root.inner = (0, len(self.page.source))
        self._sequence(root, self.base, self.edited)
        return applied(self.page.source, self.splices)

    # ----------------------------------------------------------------------------------------- plan

    def _plan(self, base: Sequence[Item], edited: Sequence[Item]) -> None:
        """Align a sequence and everything in it; note what is deleted and what is kept."""
        pairs = self._pairs(base, edited)
        self.matches[id(edited)] = {j: i for i, j in pairs}
        matched = {i for i, _ in pairs}
        for index, item in enumerate(base):
            if index not in matched:
                for one in item.walk():
                    self.gone.setdefault(one.key, []).append(one)
        for i, j in pairs:
            one, other = base[i], edited[j]
            if one.says(other):
                self.equal.append(one)
            elif self._descends(one, other):
                self.changed.append(one)
                self._plan(one.children or [], other.children or [])
            elif one.kind != other.kind and not {one.kind, other.kind} <= _TEXT:
                for inner in one.walk():
                    self.gone.setdefault(inner.key, []).append(inner)
            else:
                self.changed.append(one)

    @cached_property
    def kept(self) -> dict[str, Item]:
        """What stays in its place, by key."""
        return {item.key: item for top in reversed(self.equal) for item in top.walk()}

    @cached_property
    def used(self) -> set[str]:
        """Ids whose bytes stand somewhere in the result."""
        held = (*(item for top in self.equal for item in top.walk()), *self.changed)
        return set(placeholder_ids_of(held))

    def _pairs(self, base: Sequence[Item], edited: Sequence[Item]) -> list[tuple[int, int]]:
        if base and base[0].kind in ("cell", "column") and len(base) == len(edited):
            return [(index, index) for index in range(len(base))]
        return self.aligner.align(base, edited)

    def _descends(self, base: Item, edited: Item) -> bool:
        if base.children is None or edited.children is None:
            return False
        if base.kind == edited.kind == "macro":
            return _same_sort(base.props["name"], edited.props["name"])
        return base.kind == edited.kind or {base.kind, edited.kind} == {"item", "task"}

    # ------------------------------------------------------------------------------------- emission

    def _sequence(self, holder: Item, base: Sequence[Item], edited: Sequence[Item]) -> None:
        match = self.matches.get(id(edited), {})
        kept = set(match.values())
        deleted = [index for index in range(len(base)) if index not in kept]
        fill = bool(base) and not edited and holder.kind in _HOLDERS
        for index in deleted:
            item = base[index]
            self.splices.append(
                (item.start, item.own_end, "<p />" if fill and index == 0 and not item.bare else "")
            )
        last = -1
        added: list[Item] = []
        for j, item in enumerate(edited):
            i = match.get(j)
            if i is None:
                if item.kind == "empty" and self._has_empty(base, last):
                    continue
                added.append(item)
                continue
            self._insert(holder, base, last, added)
            added = []
            if base[i] is not item:
                self._pair(base[i], item)
            last = i
        self._insert(holder, base, last, added)

    def _has_empty(self, base: Sequence[Item], last: int) -> bool:
        if last < 0:
            return False
        return _EMPTY_PARAGRAPH.search(self.page.source, base[last].end, base[last].own_end) is not None

    def _insert(self, holder: Item, base: Sequence[Item], last: int, items: list[Item]) -> None:
        if not items:
            return
        like = base[last] if last >= 0 else base[0] if base else None
        if holder.kind in ("list", "row", "table", "tasks") and like is not None:
            if holder.kind == "table" and last <= 0 and len(base) > 1:
                like = base[1]
            text = "".join(self.creator.block(item, like) for item in items)
        elif (
            base and items[0].kind == "paragraph" and all(one.bare for one in base) and holder.kind == "item"
        ):
            text = "".join(self.creator.block(item) for item in items)
        else:
            place = self._place(holder, base, last)
            text = self.creator.blocks(items, bare=holder.kind == "task" and not base, place=place)
        if last >= 0:
            self.splices.append((base[last].own_end, base[last].own_end, text))
        elif base:
            self.splices.append((base[0].start, base[0].start, text))
        else:
            self._fill(holder, items, text)

    def _place(self, holder: Item, base: Sequence[Item], last: int) -> Place:
        if holder.kind != "root" or not base:
            return Place.OUTSIDE
        return place_at(self.page.source, base[last].own_end if last >= 0 else base[0].start)

    def _fill(self, holder: Item, items: Sequence[Item], text: str) -> None:
        """Put blocks into a container that shows nothing yet."""
        start, end = holder.inner
        source = self.page.source
        empty = _EMPTY_PARAGRAPH.search(source, start, end) if holder.kind != "root" else None
        if empty is not None and len(items) == 1 and items[0].kind == "paragraph" and text.startswith("<p>"):
            said = empty[1] or empty[2] or ""
            self.splices.append((empty.start(), empty.end(), f"<p{said}>{text[3:]}"))
        elif start == end and source[start - 2 : start] == "/>":
            tag = re.match(r"<([\w:.-]+)", source[source.rindex("<", 0, start) :])
            head = source[:start][:-2].rstrip()
            self.splices.append((len(head), start, f">{text}</{tag[1] if tag else ''}>"))
        elif empty is not None:
            self.splices.append((empty.start(), empty.end(), text))
        else:
            closing = source.find("</", start, end)
            at = closing if closing >= 0 and "<ac:layout" in source[start:end] else end
            self.splices.append((at, at, text))

    def _pair(self, base: Item, edited: Item) -> None:
        if edited.hint and edited.hint not in self.page.source[base.start : base.inner[0]]:
            self._set_attribute(base, "style", f"text-align: {edited.hint};")
        if base.says(edited):
            return
        if (
            base.kind != edited.kind
            and not {base.kind, edited.kind} <= _TEXT
            and not self._descends(base, edited)
        ):
            self._replace(base, edited)
        elif edited.atoms is not None:
            self._leaf(base, edited)
        elif edited.kind == "code":
            self._code(base, edited)
        elif edited.children is not None and self._descends(base, edited):
            self._drop_fallback(base)
            if base.kind == "table" and edited.children:
                match = self.matches.get(id(edited.children[0].children), {})
                self.splices += column_splices(self.page.source, base, edited, match)
            if self._shell(base, edited):
                self._sequence(base, base.children or [], edited.children)
        elif edited.kind == "leaf" and base.kind == "leaf":
            self._shell(base, edited)
        else:
            self._replace(base, edited)

    def _drop_fallback(self, base: Item) -> None:
        """What the new editor keeps as a rendered copy of its content would now be out of date."""
        node = base.source_node
        if isinstance(node, Node) and node.tag == "ac:adf-extension":
            for kid in children(node, "ac:adf-fallback"):
                self.splices.append((kid.start, kid.end, ""))

    def _replace(self, base: Item, edited: Item) -> None:
        self.splices.append((base.start, base.end, self.creator.block(edited)))

    # ---------------------------------------------------------------------------------------- leaves

    def _leaf(self, base: Item, edited: Item) -> None:
        source = self.page.source
        start, end = base.inner
        if base.kind == "figure":
            self._image(base, edited)
        entries = entries_of(self.page, base)
        atoms = without_known(edited.atoms or [], base.marks)
        text = self.creator.inline.splice(entries, base.marks, atoms)
        try:
            check_well_formed(text)
        except MalformedStorage:
            text = self.creator.inline.atoms(edited.atoms or ())
        if base.kind != edited.kind or base.props != edited.props:
            if base.kind == edited.kind == "figure":
                pass
            elif base.bare:
                text = self.creator.block(edited) if edited.kind == "heading" else text
            else:
                tag = f"h{edited.props['level']}" if edited.kind == "heading" else "p"
                head = re.sub(r"^<[\w:.-]+", f"<{tag}", source[base.start : start])
                self.splices.append((base.start, start, head))
                self.splices.append((end, base.end, f"</{tag}>"))
        if base.bare and _is_media(base) and edited.kind == "paragraph" and not _is_media(edited):
            # An image between blocks is no paragraph; with text beside it, it stands in one.
            text = f"<p>{text}</p>"
        if text != source[start:end]:
            self.splices.append((start, end, text))

    def _image(self, base: Item, edited: Item) -> None:
        old, new = base.props["image"], edited.props["image"]
        if old == new:
            return
        revise = TOKENS.kinds["image"].revise
        node = base.source_node
        caption = child(node, "ac:caption") if isinstance(node, Node) else None
        if revise is None or caption is None:
            return
        raw = self.page.source[base.start : caption.start]
        revised = revise(raw, fields_of(old)[1:], fields_of(new)[1:], self.page)
        self.splices.append((base.start, caption.start, revised or raw))

    def _code(self, base: Item, edited: Item) -> None:
        node = base.source_node
        if not isinstance(node, Node) or ("pre" in base.props) != ("pre" in edited.props):
            self._replace(base, edited)
            return
        if _fence_macro(base) != _fence_macro(edited):
            self._replace(base, edited)
            return
        source = self.page.source
        start, end = base.inner
        if base.text != edited.text:
            raw = source[start:end]
            last = "\n" if _LAST_LINE_END.search(raw) else ""
            text = (edited.text or "") + last
            if "\r\n" in raw:
                text = text.replace("\n", "\r\n")
            if start == end and source[start - 2 : start] == "/>":
                self._replace(base, edited)
                return
            plain = "<![CDATA[" not in raw and raw.strip()
            new = (
                self.page.spelling.revise(raw, (base.text or "") + last, text)
                if plain
                else _recast(raw, text)
            )
            self.splices.append((start, end, new))
        self._parameters(node, base, edited, cleared=("language",))

    def _parameters(self, node: Node, base: Item, edited: Item, cleared: Sequence[str]) -> None:
        """Change the parameters that the edited shell names otherwise; what it does not name stays."""
        rule = MACROS.by_directive.get(base.props.get("name", ""))
        keys = [key for key in (*base.props, *edited.props) if key[0] == "@" or key in ("label", "language")]
        for key in dict.fromkeys(keys):
            old, new = base.props.get(key), edited.props.get(key)
            if old == new or (new is None and key not in (*cleared, "label")):
                continue
            name = key[1:] if key[0] == "@" else (rule.label if rule else "") if key == "label" else key
            name = "" if name == "default" else name
            if not name and key == "label":
                continue
            self.splices += set_parameter(self.page, node, name, new or None)

    # ---------------------------------------------------------------------------------------- shells

    def _shell(self, base: Item, edited: Item) -> bool:  # noqa: C901  (one branch per kind)
        """Change what a container or leaf says of itself; False where it was replaced whole."""
        node = base.source_node
        if base.props == edited.props and base.kind == edited.kind:
            return True
        if base.kind == "list":
            self._relist(base, edited)
        elif base.kind == "task" and isinstance(node, Node):
            status = child(node, "ac:task-status")
            if node.tag == "ac:adf-node":
                self._decide(node, decided="done" in edited.props)
            elif status is not None:
                word = "complete" if "done" in edited.props else "incomplete"
                self.splices.append((status.open_end, status.close_start, word))
        elif base.kind == "layout":
            self._set_attribute(base, "ac:type", edited.props["type"])
        elif base.kind == "cell":
            for name in ("rowspan", "colspan"):
                if base.props.get(name) != edited.props.get(name):
                    self._set_attribute(base, name, edited.props.get(name))
        elif base.kind in ("macro", "leaf") and isinstance(node, Node):
            return self._macro_shell(node, base, edited)
        return True

    def _decide(self, node: Node, *, decided: bool) -> None:
        for kid in children(node, "ac:adf-attribute"):
            if self.page.attributes(kid).get("key") == "state":
                self.splices.append((kid.open_end, kid.close_start, "DECIDED" if decided else "UNDECIDED"))

    def _relist(self, base: Item, edited: Item) -> None:
        old, new = base.props.get("ordered"), edited.props.get("ordered")
        if (old is None) != (new is None):
            tag = "ul" if new is None else "ol"
            source = self.page.source
            head = re.sub(r"^<[uo]l", f"<{tag}", source[base.start : base.inner[0]])
            self.splices.append((base.start, base.inner[0], head))
            self.splices.append((base.inner[1], base.end, f"</{tag}>"))
        elif new is not None:
            self._set_attribute(base, "start", new)

    def _macro_shell(self, node: Node, base: Item, edited: Item) -> bool:
        if base.props.get("id") != edited.props.get("id"):
            self._replace(base, edited)
            return False
        one, other = base.props["name"], edited.props["name"]
        if node.tag == "a" and one == other:
            self._card(node, base, edited)
            return True
        if "target" in edited.props and base.props.get("target") != edited.props["target"]:
            self._replace(base, edited)
            return False
        if one != other:
            rule = MACROS.by_directive.get(other)
            if rule is None or MACROS.by_directive.get(one) is None:
                self._replace(base, edited)
                return False
            head = self.page.start_tag(node)
            renamed = re.sub(
                r"(\sac:name\s*=\s*)(?:\"[^\"]*\"|'[^']*')", lambda m: f'{m[1]}"{rule.name}"', head
            )
            self.splices.append((node.start, node.open_end, renamed))
        if node.tag == "ac:structured-macro":
            self._parameters(node, base, edited, cleared=())
        elif node.tag == "ac:adf-extension":
            for key, value in edited.props.items():
                if key[0] == "@" and base.props.get(key) != value:
                    self.splices += set_panel_attribute(self.page, node, key[1:], value)
        return True

    def _card(self, node: Node, base: Item, edited: Item) -> None:
        """Another address, text or width of a smart link; everything else of it stays."""
        head = self.page.start_tag(node)
        said = {"href": edited.props["target"], "data-width": edited.props.get("@width", "")}
        for name, value in said.items():
            written = f' {name}="{self.page.spelling.attribute(value)}"'
            changed, count = re.subn(rf"\s{name}\s*=\s*(?:\"[^\"]*\"|'[^']*')", lambda _, w=written: w, head)  # type: ignore[misc]
            if value and head != changed:
                head = changed
            elif value and not count:
                head = head[:-1] + written + ">"
        self.splices.append((node.start, node.open_end, head))
        shown = [item.props.get("label", item.props["target"]) for item in (base, edited)]
        if shown[0] != shown[1]:
            self.splices.append((node.open_end, node.close_start, self.page.spelling.encode(shown[1])))

    def _set_attribute(self, item: Item, name: str, value: str | None) -> None:
        end = item.inner[0]
        head = self.page.source[item.start : end]
        pattern = rf"\s{re.escape(name)}\s*=\s*(?:\"[^\"]*\"|'[^']*')"
        said = f' {name}="{value}"' if value is not None else ""
        new, count = re.subn(pattern, said, head, count=1)
        if not count:
            new = re.sub(r"^<[\w:.-]+", lambda m: m[0] + said, head)
        self.splices.append((item.start, end, new))

    # ------------------------------------------------------------------------------------- the source

    def known(self, item: Item, *, take: bool = True) -> str | None:
        """The bytes of a block the base had: moved where it is gone from its place, else a copy."""
        for old in self.gone.get(item.key, ()):
            if id(old) not in self.taken:
                if take:
                    self.taken.update(id(one) for one in old.walk())
                    self.used.update(placeholder_ids_of(old.walk()))
                return self._dressed(item, self.page.source[old.start : old.own_end], old)
        kept = self.kept.get(item.key)
        if kept is not None:
            return self._dressed(item, without_identity(self.page.source[kept.start : kept.end]), kept)
        return None

    def _dressed(self, item: Item, raw: str, old: Item) -> str:
        """A bare paragraph gets its element when it moves."""
        return f"<p>{raw}</p>" if item.kind == "paragraph" and old.bare and not _is_media(old) else raw

    def take(self, identity: str) -> str:
        """The bytes behind an `#id`."""
        raw = self.page.placeholders.get(identity) or self.library.get(identity, "")
        if identity in self.used or identity not in self.page.placeholders:
            return without_identity(raw)
        self.used.add(identity)
        return raw


def _fence_macro(item: Item) -> str:
    """The macro that a block of code is, by its fence's word; empty for code."""
    rule = MACROS.by_directive.get(item.props.get("language", ""))
    return rule.name if rule is not None and rule.form is Form.FENCE else ""


def _is_media(item: Item) -> bool:
    return len(item.atoms or ()) == 1 and (item.atoms or [""])[0].startswith("\x04image")


def _recast(raw: str, text: str) -> str:
    """Code in CDATA, with the space that stood around it."""
    lead = raw[: len(raw) - len(raw.lstrip())]
    tail = raw[len(raw.rstrip()) :] if raw.strip() else ""
    return lead + cdata(text) + tail


def _same_sort(one: str, other: str) -> bool:
    """Whether one macro can become another by its name: both have a rich body and a rule."""
    return one == other or (one in MACROS.by_directive and other in MACROS.by_directive)


def applied(source: str, splices: Sequence[Splice]) -> str:
    """Carry out replacements; of two at one place an insertion comes first."""
    out: list[str] = []
    at = 0
    for start, end, text in sorted(splices, key=_order):
        if start < at:
            continue
        out.append(source[at:start])
        out.append(text)
        at = end
    out.append(source[at:])
    return "".join(out)


def _order(splice: Splice) -> tuple[int, int]:
    return splice[0], splice[1]
