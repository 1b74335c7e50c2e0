"""REST v2: pages and blog posts."""

from collections.abc import Sequence
from functools import partial

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from confsync.sandbox.call import Call, Json, id_number, inner, route, text, whole
from confsync.sandbox.refusals import Invalid, Missing, Stumbled
from confsync.sandbox.routes.v2_shapes import Shapes, allow_edit, single
from confsync.sandbox.rows import Content
from confsync.sandbox.store.contents import Edit, New
from confsync.sandbox.store.listing import SORTS, Filter
from confsync.sandbox.wire import cursor, v2
from confsync.sandbox.wire.bodies import sent_body

_ROOTS = (("pages", "page"), ("blogposts", "blogpost"))
_LISTED = {"page": ("current", "archived"), "blogpost": ("current",)}
_MAX_IDS = 250


def routes() -> list[BaseRoute]:
    """Pages and posts differ by name alone."""
    found: list[BaseRoute] = []
    for root, kind in _ROOTS:
        base = f"/api/v2/{root}"
        found += [
            route(base, partial(_list, kind)),
            route(base, partial(_create, kind), "POST"),
            route(f"{base}/{{id}}", partial(_read, kind)),
            route(f"{base}/{{id}}", partial(_update, kind), "PUT"),
            route(f"{base}/{{id}}", partial(_delete, kind), "DELETE"),
            route(f"{base}/{{id}}/title", partial(_retitle, kind), "PUT"),
            route(f"{base}/{{id}}/labels", partial(_labels, kind)),
        ]
    return [*found, route("/api/v2/spaces/{space}/pages", partial(_in_space, "page")),
            route("/api/v2/spaces/{space}/blogposts", partial(_in_space, "blogpost")),
            route("/api/v2/labels/{label}/pages", partial(_labelled, "page")),
            route("/api/v2/labels/{label}/blogposts", partial(_labelled, "blogpost"))]  # fmt: skip


# -------------------------------------------------------------------------------------------- listing


async def _list(kind: str, call: Call) -> Response:
    ids = [id_number(i) for i in call.queries("id")]
    if len(ids) > _MAX_IDS:
        raise Invalid(f"At most {_MAX_IDS} ids may be given")
    return listing(call, kind, ids=ids, spaces=[id_number(i, "space-id") for i in call.queries("space-id")])


async def _in_space(kind: str, call: Call) -> Response:
    space = call.store.spaces.get(call.number("space"))
    return listing(call, kind, spaces=[space.id], root=call.query("depth") == "root")


async def _labelled(kind: str, call: Call) -> Response:
    label = call.store.labels.get(call.number("label"))
    spaces = [id_number(i, "space-id") for i in call.queries("space-id")]
    return listing(call, kind, spaces=spaces, label=label.id)


def listing(
    call: Call,
    kind: str,
    *,
    ids: Sequence[int] = (),
    spaces: Sequence[int] = (),
    root: bool = False,
    label: int | None = None,
) -> Response:
    """One page of a list of pages or posts, by the query parameters all such lists share."""
    sort = call.query("sort", "id")
    if sort not in SORTS:
        raise Invalid(f"Provided value {{{sort}}} for 'sort' is not a valid sort order")
    wanted = Filter(
        types=[kind],
        statuses=_statuses(call, kind),
        ids=ids,
        spaces=spaces,
        title=call.query("title") if "title" in call.request.query_params else None,
        subtype=call.query("subtype") or None,
        root=root,
        label=label,
        hidden=call.store.restrictions.hidden_from(call.viewer),
    )
    rows, place = call.store.listings.page(
        wanted, sort=sort, limit=cursor.limit(call), after=cursor.place(call)
    )
    shape = Shapes(call)
    results = [shape.row(content, shape.body(content)) for content in rows]
    return cursor.envelope(call, results, None if place is None else [place.value, place.id])


def _statuses(call: Call, kind: str) -> Sequence[str]:
    asked = call.queries("status")
    allowed = ("current", "archived", "deleted", "trashed")
    if wrong := [status for status in asked if status not in allowed]:
        raise Invalid(f"Provided value {{{wrong[0]}}} for 'status' is not one of {', '.join(allowed)}")
    return asked or _LISTED[kind]


# ----------------------------------------------------------------------------------------- single page


async def _read(kind: str, call: Call) -> Response:
    content = call.content(call.number(), kind, kind=kind)
    number = call.integer("version", 0)
    if number:
        return JSONResponse(_old(call, content, number))
    if call.flag("get-draft"):
        if draft := call.store.contents.draft(content.id):
            return JSONResponse(single(call, content, status="draft", title=draft[0], value=draft[1]))
    elif content.status == "draft":
        raise Missing(kind, str(content.id))
    return JSONResponse(single(call, content))


def _old(call: Call, content: Content, number: int) -> v2.Wire:
    row = call.store.contents.version(content.id, number)
    value = call.store.contents.body(content.id, number)
    said = single(call, content, title=row.title, value=value)
    return said | {"version": v2.version(row)}


