"""REST v2: spaces and users."""

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from confsync.sandbox.call import Call, id_number, inner, items, route, text
from confsync.sandbox.routes.v2_includes import included_in_space, permissions, space_operations
from confsync.sandbox.rows import SpaceRow
from confsync.sandbox.store.contents import New
from confsync.sandbox.wire import cursor, v2


def routes() -> list[BaseRoute]:
    """Spaces, labels in spaces, people."""
    return [
        route("/api/v2/spaces", _list),
        route("/api/v2/spaces", _create, "POST"),
        route("/api/v2/spaces/{id}", _read),
        route("/api/v2/spaces/{id}/labels", _own_labels),
        route("/api/v2/spaces/{id}/content/labels", _labels),
        route("/api/v2/spaces/{id}/operations", _operations),
        route("/api/v2/spaces/{id}/permissions", _permissions),
        route("/api/v2/labels", _all_labels),
        route("/api/v2/users-bulk", _users, "POST"),
    ]


async def _list(call: Call) -> Response:
    ids = [id_number(i, "ids") for i in call.queries("ids")]
    keys = call.queries("keys")
    rows = call.store.spaces.all(ids=ids or None, keys=keys or None)
    wanted = [
        s for s in rows if call.query("type") in ("", s.type) and call.query("status") in ("", s.status)
    ]
    order = call.query("sort", "id")
    wanted.sort(key=lambda s: _sort_key(s, order.removeprefix("-")), reverse=order.startswith("-"))
    shown, following = cursor.window(call).cut(wanted)
    return cursor.envelope(call, [_shape(call, s) for s in shown], following)


def _sort_key(space: SpaceRow, order: str) -> tuple[str, int]:
    return {"key": space.key, "name": space.name}.get(order, ""), space.id


def _shape(call: Call, space: SpaceRow) -> v2.Wire:
    said = v2.space(space)
    wanted = call.query("description-format")
    if wanted:
        said["description"] = {wanted: {"value": space.description, "representation": wanted}}
    return said


async def _read(call: Call) -> Response:
    space = call.store.spaces.get(call.number())
    said = _shape(call, space) | included_in_space(call, space)
    return JSONResponse(v2.based(said, call.base))


async def _create(call: Call) -> Response:
    sent = await call.object()
    key, name = text(sent.get("key")), text(sent.get("name"))
    description = text(inner(sent.get("description")).get("value"))
    made = make_space(call, key, name, description)
    return JSONResponse(_shape(call, made), 201)


def make_space(call: Call, key: str, name: str, description: str = "") -> SpaceRow:
    """A new space with its home page, as every new space has one."""
    with call.store.database.write():
        made = call.store.spaces.create(key, name, author=call.viewer, description=description)
        home = call.store.contents.create(New("page", made.id, f"{name} Home", call.viewer))
        call.store.spaces.set_homepage(made.id, home.id)
    return call.store.spaces.get(made.id)


async def _own_labels(call: Call) -> Response:
    space = call.store.spaces.get(call.number())
    rows, following = cursor.window(call).cut(call.store.labels.of(space.id, call.query("prefix") or None))
    return cursor.envelope(call, [v2.label(row) for row in rows], following)


async def _labels(call: Call) -> Response:
    space = call.store.spaces.get(call.number())
    rows, following = cursor.window(call).cut(call.store.labels.in_space(space.id))
    return cursor.envelope(call, [v2.label(row) for row in rows], following)


async def _all_labels(call: Call) -> Response:
    ids = {id_number(i, "label-id") for i in call.queries("label-id")}
    prefixes = call.queries("prefix")
    wanted = [
        row
        for row in call.store.labels.all()
        if (not ids or row.id in ids) and (not prefixes or row.prefix in prefixes)
    ]
    rows, following = cursor.window(call).cut(wanted)
    return cursor.envelope(call, [v2.label(row) for row in rows], following)


async def _operations(call: Call) -> Response:
    space = call.store.spaces.get(call.number())
    return JSONResponse({"operations": space_operations(call, space)})


async def _permissions(call: Call) -> Response:
    rows, following = cursor.window(call).cut(permissions(call, call.store.spaces.get(call.number())))
    return cursor.envelope(call, rows, following)


async def _users(call: Call) -> Response:
    sent = await call.object()
    ids = [text(i) for i in items(sent.get("accountIds"))]
    return cursor.envelope(call, [v2.user(person) for person in call.store.people.many(ids)], None)
