"""REST v1: what users have marked as favourites, as the API's only kind of relation here."""

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from confsync.sandbox.call import Call, id_number, route
from confsync.sandbox.refusals import Invalid, Missing
from confsync.sandbox.store.interest import FAVOURITE
from confsync.sandbox.wire import v1

_NAMES = ("favourite", "save")
_TARGETS = ("content", "space")


def routes() -> list[BaseRoute]:
    """Favourites of a user, and who has one."""
    base = "/rest/api/relation/{name}"
    one = f"{base}/from/{{source}}/{{account}}/to/{{target}}/{{what}}"
    return [
        route(f"{base}/from/{{source}}/{{account}}/to/{{target}}", _targets),
        route(f"{base}/to/{{target}}/{{what}}/from/{{source}}", _sources),
        route(one, _read),
        route(one, _put, "PUT"),
        route(one, _drop, "DELETE"),
    ]


def _kind(call: Call) -> str:
    name, source, target = (call.path(part) for part in ("name", "source", "target"))
    if name not in _NAMES or source != "user" or target not in _TARGETS:
        raise Invalid(f"Relations of {source}s to {target}s called {name} are not kept")
    return target


def _account(call: Call) -> str:
    said = call.path("account")
    return call.viewer if said == "current" else call.store.people.get(said).account_id


def _what(call: Call, kind: str) -> str:
    if kind == "content":
        return str(call.content(id_number(call.path("what"), "targetKey")).id)
    return call.store.spaces.by_key(call.path("what")).key


def _said(call: Call, kind: str, account: str, what: str) -> v1.Wire:
    shape = v1.Shape(call)
    target = (
        shape.content(call.store.contents.get(int(what)))
        if kind == "content"
        else shape.space(call.store.spaces.by_key(what))
    )
    path = f"relation/{call.path('name')}/from/user/{account}/to/{kind}/{what}"
    named = {"name": call.path("name"), "source": shape.user_of(account), "target": target}
    return {**named, "_expandable": {"relationData": ""}, "_links": shape.self_link(path)}


async def _read(call: Call) -> Response:
    kind, account = _kind(call), _account(call)
    what = _what(call, kind)
    if not call.store.interest.has(FAVOURITE, kind, what, account):
        raise Missing("relation", what)
    return JSONResponse(_said(call, kind, account, what))


async def _put(call: Call) -> Response:
    kind, account = _kind(call), _account(call)
    what = _what(call, kind)
    call.store.interest.put(FAVOURITE, kind, what, account)
    return JSONResponse(_said(call, kind, account, what))


async def _drop(call: Call) -> Response:
    kind, account = _kind(call), _account(call)
    call.store.interest.drop(FAVOURITE, kind, _what(call, kind), account)
    return Response(status_code=204)


async def _targets(call: Call) -> Response:
    kind, account = _kind(call), _account(call)
    whats = call.store.interest.whats(FAVOURITE, kind, account)
    return _listed(call, [_said(call, kind, account, what) for what in whats])


async def _sources(call: Call) -> Response:
    kind = _kind(call)
    what = _what(call, kind)
    who = call.store.interest.who(FAVOURITE, kind, what)
    return _listed(call, [_said(call, kind, account, what) for account in who])


def _listed(call: Call, rows: list[v1.Wire]) -> Response:
    start, limit = v1.paging(call)
    shown = rows[start : start + limit]
    return v1.Shape(call).rows(shown, start=start, limit=limit, more=len(rows) > start + limit)
