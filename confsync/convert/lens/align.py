"""Which block of the edited text is which block of the base.

Common ends first, then keys that occur once on both sides (anchors), then similarity inside the gaps.
Repeated blocks therefore pair with their neighbours and never swap ids, and cost stays near linear.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from confsync.convert.tree import CLOSE, OPEN, SPACE, Item

Pair = tuple[int, int]
_LARGE_GAP = 3600
"""Cells of the similarity table; larger gaps are paired in order."""
_ALIKE = 0.3
_FAMILY = {
    "heading": "text",
    "paragraph": "text",
    "list": "list",
    "tasks": "list",
    "item": "item",
    "task": "item",
}


class Aligner:
    """Aligns sequences of items; remembers what each item is made of."""

    def __init__(self) -> None:
        self._bags: dict[int, Counter[str]] = {}

    def align(self, base: Sequence[Item], edited: Sequence[Item]) -> list[Pair]:
        """Pairs of indices, ascending on both sides."""
        pairs: list[Pair] = []
        self._between(base, edited, 0, len(base), 0, len(edited), pairs)
        pairs.sort()
        return pairs

    def _between(  # noqa: PLR0917  (offsets travel together)
        self, base: Sequence[Item], edited: Sequence[Item], a: int, b: int, c: int, d: int, pairs: list[Pair]
    ) -> None:
        while a < b and c < d and base[a].says(edited[c]):
            pairs.append((a, c))
            a, c = a + 1, c + 1
        while a < b and c < d and base[b - 1].says(edited[d - 1]):
            b, d = b - 1, d - 1
            pairs.append((b, d))
        if a == b or c == d:
            return
        anchors = _anchors([item.key for item in base[a:b]], [item.key for item in edited[c:d]])
        if not anchors:
            pairs.extend((a + i, c + j) for i, j in self._gap(base[a:b], edited[c:d]))
            return
        at, to = a, c
        for i, j in anchors:
            self._between(base, edited, at, a + i, to, c + j, pairs)
            pairs.append((a + i, c + j))
            at, to = a + i + 1, c + j + 1
        self._between(base, edited, at, b, to, d, pairs)

    def _gap(self, base: Sequence[Item], edited: Sequence[Item]) -> list[Pair]:
        """Order-preserving pairing of greatest similarity."""
        n, m = len(base), len(edited)
        if n == m == 1:
            return (
                [(0, 0)]
                if self._family(base[0]) == self._family(edited[0]) and _may_pair(base[0], edited[0])
                else []
            )
        if n * m > _LARGE_GAP:
            return _in_order(base, edited)
        weights = [[self.alike(one, other) for other in edited] for one in base]
        best = [[0.0] * (m + 1) for _ in range(n + 1)]
        for i in range(n - 1, -1, -1):
            for j in range(m - 1, -1, -1):
                weight = weights[i][j]
                paired = best[i + 1][j + 1] + weight if weight >= _ALIKE else 0.0
                best[i][j] = max(best[i + 1][j], best[i][j + 1], paired)
        return _trace(weights, best)

    def _family(self, item: Item) -> str:
        return _FAMILY.get(item.kind, item.kind)

    def alike(self, base: Item, edited: Item) -> float:
        """How alike two items are, 0 to 1."""
        if self._family(base) != self._family(edited) or not _may_pair(base, edited):
            return 0.0
        if base.says(edited):
            return 1.5
        one, other = self._bag(base), self._bag(edited)
        total = one.total() + other.total()
        if not total:
            return 0.5
        shell = 0.1 if base.props == edited.props else 0.0
        return 2 * (one & other).total() / total * 0.9 + shell

    def _bag(self, item: Item) -> Counter[str]:
        bag = self._bags.get(id(item))
        if bag is None:
            bag = Counter()
            if item.atoms is not None:
                bag.update(atom for atom in item.atoms if atom != SPACE and atom[0] not in (OPEN, CLOSE))
            if item.text is not None:
                bag.update(item.text.split())
            for child in item.children or ():
                bag.update(self._bag(child))
            self._bags[id(item)] = bag
        return bag


def _may_pair(base: Item, edited: Item) -> bool:
    if base.kind == "opaque" or "id" in base.props or "id" in edited.props:
        return base.props.get("id") == edited.props.get("id") and base.kind == edited.kind
    if base.kind == "leaf":
        return edited.kind == "leaf" and base.props["name"] == edited.props["name"]
    return True


def _in_order(base: Sequence[Item], edited: Sequence[Item]) -> list[Pair]:
    return [
        (index, index)
        for index in range(min(len(base), len(edited)))
        if base[index].kind == edited[index].kind and _may_pair(base[index], edited[index])
    ]


def _trace(weights: Sequence[Sequence[float]], best: Sequence[Sequence[float]]) -> list[Pair]:
    pairs: list[Pair] = []
    i = j = 0
    while i < len(weights) and j < len(weights[0]):
        weight = weights[i][j]
        if weight >= _ALIKE and best[i][j] == best[i + 1][j + 1] + weight:
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
