"""REST v1: inline tasks, as they were before v2 had them."""

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from confsync.sandbox.call import Call, id_number, route, text
from confsync.sandbox.routes.v2_shapes import allow_edit
from confsync.sandbox.store.todos import Todo
from confsync.sandbox.wire import v1
from confsync.sandbox.wire.v2 import epoch


def routes() -> list[BaseRoute]:
    """Tasks."""
    one = "/rest/api/inlinetasks/{task}"
    return [
        route("/rest/api/inlinetasks/search", _search),
        route(one, _read),
        route(one, _update, "PUT"),
    ]


async def _search(call: Call) -> Response:
    start, limit = v1.paging(call)
    page = call.query("pageId")
    todos = call.store.todos.all([id_number(page, "pageId")] if page else None)
    found = [todo for todo in todos if _wanted(call, todo)]
    rows = [_said(todo) for todo in found[start : start + limit]]
    return v1.Shape(call).rows(rows, start=start, limit=limit, more=len(found) > start + limit)


def _wanted(call: Call, todo: Todo) -> bool:
    status = "complete" if todo.complete else "incomplete"
    space = call.store.spaces.get(todo.content.space).key
    said = {"status": status, "assignee": todo.assignee, "creator": todo.creator, "spaceKey": space}
    hidden = call.store.restrictions.hidden_from(call.viewer)
    return todo.content.id not in hidden and all(call.query(name) in ("", has) for name, has in said.items())


def _said(todo: Todo) -> v1.Wire:
    said: v1.Wire = {
        "globalId": todo.id,
        "id": int(todo.local) if todo.local.isdigit() else 0,
        "contentId": todo.content.id,
        "status": "complete" if todo.complete else "incomplete",
        "title": todo.content.title,
        "body": todo.body,
        "creator": todo.creator,
        "createDate": epoch(todo.created),
        "updateDate": epoch(todo.updated),
    }
    later = {
        "assignee": todo.assignee,
        "completeUser": todo.completer,
        "dueDate": epoch(todo.due) if todo.due else 0,
        "completeDate": epoch(todo.completed) if todo.completed else 0,
    }
    return said | {name: value for name, value in later.items() if value}


async def _read(call: Call) -> Response:
    return JSONResponse(_said(_one(call)))


def _one(call: Call) -> Todo:
    todo = call.store.todos.get(call.number("task"))
    call.content(todo.content.id)
    return todo


async def _update(call: Call) -> Response:
    todo = _one(call)
    allow_edit(call, todo.content)
    sent = await call.object()
    return JSONResponse(_said(call.store.todos.tick(todo, text(sent.get("status")), call.viewer)))
