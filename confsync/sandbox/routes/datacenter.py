"""What only Data Center has, and what it lacks of the routes it shares with Cloud."""

from collections.abc import Iterable

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from confsync.sandbox.call import Call, route
from confsync.sandbox.store.listing import Filter
from confsync.sandbox.wire import v1

_CONTENT = "/rest/api/content/{id}"
_ATTACHMENT = f"{_CONTENT}/child/attachment"
_CLOUD_ONLY = {
    (f"{_CONTENT}/move/{{position}}/{{target}}", "PUT"),
    (f"{_CONTENT}/version", "GET"),
    (f"{_CONTENT}/version", "POST"),
    (f"{_CONTENT}/version/{{number}}", "GET"),
    (f"{_CONTENT}/copy", "POST"),
    (f"{_CONTENT}/pagehierarchy/copy", "POST"),
    (f"{_CONTENT}/state", "GET"),
    (f"{_CONTENT}/state", "PUT"),
    (f"{_CONTENT}/state", "DELETE"),
    (f"{_CONTENT}/pageTree", "DELETE"),
    (f"{_CONTENT}/restriction", "POST"),
    (f"{_CONTENT}/restriction", "DELETE"),
    (f"{_CONTENT}/permission/check", "POST"),
    (_ATTACHMENT, "PUT"),
    (f"{_ATTACHMENT}/{{attachment}}/download", "GET"),
    ("/rest/api/content/archive", "POST"),
    ("/rest/api/search/user", "GET"),
    ("/rest/api/user/bulk", "GET"),
    ("/_edge/tenant_info", "GET"),
}


def routes() -> list[BaseRoute]:
    """Scanning content, users by name and key, the trash, and what the server is."""
    return [
        route("/rest/api/content/scan", _scan),
        route("/rest/api/user/list", _users),
        route("/rest/api/server-information", _server),
        route("/rest/api/accessmode", _access),
        route("/rest/api/space/{key}/trash", _trash),
    ]


def without_cloud(given: Iterable[BaseRoute]) -> list[BaseRoute]:
    """The routes that Data Center has, too."""
    return [one for one in given if not (isinstance(one, Route) and _is_cloud_only(one))]


def _is_cloud_only(one: Route) -> bool:
    return any((one.path, method) in _CLOUD_ONLY for method in one.methods or ())


async def _scan(call: Call) -> Response:
    """All content of a kind, by cursor: `content:false:ID`, the last id seen."""
    last = call.query("cursor").rpartition(":")[2]
    wanted = Filter(
        types=[call.query("type", "page")],
        statuses=["current"],
        spaces=[call.store.spaces.by_key(call.query("spaceKey")).id] if call.query("spaceKey") else [],
        hidden=call.store.restrictions.hidden_from(call.viewer),
    )
    _, limit = v1.paging(call)
    seen = int(last) if last.isdigit() else 0
    everything = call.store.listings.slice(wanted, sort="id", start=0, limit=1_000_000)
    rows = [c for c in everything if c.id > seen][: limit + 1]
    shape, expand = v1.Shape(call), v1.expanded(call)
    said: v1.Wire = {
        "results": [shape.content(c, expand) for c in rows[:limit]],
        "cursor": call.query("cursor"),
        "limit": limit,
        "size": len(rows[:limit]),
        "_links": {"base": call.base, "context": call.context},
    }
    if len(rows) > limit:
        said["nextCursor"] = f"content:false:{rows[limit - 1].id}"
    return JSONResponse(said)


async def _users(call: Call) -> Response:
    return _people(call, 100)


def _people(call: Call, most: int) -> Response:
    start, limit = v1.paging(call, most, most)
    shape = v1.Shape(call)
    rows = call.store.people.all()
    shown = [shape.user(person) for person in rows[start : start + limit]]
    return shape.rows(shown, start=start, limit=limit, more=len(rows) > start + limit)


async def _trash(call: Call) -> Response:
    space = call.store.spaces.by_key(call.path("key"))
    start, limit = v1.paging(call)
    wanted = Filter(types=["page", "blogpost"], statuses=["trashed"], spaces=[space.id])
    rows = call.store.listings.slice(wanted, sort="id", start=start, limit=limit + 1)
    shape, expand = v1.Shape(call), v1.expanded(call)
    shown = [shape.content(c, expand) for c in rows[:limit]]
    return shape.rows(shown, start=start, limit=limit, more=len(rows) > limit)


async def _server(call: Call) -> Response:
    return JSONResponse({"version": "9.2.1", "buildNumber": "9111", "baseUrl": call.base})


async def _access(_call: Call) -> Response:
    return JSONResponse("READ_WRITE")
