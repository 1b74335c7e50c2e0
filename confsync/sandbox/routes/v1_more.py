"""REST v1: versions, properties, spaces, users, archive, long tasks, conversion."""

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from confsync.sandbox.call import Call, Json, id_number, inner, items, route, text, whole
from confsync.sandbox.refusals import Invalid, Missing
from confsync.sandbox.render import rendered
from confsync.sandbox.routes.v2_spaces import make_space
from confsync.sandbox.rows import Content, PropertyRow
from confsync.sandbox.wire import v1

_VERSION_LIMIT = 200
_PROPERTY_LIMIT = 10


def routes() -> list[BaseRoute]:
    """What stands around content in v1."""
    one = "/rest/api/content/{id}"
    return [
        route(f"{one}/history", _history),
        *(route(f"{root}/version", _versions) for root in (one, "/rest/experimental/content/{id}")),
        *(route(f"{root}/version/{{number}}", _version) for root in (one, "/rest/experimental/content/{id}")),
        route(f"{one}/version", _restore, "POST"),
        route(f"{one}/version/{{number}}", _remove_version, "DELETE"),
        route(f"{one}/property", _properties),
        route(f"{one}/property", _create_property, "POST"),
        route(f"{one}/property/{{key}}", _property),
        route(f"{one}/property/{{key}}", _create_property, "POST"),
        route(f"{one}/property/{{key}}", _put_property, "PUT"),
        route(f"{one}/property/{{key}}", _delete_property, "DELETE"),
        route("/rest/api/content/archive", _archive, "POST"),
        route("/rest/api/longtask/{task}", _task),
        route("/rest/api/space", _spaces),
        route("/rest/api/space", _create_space, "POST"),
        route("/rest/api/space/{key}", _space),
        route("/rest/api/space/{key}", _update_space, "PUT"),
        route("/rest/api/space/{key}", _delete_space, "DELETE"),
        route("/rest/api/user", _user),
        route("/rest/api/user/current", _me),
        route("/rest/api/user/anonymous", _anonymous),
        route("/rest/api/user/bulk", _users),
        route("/rest/api/contentbody/convert/{to}", _convert, "POST"),
    ]


def _content(call: Call) -> Content:
    return call.content(call.number(kind="ContentId"))


# ------------------------------------------------------------------------------------------- versions


async def _history(call: Call) -> Response:
    shape = v1.Shape(call)
    expand = v1.expanded(call, "previousVersion,nextVersion,lastUpdated")
    return JSONResponse(shape.outer(shape.history(_content(call), expand)))


async def _versions(call: Call) -> Response:
    content = _content(call)
    start, limit = v1.paging(call, _VERSION_LIMIT)
    rows = call.store.contents.versions(content.id)
    shown = [_version_row(call, content, row.number) for row in rows[start : start + limit]]
    return v1.Shape(call).rows(shown, start=start, limit=limit, more=len(rows) > start + limit)


def _version_row(call: Call, content: Content, number: int) -> v1.Wire:
    shape, expand = v1.Shape(call), v1.expanded(call)
    said = shape.version(call.store.contents.version(content.id, number), content)
    if "content" in expand:
        old = number if number != content.version.number else None
        said["content"] = shape.content(content, expand["content"], number=old)
        said["_expandable"] = {"collaborators": ""}
    return said


async def _version(call: Call) -> Response:
    return JSONResponse(v1.Shape(call).outer(_version_row(call, _content(call), call.number("number"))))


async def _restore(call: Call) -> Response:
    content = _content(call)
    sent = await call.object()
    wanted = inner(sent.get("params"))
    number = whole(wanted.get("versionNumber"))
    if text(sent.get("operationKey")) != "restore" or number is None:
        raise Invalid("operationKey restore and params.versionNumber are required")
    changed = call.store.contents.restore_version(
        content.id,
        number,
        by=call.viewer,
        message=text(wanted.get("message")),
        with_title=wanted.get("restoreTitle") is True,
    )
    return JSONResponse(_version_row(call, changed, changed.version.number))


async def _remove_version(call: Call) -> Response:
    call.store.contents.remove_version(_content(call).id, call.number("number"))
    return Response(status_code=204)


# ----------------------------------------------------------------------------------------- properties


async def _properties(call: Call) -> Response:
    content = _content(call)
    start, limit = v1.paging(call, _PROPERTY_LIMIT)
    rows = call.store.properties.of("content", content.id, call.query("key") or None)
    shape = v1.Shape(call)
    shown = [shape.prop(row) for row in rows[start : start + limit]]
    return shape.rows(shown, start=start, limit=limit, more=len(rows) > start + limit)


def _one(call: Call) -> PropertyRow:
    return call.store.properties.by_key("content", _content(call).id, call.path("key"))


async def _property(call: Call) -> Response:
    shape = v1.Shape(call)
    return JSONResponse(shape.outer(shape.prop(_one(call))))


async def _create_property(call: Call) -> Response:
    return _made_property(call, _content(call), await call.object())


def _made_property(call: Call, content: Content, sent: Json) -> Response:
    key = str(call.request.path_params.get("key", "")) or text(sent.get("key"))
    made = call.store.properties.create("content", content.id, key, sent.get("value"), call.viewer)
    return JSONResponse(v1.Shape(call).prop(made))


async def _put_property(call: Call) -> Response:
    content = _content(call)
    sent = await call.object()
    number = whole(inner(sent.get("version")).get("number"))
    found = call.store.properties.of("content", content.id, call.path("key"))
    if not found:
        if number != 1:
            raise Missing("property", call.path("key"))
        return _made_property(call, content, sent)
    changed = call.store.properties.update(found[0], sent.get("value"), number=number, by=call.viewer)
    return JSONResponse(v1.Shape(call).prop(changed))


