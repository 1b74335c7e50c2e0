"""Which block of the base every block of the edited text is, wherever either of them stands.

Neighbours are aligned first, and what is inside them. What is left over may have moved into another
container: it is looked for by all that it says, then by the rare words in it. Only what is nowhere else was
rewritten in its place, and only what then remains is new or gone.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from confsync.convert.lens.align import Aligner, Pair, family, gaps, may_pair
from confsync.convert.lens.columns import column_pairs, width
from confsync.convert.tree import Item

_MOVED_LIKE = 0.5
"""From this likeness on, a block is taken for one that is gone elsewhere."""
_SHARED = 2
"""Words that two blocks must have in common for that."""
_RARE = 16
"""A word that more blocks have does not tell which block it is."""
_CANDIDATES = 4
_PLACES = frozenset(("cell", "column", "empty"))
"""What is in them moves; they do not."""


class Plan:
    """What became of the blocks of one page.

    Args:
        base: the blocks as they were.
        edited: the blocks as they are; both may share items.
    """

    def __init__(self, base: Sequence[Item], edited: Sequence[Item]) -> None:
        self.base = base
        self.placed: dict[int, Item] = {}
        """The base's item of each edited one (by identity) that still stands where it stood."""
        self.moved: dict[int, Item] = {}
        """The same for those that stand in another container or order."""
        self.kept: list[Item] = []
        """Items of the base that stay as they are, outermost ones."""
        self.changed: list[tuple[Item, Item]] = []
        """Pairs of items that are one and the same but say something else."""
        self._aligner = Aligner()
        self._columns: dict[int, Sequence[Pair]] = {}
        self._taken: set[int] = set()
        self._settled: set[int] = set()
        self._free: list[Item] = []
        self._new: list[Item] = []
        self._gaps: list[tuple[Sequence[Item], Sequence[Item]]] = []
        self._expect(base, edited)
        self._level(base, edited)
        found = -1
        while found < len(self._settled):
            found = len(self._settled)
            self._find_moved()
            self._rewritten()

    def origin(self, item: Item) -> Item | None:
        """The base's item that an edited one is."""
        return self.placed.get(id(item)) or self.moved.get(id(item))

    def columns(self, row: Item) -> Sequence[Pair]:
        """Which cell of the base's row is which of an edited one, where columns came or went."""
        return self._columns.get(id(row), ())

    @cached_property
    def known(self) -> Mapping[str, Item]:
        """The base's items by what they say, for copies."""
        return {item.key: item for top in reversed(self.base) for item in top.walk()}

    def gone(self) -> Iterator[Item]:
        """Leaves of the base that are nowhere any more."""
        return (item for item in self._unclaimed(self._free, self._taken) if item.is_leaf)

    def new(self) -> Iterator[Item]:
        """Edited leaves that the base did not have."""
        return (item for item in self._unclaimed(self._new, self._settled) if item.is_leaf)

    # -------------------------------------------------------------------------------------- in place

    def _expect(self, base: Sequence[Item], edited: Sequence[Item]) -> None:
        same = self._aligner.same(base, edited)
        had, has = {i for i, _ in same}, {j for _, j in same}
        left = [item for index, item in enumerate(base) if index not in had]
        right = [item for index, item in enumerate(edited) if index not in has]
        if len(left) > 1 or len(right) > 1 or any(item.children for item in (*left, *right)):
            self._aligner.expect(left, right)

    def _level(self, base: Sequence[Item], edited: Sequence[Item], columns: Sequence[Pair] = ()) -> None:
        """Align a sequence and everything in it; note what is left over."""
        base = [item for item in base if id(item) not in self._taken]
        edited = [item for item in edited if id(item) not in self._settled]
        pairs = self._pairs(base, edited, columns)
        if base and base[0].kind == "row" and width(base) != width(edited):
            self._note_columns(column_pairs([(base[i], edited[j]) for i, j in pairs]), edited)
        for i, j in pairs:
            self._pair(base[i], edited[j])
        self._free += _others(base, {i for i, _ in pairs})
        self._new += _others(edited, {j for _, j in pairs})
        self._gaps += [(base[a:b], edited[c:d]) for a, b, c, d in gaps(pairs, len(base), len(edited))]

    def _pairs(self, base: Sequence[Item], edited: Sequence[Item], columns: Sequence[Pair]) -> list[Pair]:
        if base and base[0].kind in ("cell", "column"):
            if len(base) == len(edited):
                return [(index, index) for index in range(len(base))]
            known = [(i, j) for i, j in columns if i < len(base) and j < len(edited)]
            if known == list(columns) != []:
                return known
        return self._aligner.align(base, edited)

    def _note_columns(self, columns: Sequence[Pair], rows: Iterable[Item]) -> None:
        self._columns.update((id(row), columns) for row in rows)

    def _pair(self, base: Item, edited: Item, *, moved: bool = False) -> None:
        (self.moved if moved else self.placed)[id(edited)] = base
        self._taken.add(id(base))
        self._settled.add(id(edited))
        if base.says(edited):
            self.kept.append(base)
            if moved:
                self._taken.update(id(item) for item in base.walk())
                self._settled.update(id(item) for item in edited.walk())
            return
        self.changed.append((base, edited))
        if base.children is not None and edited.children is not None:
            self._level(base.children, edited.children, self.columns(edited))

    # ----------------------------------------------------------------------------------------- moved

    def _unclaimed(self, tops: Iterable[Item], claimed: set[int]) -> Iterator[Item]:
        """Items in these that nothing has been found for, outermost first."""
        stack = list(tops)[::-1]
        while stack:
            item = stack.pop()
            if id(item) not in claimed:
                yield item
                stack += (item.children or [])[::-1]

    def _find_moved(self) -> None:
        """Look elsewhere for what is new in its place: for the same first, then for what is like it."""
        new = [item for item in self._unclaimed(self._new, self._settled) if item.kind not in _PLACES]
        free = [item for item in self._unclaimed(self._free, self._taken) if item.kind not in _PLACES]
        if new and free:
            self._find_same(new, free)
            self._find_alike(new, free)

    def _find_same(self, new: Sequence[Item], free: Sequence[Item]) -> None:
        where: dict[str, list[Item]] = {}
        for item in reversed(free):
            where.setdefault(item.key, []).append(item)
        for item in sorted((one for one in new if one.key in where), key=_size, reverse=True):
            found = where[item.key]
            while found and any(id(one) in self._taken for one in found[-1].walk()):
                found.pop()
            if found and id(item) not in self._settled:
                self._pair(found.pop(), item, moved=True)

    def _find_alike(self, new: Sequence[Item], free: Sequence[Item]) -> None:
        where: dict[tuple[str, str], list[Item]] = {}
        for item in free:
            for sign in self._signs(item):
                where.setdefault((family(item), sign), []).append(item)
        for item in new:
            if id(item) not in self._settled:
                votes: Counter[int] = Counter()
                found: dict[int, Item] = {}
                for sign in self._signs(item):
                    holders = where.get((family(item), sign), ())
                    if len(holders) <= _RARE:
                        named = {id(one): one for one in holders}
                        found.update(named)
                        votes.update(list(named))  # In the page's order: where votes tie, the first wins.
                likest = [found[one] for one, _ in votes.most_common(_CANDIDATES) if one not in self._taken]
                best = max(likest, key=lambda one: self._aligner.likeness(one, item), default=None)
                if best is not None and self._is_moved(best, item):
                    self._pair(best, item, moved=True)

    def _signs(self, item: Item) -> Iterator[str]:
        """What tells an item from others: its words, its title, its id."""
        yield from self._aligner.bag(item)
        for name in ("id", "label", "name"):
            if name in item.props and (name != "name" or item.kind == "leaf"):
                yield f"{name}={item.props[name]}"

    def _is_moved(self, base: Item, edited: Item) -> bool:
        """Whether two items in different places are recognisably one and the same."""
        if not may_pair(base, edited):
            return False
        if "id" in base.props or base.kind == "leaf":
            return True
        shared = self._aligner.bag(base) & self._aligner.bag(edited)
        return shared.total() >= _SHARED and self._aligner.likeness(base, edited) >= _MOVED_LIKE

    def _rewritten(self) -> None:
        """Take what is left between the same neighbours for a rewrite."""
        waiting, self._gaps = self._gaps, []
        for base, edited in waiting:
            left = [item for item in base if id(item) not in self._taken]
            right = [item for item in edited if id(item) not in self._settled]
            for i, j in self._aligner.leftovers(left, right):
                self._pair(left[i], right[j])


def _others(items: Sequence[Item], known: set[int]) -> list[Item]:
    return [item for index, item in enumerate(items) if index not in known]


def _size(item: Item) -> int:
    return sum(1 for _ in item.walk())
