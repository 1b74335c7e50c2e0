"""REST v2: who stands below whom."""

from functools import partial

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from confsync.sandbox.call import Call, id_number, items, route
from confsync.sandbox.refusals import Invalid, Missing
from confsync.sandbox.rows import TREE_TYPES, Content
from confsync.sandbox.wire import cursor, v2

ROOTS = (
    ("pages", "page"),
    ("folders", "folder"),
    ("whiteboards", "whiteboard"),
    ("databases", "database"),
    ("embeds", "embed"),
)
_MAX_DEPTH = 10


def routes() -> list[BaseRoute]:
    """The same four routes for everything that stands in the tree."""
    found: list[BaseRoute] = [route("/api/v2/content/convert-ids-to-types", _types, "POST")]
    for root, kind in ROOTS:
        base = f"/api/v2/{root}/{{id}}"
        found += [
            route(f"{base}/direct-children", partial(_children, kind)),
            route(f"{base}/descendants", partial(_descendants, kind)),
            route(f"{base}/ancestors", partial(_ancestors, kind)),
        ]
    return [*found, route("/api/v2/pages/{id}/children", _pages)]


def _content(kind: str, call: Call) -> Content:
    content = call.number()
    try:
        found = call.content(content, kind)
    except Missing as error:
        raise Missing("entity", f"{kind}] entity with id [{content}") from error
    return found


async def _children(kind: str, call: Call) -> Response:
    parent = _content(kind, call)
    rows = _sorted(
        call, _visible(call, call.store.tree.children(parent.id, statuses=("current", "archived")))
    )
    shown, following = cursor.window(call).cut(rows)
    return cursor.envelope(call, [v2.child(c) for c in shown], following)


async def _pages(call: Call) -> Response:
    parent = _content("page", call)
    rows = [c for c in _visible(call, call.store.tree.children(parent.id)) if c.type == "page"]
    shown, following = cursor.window(call).cut(_sorted(call, rows))
    return cursor.envelope(call, [_row(c) | {"spaceId": str(c.space)} for c in shown], following)


async def _descendants(kind: str, call: Call) -> Response:
    root = _content(kind, call)
    depth = call.integer("depth", 2)
    if not 1 <= depth <= _MAX_DEPTH:
        raise Invalid(f"Provided value {{{depth}}} for 'depth' must be between 1 and {_MAX_DEPTH}")
    hidden = call.store.restrictions.hidden_from(call.viewer)
    below = [d for d in call.store.tree.descendants(root.id, depth) if d.content.id not in hidden]
    shown, following = cursor.window(call).cut(below)
    rows = [v2.child(d.content) | {"parentId": str(d.content.parent), "depth": d.depth} for d in shown]
    return cursor.envelope(call, rows, following)


async def _ancestors(kind: str, call: Call) -> Response:
    content = _content(kind, call)
    rows = call.store.tree.ancestors(content)[-cursor.limit(call) :]
    return cursor.envelope(call, [{"id": str(c.id), "type": c.type} for c in rows], None)


async def _types(call: Call) -> Response:
    sent = await call.object()
    ids = [str(i) for i in items(sent.get("contentIds"))]
    return JSONResponse({"results": {i: _type(call, i) for i in ids}})


def _type(call: Call, raw: str) -> str | None:
    try:
        return call.content(id_number(raw, "contentIds")).type
    except Missing:
        return None


def _visible(call: Call, rows: list[Content]) -> list[Content]:
    hidden = call.store.restrictions.hidden_from(call.viewer)
    return [c for c in rows if c.id not in hidden and c.type in TREE_TYPES]


def _sorted(call: Call, rows: list[Content]) -> list[Content]:
    order = call.query("sort", "child-position")
    down = order.startswith("-")
    match order.removeprefix("-"):
        case "child-position":
            return rows[::-1] if down else rows
        case "id":
            return sorted(rows, key=lambda c: c.id, reverse=down)
        case "title":
            return sorted(rows, key=lambda c: c.title.casefold(), reverse=down)
        case "created-date":
            return sorted(rows, key=lambda c: c.created, reverse=down)
        case "modified-date":
            return sorted(rows, key=lambda c: c.version.created, reverse=down)
        case _:
            raise Invalid(f"Provided value {{{order}}} for 'sort' is not a valid sort order")


def _row(content: Content) -> v2.Wire:
    return {
        "id": str(content.id),
        "status": content.status,
        "title": content.title,
        "childPosition": content.position,
    }
