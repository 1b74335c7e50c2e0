"""What a space holds, what happened lately, and what became of what is no longer listed."""

from collections.abc import Callable, Collection, Mapping

from confsync.confluence.cloud.search import SHARED, one_of, quoted, search, since
from confsync.confluence.cloud.shapes import V2, child_row, container, node_row, page_row
from confsync.confluence.cloud.wiki import ROUTES, Wiki, v1_path, v2_path
from confsync.confluence.paging import every
from confsync.confluence.payload import Json, as_object, child, maybe_text, objects, results, text
from confsync.errors import NotFound, RemoteError
from confsync.model.content import ContentType, Row, Status
from confsync.model.ids import PageId, SpaceId
from confsync.ports import Fate, Listing, Recent

_NODES = ("folder", "whiteboard", "database", "embed")
_READERS = ("restrictions.read.restrictions.user", "restrictions.read.restrictions.group")


def listing(wiki: Wiki) -> Listing:
    """Pages and posts from the database, nodes from the index: 2 + ⌈pages/250⌉ requests."""
    space = wiki.space_id
    tasks: list[Callable[[], list[Row]]] = [
        lambda: _rows(wiki, space, ContentType.PAGE),
        lambda: _rows(wiki, space, ContentType.BLOGPOST),
        lambda: _nodes(wiki),
    ]
    found = {row.id: row for rows in wiki.transport.gather(lambda task: task(), tasks) for row in rows}
    for row in found.values():
        wiki.note(row.id, row.type)
    return Listing(found)


def recent(wiki: Wiki, when: str) -> Recent:
    """What has new or changed attachments and comments, as far as the index knows."""
    cql = f"space = {quoted(wiki.key)} and type in (attachment,comment)"
    if when:
        cql += f" and lastmodified >= {since(when)}"
    found: dict[str, set[PageId]] = {"attachment": set(), "comment": set()}
    for rows in search(wiki.transport, cql, ["container", "version"]):
        for row in rows:
            page = container(row)
            if page is not None:
                found.setdefault(text(row, "type"), set()).add(page)
    return Recent(frozenset(found["attachment"]), frozenset(found["comment"]))


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
    for rows in search(wiki.transport, cql, _READERS):
        counts = {PageId(text(row, "id")): _readers(child(row, "restrictions", "read")) for row in rows}
        shut |= {page for page, count in counts.items() if count}
        if sum(counts.values()) < SHARED:
            doubtful -= counts.keys()
        else:
            doubtful |= counts.keys()
    rest = sorted(doubtful - shut)
    for page, count in zip(rest, wiki.transport.gather(lambda p: _own_readers(wiki, p), rest), strict=True):
        if count:
            shut.add(page)
    return frozenset(shut)


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


def _nodes(wiki: Wiki) -> list[Row]:
    cql = f"space = {quoted(wiki.key)} and {one_of('type', _NODES)}"
    answers = search(wiki.transport, cql, ["version", "ancestors", "extensions.position"])
    rows = [node_row(row) for answer in answers for row in answer]
    return [row for row in rows if row is not None]


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


def _readers(operation: Json) -> int:
    lists = (child(operation, "restrictions", who) for who in ("user", "group"))
    return sum(len(objects(one.get("results") or [])) for one in lists)


def _own_readers(wiki: Wiki, page: PageId) -> int:
    path = f"{v1_path(page)}/restriction/byOperation/read"
    query = [("expand", "restrictions.user,restrictions.group")]
    try:
        return _readers(as_object(wiki.transport.get(path, query).data))
    except NotFound:
        return 1  # Nobody could tell us: better taken for restricted than leaked.
