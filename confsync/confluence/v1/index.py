"""What the search index tells, in the same words in every dialect: traces, sightings, restrictions.

The index lags and forgets. What is read here is a reason to ask the database, and nothing more.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from confsync.confluence.payload import (
    Json,
    as_object,
    child,
    maybe_number,
    maybe_text,
    objects,
    results,
    text,
)
from confsync.confluence.routes import is_id, v1_path
from confsync.confluence.shapes import attachment_id, container, global_labels, node_row
from confsync.confluence.transport import Transport
from confsync.confluence.v1.search import LIMIT, SHARED, one_of, quoted, search, since
from confsync.errors import NotFound
from confsync.model.content import ContentType, Row
from confsync.model.ids import AttachmentId, PageId
from confsync.model.record import Record
from confsync.ports import Recent, Sighting, Trace

NODES: Final = ("folder", "whiteboard", "database", "embed")
TRACED: Final = ("attachment", "comment")
_LATE = ("container", "version", "extensions.inlineProperties", "extensions.position", "ancestors")
READERS: Final = ("restrictions.read.restrictions.user", "restrictions.read.restrictions.group")
"""What has to be expanded for view restrictions."""
_LONGEST_LIST = 100
"""Ids of one query: it has to fit into a URL."""
_LABELS = 150
"""Labels that may be expected of one answer: beyond `SHARED` they are cut without a word."""


@dataclass(frozen=True, slots=True)
class Late:
    """What the index has on a space: its nodes, and what was saved lately."""

    nodes: Mapping[PageId, Row]
    recent: Recent
    hints: Mapping[PageId, int]
    """Pages and posts by version number, which may be an old one."""
    cut: bool
    """Whether there was more."""


NOTHING: Final = Late({}, Recent(), {}, cut=False)


def late(transport: Transport, key: str, types: Sequence[str], when: str, *, nodes: bool) -> Late:
    """Everything of these types saved since a date, and all nodes; complete."""
    answers = list(search(transport, _about(key, types, when, nodes=nodes), _LATE))
    return _late([row for answer in answers for row in answer], cut=False)


def latest(transport: Transport, key: str, types: Sequence[str], when: str, *, nodes: bool) -> Late:
    """The same, as much of it as one answer holds, the latest first."""
    cql = f"{_about(key, types, when, nodes=nodes)} order by lastmodified desc"
    rows = next(search(transport, cql, _LATE))
    return _late(rows, cut=len(rows) >= LIMIT)


def _about(key: str, types: Sequence[str], when: str, *, nodes: bool) -> str:
    changed = f"{one_of('type', types)} and lastmodified >= {since(when)}" if when else one_of("type", types)
    parts = [f"({changed})" if types else "", one_of("type", NODES) if nodes else ""]
    return f"space = {quoted(key)} and ({' or '.join(filter(None, parts))})"


def _late(rows: Sequence[Json], *, cut: bool) -> Late:
    nodes = [row for row in map(node_row, rows) if row is not None]
    hints = {
        PageId(text(row, "id")): maybe_number(child(row, "version"), "number") or 0
        for row in rows
        if row.get("type") in (ContentType.PAGE, ContentType.BLOGPOST)
    }
    return Late({row.id: row for row in nodes}, traces(rows), hints, cut)


def traces(rows: Iterable[Json]) -> Recent:
    """The attachments and comments among these rows; footer comments never touch a text."""
    found: dict[str, set[Trace]] = {"attachment": set(), "comment": set()}
    for row in rows:
        page, kind = container(row), text(row, "type")
        if page is not None and kind in found and not _is_footer(row):
            found[kind].add(_trace(row, page))
    return Recent(frozenset(found["attachment"]), frozenset(found["comment"]))


def _is_footer(row: Json) -> bool:
    return maybe_text(child(row, "extensions"), "location") == "footer"


def _trace(row: Json, page: PageId) -> Trace:
    version = child(row, "version")
    return Trace(
        page=page,
        id=attachment_id(text(row, "id")),
        version=maybe_number(version, "number") or 0,
        ref=maybe_text(child(row, "extensions", "inlineProperties"), "markerRef"),
        when=maybe_text(version, "when"),
    )


# ---------------------------------------------------------------------------------------------- survey


def survey(transport: Transport, known: Sequence[Record], requests: int) -> Mapping[PageId, Sighting]:
    """Labels, attachments and restrictions of the first of these, up to a hundred in each request."""
    found: dict[PageId, Sighting] = {}
    rest = [record for record in known if is_id(record.id)]
    for _ in range(requests):
        chunk = _fitting(rest)
        if not chunk:
            break
        rest = rest[len(chunk) :]
        found.update(_seen(transport, [record.id for record in chunk]))
    return found


def _fitting(known: Sequence[Record]) -> Sequence[Record]:
    """As many as one answer has room for; always at least one."""
    rows = labels = 0
    for count, record in enumerate(known[:_LONGEST_LIST]):
        rows += 1 + len(record.attachments)
        labels += len(record.page.labels)
        if count and (rows > LIMIT or labels > _LABELS):
            return known[:count]
    return known[:_LONGEST_LIST]


def _seen(transport: Transport, pages: Sequence[PageId]) -> Mapping[PageId, Sighting]:
    texts = f"(type in (page,blogpost) and {one_of('id', pages)})"
    files = f"(type = attachment and {one_of('container', pages)})"
    query = ["version", "container", "metadata.labels", *READERS]
    asked = search(transport, f"{texts} or {files}", query)
    rows = next(asked)
    more = next(asked, None) is not None if len(rows) >= LIMIT else False
    return _sightings(rows, pages, whole=not more)


def _sightings(rows: Sequence[Json], pages: Sequence[PageId], *, whole: bool) -> Mapping[PageId, Sighting]:
    files: dict[PageId, set[tuple[AttachmentId, int]]] = {page: set() for page in pages}
    texts = [row for row in rows if row.get("type") != "attachment"]
    for row in rows:
        holder = container(row)
        if row.get("type") == "attachment" and holder in files:
            number = maybe_number(child(row, "version"), "number") or 0
            files[holder].add((attachment_id(text(row, "id")), number))
    few_labels = sum(len(_labels(row)) for row in rows) < SHARED
    few_readers = sum(readers(child(row, "restrictions", "read")) for row in texts) < SHARED
    found = dict.fromkeys(pages, Sighting(None, None, None))
    for row in texts:
        page, count = PageId(text(row, "id")), readers(child(row, "restrictions", "read"))
        found[page] = Sighting(
            labels=global_labels(child(row, "metadata", "labels")) if few_labels else None,
            attachments=frozenset(files.get(page, ())) if whole else None,
            restricted=bool(count) if count or few_readers else None,
        )
    return found


def _labels(row: Json) -> list[Json]:
    return objects(child(row, "metadata", "labels").get("results") or [], "labels")


# -------------------------------------------------------------------------------------------- restrictions


def restricted(transport: Transport, ids: Collection[PageId]) -> frozenset[PageId]:
    """Those with a view restriction of their own; what the index does not know is asked itself."""
    pages = sorted(page for page in ids if is_id(page))
    chunks = [pages[at : at + _LONGEST_LIST] for at in range(0, len(pages), _LONGEST_LIST)]
    found = transport.gather(lambda chunk: _known_restricted(transport, chunk), chunks)
    counts: dict[PageId, bool] = {}
    for part in found:
        counts.update(part)
    unknown = [page for page in pages if page not in counts]
    asked = transport.gather(lambda page: restricts(transport, page), unknown)
    counts.update(zip(unknown, asked, strict=True))
    return frozenset(page for page, shut in counts.items() if shut)


def _known_restricted(transport: Transport, pages: Sequence[PageId]) -> dict[PageId, bool]:
    cql = f"type in (page,blogpost) and {one_of('id', pages)}"
    rows = [row for answer in search(transport, cql, READERS) for row in answer]
    counts = {PageId(text(row, "id")): readers(child(row, "restrictions", "read")) for row in rows}
    few = sum(counts.values()) < SHARED
    return {page: bool(count) for page, count in counts.items() if count or few}


def restricts(transport: Transport, page: PageId) -> bool:
    """Whether a page has a view restriction, from the database."""
    path = f"{v1_path(page)}/restriction/byOperation/read"
    query = [("expand", "restrictions.user,restrictions.group")]
    try:
        return readers(as_object(transport.get(path, query).data)) > 0
    except NotFound:
        return True  # Nobody could tell us: better taken for restricted than leaked.


def readers(operation: Json) -> int:
    """How many people and groups a read restriction names."""
    lists = (child(operation, "restrictions", who) for who in ("user", "group"))
    return sum(len(results(one)) for one in lists if one.get("results"))
