"""REST v2: folders, whiteboards, databases and embeds. They cannot be renamed or moved here."""

from functools import partial

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from confsync.sandbox.call import Call, id_number, route, text
from confsync.sandbox.refusals import Invalid, Missing
from confsync.sandbox.routes.v2_includes import included
from confsync.sandbox.routes.v2_tree import ROOTS
from confsync.sandbox.rows import Content
from confsync.sandbox.store.contents import New
from confsync.sandbox.wire import v2


def routes() -> list[BaseRoute]:
    """Create, read and delete."""
    found: list[BaseRoute] = []
    for root, kind in ROOTS:
        if kind != "page":
            found += [
                route(f"/api/v2/{root}", partial(_create, kind), "POST"),
                route(f"/api/v2/{root}/{{id}}", partial(_read, kind)),
                route(f"/api/v2/{root}/{{id}}", partial(_delete, kind), "DELETE"),
            ]
    return found


async def _create(kind: str, call: Call) -> Response:
    sent = await call.object()
    if sent.get("spaceId") is None:
        raise Invalid("spaceId is required")
    space = call.store.spaces.get(id_number(sent["spaceId"], "spaceId", "Long"))
    parent = sent.get("parentId")
    below = (
        space.homepage
        if parent in (None, "")
        else call.content(id_number(parent, "parentId"), kind="parent").id
    )
    made = call.store.contents.create(New(kind, space.id, text(sent.get("title")), call.viewer, parent=below))
    return JSONResponse(_shape(call, made))


async def _read(kind: str, call: Call) -> Response:
    content = call.content(call.number(), kind)
    return JSONResponse(_shape(call, content) | included(call, content, f"{kind}s"))


async def _delete(kind: str, call: Call) -> Response:
    content = call.content(call.number(), kind)
    call.store.life.trash(content)
    return Response(status_code=204)


def _shape(call: Call, content: Content) -> v2.Wire:
    space = call.store.spaces.get(content.space)
    created = v2.epoch(content.created)
    said = v2.folder(content, space, _parent_type(call, content), created)
    return v2.based(said, call.base)


def _parent_type(call: Call, content: Content) -> str | None:
    try:
        return None if content.parent is None else call.store.contents.get(content.parent).type
    except Missing:
        return None
