"""Moves on both sides that together would put a page below itself: the local ones give way."""

from collections.abc import Mapping

from confsync.model.content import Row
from confsync.model.ids import PageId
from confsync.plan.copy import Copy
from confsync.plan.layout import node_folders
from confsync.plan.operation import ById
from confsync.plan.tree import LocalTree


def circular_moves(copy: Copy, after: Mapping[PageId, Row]) -> frozenset[PageId]:
    """Pages whose local move closes a ring with the moves that a pull brings.

    Args:
        copy: the working copy before the pull.
        after: the tree as Confluence has it.
    """
    before = {page: record.row.parent for page, record in copy.records.items()}
    if all(row.parent == before.get(page) for page, row in after.items() if page in before):
        return frozenset()
    tree = LocalTree(copy, node_folders(copy))
    mine: dict[PageId, PageId] = {}
    for page, local in copy.pages.items():
        ref = tree.parent(local)
        if page in after and isinstance(ref, ById) and ref.page != before[page] == after[page].parent:
            mine[page] = ref.page
    return frozenset(page for page in mine if _returns(page, {**_parents(after), **mine}))


def _parents(rows: Mapping[PageId, Row]) -> dict[PageId, PageId]:
    return {page: row.parent for page, row in rows.items() if row.parent is not None}


def _returns(page: PageId, parents: Mapping[PageId, PageId]) -> bool:
    """Whether going up from a page leads back to it."""
    seen: set[PageId] = set()
    at = parents.get(page)
    while at is not None and at not in seen:
        if at == page:
            return True
        seen.add(at)
        at = parents.get(at)
    return False
