"""REST v1: groups and who is in them."""

from functools import partial

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from confsync.sandbox.call import Call, inner, route, text
from confsync.sandbox.store.groups import Group
from confsync.sandbox.wire import v1

_LIMIT = 200


def routes() -> list[BaseRoute]:
    """Groups by id as Cloud has them, and by name as it had them and Data Center has."""
    root = "/rest/api/group"
    found = [
        route(root, _list),
        route(root, _create, "POST"),
        route(f"{root}/picker", _picked),
        route(f"{root}/{{group}}/membersByGroupId", partial(_members, "group")),
    ]
    for address, parameter in (("by-id", "id"), ("by-name", "name")):
        found += [
            route(f"{root}/{address}", partial(_read, parameter)),
            route(f"{root}/{address}", partial(_delete, parameter), "DELETE"),
        ]
    for address, parameter in (("userByGroupId", "groupId"), ("user", "name")):
        found += [
            route(f"{root}/{address}", partial(_join, parameter), "POST"),
            route(f"{root}/{address}", partial(_leave, parameter), "DELETE"),
        ]
    return [
        *found,
        route(root, partial(_delete, "name"), "DELETE"),
        route(f"{root}/member", partial(_members, "name")),
        route(f"{root}/{{group}}", partial(_read, "group")),
        route(f"{root}/{{group}}/member", partial(_members, "group")),
        route("/rest/api/user/memberof", _of_user),
    ]


def _group(parameter: str, call: Call) -> Group:
    named = call.request.path_params.get(parameter) or call.query(parameter)
    return call.store.groups.get(str(named))


def _listed(call: Call, groups: list[Group]) -> Response:
    start, limit = v1.paging(call, _LIMIT, _LIMIT)
    shape = v1.Shape(call)
    rows = [shape.group(group) for group in groups[start : start + limit]]
    more = len(groups) > start + limit
    extra = {} if call.data_center else {"totalSize": len(groups)}
    return shape.rows(rows, start=start, limit=limit, more=more, **extra)


async def _list(call: Call) -> Response:
    return _listed(call, call.store.groups.all())


async def _picked(call: Call) -> Response:
    wanted = call.query("query").casefold()
    return _listed(call, [group for group in call.store.groups.all() if wanted in group.name.casefold()])


async def _of_user(call: Call) -> Response:
    person = v1.person_asked(call)
    return _listed(call, call.store.groups.of(person.account_id))


async def _create(call: Call) -> Response:
    sent = await call.object()
    made = call.store.groups.create(text(sent.get("name")))
    return JSONResponse(v1.Shape(call).group(made), 201)


async def _read(parameter: str, call: Call) -> Response:
    shape = v1.Shape(call)
    return JSONResponse(shape.outer(shape.group(_group(parameter, call)), "/rest/api/group"))


async def _delete(parameter: str, call: Call) -> Response:
    call.store.groups.delete(_group(parameter, call))
    return Response(status_code=204)


async def _members(parameter: str, call: Call) -> Response:
    start, limit = v1.paging(call, _LIMIT, _LIMIT)
    shape = v1.Shape(call)
    people = call.store.groups.members(_group(parameter, call))
    rows = [shape.user(person) for person in people[start : start + limit]]
    more = len(people) > start + limit
    extra = {"totalSize": len(people)} if call.flag("shouldReturnTotalSize") else {}
    return shape.rows(rows, start=start, limit=limit, more=more, **extra)


async def _join(parameter: str, call: Call) -> Response:
    sent = await call.object()
    call.store.groups.join(_group(parameter, call), text(inner(sent).get("accountId")))
    return Response(status_code=201)


async def _leave(parameter: str, call: Call) -> Response:
    call.store.groups.leave(_group(parameter, call), call.query("accountId"))
    return Response(status_code=204)
