"""REST v1: the state people give a page."""

import json

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from confsync.sandbox.call import Call, Json, inner, route, text, whole
from confsync.sandbox.refusals import Invalid
from confsync.sandbox.routes.v2_shapes import allow_edit
from confsync.sandbox.rows import Content
from confsync.sandbox.wire import v1

_STATE = "state"
_DEFAULT_COLOR = "#2684ff"
_OFFERED: tuple[Json, ...] = (
    {"id": 1, "name": "Rough draft", "color": "#ffc400"},
    {"id": 2, "name": "In progress", "color": "#2684ff"},
    {"id": 3, "name": "Ready for review", "color": "#57d9a3"},
    {"id": 4, "name": "Verified", "color": "#1d7afc"},
)
"""The states a space suggests."""


def routes() -> list[BaseRoute]:
    """States of content and of spaces."""
    one = "/rest/api/content/{id}/state"
    return [
        route(one, _read),
        route(one, _set, "PUT"),
        route(one, _remove, "DELETE"),
        route(f"{one}/available", _available),
        route("/rest/api/content-states", _own),
        route("/rest/api/space/{key}/state", _of_space),
        route("/rest/api/space/{key}/state/settings", _settings),
        route("/rest/api/space/{key}/state/content", _with_state),
    ]


def _content(call: Call) -> Content:
    return call.content(call.number(kind="ContentId"))


async def _read(call: Call) -> Response:
    return JSONResponse(_said(call, _content(call)))


def _said(call: Call, content: Content) -> Json:
    found = call.store.properties.of(_STATE, content.id)
    return {"contentState": json.loads(found[0].value), "lastUpdated": found[0].created} if found else {}


async def _set(call: Call) -> Response:
    content = _content(call)
    allow_edit(call, content)
    sent = await call.object()
    offered = next((one for one in _OFFERED if one["id"] == whole(sent.get("id"))), None)
    name = text(sent.get("name"))
    if offered is None and not name:
        raise Invalid("name is required")
    state = offered or {"id": content.id, "name": name, "color": text(sent.get("color")) or _DEFAULT_COLOR}
    _clear(call, content)
    call.store.properties.create(_STATE, content.id, _STATE, state, call.viewer)
    return JSONResponse(_said(call, content))


async def _remove(call: Call) -> Response:
    content = _content(call)
    allow_edit(call, content)
    _clear(call, content)
    return JSONResponse({})


def _clear(call: Call, content: Content) -> None:
    for row in call.store.properties.of(_STATE, content.id):
        call.store.properties.delete(row)


async def _available(call: Call) -> Response:
    _content(call)
    return JSONResponse({"spaceContentStates": list(_OFFERED), "customContentStates": _used(call)})


def _used(call: Call) -> list[object]:
    """The states somebody made up, each once."""
    rows = call.store.database.all("SELECT value FROM property WHERE owner_kind = ? ORDER BY id", _STATE)
    found: dict[str, object] = {}
    for state in (json.loads(row["value"]) for row in rows):
        if state not in _OFFERED:
            found.setdefault(str(inner(state).get("name")), state)
    return list(found.values())


async def _own(call: Call) -> Response:
    return JSONResponse(_used(call))


async def _of_space(call: Call) -> Response:
    call.store.spaces.by_key(call.path("key"))
    return JSONResponse(list(_OFFERED))


async def _settings(call: Call) -> Response:
    call.store.spaces.by_key(call.path("key"))
    allowed = ("contentStatesAllowed", "customContentStatesAllowed", "spaceContentStatesAllowed")
    return JSONResponse({**dict.fromkeys(allowed, True), "spaceContentStates": list(_OFFERED)})


async def _with_state(call: Call) -> Response:
    space = call.store.spaces.by_key(call.path("key"))
    start, limit = v1.paging(call)
    rows = call.store.database.all(
        "SELECT p.owner FROM property p JOIN content c ON c.id = p.owner "
        "WHERE owner_kind = ? AND c.space = ? AND c.status = 'current' AND json_extract(value, '$.id') = ? "
        "ORDER BY p.owner",
        _STATE,
        space.id,
        call.integer("state-id", 0),
    )
    hidden = call.store.restrictions.hidden_from(call.viewer)
    ids = [int(row["owner"]) for row in rows if row["owner"] not in hidden]
    shape, expand = v1.Shape(call), v1.expanded(call)
    shown = [shape.content(call.store.contents.get(i), expand) for i in ids[start : start + limit]]
    return shape.rows(shown, start=start, limit=limit, more=len(ids) > start + limit)
