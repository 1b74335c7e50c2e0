"""One page at a time: read, create, write, move, trash, restore, older versions."""

from dataclasses import replace

from confsync.confluence.cloud import labels
from confsync.confluence.cloud.believe import believable
from confsync.confluence.cloud.shapes import page, v2_version
from confsync.confluence.cloud.wiki import ROUTES, Wiki, v2_path
from confsync.confluence.paging import walk
from confsync.confluence.payload import Json, as_object, child, maybe_text, results, text
from confsync.confluence.routes import V2, checked, v1_path
from confsync.confluence.shapes import storage
from confsync.confluence.spelling import LONGEST_MESSAGE
from confsync.confluence.transport import Query
from confsync.errors import NotFound, Rejected, VersionConflict
from confsync.model.content import ContentType, Page, Row, Status
from confsync.model.ids import PageId
from confsync.ports import PageVersion, Place

_BODY = ("body-format", "storage")
_VERSIONS_WITH_BODIES = "50"
"""The server gives no more when bodies are asked for."""


def read(wiki: Wiki, page_id: PageId, *, draft: bool = False) -> Page:
    """One page from the database, with labels.

    Raises:
        NotFound: not there for these credentials.
    """
    query = [_BODY, ("include-labels", "true"), *([("get-draft", "true")] if draft else [])]
    data, kind = single(wiki, page_id, query)
    found = page(data, kind)
    if child(data, "labels", "meta").get("hasMore"):
        found = replace(found, labels=labels.all_of(wiki, page_id))
    return believable(wiki, found)


def single(wiki: Wiki, page_id: PageId, query: Query) -> tuple[Json, ContentType]:
    """GET by id, on the route of its kind; an id we never met is most likely a page."""
    kind = wiki.known(page_id) or ContentType.PAGE
    try:
        data = as_object(wiki.transport.get(v2_path(kind, page_id), query).data)
    except NotFound:
        met = wiki.known(page_id) is not None
        other = wiki.kinds([page_id]).get(page_id, kind)
        if met or other is kind:
            raise
        data, kind = as_object(wiki.transport.get(v2_path(other, page_id), query).data), other
    wiki.note(page_id, kind)
    return data, kind


def create_draft(wiki: Wiki, row: Row, body: str) -> PageId:
    """A draft below the row's parent or at the top; nobody sees it. Folders are made at once."""
    kind = row.type
    data: dict[str, object] = {"spaceId": wiki.space_id, "title": row.title}
    query: Query = ()
    if kind.has_text:
        data |= {"status": "draft", "body": _storage(body)}
        data |= {"subtype": row.subtype} if row.subtype else {}
    elif kind is not ContentType.FOLDER:
        raise Rejected(f"A {kind.value} can only be made in Confluence itself", page=row.title)
    if row.parent is not None:
        data["parentId"] = row.parent
    elif kind is ContentType.PAGE:
        query = [("root-level", "true")]
    made = PageId(text(as_object(wiki.transport.post(ROUTES[kind], data, query).data), "id"))
    wiki.note(made, kind)
    return made


def publish(wiki: Wiki, row: Row, body: str, message: str) -> Page:
    """Make a draft current. Where it already is, from a try whose answer was lost, return what is there."""
    if not row.type.has_text:
        return read(wiki, row.id)
    wiki.note(row.id, row.type)
    data = _written(row, body, message, 1)
    if row.parent is not None:
        data["parentId"] = row.parent  # Our own draft: there is no colleague's move to undo.
    try:
        return _stored(wiki, row, data)
    except VersionConflict:
        there = read(wiki, row.id)
        if there.row.status is not Status.CURRENT:
            raise
        return there


def update(wiki: Wiki, row: Row, body: str, message: str) -> Page:
    """Write a version. The parent stays out of it: sending it would undo a colleague's move."""
    wiki.note(row.id, row.type)
    number = 1 if row.status is Status.DRAFT else row.version.number
    return _stored(wiki, row, _written(row, body, message, number))


def move(wiki: Wiki, page_id: PageId, place: Place, target: PageId) -> None:
    """Move without a new version."""
    wiki.transport.put(f"{v1_path(page_id)}/move/{place.value}/{checked(target)}")


def move_to_top(wiki: Wiki, page_id: PageId) -> None:
    """Behind a page that lies at the top: the home page, or whichever comes first."""
    target = wiki.space().homepage
    if target is None or target == page_id:
        query = [("depth", "root"), ("status", "current"), ("limit", "25")]
        rows = results(wiki.transport.get(f"{V2}/spaces/{wiki.space_id}/pages", query).data)
        others = [PageId(text(row, "id")) for row in rows if text(row, "id") != page_id]
        if not others:
            return  # It is alone up there already.
        target = others[0]
    move(wiki, page_id, Place.AFTER, target)


def trash(wiki: Wiki, page_id: PageId) -> None:
    """To the trash."""
    wiki.transport.delete(wiki.route(page_id))


def restore(wiki: Wiki, page_id: PageId) -> Page:
    """From the trash, as the next version. Everything but the status is ignored by the server."""
    data, kind = single(wiki, page_id, [_BODY])
    gone = page(data, kind)
    if gone.row.status is Status.CURRENT:
        return read(wiki, page_id)
    row = replace(gone.row, status=Status.CURRENT)
    return _stored(wiki, row, _written(row, gone.body, "", gone.row.version.number + 1))


def versions(wiki: Wiki, page_id: PageId, after: int, upto: int) -> list[PageVersion]:
    """Versions with their texts, oldest first; the server tells them newest first."""
    if after >= upto:
        return []
    query = [_BODY, ("limit", _VERSIONS_WITH_BODIES)]
    found: list[PageVersion] = []
    for rows in walk(wiki.transport, f"{wiki.route(page_id)}/versions", query, key="number"):
        some = [_version(wiki, page_id, row, after, upto) for row in rows]
        found += [one for one in some if one is not None]
        if any(v2_version(row).number <= after + 1 for row in rows):
            break
    return sorted(found, key=lambda one: one.version.number)


def _version(wiki: Wiki, page_id: PageId, row: Json, after: int, upto: int) -> PageVersion | None:
    version = v2_version(row)
    if not after < version.number <= upto:
        return None
    there = child(row, "page") or child(row, "blogpost")
    if "value" not in child(there, "body", "storage"):
        there, _ = single(wiki, page_id, [_BODY, ("version", str(version.number))])
    return PageVersion(version, maybe_text(there, "title"), storage(there))


def _written(row: Row, body: str, message: str, number: int) -> dict[str, object]:
    return {
        "id": row.id,
        "status": row.status.value if row.status is Status.DRAFT and number != 1 else "current",
        "title": row.title,
        "body": _storage(body),
        "version": {"number": number, "message": message[:LONGEST_MESSAGE]},
    }


def _stored(wiki: Wiki, row: Row, data: dict[str, object]) -> Page:
    """PUT, and read back. A colleague may have written in between: what is returned is what *we* wrote."""
    answer = as_object(wiki.transport.put(v2_path(row.type, row.id), data).data)
    ours, back = page(answer, row.type), read(wiki, row.id)
    if "value" not in child(answer, "body", "storage"):
        if back.row.version.number == ours.row.version.number:
            return back
        old, kind = single(wiki, row.id, [_BODY, ("version", str(ours.row.version.number))])
        ours = page(old, kind)
    return replace(ours, labels=back.labels)


def _storage(body: str) -> dict[str, str]:
    return {"representation": "storage", "value": body}
