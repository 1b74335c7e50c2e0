"""Columns of a table that come and go: the list of column widths follows."""

import re
from collections.abc import Mapping

from confsync.convert.rules.parameters import Splice
from confsync.convert.tree import Item

_COL = re.compile(r"<col\b[^>]*/>|<col\b[^>]*>\s*</col>")


def column_splices(source: str, base: Item, edited: Item, match: Mapping[int, int]) -> list[Splice]:
    """What to change in a table's `colgroup`.

    Args:
        source: the body.
        base: the table as it was.
        edited: the table as it is.
        match: cells of the first row: index now to index before.
    """
    before = len((base.children or [base])[0].children or ())
    after = len((edited.children or [edited])[0].children or ())
    end = source.find("</colgroup>", base.start, base.inner[0])
    cols = list(_COL.finditer(source, base.start, max(base.start, end)))
    if before == after or len(cols) != before:
        return []
    kept = set(match.values())
    splices: list[Splice] = [(*cols[i].span(), "") for i in range(before) if i not in kept]
    at = cols[0].start()
    for j in range(after):
        if j in match:
            at = cols[match[j]].end()
        else:
            splices.append((at, at, "<col />"))
    return splices