async def _delete_property(call: Call) -> Response:
    call.store.properties.delete(_one(call))
    return Response(status_code=204)


# --------------------------------------------------------------------------------------------- the rest


async def _archive(call: Call) -> Response:
    sent = await call.object()
    pages = [
        call.content(id_number(inner(one).get("id"), "pages"), "page") for one in items(sent.get("pages"))
    ]
    if not pages:
        raise Invalid("pages is required")
    with call.store.database.write():
        for page in pages:
            call.store.life.archive(page)
    return started(call, "com.atlassian.confluence.pages.archive")


def started(call: Call, name: str) -> Response:
    """The answer to work that the real service does later; here it is done already."""
    task = call.store.tasks.finished(name)
    return JSONResponse({"id": task, "links": {"status": f"/rest/api/longtask/{task}"}}, 202)


async def _task(call: Call) -> Response:
    task = call.store.tasks.get(call.path("task"))
    shape = v1.Shape(call)
    said: v1.Wire = {
        "id": task.id,
        "name": {"key": task.name, "args": []},
        "elapsedTime": 1,
        "percentageComplete": 100,
        "successful": True,
        "finished": True,
        "status": "Complete",
        "messages": [{"translation": "Complete", "args": []}],
        "errors": [],
        "additionalDetails": {},
        "_links": shape.self_link(f"longtask/{task.id}"),
    }
    return JSONResponse(shape.outer(said, "/rest/api/longtask"))


async def _spaces(call: Call) -> Response:
    start, limit = v1.paging(call)
    keys, ids = call.queries("spaceKey"), [id_number(i, "spaceId") for i in call.queries("spaceId")]
    rows = [
        space
        for space in call.store.spaces.all(ids=ids or None, keys=keys or None)
        if call.query("type") in ("", space.type) and call.query("status") in ("", space.status)
    ]
    shape, expand = v1.Shape(call), v1.expanded(call)
    shown = [shape.space(space, expand) for space in rows[start : start + limit]]
    return shape.rows(shown, start=start, limit=limit, more=len(rows) > start + limit)


async def _space(call: Call) -> Response:
    shape = v1.Shape(call)
    said = shape.space(call.store.spaces.by_key(call.path("key")), v1.expanded(call))
    return JSONResponse(shape.outer(said, "/rest/api/space"))


async def _create_space(call: Call) -> Response:
    sent = await call.object()
    description = text(inner(inner(sent.get("description")).get("plain")).get("value"))
    made = make_space(call, text(sent.get("key")), text(sent.get("name")), description)
    shape = v1.Shape(call)
    return JSONResponse(
        shape.outer(shape.space(made, v1.expanded(call, "homepage,description.plain")), "/rest/api/space")
    )


async def _update_space(call: Call) -> Response:
    space = call.store.spaces.by_key(call.path("key"))
    sent = await call.object()
    home = inner(sent.get("homepage")).get("id")
    if home is not None:
        call.store.spaces.set_homepage(space.id, call.content(id_number(home, "homepage"), "page").id)
    description = inner(inner(sent.get("description")).get("plain")).get("value")
    changed = call.store.spaces.describe(
        space.id,
        name=text(sent.get("name")) or None,
        description=None if description is None else text(description),
    )
    return JSONResponse(v1.Shape(call).space(changed, v1.expanded(call, "homepage,description.plain")))


async def _delete_space(call: Call) -> Response:
    space = call.store.spaces.by_key(call.path("key"))
    with call.store.database.write():
        call.store.life.purge_space(space.id)
    return started(call, "com.atlassian.confluence.spaces.remove")


async def _user(call: Call) -> Response:
    account = call.query("accountId")
    for person in call.store.people.all():
        if account == person.account_id or (not account and _names(call, person.username, person.user_key)):
            shape = v1.Shape(call)
            return JSONResponse(shape.outer(shape.user(person), "/rest/api/user"))
    raise Missing("user", account or call.query("username") or call.query("key"))


def _names(call: Call, username: str, user_key: str) -> bool:
    return call.query("username") == username or call.query("key") == user_key


async def _me(call: Call) -> Response:
    shape = v1.Shape(call)
    return JSONResponse(shape.outer(shape.user(call.store.people.get(call.viewer)), "/rest/api/user"))


async def _anonymous(call: Call) -> Response:
    picture = {"path": "/wiki/aa-avatar/default", "width": 48, "height": 48, "isDefault": True}
    said: v1.Wire = {"type": "anonymous", "displayName": "Anonymous", "profilePicture": picture}
    said["_links"] = {"self": f"{call.base}/rest/api/user/anonymous"}
    return JSONResponse(v1.Shape(call).outer(said, "/rest/api/user"))


async def _users(call: Call) -> Response:
    shape = v1.Shape(call)
    asked = call.queries("accountId")[:100]
    rows = [shape.user(person) for person in call.store.people.many(asked)]
    return shape.rows(rows, start=0, limit=100, more=False)


async def _convert(call: Call) -> Response:
    sent = await call.object()
    given, wanted = text(sent.get("representation")) or "storage", call.path("to")
    if given not in ("storage", "editor") or wanted not in (
        "storage",
        "editor",
        "view",
        "export_view",
        "styled_view",
    ):
        raise Invalid(f"Content body cannot be converted from {given} to {wanted}")
    value = call.store.contents.saved(text(sent.get("value")), 0)
    shown = value if wanted in ("storage", "editor") else rendered(value, call.base)
    return JSONResponse({"value": shown, "representation": wanted, "_expandable": {}})
