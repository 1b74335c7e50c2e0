"""What a space holds and what became of what is no longer listed: all from the database but `recent`."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from confsync.confluence.paging import every, walk
from confsync.confluence.payload import Json, child, maybe_text, objects, text
from confsync.confluence.routes import V1, is_id, v1_path
from confsync.confluence.shapes import global_labels, v1_attachment
from confsync.confluence.transport import Query
from confsync.confluence.v1 import index, shapes
from confsync.confluence.v1.index import NOTHING, READERS, TRACED, readers
from confsync.confluence.v1.search import SHARED
from confsync.confluence.v1.server import Server
from confsync.errors import NotFound
from confsync.model.content import Attachment, ContentType, Row, Status
from confsync.model.ids import PageId
from confsync.model.record import Record
from confsync.ports import Fate, Glance, Listing

_ROWS = "200"
"""Rows of one answer that expands anything but bodies."""
_TEXTS = 50
"""Rows of one answer that expands bodies."""
_FILES = 25
"""Children of one kind in an answer about their parent."""
_LABELS = 200
"""Labels in an answer about what carries them."""
_KINDS = (ContentType.PAGE, ContentType.BLOGPOST)


def listing(server: Server, since: str = "") -> Listing:
    """Pages and posts with their labels: ⌈pages/200⌉ + ⌈posts/200⌉ requests, and one of the index."""
    nodes, types = server.edition.nodes, TRACED if since else ()
    wanted = bool(types) or nodes
    asked = server.transport.beside(
        lambda: index.late(server.transport, server.key, types, since, nodes=nodes) if wanted else None
    )
    answers = _all(server, f"{shapes.ROW},metadata.labels")
    rows = [shapes.row(data) for answer in answers for data in answer]
    names = {page: labels for answer in answers for page, labels in _whole_labels(answer).items()}
    late = asked.result() or NOTHING
    return Listing({row.id: row for row in rows} | dict(late.nodes), late.recent, names)


def _whole_labels(rows: Sequence[Json]) -> dict[PageId, frozenset[str]]:
    """Labels of an answer's rows, where the limit that they share cannot have cut any."""
    listed = {PageId(text(row, "id")): child(row, "metadata", "labels") for row in rows}
    if sum(len(objects(one.get("results") or [])) for one in listed.values()) >= SHARED:
        return {}
    return {page: global_labels(one) for page, one in listed.items()}


def glance(server: Server, since: str, most: int) -> Glance:
    """Everything saved lately, from the index, in one request."""
    types = (*(kind.value for kind in _KINDS), *TRACED)
    late = index.latest(server.transport, server.key, types, since, nodes=server.edition.nodes)
    hints = dict(list(late.hints.items())[:most])
    return Glance(late.nodes, hints, late.recent, cut=late.cut or len(late.hints) > most)


def _all(server: Server, expand: str) -> list[list[Json]]:
    """All pages and posts, answer by answer."""

    def of(kind: ContentType) -> list[list[Json]]:
        query = [("spaceKey", server.key), ("type", kind.value), ("status", "current")]
        return list(walk(server.transport, f"{V1}/content", [*query, ("expand", expand), ("limit", _ROWS)]))

    return [answer for answers in server.transport.gather(of, _KINDS) for answer in answers]


def children(server: Server, page: PageId) -> list[Row]:
    """What lies directly below, whatever it is."""
    kinds = [ContentType.PAGE.value, *(index.NODES if server.edition.nodes else ())]
    query = [("expand", shapes.ROW), ("limit", _ROWS)]

    def of(kind: str) -> list[Row]:
        path = f"{v1_path(page)}/child/{kind}"
        return [shapes.row(row) for row in every(server.transport, path, query)]

    return [row for rows in server.transport.gather(of, kinds) for row in rows]


def fates(server: Server, ids: Collection[PageId]) -> Mapping[PageId, Fate]:
    """What became of each, asked one by one."""
    pages = list(ids)
    return dict(zip(pages, server.transport.gather(lambda page: _fate(server, page), pages), strict=True))


