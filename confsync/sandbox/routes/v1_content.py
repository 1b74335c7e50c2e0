"""REST v1: content itself, as the API had it before v2 and Data Center still has it."""

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from confsync.sandbox.call import Call, Json, id_number, inner, items, route, text, whole
from confsync.sandbox.refusals import Invalid, Missing
from confsync.sandbox.routes.v1_labels import sent_labels
from confsync.sandbox.routes.v2_shapes import allow_edit
from confsync.sandbox.rows import TREE_TYPES, Content
from confsync.sandbox.store.comments import Selection
from confsync.sandbox.store.contents import Edit, New
from confsync.sandbox.store.listing import Filter
from confsync.sandbox.wire import v1
from confsync.sandbox.wire.bodies import sent_body

_WRITTEN = "space,history,version,ancestors,body.storage,container"
_NOT_BY_LIST = ("folder", "whiteboard", "database", "embed")


def routes() -> list[BaseRoute]:
    """List, create, read, update, delete."""
    return [
        route("/rest/api/content", _list),
        route("/rest/api/content", _create, "POST"),
        route("/rest/api/content/blueprint/instance/{id}", _publish, "PUT", "POST"),
        route("/rest/api/content/{id}", _read),
        route("/rest/api/content/{id}", _update, "PUT"),
        route("/rest/api/content/{id}", _delete, "DELETE"),
        route("/rest/api/space/{key}/content", _of_space),
        route("/rest/api/space/{key}/content/{type}", _of_space_typed),
    ]


# -------------------------------------------------------------------------------------------- listing


async def _list(call: Call) -> Response:
    kind = call.query("type", "page")
    if kind in _NOT_BY_LIST:
        return JSONResponse({"statusCode": 501, "message": f"Cannot fetch {kind}s with ContentFinder"}, 501)
    key = call.query("spaceKey")
    spaces = [call.store.spaces.by_key(key).id] if key else []
    return JSONResponse(_listed(call, kind, spaces))


def _listed(call: Call, kind: str, spaces: list[int], *, root: bool = False) -> v1.Wire:
    start, limit = v1.paging(call)
    order = call.query("orderby")
    wanted = Filter(
        types=[kind],
        statuses=_statuses(call),
        spaces=spaces,
        title=call.query("title") if "title" in call.request.query_params else None,
        day=call.query("postingDay") or None,
        hidden=call.store.restrictions.hidden_from(call.viewer),
        drafts_of=call.viewer,
        root=root,
        ids=[id_number(i, "ids") for i in call.queries("ids")],
    )
    sort = "created-date" if order.startswith("history.createdDate") else "id"
    rows = call.store.listings.slice(
        wanted, sort=f"-{sort}" if order.endswith("desc") else sort, start=start, limit=limit + 1
    )
    shape, expand = v1.Shape(call), v1.expanded(call)
    shown = [shape.content(content, expand) for content in rows[:limit]]
    return shape.listed(shown, start=start, limit=limit, more=len(rows) > limit > 0)


def _statuses(call: Call) -> list[str]:
    asked = call.queries("status") or ["current"]
    return ["current", "trashed"] if "any" in asked else asked


async def _of_space(call: Call) -> Response:
    space = call.store.spaces.by_key(call.path("key"))
    root = call.query("depth") == "root"
    lists = {kind: _listed(call, kind, [space.id], root=root) for kind in ("page", "blogpost")}
    return JSONResponse({**lists, "_links": v1.Shape(call).self_link(f"space/{space.key}/content")})


async def _of_space_typed(call: Call) -> Response:
    space = call.store.spaces.by_key(call.path("key"))
    return JSONResponse(_listed(call, call.path("type"), [space.id], root=call.query("depth") == "root"))


# ---------------------------------------------------------------------------------------------- single


async def _read(call: Call) -> Response:
    content = call.content(call.number(kind="ContentId"))
    asked = _statuses(call)
    number = call.integer("version", 0) or None
    if number == content.version.number and "historical" not in asked:
        number = None
    hidden = content.status not in asked and (content.type in TREE_TYPES or content.status == "trashed")
    if number is None and hidden and "any" not in call.queries("status"):
        raise Missing("content", str(content.id))
    shape = v1.Shape(call)
    return JSONResponse(
        shape.outer(shape.content(content, v1.expanded(call, "space,history,version"), number=number))
    )


async def _create(call: Call) -> Response:
    sent = await call.object()
    kind = text(sent.get("type")) or "page"
    status = call.query("status") or text(sent.get("status")) or "current"
    if kind == "comment":
        return _written(call, _comment(call, sent))
    if sent.get("id") not in (None, "") and status == "current":
        return _written(call, _published(call, sent))
    kinds = ("page", "blogpost") if call.data_center else ("page", "blogpost", "folder")
    if kind not in kinds:
        raise Invalid(f"Unsupported content type: {kind}")
    space = _space(call, sent)
    ancestors = items(sent.get("ancestors"))
    parent = id_number(inner(ancestors[-1]).get("id"), "ancestors") if ancestors else space[1]
    with call.store.database.write():
        made = call.store.contents.create(
            New(
                type=kind,
                space=space[0],
                title=text(sent.get("title")),
                author=call.viewer,
                body=sent_body(call, sent) or "",
                parent=None if kind == "blogpost" else parent,
                status=status,
                message=text(inner(sent.get("version")).get("message")),
            )
        )
        _metadata(call, made, sent)
    return _written(call, made)


