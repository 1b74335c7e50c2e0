"""Deleting pages whose files are gone: leaves first, last of all, but in time for a title that is wanted."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from confsync.model.content import ContentType, Row
from confsync.model.ids import PageId, RelPath
from confsync.names import children_folder, page_path
from confsync.plan.copy import Copy
from confsync.plan.operation import Create, Operation, Trash, Update


def trashes(copy: Copy, pages: Iterable[PageId]) -> Iterator[Trash]:
    """The deletions of these pages, each with the path that its file had, as far as that can be told."""
    for page in pages:
        yield Trash(page, _path(copy, page, 0), copy.records[page].page.title)


def leaves_first(operations: Iterable[Trash], rows: Mapping[PageId, Row]) -> list[Trash]:
    """Deletions such that nothing is deleted before what lies below it."""
    return sorted(operations, key=lambda op: (-_depth(op.page, rows), op.path))


def early(operations: Sequence[Operation], rows: Mapping[PageId, Row]) -> tuple[list[Trash], list[Trash]]:
    """Deletions that free a title which somebody else wants and that take nothing along, and the others."""
    found = leaves_first([op for op in operations if isinstance(op, Trash)], rows)
    wanted = {op.title.casefold() for op in operations if isinstance(op, Create | Update)}
    parents = {row.parent for row in rows.values()}
    first = [op for op in found if op.title.casefold() in wanted and op.page not in parents]
    return first, [op for op in found if op not in first]


def _depth(page: PageId, rows: Mapping[PageId, Row]) -> int:
    depth, seen = 0, set[PageId]()
    above = rows[page].parent
    while above is not None and above in rows and above not in seen:
        seen.add(above)
        depth, above = depth + 1, rows[above].parent
    return depth


_DEEP = 50


def _path(copy: Copy, page: PageId, depth: int) -> RelPath:
    """Where HEAD has the file of a page; where it has none any more, where it would lie by its title."""
    known = copy.base_paths.get(page)
    if known is not None:
        return known
    row = copy.records[page].row
    if row.type is ContentType.BLOGPOST:
        return page_path(row, "blog")
    if row.parent is None or row.parent not in copy.records or depth > _DEEP:
        return page_path(row, children_folder("index.md", root=copy.settings.root))
    above = _path(copy, row.parent, depth + 1)
    return page_path(row, children_folder(above, copy.base_texts.keys(), copy.settings.root))
