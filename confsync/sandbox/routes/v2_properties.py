"""REST v2: properties of content and spaces. Here they are addressed by id; a key works too."""

import json
from functools import partial

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from confsync.sandbox.call import Call, inner, route, text, whole
from confsync.sandbox.refusals import Invalid
from confsync.sandbox.rows import PropertyRow
from confsync.sandbox.wire import cursor, v2

_ROOTS = (
    ("pages", "page"),
    ("blogposts", "blogpost"),
    ("attachments", "attachment"),
    ("folders", "folder"),
    ("whiteboards", "whiteboard"),
    ("databases", "database"),
    ("embeds", "embed"),
    ("comments", "comment"),
    ("spaces", "space"),
)


def routes() -> list[BaseRoute]:
    """The same five routes for all that has properties."""
    found: list[BaseRoute] = []
    for root, kind in _ROOTS:
        base = f"/api/v2/{root}/{{id}}/properties"
        found += [
            route(base, partial(_list, kind)),
            route(base, partial(_create, kind), "POST"),
            route(f"{base}/{{property}}", partial(_read, kind)),
            route(f"{base}/{{property}}", partial(_update, kind), "PUT"),
            route(f"{base}/{{property}}", partial(_delete, kind), "DELETE"),
        ]
    return found


def _owner(kind: str, call: Call) -> tuple[str, int]:
    if kind == "space":
        return "space", call.store.spaces.get(call.number()).id
    return "content", call.content(call.number(), kind, kind=kind).id


def _one(kind: str, call: Call) -> PropertyRow:
    owner = _owner(kind, call)
    raw = call.path("property")
    if raw.isdigit():
        return call.store.properties.get(*owner, int(raw))
    return call.store.properties.by_key(*owner, raw)


async def _list(kind: str, call: Call) -> Response:
    rows, following = cursor.window(call).cut(
        call.store.properties.of(*_owner(kind, call), call.query("key") or None)
    )
    return cursor.envelope(call, [shape(row) for row in rows], following)


async def _create(kind: str, call: Call) -> Response:
    owner = _owner(kind, call)
    sent = await call.object()
    if "value" not in sent:
        raise Invalid("value is required")
    made = call.store.properties.create(*owner, text(sent.get("key")), sent["value"], call.viewer)
    return JSONResponse(shape(made), 201 if kind == "space" else 200)


async def _read(kind: str, call: Call) -> Response:
    return JSONResponse(shape(_one(kind, call)))


async def _update(kind: str, call: Call) -> Response:
    row = _one(kind, call)
    sent = await call.object()
    version = inner(sent.get("version"))
    if text(sent.get("key")) not in ("", row.key):
        raise Invalid("The key of a property cannot be changed")
    changed = call.store.properties.update(
        row,
        sent.get("value"),
        number=whole(version.get("number")),
        by=call.viewer,
        message=text(version.get("message")),
    )
    return JSONResponse(shape(changed))


async def _delete(kind: str, call: Call) -> Response:
    call.store.properties.delete(_one(kind, call))
    return Response(status_code=204)


def shape(row: PropertyRow) -> v2.Wire:
    """Schema ContentProperty."""
    return v2.prop(row, json.loads(row.value))