def _fate(server: Server, page: PageId) -> Fate:
    for status in ("any", "draft"):
        try:
            data = server.content(page, [("status", status), ("expand", "space")])
        except NotFound:
            continue
        if data.get("status") == "current" and maybe_text(child(data, "space"), "key") != server.key:
            return Fate.MOVED_OUT
        return Fate(shapes.row(data).status.value)
    return Fate.HIDDEN


def restricted(server: Server) -> frozenset[PageId]:
    """Pages and posts with a view restriction of their own."""
    rows = (row for answer in _all(server, ",".join(READERS)) for row in answer)
    return frozenset(PageId(text(row, "id")) for row in rows if readers(child(row, "restrictions", "read")))


# ------------------------------------------------------------------------------------------- many by id


def _by_ids(server: Server, ids: Sequence[PageId], expand: str, size: int) -> Iterator[Json]:
    """What is current among these; what the lists leave out is asked for singly."""
    wanted = [one for one in dict.fromkeys(ids) if is_id(one)]
    chunks = [wanted[at : at + size] for at in range(0, len(wanted), size)]
    for rows in server.transport.gather(lambda chunk: _chunk(server, chunk, expand, size), chunks):
        yield from rows


def _chunk(server: Server, ids: Sequence[PageId], expand: str, size: int) -> list[Json]:
    found: dict[PageId, Json] = {}
    for kind in _KINDS:
        missing = [one for one in ids if one not in found]
        if missing:
            query: Query = [
                ("ids", ",".join(missing)),
                ("type", kind.value),
                ("status", "current"),
                ("expand", expand),
                ("limit", str(size)),
            ]
            for rows in walk(server.transport, f"{V1}/content", query):
                found.update({PageId(text(row, "id")): row for row in rows})
    # Older servers do not know `ids` and list something else.
    for one in ids:
        alone = None if one in found else _one(server, one, expand)
        if alone is not None:
            found[one] = alone
    return [found[one] for one in ids if one in found]


def _one(server: Server, page: PageId, expand: str) -> Json | None:
    try:
        data = server.content(page, [("expand", expand)])
    except NotFound:
        return None
    return data if data.get("status") == "current" else None


def fetch(server: Server, ids: Sequence[PageId]) -> Iterator[Record]:
    """Records of what is current among these."""
    expand = f"{shapes.WHOLE},children.attachment.version"
    for data in _by_ids(server, ids, expand, _TEXTS):
        page = shapes.page(data)
        listed = objects(child(data, "children", "attachment").get("results") or [])
        files = [v1_attachment(one) for one in listed]
        if len(files) >= _FILES:
            files = attachments(server, page.id)
        yield Record(page, tuple(sorted(files, key=lambda item: item.name)))


def labels(server: Server, ids: Collection[PageId]) -> Mapping[PageId, frozenset[str]]:
    """Global labels of many pages."""
    found: dict[PageId, frozenset[str]] = {}
    for data in _by_ids(server, sorted(ids), "metadata.labels", int(_ROWS)):
        page, listed = PageId(text(data, "id")), child(data, "metadata", "labels")
        many = len(objects(listed.get("results") or [])) >= _LABELS
        found[page] = labels_of(server, page) if many else global_labels(listed)
    return found


def labels_of(server: Server, page: PageId) -> frozenset[str]:
    """The global labels of one page."""
    rows = every(server.transport, f"{v1_path(page)}/label", [("prefix", "global"), ("limit", _ROWS)])
    return global_labels({"results": rows})


def attachments(server: Server, page: PageId) -> list[Attachment]:
    """The attachments of one page, sorted by name."""
    query = [("expand", "version,container"), ("limit", _ROWS)]
    rows = every(server.transport, f"{v1_path(page)}/child/attachment", query)
    found = [v1_attachment(row) for row in rows if row.get("status", Status.CURRENT.value) == "current"]
    return sorted(found, key=lambda item: item.name)
