"""REST v1: spaces."""

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from confsync.sandbox.call import Call, id_number, inner, route, text
from confsync.sandbox.routes.v1_longtasks import started
from confsync.sandbox.routes.v2_spaces import make_space
from confsync.sandbox.wire import v1


def routes() -> list[BaseRoute]:
    """Spaces, made, described, archived, deleted."""
    one = "/rest/api/space/{key}"
    return [
        route("/rest/api/space", _list),
        route("/rest/api/space", _create, "POST"),
        route("/rest/api/space/_private", _create_private, "POST"),
        route(one, _read),
        route(one, _update, "PUT"),
        route(one, _delete, "DELETE"),
        route(f"{one}/settings", _settings),
    ]


async def _list(call: Call) -> Response:
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


async def _read(call: Call) -> Response:
    shape = v1.Shape(call)
    said = shape.space(call.store.spaces.by_key(call.path("key")), v1.expanded(call))
    return JSONResponse(shape.outer(said, "/rest/api/space"))


async def _create(call: Call) -> Response:
    sent = await call.object()
    description = text(inner(inner(sent.get("description")).get("plain")).get("value"))
    made = make_space(call, text(sent.get("key")), text(sent.get("name")), description)
    shape = v1.Shape(call)
    return JSONResponse(
        shape.outer(shape.space(made, v1.expanded(call, "homepage,description.plain")), "/rest/api/space")
    )


async def _create_private(call: Call) -> Response:
    """A private space differs by its permissions alone, and those are everybody's here."""
    return await _create(call)


async def _update(call: Call) -> Response:
    space = call.store.spaces.by_key(call.path("key"))
    call.administer(space)
    sent = await call.object()
    home = inner(sent.get("homepage")).get("id")
    if home is not None:
        call.store.spaces.set_homepage(space.id, call.content(id_number(home, "homepage"), "page").id)
    description = inner(inner(sent.get("description")).get("plain")).get("value")
    changed = call.store.spaces.describe(
        space.id,
        name=text(sent.get("name")) or None,
        description=None if description is None else text(description),
        status=text(sent.get("status")).lower() or None,
    )
    return JSONResponse(v1.Shape(call).space(changed, v1.expanded(call, "homepage,description.plain")))


async def _delete(call: Call) -> Response:
    space = call.store.spaces.by_key(call.path("key"))
    call.administer(space)
    with call.store.database.write():
        call.store.life.purge_space(space.id)
    return started(call, "com.atlassian.confluence.spaces.remove")


async def _settings(call: Call) -> Response:
    space = call.store.spaces.by_key(call.path("key"))
    links = {"base": call.base, "context": call.context}
    editor = {"page": "v2", "blogpost": "v2", "default": "v2"}
    return JSONResponse(
        {"routeOverrideEnabled": False, "editor": editor, "spaceKey": space.key, "_links": links}
    )
