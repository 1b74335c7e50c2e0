"""From the plan of an edit to the new storage: a list of replacements in the base's bytes.

Whatever is equal is never touched. A deleted block takes along the invisible blocks behind it, but never the
tags of what encloses it; an added one goes right behind its predecessor. What moved is cut out where it was
and put where it is now, with whatever changed inside it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from weakref import proxy

from confsync.convert.lens.columns import column_splices
from confsync.convert.lens.copies import placeholder_ids_of
from confsync.convert.lens.create import BlockSource, Creator, holds_macro
from confsync.convert.lens.layouts import Place, place_at
from confsync.convert.lens.leaves import Leaves, is_media
from confsync.convert.lens.plan import Plan
from confsync.convert.lens.remnants import Remnants
from confsync.convert.lens.shells import Shells
from confsync.convert.rules.labels import MACROS as MACRO_ELEMENTS
from confsync.convert.rules.parameters import Splice
from confsync.convert.storage.page import Page
from confsync.convert.storage.parse import Node
from confsync.convert.storage.text import without_identity
from confsync.convert.tree import Atom, Item

_EMPTY_PARAGRAPH = re.compile(r"<p\b([^>]*?)\s*/>|<p\b([^>]*)>(?:\s|&nbsp;|\xa0|<br\s*/>)*</p>")
_HOLDERS = frozenset(("cell", "column", "macro"))
_OPENING = re.compile(r"<p\b[^<>]*>\s*")
_TEXT_HOLDERS = frozenset(("item", "cell", "task"))
"""What may hold text without a paragraph."""
_CUT = "\x01"
"""Where a paragraph was parted; no body can hold this character."""
_NOTHING = f"<p>{_CUT}{_CUT}</p>"
_PLAIN = re.compile(r"<p>.*</p>", re.DOTALL)


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
        self.plan = Plan(base, edited)
        # Without a circle both trees are gone when the edit is done, not when the collector comes by.
        self.creator = Creator(page, proxy(self))
        self.shells = Shells(page)
        self.remnants = Remnants(page, self.plan)
        self.leaves = Leaves(page, self.shells, self.creator.inline, self.remnants)

    def storage(self) -> str:
        """The new body, before the gate."""
        root = Item("root")
        root.inner = (0, len(self.page.source))
        self._sequence(root, self.base, self.edited)
        made = applied(self.page.source, self.splices)
        # Where a paragraph was parted twice at one place, nothing is left between.
        return made.replace(_NOTHING, "").replace(_CUT, "") if _CUT in made else made

    # ----------------------------------------------------------------------------------- sequences

    def _sequence(self, holder: Item, base: Sequence[Item], edited: Sequence[Item]) -> None:
        placed = [self.plan.placed.get(id(item)) for item in edited]
        self._delete(holder, base, {id(item) for item in placed if item is not None}, fill=not edited)
        where = {id(item): index for index, item in enumerate(base)}
        alone = holder.kind in _TEXT_HOLDERS and not any(placed)
        last = -1
        added: list[Item] = []
        for item, old in zip(edited, placed, strict=True):
            if old is None:
                if item.kind != "empty" or not self._has_empty(base, last):
                    added.append(item)
                continue
            self._insert(holder, base, last, added, alone=alone)
            added = []
            if old is not item:
                self._revise(old, item)
            last = where[id(old)]
        self._insert(holder, base, last, added, alone=alone)

    def _delete(self, holder: Item, base: Sequence[Item], kept: set[int], *, fill: bool) -> None:
        """Take out what is gone; a container that must hold something keeps an empty paragraph."""
        fill = fill and holder.kind in _HOLDERS
        alive = {item.host for item in base if id(item) in kept}
        for index, item in enumerate(base):
            if id(item) in kept:
                continue
            if item.host is not None and item.host not in alive:
                text = "<p />" if fill and index == 0 else ""
                self.splices.append((*_with_host(base, index), text))
                continue
            text = "<p />" if fill and index == 0 and not item.bare else _parted(base, index, kept)
            self.splices.append((item.start, item.own_end, text))

    def _has_empty(self, base: Sequence[Item], last: int) -> bool:
        if last < 0:
            return False
        return _EMPTY_PARAGRAPH.search(self.page.source, base[last].end, base[last].own_end) is not None

    def _insert(
        self, holder: Item, base: Sequence[Item], last: int, items: list[Item], *, alone: bool
    ) -> None:
        """Put blocks behind the base's last one before them; `alone`: they are all that the holder has."""
        if not items:
            return
        if holder.kind in ("list", "row", "table", "tasks") and base:
            text = "".join(self.creator.block(item, _like(holder, base, last, item)) for item in items)
        else:
            bare = alone and (holder.kind == "task" or (bool(base) and base[0].bare))
            text = self.creator.blocks(items, bare=bare, place=self._place(holder, base, last))
        if last >= 0:
            self.splices.append(_beside(self.page.source, base[last], base[last].own_end, text))
        elif base:
            self.splices.append(_beside(self.page.source, base[0], base[0].start, text))
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
        node = holder.source_node
        if isinstance(node, Node) and node.tag in MACRO_ELEMENTS and start == node.close_start:
            text = f"<ac:rich-text-body>{text}</ac:rich-text-body>"
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
            closing = source.find("</ac:layout-cell>", start, end)
            at = closing if closing >= 0 else end
            self.splices.append((at, at, text))

    # -------------------------------------------------------------------------------------- blocks

    def _revise(self, base: Item, edited: Item) -> None:
        """Change a block of the base into what it says now, in its own bytes."""
        if (
            edited.hint
            and edited.kind != "cell"
            and edited.hint not in self.page.source[base.start : base.inner[0]]
        ):
            self._align(base, edited.hint)
        if edited.kind == "row":
            self._retag_cells(base, edited)
        if base.says(edited):
            return
        splices = self._content(base, edited)
        if splices is None:
            made = self.creator.made(edited)
            text = made if base.host is None else _part(made)
            self.splices.append((base.start, base.end, text))
            return
        self.splices += splices
        if edited.children is not None:
            if base.kind == "table":
                self._table(base, edited)
            self._sequence(base, base.children or [], edited.children)

    def _align(self, base: Item, where: str) -> None:
        """Set a block's alignment; text without an element gets one, unless it stands in a paragraph."""
        style = f"text-align: {where};"
        if not base.bare:
            self.splices += self.shells.attribute(base, {"style": style})
        elif base.host is None and not is_media(base):
            self.splices += [(base.start, base.start, f'<p style="{style}">'), (base.end, base.end, "</p>")]

    def _content(self, base: Item, edited: Item) -> list[Splice] | None:
        """What to change in a block itself, its children aside; None where it must be made anew."""
        if edited.atoms is not None:
            return self.leaves.text(base, edited)
        if edited.kind == "code":
            return self.leaves.code(base, edited)
        if edited.children is None and edited.kind != "leaf":
            return None
        splices = self.shells.without_fallback(base)
        if base.props == edited.props:
            return splices
        shell = self.shells.revised(base, edited)
        return None if shell is None else splices + shell

    def _table(self, base: Item, edited: Item) -> None:
        rows = edited.children or []
        columns = next((pairs for row in rows if (pairs := self.plan.columns(row))), ())
        gone = bool(columns) and 0 not in {i for i, _ in columns}
        self.creator.note_heads(edited, column=edited.bare or (base.bare and not gone))
        self.splices += column_splices(self.page.source, base, edited, columns)

    def _retag_cells(self, base: Item, edited: Item) -> None:
        """A row that became the table's first, or stopped being it, changes what its cells are."""
        cells = edited.children or []
        same = base.says(edited)
        old = base.children or [] if same else [self.plan.placed.get(id(cell)) for cell in cells]
        for was, cell in zip(old, cells, strict=True):
            tag = self.creator.tag(cell)
            if was is not None and _tag(was) != tag:
                self.splices += self.shells.retagged(was, tag)

    # ---------------------------------------------------------------------------------- the source

    def known(self, item: Item, *, bare: bool = False) -> str | None:
        """The bytes of a block the base had: its own where it moved, else a copy's."""
        old = self.plan.origin(item)
        if old is not None:
            return self._dressed(old, self._moved(old, item), bare=bare)
        like = self.plan.known.get(item.key)
        if like is None or (item.kind == "row" and not self._is_like(like, item)):
            return None
        raw = self.page.source[like.start : like.end]
        if "<ac:inline-comment-marker" in raw and any(holds_macro(one) for one in like.walk()):
            return None  # Without the comment's mark, a macro could be a block.
        return self._dressed(like, without_identity(raw), bare=bare)

    def _is_like(self, row: Item, copy: Item) -> bool:
        """Whether a row can be copied into a place where other cells may be headers."""
        cells = zip(row.children or (), copy.children or (), strict=True)
        return all(_tag(cell) == self.creator.tag(other) for cell, other in cells)

    def _moved(self, old: Item, item: Item) -> str:
        outer, self.splices = self.splices, []
        if old is not item:
            self._revise(old, item)
        inner, self.splices = self.splices, outer
        return applied(self.page.source, inner, old.start, old.own_end)

    def _dressed(self, old: Item, raw: str, *, bare: bool) -> str:
        """A paragraph gets an element, or gives up a plain one, as its new place has it."""
        if old.kind != "paragraph" or is_media(old):
            return raw
        if old.bare:
            return raw if bare else f"<p>{raw}</p>"
        return raw[3:-4] if bare and _PLAIN.fullmatch(raw) and raw.count("<p") == 1 else raw

    @cached_property
    def used(self) -> set[str]:
        """Ids whose bytes stand somewhere in the result."""
        used = set(placeholder_ids_of(item for top in self.plan.kept for item in top.walk()))
        for base, edited in self.plan.changed:
            used |= set(placeholder_ids_of((base,))) & set(placeholder_ids_of((edited,)))
        return used

    def words(self, item: Item) -> str:
        """The bytes of a new leaf's content."""
        return self.leaves.words(None, item)

    def token(self, atom: Atom) -> str | None:
        """The bytes of something in a line that the base has elsewhere."""
        return self.remnants.token(atom)

    def take(self, identity: str) -> str:
        """The bytes behind an `#id`."""
        raw = self.page.placeholders.get(identity) or self.library.get(identity, "")
        if identity in self.used or identity not in self.page.placeholders:
            return without_identity(raw)
        self.used.add(identity)
        return raw


