"""Which block of the edited text is which block of the base, among neighbours.

Common ends first, then keys that occur once on both sides (anchors), then similarity inside the gaps.
Repeated blocks therefore pair with their neighbours and never swap ids, and cost stays near linear. What is
left is for the plan to place: it may have moved, or have been rewritten where it stands.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from confsync.convert.lens.opcodes import between_ends
from confsync.convert.rules.macros import MACROS
from confsync.convert.tree import CLOSE, OPEN, SPACE, Atom, Item

Pair = tuple[int, int]
Bounds = tuple[int, int, int, int]
"""A slice of the base and a slice of the edited sequence: two starts and ends."""
LIKE = 0.3
"""From this likeness on, a block is taken for an edit of its neighbour."""
_SAME_KIND = 0.01
_LARGE_GAP = 3600
"""Cells of the similarity table; larger gaps are first cut at words that nobody else has."""
_WORDLESS = frozenset(("leaf", "opaque"))
"""What holds no words counts as one."""
_FAMILY = {"heading": "text", "paragraph": "text"}


class Aligner:
    """Aligns sequences of items; remembers what each item is made of."""

    def __init__(self) -> None:
        self._bags: dict[int, Counter[str]] = {}
        self._had: Counter[str] = Counter()
        self._has: Counter[str] = Counter()

    def expect(self, base: Sequence[Item], edited: Sequence[Item]) -> None:
        """Tell which items there are before and after: what still stands somewhere is no edit of another."""
        self._had = Counter(item.key for top in base for item in top.walk())
        self._has = Counter(item.key for top in edited for item in top.walk())

    def same(self, base: Sequence[Item], edited: Sequence[Item]) -> list[Pair]:
        """Pairs of indices of items that say the same, ascending on both sides."""
        pairs: list[Pair] = []
        self._between(base, edited, (0, len(base), 0, len(edited)), pairs)
        pairs.sort()
        return pairs

    def align(self, base: Sequence[Item], edited: Sequence[Item]) -> list[Pair]:
        """Pairs of indices of items that say the same or nearly, ascending on both sides."""
        pairs: list[Pair] = []
        for a, b, c, d in gaps(same := self.same(base, edited), len(base), len(edited)):
            pairs += [(a + i, c + j) for i, j in self._gap(base[a:b], edited[c:d])]
        return sorted(same + pairs)

    def _between(
        self, base: Sequence[Item], edited: Sequence[Item], bounds: Bounds, pairs: list[Pair]
    ) -> None:
        a, b, c, d = bounds
        while a < b and c < d and base[a].says(edited[c]):
            pairs.append((a, c))
            a, c = a + 1, c + 1
        while a < b and c < d and base[b - 1].says(edited[d - 1]):
            b, d = b - 1, d - 1
            pairs.append((b, d))
        if a == b or c == d:
            return
        at, to = a, c
        anchors = _anchors([item.key for item in base[a:b]], [item.key for item in edited[c:d]])
        for i, j in anchors:
            self._between(base, edited, (at, a + i, to, c + j), pairs)
            pairs.append((a + i, c + j))
            at, to = a + i + 1, c + j + 1
        if anchors:
            self._between(base, edited, (at, b, to, d), pairs)

    def _gap(self, base: Sequence[Item], edited: Sequence[Item]) -> list[Pair]:
        """Order-preserving pairing of greatest similarity."""
        n, m = len(base), len(edited)
        if n == m and all(self._is_plain(one, other) for one, other in zip(base, edited, strict=True)):
            return [(index, index) for index in range(n)]
        if n * m <= _LARGE_GAP:
            weights = [[self.likeness(one, other) for other in edited] for one in base]
            return _likest(weights, n, m)
        pairs: list[Pair] = []
        cuts = self._cuts(base, edited)
        for a, b, c, d in gaps(cuts, n, m):
            if cuts and (b - a) * (d - c) <= _LARGE_GAP:
                pairs += [(a + i, c + j) for i, j in self._gap(base[a:b], edited[c:d])]
        return sorted(pairs + cuts)

    def _cuts(self, base: Sequence[Item], edited: Sequence[Item]) -> list[Pair]:
        """Pairs that share a word which no other item of either side has."""
        where = _once([self.bag(item) for item in base])
        there = _once([self.bag(item) for item in edited])
        votes = Counter((where[word], index) for word, index in there.items() if word in where)
        found = [pair for pair in votes if self.likeness(base[pair[0]], edited[pair[1]]) >= LIKE]
        return _ascending(sorted(found, key=lambda pair: (pair[0], -pair[1])))

    def leftovers(self, base: Sequence[Item], edited: Sequence[Item]) -> list[Pair]:
        """Pairs of items that were rewritten where they stood: of one kind, in order, the likest."""
        n, m = len(base), len(edited)
        if n * m <= _LARGE_GAP:
            weights = [[self._rest(one, other, alone=n == m == 1) for other in edited] for one in base]
            return _likest(weights, n, m, least=_SAME_KIND)
        return [
            (index, index)
            for index, (one, other) in enumerate(zip(base, edited, strict=False))
            if self._rest(one, other, alone=False)
        ]

    def _rest(self, base: Item, edited: Item, *, alone: bool) -> float:
        """What is left of likeness where nothing else is left: the same kind, or the same place."""
        if not may_pair(base, edited) or not (alone or base.kind == edited.kind):
            return 0.0
        return self.likeness(base, edited) + _SAME_KIND

    def likeness(self, base: Item, edited: Item) -> float:
        """How alike two items are, 0 where they must not be paired, above 1 where they say the same."""
        if not may_pair(base, edited):
            return 0.0
        if base.says(edited):
            return 1.5
        if self._stands_elsewhere(base, edited):
            return 0.0
        one, other = self.bag(base), self.bag(edited)
        total = one.total() + other.total()
        if not total:
            return 0.5
        shell = 0.1 if base.props == edited.props else 0.0
        if "id" in base.props:
            # Whatever was written inside: it is the same one.
            shell = LIKE
        return 2 * (one & other).total() / total * 0.9 + shell

    def _is_plain(self, base: Item, edited: Item) -> bool:
        """Whether one item is so plainly an edit of the other that nothing else need be looked at."""
        if not may_pair(base, edited) or base.kind != edited.kind:
            return False
        if base.says(edited):
            return True
        if self._stands_elsewhere(base, edited):
            return False
        one, other = base.children, edited.children
        if one is None or other is None:
            return _share_ends(base.atoms or (), edited.atoms or ())
        pairs = zip(one, other, strict=False)
        return len(one) == len(other) > 0 and all(self._is_plain(kid, kin) for kid, kin in pairs)

    def _stands_elsewhere(self, base: Item, edited: Item) -> bool:
        had, has = self._had, self._has
        if not had:
            return False
        return had[base.key] <= has[base.key] or 0 < has[edited.key] <= had[edited.key]

    def bag(self, item: Item) -> Counter[str]:
        """The words and tokens in an item, with how often they occur."""
        bag = self._bags.get(id(item))
        if bag is None:
            bag = Counter()
            if item.atoms is not None:
                bag.update(atom for atom in item.atoms if atom != SPACE and atom[0] not in (OPEN, CLOSE))
            if item.text is not None:
                bag.update(item.text.split())
            if item.kind in _WORDLESS:
                bag[item.key] += 1
            for child in item.children or ():
                bag.update(self.bag(child))
            self._bags[id(item)] = bag
        return bag


def _share_ends(one: Sequence[Atom], other: Sequence[Atom]) -> bool:
    """Whether at least half of two lists of atoms is their common beginning and end."""
    first, _, _, end = between_ends(one, other)
    return 2 * (first + len(other) - end) > max(len(one), len(other))


def gaps(pairs: Sequence[Pair], n: int, m: int) -> list[Bounds]:
    """What lies between ascending pairs, where there is something on both sides."""
    out = []
    a = c = 0
    for i, j in (*pairs, (n, m)):
        if a < i and c < j:
            out.append((a, i, c, j))
        a, c = i + 1, j + 1
    return out


def family(item: Item) -> str:
    """What an item can become by being edited: a heading is a paragraph with a level."""
    return _FAMILY.get(item.kind, item.kind)


def may_pair(base: Item, edited: Item) -> bool:
    """Whether one item can become the other and stay what it is."""
    if family(base) != family(edited):
        return False
    if base.kind == "opaque" or "id" in base.props or "id" in edited.props:
        return base.props.get("id") == edited.props.get("id")
    if base.kind == "leaf":
        return base.props["name"] == edited.props["name"]
    if base.kind == "macro":
        one, other = base.props["name"], edited.props["name"]
        return one == other or (one in MACROS.by_directive and other in MACROS.by_directive)
    return True


def _once(bags: Sequence[Counter[str]]) -> dict[str, int]:
    """The words that only one item has, and which."""
    seen: dict[str, int] = {}
    for index, bag in enumerate(bags):
        for word in bag:
            seen[word] = -1 if word in seen else index
    return {word: index for word, index in seen.items() if index >= 0}


def _likest(weights: Sequence[Sequence[float]], n: int, m: int, least: float = LIKE) -> list[Pair]:
    best = [[0.0] * (m + 1) for _ in range(n + 1)]
    for i in range(n - 1, -1, -1):
        for j in range(m - 1, -1, -1):
            weight = weights[i][j]
            paired = best[i + 1][j + 1] + weight if weight >= least else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], paired)
    return _trace(weights, best, least)


def _trace(weights: Sequence[Sequence[float]], best: Sequence[Sequence[float]], least: float) -> list[Pair]:
    pairs: list[Pair] = []
    i = j = 0
    while i < len(weights) and j < len(weights[0]):
        weight = weights[i][j]
        if weight >= least and best[i][j] == best[i + 1][j + 1] + weight:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _anchors(base: Sequence[str], edited: Sequence[str]) -> list[Pair]:
    """Keys that occur once on each side, in the longest common order."""
    once_base, once_edited = Counter(base), Counter(edited)
    where = {key: index for index, key in enumerate(edited) if once_edited[key] == 1}
    found = [(i, where[key]) for i, key in enumerate(base) if once_base[key] == 1 and key in where]
    return _ascending(found)


def _ascending(pairs: Sequence[Pair]) -> list[Pair]:
    """The longest subsequence whose second members ascend, too (patience)."""
    tails: list[int] = []
    tops: list[int] = []
    before = [-1] * len(pairs)
    for index, (_, j) in enumerate(pairs):
        at = bisect_left(tails, j)
        before[index] = tops[at - 1] if at else -1
        if at == len(tails):
            tails.append(j)
            tops.append(index)
        else:
            tails[at], tops[at] = j, index
    out: list[Pair] = []
    index = tops[-1] if tops else -1
    while index >= 0:
        out.append(pairs[index])
        index = before[index]
    return out[::-1]
