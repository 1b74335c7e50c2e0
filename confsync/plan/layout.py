"""Where the pages and folders of a working copy lie, before and after a pull."""

from collections.abc import Collection, Mapping

from confsync.model.content import Row
from confsync.model.ids import PageId, RelPath
from confsync.names import lay_out
from confsync.plan.copy import Copy


def node_folders(copy: Copy) -> Mapping[RelPath, PageId]:
    """The folders that stand for Confluence's own folders, whiteboards and the like: id by path."""
    rows = {page: record.row for page, record in copy.records.items()}
    if all(row.type.has_text for row in rows.values()):
        return {}
    places = lay_out(rows, home=copy.homepage, before=rows, paths=copy.paths, root=copy.settings.root)
    return {path: page for page, path in places.items() if not rows[page].type.has_text}


def paths_after(
    copy: Copy,
    rows: Mapping[PageId, Row],
    home: PageId | None,
    *,
    ours: Mapping[PageId, Row],
    twins: Mapping[PageId, RelPath],
    astray: Collection[PageId] = (),
) -> Mapping[PageId, RelPath]:
    """Where everything lies once the tree looks like `rows`; what did not change stays where it is.

    `ours` are rows that the files stand for already, whatever the base says; `twins` are new files that turn
    out to be pages, `astray` pages whose files lie where they cannot stay.
    """
    before = {**{page: record.row for page, record in copy.records.items()}, **ours}
    before |= {page: rows[page] for page in twins}
    strangers = [local.path for local in copy.unbound if local.path not in twins.values()]
    strangers += [
        item.path for item in copy.unreadable if not item.page or copy.base_paths.get(item.page) != item.path
    ]
    paths = {page: path for page, path in {**copy.paths, **twins}.items() if page not in astray}
    return lay_out(rows, home=home, before=before, paths=paths, taken=strangers, root=copy.settings.root)
