"""Columns of a table that come and go: cells keep to their column, and the list of column widths follows."""

import re
from collections.abc import Sequence

from confsync.convert.lens.align import Pair
from confsync.convert.rules.parameters import Splice
from confsync.convert.tree import Item

_COL = re.compile(r"<col\b[^>]*/>|<col\b[^>]*>\s*</col>")
_LARGE = 10_000
"""Pairs of columns; of wider tables the columns are taken in order."""
_EMPTY = 0.125
"""What two equal empty cells say for two columns being one."""


def column_pairs(rows: Sequence[tuple[Item, Item]]) -> list[Pair]:
    """Which column of the base is which of the edited table, from rows that are paired.

    Columns are matched as wholes, because single cells are often equal or empty.
    """
    before, after = (width([pair[side] for pair in rows]) for side in (0, 1))
    if before == after or before * after > _LARGE:
        return [(index, index) for index in range(min(before, after))]
    same = [[0.0] * after for _ in range(before)]
    for base, edited in rows:
        cells, others = base.children or [], edited.children or []
        if len(cells) == before and len(others) == after:
            for i, cell in enumerate(cells):
                for j, other in enumerate(others):
                    if cell.key == other.key:
                        same[i][j] += 1.0 if cell.children else _EMPTY
    return _in_order(same, before, after)


def width(rows: Sequence[Item]) -> int:
    """The number of cells of the longest row."""
    return max((len(row.children or ()) for row in rows), default=0)


def _in_order(same: Sequence[Sequence[float]], before: int, after: int) -> list[Pair]:
    """The pairs, ascending on both sides, that keep the most cells as they are.

    A column that shares no cell with any other is taken for the one in its place.
    """
    best = [[0.0] * (after + 1) for _ in range(before + 1)]
    near = _EMPTY / (before + after)
    for i in range(before - 1, -1, -1):
        for j in range(after - 1, -1, -1):
            best[i][j] = max(same[i][j] + near + best[i + 1][j + 1], best[i + 1][j], best[i][j + 1])
    pairs: list[Pair] = []
    i = j = 0
    while i < before and j < after:
        if best[i][j] == same[i][j] + near + best[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def column_splices(source: str, base: Item, edited: Item, columns: Sequence[Pair]) -> list[Splice]:
    """What to change in a table's `colgroup`; a new column is as wide as the one beside it.

    Args:
        source: the body.
        base: the table as it was.
        edited: the table as it is.
        columns: which column was which.
    """
    before, after = width(base.children or []), width(edited.children or [])
    end = source.find("</colgroup>", base.start, base.inner[0])
    cols = list(_COL.finditer(source, base.start, max(base.start, end)))
    if before == after or len(cols) != before:
        return []
    match = {j: i for i, j in columns}
    kept = set(match.values())
    splices: list[Splice] = [(*cols[i].span(), "") for i in range(before) if i not in kept]
    at, like = cols[0].start(), cols[0]
    for j in range(after):
        if j in match:
            like = cols[match[j]]
            at = like.end()
        else:
            splices.append((at, at, like[0]))
    return splices