def _space(call: Call, sent: Json) -> tuple[int, int | None]:
    key = text(inner(sent.get("space")).get("key"))
    if not key:
        raise Invalid("Space is required")
    space = call.store.spaces.by_key(key)
    # Without a parent, Cloud puts a page below the home page, Data Center beside it.
    return space.id, None if call.data_center else space.homepage


def _published(call: Call, sent: Json) -> Content:
    draft = call.content(id_number(sent["id"]))
    return call.store.contents.publish(
        draft.id, Edit(call.viewer, title=text(sent.get("title")) or None, body=sent_body(call, sent))
    )


async def _publish(call: Call) -> Response:
    """Publish a draft under its own id."""
    draft = call.content(call.number(kind="ContentId"))
    if draft.status != "draft":
        raise Missing("content", str(draft.id))
    sent = await call.object()
    with call.store.database.write():
        made = _published(call, {**sent, "id": draft.id})
        _reparent(call, made, sent)
    return _written(call, call.store.contents.get(made.id))


def _comment(call: Call, sent: Json) -> Content:
    body = sent_body(call, sent) or ""
    ancestors = items(sent.get("ancestors"))
    if ancestors:
        answered = call.content(id_number(inner(ancestors[-1]).get("id"), "ancestors"), "comment")
        return call.store.comments.reply(answered, body, call.viewer)
    container = call.content(
        id_number(inner(sent.get("container")).get("id"), "container"), "page", "blogpost"
    )
    extensions = inner(sent.get("extensions"))
    chosen = text(inner(extensions.get("inlineProperties")).get("originalSelection"))
    inline = text(extensions.get("location")) == "inline" and chosen
    return call.store.comments.add(
        container, body, call.viewer, selection=Selection(chosen) if inline else None
    )


def _metadata(call: Call, content: Content, sent: Json) -> None:
    metadata = inner(sent.get("metadata"))
    for key, said in inner(metadata.get("properties")).items():
        if not call.store.properties.of("content", content.id, key):
            call.store.properties.create("content", content.id, key, inner(said).get("value"), call.viewer)
    labels = metadata.get("labels")
    if isinstance(labels, list):
        call.store.labels.replace(content.id, sent_labels(labels) if labels else [])


async def _update(call: Call) -> Response:
    content = call.content(call.number(kind="ContentId"))
    sent = await call.object()
    allow_edit(call, content)
    version = inner(sent.get("version"))
    number = whole(version.get("number"))
    if number is None:
        raise Invalid("version.number is required")
    edit = Edit(
        by=call.viewer,
        number=number,
        title=text(sent.get("title")) or None,
        body=sent_body(call, sent),
        message=text(version.get("message")),
        minor=version.get("minorEdit") is True,
    )
    status = call.query("status") or text(sent.get("status")) or "current"
    with call.store.database.write():
        changed = _changed(call, content, edit, status)
        if changed is not None and content.status != "trashed":
            _reparent(call, changed, sent)
            _metadata(call, changed, sent)
    return _written(call, call.store.contents.get(content.id))


def _changed(call: Call, content: Content, edit: Edit, status: str) -> Content | None:
    match content.status, status:
        case "trashed", "current":
            return call.store.life.restore(content, edit.number, edit.by)
        case "draft", "current":
            return call.store.contents.publish(content.id, edit)
        case "draft", "draft":
            return call.store.contents.edit_draft(content.id, edit)
        case "current", "draft":
            call.store.contents.save_draft(content.id, edit)
            return None
        case "current", "current":
            return call.store.contents.update(content.id, edit)
        case _:
            raise Invalid(f"Content with status {content.status} cannot be updated to {status}")


def _reparent(call: Call, content: Content, sent: Json) -> None:
    ancestors = items(sent.get("ancestors"))
    if not ancestors or content.type not in TREE_TYPES:
        return
    parent = call.content(id_number(inner(ancestors[-1]).get("id"), "ancestors"), kind="parent")
    if parent.id != content.parent:
        call.store.tree.move_below(content, parent)


def _written(call: Call, content: Content) -> Response:
    shape = v1.Shape(call)
    return JSONResponse(shape.outer(shape.content(content, v1.expanded(call, _WRITTEN))))


async def _delete(call: Call) -> Response:
    content = call.content(call.number(kind="ContentId"))
    allow_edit(call, content)
    status = call.query("status", "current")
    if content.type == "comment" or (status == content.status and status in ("trashed", "draft")):
        call.store.life.purge(content)
    elif status == "draft":
        call.store.contents.discard_draft(content.id)
    elif content.status in ("current", "archived"):
        call.store.life.trash(content)
    else:
        raise Missing("content", str(content.id))
    return Response(status_code=204)