def _like(holder: Item, base: Sequence[Item], last: int, item: Item) -> Item:
    """The neighbour that something added to a list or table looks like."""
    if holder.kind == "table" and last <= 0 and len(base) > 1:
        return base[1]
    like = base[max(last, 0)]
    if holder.kind == "row" and "head" not in item.props and _tag(like) == "th" and last + 1 < len(base):
        return base[last + 1]
    return like


def _parted(base: Sequence[Item], index: int, kept: set[int]) -> str:
    """What stays where a block goes: what stood before and behind it in one paragraph are two."""
    host = base[index].host
    if host is None or index == 0 or id(base[index - 1]) not in kept or base[index - 1].host != host:
        return ""
    behind = next((item for item in base[index + 1 :] if id(item) in kept), None)
    return _part("") if behind is not None and behind.host == host else ""


def _with_host(base: Sequence[Item], index: int) -> tuple[int, int]:
    """What goes with a block of a paragraph that goes whole: at its edges the paragraph's tags, too."""
    item = base[index]
    start, end = item.host or (item.start, item.own_end)
    first = index == 0 or base[index - 1].host != item.host
    last = index == len(base) - 1 or base[index + 1].host != item.host
    return (start if first else item.start), (end if last else item.own_end)


def _part(text: str) -> str:
    """Blocks between the two halves of a paragraph."""
    return f"{_CUT}</p>{text}<p>{_CUT}"


def _beside(source: str, like: Item, at: int, text: str) -> Splice:
    """Where to put what is added before or behind a block: never into the paragraph that holds it."""
    if like.host is None:
        return at, at, text
    start, end = like.host
    if source[at:end].strip() == "</p>":
        return end, end, text
    if _OPENING.fullmatch(source, start, at):
        return start, start, text
    return at, at, _part(text)


def _tag(cell: Item) -> str:
    return cell.source_node.tag if isinstance(cell.source_node, Node) else ""


def applied(source: str, splices: Iterable[Splice], start: int = 0, end: int | None = None) -> str:
    """Carry out replacements in `source[start:end]`; of two at one place an insertion comes first."""
    out: list[str] = []
    at = start
    for first, last, text in sorted(splices, key=_order):
        if first >= at:
            out += (source[at:first], text)
            at = last
    out.append(source[at:end])
    return "".join(out)


def _order(splice: Splice) -> tuple[int, int]:
    return splice[0], splice[1]
