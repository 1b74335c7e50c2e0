"""Data Center alone: labels of the site, spaces put away, users by list, what the server is."""

from collections.abc import Sequence
from functools import partial

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from confsync.sandbox.call import Call, route
from confsync.sandbox.refusals import Missing
from confsync.sandbox.routes.dc_content import scanned
from confsync.sandbox.rows import LabelRow
from confsync.sandbox.store.listing import Filter
from confsync.sandbox.wire import v1

_USERS = 100
_LABELS = 200
_TRASHED = ("page", "blogpost")


def routes() -> list[BaseRoute]:
    """What stands beside content on Data Center and not on Cloud."""
    space = "/rest/api/space/{key}"
    found: list[BaseRoute] = [
        route("/rest/api/user/list", _users),
        route("/rest/api/user/{username}/group/{group}", _join, "PUT"),
        route("/rest/api/user/{username}/group/{group}", _leave, "DELETE"),
        route("/rest/api/server-information", _server),
        route("/rest/api/accessmode", _access),
        route("/rest/api/label/labels", _named),
        route("/rest/api/label/{label}/related", _related),
        route(f"{space}/labels/{{label}}/related", _related),
        route(f"{space}/category/{{label}}", _categorise, "POST"),
        route(f"{space}/category/{{label}}", _uncategorise, "DELETE"),
        route(f"{space}/archive", partial(_status, "archived"), "PUT"),
        route(f"{space}/restore", partial(_status, "current"), "PUT"),
        route(f"{space}/trash", _trash),
        route(f"{space}/trash", _empty_trash, "DELETE"),
    ]
    for order in ("popular", "recent"):
        found += [
            route(f"/rest/api/label/{order}", partial(_ordered, order)),
            route(f"{space}/labels/{order}", partial(_ordered, order)),
        ]
    return found


# ----------------------------------------------------------------------------------------------- people


async def _users(call: Call) -> Response:
    start, limit = v1.paging(call, _USERS, _USERS)
    shape = v1.Shape(call)
    rows = call.store.people.all()
    shown = [shape.user(person) for person in rows[start : start + limit]]
    return shape.rows(shown, start=start, limit=limit, more=len(rows) > start + limit)


async def _join(call: Call) -> Response:
    person = call.store.people.by_username(call.path("username"))
    call.store.groups.join(call.store.groups.get(call.path("group")), person.account_id)
    return Response(status_code=204)


async def _leave(call: Call) -> Response:
    person = call.store.people.by_username(call.path("username"))
    call.store.groups.leave(call.store.groups.get(call.path("group")), person.account_id)
    return Response(status_code=204)


# ----------------------------------------------------------------------------------------------- labels


def _labels(call: Call, rows: Sequence[LabelRow]) -> Response:
    start, limit = v1.paging(call, _LABELS)
    shown = [v1.label(row) for row in rows[start : start + limit]]
    return v1.Shape(call).rows(shown, start=start, limit=limit, more=len(rows) > start + limit)


def _space(call: Call) -> int | None:
    key = call.request.path_params.get("key") or call.query("spaceKey")
    return call.store.spaces.by_key(str(key)).id if key else None


def _in_reach(call: Call) -> list[LabelRow]:
    """The labels of the space asked about, or of the whole site."""
    space = _space(call)
    return call.store.labels.all() if space is None else call.store.labels.in_space(space)


async def _named(call: Call) -> Response:
    wanted, prefix = call.query("labelName"), call.query("namespace")
    rows = [row for row in _in_reach(call) if wanted in ("", row.name) and prefix in ("", row.prefix)]
    return _labels(call, rows)


async def _ordered(order: str, call: Call) -> Response:
    counts = call.store.labels.counts()
    rows = sorted(_in_reach(call), key=lambda row: -(counts[row.id] if order == "popular" else row.id))
    return _labels(call, rows)


async def _related(call: Call) -> Response:
    label = call.store.labels.named(call.path("label"))
    related = call.store.labels.beside(label.id)
    return _labels(call, [row for row in _in_reach(call) if row.id in related])


async def _categorise(call: Call) -> Response:
    call.store.labels.add(_space(call) or 0, [("team", call.path("label"))])
    return Response(status_code=204)


async def _uncategorise(call: Call) -> Response:
    call.store.labels.remove(_space(call) or 0, f"team:{call.path('label')}")
    return Response(status_code=204)


# ----------------------------------------------------------------------------------------------- spaces


async def _status(status: str, call: Call) -> Response:
    call.store.spaces.describe(call.store.spaces.by_key(call.path("key")).id, status=status)
    return Response(status_code=204)


async def _trash(call: Call) -> Response:
    space = call.store.spaces.by_key(call.path("key"))
    return scanned(call, Filter(types=_TRASHED, statuses=["trashed"], spaces=[space.id]))


async def _empty_trash(call: Call) -> Response:
    space = call.store.spaces.by_key(call.path("key"))
    wanted = Filter(types=[*_TRASHED, "attachment"], statuses=["trashed"], spaces=[space.id])
    with call.store.database.write():
        for content in call.store.listings.slice(wanted, start=0, limit=-1):
            _purge(call, content.id)
    return Response(status_code=204)


def _purge(call: Call, content: int) -> None:
    try:
        call.store.life.purge(call.store.contents.get(content))
    except Missing:
        return  # it went with its page


async def _server(call: Call) -> Response:
    return JSONResponse({"version": "9.2.1", "buildNumber": 9111, "baseUrl": call.base})


async def _access(_call: Call) -> Response:
    return JSONResponse("READ_WRITE")
