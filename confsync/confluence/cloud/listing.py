"""What a space holds, what happened lately, and what became of what is no longer listed."""

from collections.abc import Collection, Mapping

from confsync.confluence.cloud.shapes import child_row, page_row
from confsync.confluence.cloud.wiki import ROUTES, Wiki, v2_path
from confsync.confluence.paging import every
from confsync.confluence.payload import Json, as_object, child, maybe_text, results, text
from confsync.confluence.routes import V2
from confsync.confluence.v1 import index
from confsync.confluence.v1.index import READERS, TRACED, readers, restricts
from confsync.confluence.v1.search import SHARED, one_of, quoted, search
from confsync.errors import NotFound, RemoteError
from confsync.model.content import ContentType, Row, Status
from confsync.model.ids import PageId, SpaceId
from confsync.ports import Fate, Glance, Listing


def listing(wiki: Wiki, since: str = "") -> Listing:
    """Pages and posts from the database, nodes and traces from the index: 2 + ⌈pages/250⌉ requests."""
    space = wiki.space_id
    types = TRACED if since else ()
    asked = wiki.transport.beside(lambda: index.late(wiki.transport, wiki.key, types, since, nodes=True))
    kinds = (ContentType.PAGE, ContentType.BLOGPOST)
    rows = [
        row for part in wiki.transport.gather(lambda kind: _rows(wiki, space, kind), kinds) for row in part
    ]
    late = asked.result()
    found = {row.id: row for row in (*rows, *late.nodes.values())}
    for row in found.values():
        wiki.note(row.id, row.type)
    return Listing(found, late.recent)


def glance(wiki: Wiki, since: str, most: int) -> Glance:
    """The pages saved last from the database, everything else from the index: two requests."""
    types = (*TRACED, ContentType.BLOGPOST.value)
    path = f"{V2}/spaces/{wiki.space_id}/pages"
    asked = wiki.transport.beside(lambda: index.latest(wiki.transport, wiki.key, types, since, nodes=True))
    query = [("sort", "-modified-date"), ("status", "current"), ("limit", str(most))]
    answer = as_object(wiki.transport.get(path, query).data)
    rows = {row.id: row for row in (page_row(one, ContentType.PAGE) for one in results(answer))}
    late = asked.result()
    cut = bool(maybe_text(child(answer, "_links"), "next"))
    return Glance({**rows, **late.nodes}, late.hints, late.recent, cut)


def children(wiki: Wiki, page: PageId) -> list[Row]:
    """Direct children of any kind."""
    if wiki.kinds([page]).get(page) is ContentType.BLOGPOST:
        return []
    rows = [child_row(r) for r in every(wiki.transport, f"{wiki.route(page)}/direct-children", _limit())]
    found = [row for row in rows if row is not None]
    for row in found:
        wiki.note(row.id, row.type)
    return found


def fates(wiki: Wiki, ids: Collection[PageId]) -> Mapping[PageId, Fate]:
    """What became of each: the trash answers for many at once, the rest are asked for one by one."""
    known = _trashed(wiki, ids) if len(ids) > 1 else {}
    rest = [page for page in ids if page not in known]
    found = dict(zip(rest, wiki.transport.gather(lambda page: _fate(wiki, page), rest), strict=True))
    return {**known, **found}


def restricted(wiki: Wiki) -> frozenset[PageId]:
    """Pages and posts with a view restriction of their own; those the index missed are asked singly."""
    shut: set[PageId] = set()
    doubtful = set(wiki.met())
    cql = f"space = {quoted(wiki.key)} and type in (page,blogpost)"
    for rows in search(wiki.transport, cql, READERS):
        counts = {PageId(text(row, "id")): readers(child(row, "restrictions", "read")) for row in rows}
        shut |= {page for page, count in counts.items() if count}
        if sum(counts.values()) < SHARED:
            doubtful -= counts.keys()
        else:
            doubtful |= counts.keys()
    rest = sorted(doubtful - shut)
    told = wiki.transport.gather(lambda page: restricts(wiki.transport, page), rest)
    return frozenset(shut | {page for page, yes in zip(rest, told, strict=True) if yes})


def newest(wiki: Wiki, kind: ContentType, count: int) -> list[Row]:
    """The content created last, newest first."""
    route = ROUTES[kind].rpartition("/")[2]
    query = [("sort", "-created-date"), ("status", "current"), ("limit", str(count))]
    answer = wiki.transport.get(f"{V2}/spaces/{wiki.space_id}/{route}", query)
    return [page_row(row, kind) for row in results(answer.data)]


def by_ids(wiki: Wiki, ids: Collection[PageId], expand: list[str]) -> list[list[Json]]:
    """What the index has on these, answer by answer."""
    cql = f"{one_of('id', ids)} and type in (page,blogpost)"
    return list(search(wiki.transport, cql, expand))


def _limit() -> list[tuple[str, str]]:
    return [("limit", "250")]


def _rows(wiki: Wiki, space: SpaceId, kind: ContentType) -> list[Row]:
    # Sorted by id, so that what is created while we page comes last and what goes shifts nothing.
    query = [("status", "current"), ("sort", "id"), *_limit()]
    path = f"{V2}/spaces/{space}/{ROUTES[kind].rpartition('/')[2]}"
    return [page_row(row, kind) for row in every(wiki.transport, path, query)]


def _trashed(wiki: Wiki, ids: Collection[PageId]) -> dict[PageId, Fate]:
    """One request that confirms many; who may not see the trash simply learns nothing here."""
    query = [("status", "trashed"), ("sort", "-modified-date"), *_limit()]
    try:
        rows = results(wiki.transport.get(f"{V2}/spaces/{wiki.space_id}/pages", query).data)
    except RemoteError as error:
        if error.status not in (400, 403, 404):
            raise
        return {}
    found = [page_row(row, ContentType.PAGE) for row in rows]
    return {row.id: Fate.TRASHED for row in found if row.id in ids and row.status is Status.TRASHED}


def _fate(wiki: Wiki, page: PageId) -> Fate:
    kind = wiki.known(page) or ContentType.PAGE
    try:
        data = _single(wiki, page, kind)
    except NotFound:
        other = wiki.kinds([page]).get(page, kind)
        if other is kind:
            return Fate.HIDDEN
        try:
            data = _single(wiki, page, other)
        except NotFound:
            return Fate.HIDDEN
    status = page_row(data, kind).status
    home = maybe_text(data, "spaceId")
    if status is Status.CURRENT and home and home != wiki.space_id:
        return Fate.MOVED_OUT
    return Fate(status.value)


def _single(wiki: Wiki, page: PageId, kind: ContentType) -> Json:
    return as_object(wiki.transport.get(v2_path(kind, page)).data)
