"""REST v1: children, descendants, and moving."""

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from confsync.sandbox.call import Call, id_number, route
from confsync.sandbox.refusals import Invalid
from confsync.sandbox.routes.v2_shapes import allow_edit
from confsync.sandbox.rows import TREE_TYPES, Content
from confsync.sandbox.wire import v1

_POSITIONS = ("append", "before", "after", "above", "below")
_ALL = 10_000


def routes() -> list[BaseRoute]:
    """The tree as v1 shows and changes it."""
    base = "/rest/api/content/{id}"
    return [
        route(f"{base}/move/{{position}}/{{target}}", _move, "PUT"),
        route("/pages/movepage.action", _move_page, "POST"),
        route(f"{base}/child", _children),
        route(f"{base}/child/{{type}}", _child),
        route(f"{base}/descendant", _children),
        route(f"{base}/descendant/{{type}}", _descendants),
        route(f"{base}/pageTree", _trash_tree, "DELETE"),
    ]


async def _move(call: Call) -> Response:
    content = call.content(call.number(kind="ContentId"), *TREE_TYPES)
    target = call.content(call.number("target", "ContentId"), *TREE_TYPES)
    _moved(call, content, call.path("position"), target)
    return JSONResponse({"pageId": str(content.id)})


async def _move_page(call: Call) -> Response:
    content = call.content(id_number(call.query("pageId"), "pageId"), *TREE_TYPES)
    target = call.content(id_number(call.query("targetId"), "targetId"), *TREE_TYPES)
    _moved(call, content, call.query("position", "append"), target)
    return JSONResponse({"page": {"id": content.id}})


def _moved(call: Call, content: Content, position: str, target: Content) -> None:
    if position not in _POSITIONS:
        raise Invalid(f"Unknown position: {position}")
    allow_edit(call, content)
    if target.space != content.space:
        for moved in (content, *(d.content for d in call.store.tree.descendants(content.id, _ALL))):
            call.store.contents.check_title_free(moved, target.space)
    if position == "append":
        call.store.tree.move_below(content, target)
    else:
        call.store.tree.move_beside(content, target, before=position in ("before", "above"))


async def _children(call: Call) -> Response:
    content = call.content(call.number(kind="ContentId"))
    shape = v1.Shape(call)
    return JSONResponse(shape.outer(shape.children(content, v1.expanded(call))))


async def _child(call: Call) -> Response:
    content = call.content(call.number(kind="ContentId"))
    shape = v1.Shape(call)
    rows = shape.related(content, call.path("type"))
    places = call.queries("location")
    if call.path("type") == "comment" and places:
        rows = [c for c in rows if _stands(call, c) in places]
    return _rows(call, rows)


def _stands(call: Call, comment: Content) -> str:
    details = call.store.comments.details(comment.id)
    return "resolved" if details.resolution == "resolved" else details.location


async def _descendants(call: Call) -> Response:
    content = call.content(call.number(kind="ContentId"))
    hidden = call.store.restrictions.hidden_from(call.viewer)
    kind = call.path("type")
    pages = [d.content for d in call.store.tree.descendants(content.id, _ALL)]
    if kind in ("attachment", "comment"):
        shape = v1.Shape(call)
        rows = [c for page in [content, *pages] for c in shape.related(page, kind)]
    else:
        rows = [c for c in pages if c.type == kind]
    return _rows(call, [c for c in rows if c.id not in hidden])


def _rows(call: Call, rows: list[Content]) -> Response:
    start, limit = v1.paging(call)
    shape, expand = v1.Shape(call), v1.expanded(call)
    shown = [shape.content(c, expand) for c in rows[start : start + limit]]
    return shape.rows(shown, start=start, limit=limit, more=len(rows) > start + limit)


async def _trash_tree(call: Call) -> Response:
    content = call.content(call.number(kind="ContentId"), *TREE_TYPES)
    allow_edit(call, content)
    call.store.life.trash_tree(content)
    task = call.store.tasks.finished("com.atlassian.confluence.pages.delete")
    return JSONResponse({"id": task, "links": {"status": f"/rest/api/longtask/{task}"}}, 202)
