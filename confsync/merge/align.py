"""Which block of one side is which block of the other.

Equal keys first (in order, then moved), then likeness in the gaps that are left. Sibling lists are matched
for themselves: a block that went into another container is gone here and new there.
"""

from collections.abc import Collection, Sequence

from confsync.merge.node import GAP, Node
from confsync.merge.sequence import matches

LIKE = 0.3
"""From this likeness on, one block is taken for an edit of another."""

_MOVED_LIKE = 0.6
_MANY = 40_000


def pair(base: Sequence[Node], other: Sequence[Node]) -> dict[Node, Node]:
    """Return the base node of every node of the other side that has one."""
    found = matches([node.key for node in base], [node.key for node in other])
    result = {other[j]: base[i] for i, j in found}
    result.update(_moved(_without(base, set(result.values())), _without(other, result)))
    taken = set(result.values())
    i = j = 0
    for i_next, j_next in [*found, (len(base), len(other))]:
        result.update(_alike(_without(base[i:i_next], taken), _without(other[j:j_next], result)))
        i, j = i_next + 1, j_next + 1
    result.update(alike(_without(base, set(result.values())), _without(other, result), _MOVED_LIKE))
    return result


def _without(nodes: Sequence[Node], known: Collection[Node]) -> list[Node]:
    return [node for node in nodes if node not in known]


def likeness(a: Node, b: Node) -> float:
    """Return how much of what two blocks say is the same, from 0 to 1."""
    if a.key == b.key:
        return 1.0
    if (a.kind == GAP) != (b.kind == GAP):
        return 0.0
    total = a.bag.total() + b.bag.total()
    said = 2 * (a.bag & b.bag).total() / total if total else float(a.kind == b.kind)
    return said if a.kind == b.kind else said / 2


def _alike(base: Sequence[Node], other: Sequence[Node]) -> dict[Node, Node]:
    """Pair what is left between two equal blocks, keeping order, by the greatest likeness."""
    if not base or not other:
        return {}
    if base[0].kind == "cell" and len(base) == len(other):
        return dict(zip(other, base, strict=True))
    found = _likest(base, other) if len(base) * len(other) <= _MANY else {}
    result = dict(found)
    at = {node: index for index, node in enumerate(base)}
    i = j = 0
    for i_next, j_next in [
        *((at[found[o]], k) for k, o in enumerate(other) if o in found),
        (len(base), len(other)),
    ]:
        result.update(_in_place(base[i:i_next], other[j:j_next]))
        i, j = i_next + 1, j_next + 1
    return result


def _in_place(base: Sequence[Node], other: Sequence[Node]) -> dict[Node, Node]:
    """Pair equally many blocks that have nothing in common but their place: they were rewritten."""
    if len(base) != len(other):
        return {}
    same = len(base) == 1 or [node.kind for node in base] == [node.kind for node in other]
    pairs = zip(base, other, strict=True)
    return {o: b for b, o in pairs if same and (b.kind == GAP) == (o.kind == GAP)}


def _likest(base: Sequence[Node], other: Sequence[Node]) -> dict[Node, Node]:
    like = [[likeness(b, o) for o in other] for b in base]
    best = [[0.0] * (len(other) + 1) for _ in range(len(base) + 1)]
    for i in range(len(base) - 1, -1, -1):
        for j in range(len(other) - 1, -1, -1):
            both = like[i][j] + best[i + 1][j + 1] if like[i][j] >= LIKE else 0.0
            best[i][j] = max(both, best[i + 1][j], best[i][j + 1])
    return _read_back(base, other, like, best)


def _read_back(
    base: Sequence[Node], other: Sequence[Node], like: list[list[float]], best: list[list[float]]
) -> dict[Node, Node]:
    result: dict[Node, Node] = {}
    i = j = 0
    while i < len(base) and j < len(other):
        if like[i][j] >= LIKE and best[i][j] == like[i][j] + best[i + 1][j + 1]:
            result[other[j]] = base[i]
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return result


def _moved(lost: Sequence[Node], new: Sequence[Node]) -> dict[Node, Node]:
    """Pair blocks that are equal but stand elsewhere."""
    by_key: dict[str, list[Node]] = {}
    for node in reversed(lost):
        by_key.setdefault(node.key, []).append(node)
    return {node: by_key[node.key].pop() for node in new if node.kind != GAP and by_key.get(node.key)}


def alike(lost: Sequence[Node], new: Sequence[Node], least: float = LIKE) -> dict[Node, Node]:
    """Pair nodes of the same kind by likeness, wherever they stand, the likest first."""
    result: dict[Node, Node] = {}
    if len(lost) * len(new) > _MANY:
        return result
    found = [
        (-likeness(b, o), i, j)
        for i, b in enumerate(lost)
        for j, o in enumerate(new)
        if b.kind == o.kind != GAP
    ]
    gone: set[Node] = set()
    for like, i, j in sorted(found):
        if -like >= least and lost[i] not in gone and new[j] not in result:
            result[new[j]] = lost[i]
            gone.add(lost[i])
    return result
