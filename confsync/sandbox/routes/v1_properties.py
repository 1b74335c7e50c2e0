"""REST v1: properties of content and spaces, by key."""

from functools import partial

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from confsync.sandbox.call import Call, Json, inner, route, text, whole
from confsync.sandbox.refusals import Missing
from confsync.sandbox.rows import PropertyRow
from confsync.sandbox.wire import v1

_LIMIT = 10


def routes() -> list[BaseRoute]:
    """The same six routes for content and for spaces."""
    found: list[BaseRoute] = []
    for kind, base in (("content", "/rest/api/content/{id}"), ("space", "/rest/api/space/{space}")):
        one = f"{base}/property/{{key}}"
        found += [
            route(f"{base}/property", partial(_list, kind)),
            route(f"{base}/property", partial(_create, kind), "POST"),
            route(one, partial(_read, kind)),
            route(one, partial(_create, kind), "POST"),
            route(one, partial(_put, kind), "PUT"),
            route(one, partial(_delete, kind), "DELETE"),
        ]
    return found


def _owner(kind: str, call: Call) -> int:
    if kind == "space":
        return call.store.spaces.by_key(call.path("space")).id
    return call.content(call.number(kind="ContentId")).id


async def _list(kind: str, call: Call) -> Response:
    start, limit = v1.paging(call, _LIMIT)
    rows = call.store.properties.of(kind, _owner(kind, call), call.query("key") or None)
    shape = v1.Shape(call)
    shown = [shape.prop(row) for row in rows[start : start + limit]]
    return shape.rows(shown, start=start, limit=limit, more=len(rows) > start + limit)


def _one(kind: str, call: Call) -> PropertyRow:
    return call.store.properties.by_key(kind, _owner(kind, call), call.path("key"))


async def _read(kind: str, call: Call) -> Response:
    shape = v1.Shape(call)
    return JSONResponse(shape.outer(shape.prop(_one(kind, call))))


async def _create(kind: str, call: Call) -> Response:
    return _made(kind, call, await call.object())


def _made(kind: str, call: Call, sent: Json) -> Response:
    key = str(call.request.path_params.get("key", "")) or text(sent.get("key"))
    made = call.store.properties.create(kind, _owner(kind, call), key, sent.get("value"), call.viewer)
    return JSONResponse(v1.Shape(call).prop(made))


async def _put(kind: str, call: Call) -> Response:
    sent = await call.object()
    number = whole(inner(sent.get("version")).get("number"))
    found = call.store.properties.of(kind, _owner(kind, call), call.path("key"))
    if not found:
        if number not in (None, 1):
            raise Missing("property", call.path("key"))
        return _made(kind, call, sent)
    changed = call.store.properties.update(found[0], sent.get("value"), number=number, by=call.viewer)
    return JSONResponse(v1.Shape(call).prop(changed))


async def _delete(kind: str, call: Call) -> Response:
    call.store.properties.delete(_one(kind, call))
    return Response(status_code=204)
