"""Matching two sequences of hashable things: what stayed, in order.

Common ends first, then things that occur once on both sides (patience), then difflib in what is left where
that is small. Common ends first because among equal neighbours the ends are the likelier partners.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Sequence
from difflib import SequenceMatcher
from typing import TypeVar

H = TypeVar("H", bound=Hashable)

_SMALL = 250_000


def matches(a: Sequence[Hashable], b: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Return pairs of indices of equal things, increasing on both sides."""
    result: list[tuple[int, int]] = []
    todo = [(0, len(a), 0, len(b))]
    while todo:
        a_from, a_to, b_from, b_to = todo.pop()
        while a_from < a_to and b_from < b_to and a[a_from] == b[b_from]:
            result.append((a_from, b_from))
            a_from, b_from = a_from + 1, b_from + 1
        while a_from < a_to and b_from < b_to and a[a_to - 1] == b[b_to - 1]:
            a_to, b_to = a_to - 1, b_to - 1
            result.append((a_to, b_to))
        if a_from == a_to or b_from == b_to:
            continue
        anchors = _unique(a, b, (a_from, a_to, b_from, b_to))
        if not anchors:
            result += _difflib(a, b, (a_from, a_to, b_from, b_to))
            continue
        result += anchors
        for a_at, b_at in [*anchors, (a_to, b_to)]:
            todo.append((a_from, a_at, b_from, b_at))
            a_from, b_from = a_at + 1, b_at + 1
    return sorted(result)


def increasing(values: Sequence[int]) -> set[int]:
    """Return the indices of a longest increasing subsequence of distinct numbers."""
    tails: list[int] = []
    at: list[int] = []
    before = [-1] * len(values)
    for index, value in enumerate(values):
        place = bisect_left(tails, value)
        before[index] = at[place - 1] if place else -1
        tails[place : place + 1] = [value]
        at[place : place + 1] = [index]
    result: set[int] = set()
    index = at[-1] if at else -1
    while index >= 0:
        result.add(index)
        index = before[index]
    return result


def lasting(before: Sequence[H], after: Sequence[H]) -> set[H]:
    """Return the most things that keep their order from one sequence to another; `after` has nothing else."""
    at = {item: index for index, item in enumerate(before)}
    return {after[index] for index in increasing([at[item] for item in after])}


def interleaved(stay: Sequence[H], theirs: Sequence[H]) -> list[H]:
    """Put those of `theirs` that are not in `stay` behind their neighbours there.

    Things of `stay` that `theirs` does not have keep standing next to the one they follow.
    """
    fixed, known = set(stay), set(theirs)
    behind: dict[H | None, list[H]] = {}
    anchor: H | None = None
    for item in theirs:
        if item in fixed:
            anchor = item
        else:
            behind.setdefault(anchor, []).append(item)
    result: list[H] = []
    anchor = None
    for item in stay:
        if item in known:
            result += behind.get(anchor, [])
            anchor = item
        result.append(item)
    return result + behind.get(anchor, [])


_Window = tuple[int, int, int, int]


def _unique(a: Sequence[Hashable], b: Sequence[Hashable], window: _Window) -> list[tuple[int, int]]:
    a_from, a_to, b_from, b_to = window
    in_a, in_b = Counter(a[a_from:a_to]), Counter(b[b_from:b_to])
    where = {b[j]: j for j in range(b_from, b_to)}
    pairs = [(i, where[a[i]]) for i in range(a_from, a_to) if in_a[a[i]] == 1 == in_b[a[i]]]
    kept = increasing([j for _, j in pairs])
    return [pair for index, pair in enumerate(pairs) if index in kept]


def _difflib(a: Sequence[Hashable], b: Sequence[Hashable], window: _Window) -> list[tuple[int, int]]:
    a_from, a_to, b_from, b_to = window
    if (a_to - a_from) * (b_to - b_from) > _SMALL:
        return []
    blocks = SequenceMatcher(None, a[a_from:a_to], b[b_from:b_to], autojunk=False).get_matching_blocks()
    return [(a_from + i + n, b_from + j + n) for i, j, size in blocks for n in range(size)]
