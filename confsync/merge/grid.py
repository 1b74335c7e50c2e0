"""Tables whose cells share lines: columns come and go as wholes, never cell by cell."""

from confsync.merge.align import pair
from confsync.merge.node import GAP, Node
from confsync.merge.order import Pairs


def columns(table: Node) -> int:
    """Return the number of cells of the longest row."""
    return max((len(row.children) for row in table.children if row.kind != GAP), default=0)


def fits(base: Node, wider: Node, other: Node) -> bool:
    """Whether what `other` did to the table goes with `wider`'s columns: a new row would lack their cells."""
    if columns(wider) == columns(base):
        return True
    known = pair(base.children, other.children)
    return columns(other) == columns(base) and all(row in known for row in other.children if row.kind != GAP)


def column_pairs(base: Node, other: Node) -> dict[Node, Pairs]:
    """Return for each row of the other side which of its cells is which cell of the base.

    Cells are matched by whole columns, because single cells are often equal or empty.
    """
    rows = [(o, b) for o, b in pair(base.children, other.children).items() if o.kind != GAP]
    matched = _matched(rows, columns(base), columns(other))
    return {
        o: {o.children[j]: b.children[i] for i, j in matched if i < len(b.children) and j < len(o.children)}
        for o, b in rows
    }


def _matched(rows: list[tuple[Node, Node]], before: int, after: int) -> list[tuple[int, int]]:
    """Match columns in order so that as many cells as possible stay the same, filled ones above all."""
    if before == after:
        return [(i, i) for i in range(before)]
    same = [[sum(_same(o, b, i, j) for o, b in rows) for j in range(after)] for i in range(before)]
    best = [[0.0] * (after + 1) for _ in range(before + 1)]
    for i in range(before - 1, -1, -1):
        for j in range(after - 1, -1, -1):
            best[i][j] = max(same[i][j] + best[i + 1][j + 1], best[i + 1][j], best[i][j + 1])
    result: list[tuple[int, int]] = []
    i = j = 0
    while i < before and j < after:
        if same[i][j] and best[i][j] == same[i][j] + best[i + 1][j + 1]:
            result.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return result


def _same(other: Node, base: Node, i: int, j: int) -> float:
    if i >= len(base.children) or j >= len(other.children):
        return 0.0
    one, two = base.children[i], other.children[j]
    if one.key != two.key:
        return 0.0
    return 1.0 if one.bag else 0.125
