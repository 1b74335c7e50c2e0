"""One page at a time: read, create, write, move, trash, restore, older versions."""

from dataclasses import replace

from confsync.confluence.payload import Json, as_object, child, maybe_text, results, text
from confsync.confluence.routes import V1, checked, v1_path
from confsync.confluence.shapes import person, storage, v1_version
from confsync.confluence.spelling import LONGEST_MESSAGE, plain
from confsync.confluence.transport import Query
from confsync.confluence.v1 import shapes
from confsync.confluence.v1.listing import labels_of
from confsync.confluence.v1.search import moment, quoted, search, since
from confsync.confluence.v1.server import Server
from confsync.errors import NotFound, Rejected, VersionConflict
from confsync.model.content import ContentType, Page, Row, Status
from confsync.model.ids import PageId
from confsync.ports import PageVersion, Place

_PLACES = {Place.APPEND: "append", Place.BEFORE: "above", Place.AFTER: "below"}
_EXPAND = ("expand", shapes.WHOLE)
_LABELS = 200


def read(server: Server, page: PageId, *, draft: bool = False) -> Page:
    """One page from the database, with labels.

    Raises:
        NotFound: not there for these credentials.
    """
    found = shapes.page(server.content(page, [_EXPAND, *([("status", "draft")] if draft else [])]))
    return replace(found, labels=labels_of(server, page)) if len(found.labels) >= _LABELS else found


def create_draft(server: Server, row: Row, body: str) -> PageId:
    """A draft below the row's parent or at the top; nobody sees it."""
    if not row.type.has_text:
        raise Rejected(f"{server.edition.name} cannot be asked for a {row.type.value}", page=row.title)
    data: dict[str, object] = {
        "type": row.type.value,
        "status": "draft",
        "title": row.title,
        "space": {"key": server.key},
        "body": _body(body),
    }
    if row.parent is not None:
        data["ancestors"] = [{"id": row.parent}]
    made = as_object(server.transport.post(f"{V1}/content", data, [("status", "draft")]).data)
    return PageId(text(made, "id"))


def publish(server: Server, row: Row, body: str, message: str) -> Page:
    """Make a draft current. Where it already is, from a try whose answer was lost, return what is there."""
    try:
        made = _stored(server, row, body, message, 1)
    except VersionConflict:
        there = read(server, row.id)
        if there.row.status is not Status.CURRENT:
            raise
        return there
    if row.parent is None and made.row.parent is not None and row.type is ContentType.PAGE:
        move_to_top(server, row.id)  # Cloud takes what has no parent for a page below the home page.
        return read(server, row.id)
    return made


def update(server: Server, row: Row, body: str, message: str) -> Page:
    """Write a version. Without ancestors in it, a page stays where it is."""
    return _stored(server, row, body, message, row.version.number)


def _stored(server: Server, row: Row, body: str, message: str, number: int) -> Page:
    data = {
        "id": row.id,
        "type": row.type.value,
        "status": "current",
        "title": row.title,
        "version": {"number": number, "message": message[:LONGEST_MESSAGE], "minorEdit": False},
        "body": _body(body),
    }
    answer = as_object(server.transport.put(v1_path(row.id), data).data)
    ours = child(answer, "version").get("number")
    back = read(server, row.id)
    if ours is None or ours == back.row.version.number:
        return back
    # A colleague wrote in between: what is returned is what we wrote.
    old = shapes.page(_old(server, row.id, number))
    return replace(
        old, row=replace(back.row, title=old.row.title, version=old.row.version), labels=back.labels
    )


def _body(body: str) -> dict[str, object]:
    return {"storage": {"value": body, "representation": "storage"}}


def _old(server: Server, page: PageId, number: int) -> Json:
    query = [("status", "historical"), ("version", str(number)), ("expand", "body.storage,version,history")]
    return server.content(page, query)


def versions(server: Server, page: PageId, after: int, upto: int) -> list[PageVersion]:
    """Versions with their texts, oldest first, one request each; those that retention took are left out."""
    now = shapes.page(server.content(page, [_EXPAND]))
    numbers = range(after + 1, min(upto, now.row.version.number) + 1)

    def one(number: int) -> PageVersion | None:
        if number == now.row.version.number:
            return PageVersion(now.row.version, now.row.title, now.body)
        try:
            data = _old(server, page, number)
        except NotFound:
            return None
        return PageVersion(v1_version(child(data, "version")), maybe_text(data, "title"), storage(data))

    return [found for found in server.transport.gather(one, numbers) if found is not None]


def move(server: Server, page: PageId, place: Place, target: PageId) -> None:
    """Move without a new version; where REST has no route for it, by the one of the user interface."""
    if server.edition.moves:
        server.transport.put(f"{v1_path(page)}/move/{place.value}/{checked(target)}")
        return
    query = [("pageId", checked(page)), ("spaceKey", server.key), ("targetId", checked(target))]
    server.transport.post("/pages/movepage.action", None, [*query, ("position", _PLACES[place])])


def move_to_top(server: Server, page: PageId) -> None:
    """Behind a page that lies at the top: the home page, or whichever comes first."""
    target = server.space().homepage
    if target is None or target == page:
        query = [("depth", "root"), ("limit", "25")]
        path = f"{V1}/space/{server.key}/content/page"
        others = [PageId(text(row, "id")) for row in results(server.transport.get(path, query).data)]
        target = next((one for one in others if one != page), None)
    if target is not None:
        move(server, page, Place.AFTER, target)


def restore(server: Server, page: PageId) -> Page:
    """From the trash, as the next version. Everything but the status is ignored by the server."""
    gone = shapes.page(server.content(page, [_EXPAND, ("status", "any")]))
    if gone.row.status is Status.CURRENT:
        return gone
    return _stored(server, gone.row, gone.body, "", gone.row.version.number + 1)


# ------------------------------------------------------------------------------------------- after a crash


def find_created(server: Server, row: Row, body: str, when: str) -> PageId | None:
    """The page whose first version is our text, else a draft of ours with our title and text."""
    me = server.me().id
    for found in (
        *_titled(server, row, "current"),
        *_mine(server, row.type, when),
        *_titled(server, row, "draft"),
    ):
        if _same(server, found, body, me, when):
            return PageId(text(found, "id"))
    return None


def _titled(server: Server, row: Row, status: str) -> list[Json]:
    query: Query = [
        ("spaceKey", server.key),
        ("type", row.type.value),
        ("title", row.title),
        ("status", status),
        ("expand", "version,history,body.storage"),
    ]
    try:
        return results(server.transport.get(f"{V1}/content", query).data)
    except Rejected:
        return []  # Not every server lists drafts.


def _mine(server: Server, kind: ContentType, when: str) -> list[Json]:
    cql = f"space = {quoted(server.key)} and type = {kind.value} and created >= {since(when)}"
    answers = search(server.transport, f"{cql} and creator = currentUser()", ["version", "history"])
    return [row for rows in answers for row in rows]


def _same(server: Server, found: Json, body: str, me: str, when: str) -> bool:
    history = child(found, "history")
    if person(child(history, "createdBy")) != me:
        return False
    if (moment(when) - moment(text(history, "createdDate"))).total_seconds() > 300:  # noqa: PLR2004 - clocks
        return False
    page = PageId(text(found, "id"))
    try:
        if found.get("status") == "draft":
            first = server.content(page, [_EXPAND, ("status", "draft")])
        elif child(found, "version").get("number") == 1:
            first = server.content(page, [_EXPAND])
        else:
            first = _old(server, page, 1)
    except NotFound:
        return False
    return plain(storage(first)) == plain(body)