# --------------------------------------------------------------------------------------------- writing


async def _create(kind: str, call: Call) -> Response:
    sent = await call.object()
    if sent.get("spaceId") is None:
        raise Invalid("spaceId is required")
    space = call.store.spaces.get(id_number(sent["spaceId"], "spaceId", "Long"))
    status = text(sent.get("status")) or "current"
    if status not in ("current", "draft"):
        raise Invalid(f"Provided value {{{status}}} for 'status' is not one of current, draft")
    new = New(
        type=kind,
        space=space.id,
        title=text(sent.get("title")),
        author=call.viewer,
        body=sent_body(call, sent) or "",
        parent=None if kind == "blogpost" else _parent(call, sent, space.homepage),
        status=status,
        subtype="live" if sent.get("subtype") == "live" else "",
    )
    made = call.store.contents.create(new)
    if call.flag("private"):
        call.store.restrictions.put(made.id, "read", [("user", call.viewer)])
    return JSONResponse(_stored(call, made))


def _parent(call: Call, sent: Json, home: int | None) -> int | None:
    given = sent.get("parentId")
    if call.flag("root-level"):
        if given not in (None, ""):
            raise Invalid("parentId must not be given together with root-level")
        return None
    if given in (None, ""):
        return home
    return call.content(id_number(given, "parentId", "Long"), kind="parent").id


async def _update(kind: str, call: Call) -> Response:
    content = call.content(call.number(), kind, kind=kind)
    sent = await call.object()
    _require(sent, content)
    allow_edit(call, content)
    version = inner(sent["version"])
    edit = Edit(
        by=call.viewer,
        number=whole(version.get("number")),
        title=text(sent["title"]),
        body=sent_body(call, sent),
        message=text(version.get("message")),
        minor=version.get("minorEdit") is True,
    )
    changed = _changed(call, content, edit, text(sent["status"]))
    if (
        kind == "page"
        and content.status != "trashed"
        and sent.get("parentId") not in (None, "", str(changed.parent))
    ):
        parent = call.content(id_number(sent["parentId"], "parentId", "Long"), kind="parent")
        if parent.id != changed.parent:
            call.store.tree.move_below(changed, parent)
    return JSONResponse(_stored(call, call.store.contents.get(content.id)))


def _require(sent: Json, content: Content) -> None:
    for key in ("id", "status", "title", "body", "version"):
        if sent.get(key) is None:
            raise Invalid(f"{key} is required")
    if text(sent["id"]) != str(content.id):
        raise Invalid("The id in the path and in the body must be the same")
    if whole(inner(sent["version"]).get("number")) is None:
        raise Invalid("version.number is required")
    if "spaceId" in sent and text(sent["spaceId"]) != str(content.space):
        raise Invalid("A page cannot be moved to another space by an update")


def _changed(call: Call, content: Content, edit: Edit, status: str) -> Content:
    match content.status, status:
        case "draft", "current":
            return call.store.contents.publish(content.id, edit)
        case "draft", "draft":
            return call.store.contents.edit_draft(content.id, edit)
        case "trashed", "current":
            return call.store.life.restore(content, edit.number, edit.by)
        case "current", "current":
            return call.store.contents.update(content.id, edit)
        case "current", "draft":
            call.store.contents.save_draft(content.id, edit)
            return content
        case _:
            raise Invalid(f"Content with status {content.status} cannot be updated to {status}")


def _stored(call: Call, content: Content) -> v2.Wire:
    """The answer to a write shows what was stored, whatever format was asked for."""
    return single(call, content) | {"body": v2.storage(call.store.contents.body(content.id))}


async def _retitle(kind: str, call: Call) -> Response:
    content = call.content(call.number(), kind, kind=kind)
    sent = await call.object()
    allow_edit(call, content)
    edit = Edit(by=call.viewer, title=text(sent.get("title")))
    changed = (
        call.store.contents.edit_draft(content.id, edit)
        if content.status == "draft"
        else call.store.contents.update(content.id, edit)
    )
    return JSONResponse(single(call, changed))


async def _delete(kind: str, call: Call) -> Response:
    try:
        content = call.content(call.number(), kind, kind=kind)
    except Missing as error:
        if call.flag("purge") and call.store.database.was_used(call.number()):
            raise Stumbled("Internal Server Error") from error
        raise
    allow_edit(call, content)
    if call.flag("draft"):
        if content.status == "draft":
            call.store.life.purge(content)
        else:
            call.store.contents.discard_draft(content.id)
    elif call.flag("purge"):
        if content.status != "trashed":
            raise Invalid("Content must be in the trash before it can be purged")
        call.store.life.purge(content)
    else:
        call.store.life.trash(content)
    return Response(status_code=204)


# -------------------------------------------------------------------------------------------- the rest


async def _labels(kind: str, call: Call) -> Response:
    content = call.content(call.number(), kind, kind=kind)
    rows, following = cursor.window(call).cut(call.store.labels.of(content.id, call.query("prefix") or None))
    return cursor.envelope(call, [v2.label(row) for row in rows], following)
