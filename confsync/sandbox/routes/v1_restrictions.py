"""REST v1: restrictions of pages."""

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from confsync.sandbox.call import Call, Json, inner, items, route, text
from confsync.sandbox.refusals import Invalid
from confsync.sandbox.routes.v2_shapes import allow_edit
from confsync.sandbox.rows import Content
from confsync.sandbox.wire import v1

_OPERATIONS = ("read", "update")


def routes() -> list[BaseRoute]:
    """Read, replace, add and lift restrictions; check one user's permission."""
    base = "/rest/api/content/{id}/restriction"
    return [
        route(base, _list),
        route(base, _replace, "PUT"),
        route(base, _add, "POST"),
        route(base, _clear, "DELETE"),
        route(f"{base}/byOperation", _by_operation),
        route(f"{base}/byOperation/{{operation}}", _one),
        *_per_subject(f"{base}/byOperation/{{operation}}"),
        route("/rest/experimental/content/{id}/restriction", _replace, "PUT"),
        route("/rest/api/content/{id}/permission/check", _check, "POST"),
    ]


def _content(call: Call) -> Content:
    return call.content(call.number(kind="ContentId"))


async def _list(call: Call) -> Response:
    return _listed(call, _content(call))


def _listed(call: Call, content: Content) -> Response:
    shape = v1.Shape(call)
    rows = [shape.restriction(content, operation) for operation in _OPERATIONS]
    return shape.rows(rows, start=0, limit=100, more=False, restrictionsHash="")


async def _by_operation(call: Call) -> Response:
    shape = v1.Shape(call)
    return JSONResponse(shape.restrictions(_content(call), v1.expanded(call)))


def _per_subject(base: str) -> list[BaseRoute]:
    """Whether one user or group is named, and naming or dropping them."""
    found: list[BaseRoute] = []
    for address in ("user", "byGroupId/{group}", "group/{group}"):
        found += [
            route(f"{base}/{address}", _is_named),
            route(f"{base}/{address}", _name, "PUT"),
            route(f"{base}/{address}", _drop, "DELETE"),
        ]
    return found


def _operation(call: Call) -> str:
    operation = call.path("operation")
    if operation not in _OPERATIONS:
        raise Invalid(f"Unknown operation: {operation}")
    return operation


def _subject(call: Call) -> tuple[str, str]:
    if "group" in call.request.path_params:
        return "group", call.store.groups.get(call.path("group")).name
    return "user", v1.person_asked(call).account_id


async def _is_named(call: Call) -> Response:
    named = _subject(call) in call.store.restrictions.of(_content(call).id, _operation(call))
    return Response(status_code=200 if named else 404)


async def _name(call: Call) -> Response:
    content, operation = _content(call), _operation(call)
    allow_edit(call, content)
    call.store.restrictions.put(content.id, operation, [_subject(call)], keep=True)
    return Response(status_code=200)


async def _drop(call: Call) -> Response:
    content, operation = _content(call), _operation(call)
    allow_edit(call, content)
    call.store.restrictions.drop(content.id, operation, *_subject(call))
    return Response(status_code=200)


async def _one(call: Call) -> Response:
    operation = _operation(call)
    shape = v1.Shape(call)
    return JSONResponse(shape.outer(shape.restriction(_content(call), operation)))


async def _replace(call: Call) -> Response:
    return await _put(call, keep=False)


async def _add(call: Call) -> Response:
    return await _put(call, keep=True)


async def _put(call: Call, *, keep: bool) -> Response:
    content = _content(call)
    sent = await call.json()
    given = sent if isinstance(sent, list) else items(inner(sent).get("results"))
    wanted = [
        (text(inner(one).get("operation")), _subjects(call, inner(one).get("restrictions"))) for one in given
    ]
    if any(operation not in _OPERATIONS for operation, _ in wanted):
        raise Invalid("A restriction needs an operation, read or update")
    with call.store.database.write():
        if not keep:
            call.store.restrictions.clear(content.id)
        for operation, subjects in wanted:
            call.store.restrictions.put(content.id, operation, subjects, keep=keep)
    return _listed(call, content)


def _subjects(call: Call, restrictions: object) -> list[tuple[str, str]]:
    said = inner(restrictions)
    users, groups = _rows(said.get("user")), _rows(said.get("group"))
    return [
        *(("user", _account(call, inner(user))) for user in users),
        *(("group", _group(call, inner(group))) for group in groups),
    ]


def _group(call: Call, group: Json) -> str:
    return call.store.groups.get(text(group.get("name") or group.get("id"))).name


def _account(call: Call, user: Json) -> str:
    """The account id, from a key or a user name on Data Center."""
    if not call.data_center:
        return text(user.get("accountId"))
    if user.get("userKey"):
        return call.store.people.by_key(text(user["userKey"])).account_id
    return call.store.people.by_username(text(user.get("username"))).account_id


def _rows(value: object) -> list[object]:
    return value if isinstance(value, list) else items(inner(value).get("results"))


async def _clear(call: Call) -> Response:
    content = _content(call)
    call.store.restrictions.clear(content.id)
    return _listed(call, content)


async def _check(call: Call) -> Response:
    content = _content(call)
    sent = await call.object()
    who, operation = text(inner(sent.get("subject")).get("identifier")), text(sent.get("operation"))
    theirs = call.as_seen_by(who).restrictions
    allowed = content.id not in theirs.hidden_from(who)
    if operation != "read":
        allowed = allowed and theirs.may_edit(content.id, who)
    return JSONResponse({"hasPermission": allowed, "errors": [], "_links": {}})
