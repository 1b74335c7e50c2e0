"""REST v2: inline tasks. Ticking one changes its page's text."""

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from confsync.sandbox.call import Call, id_number, route, text
from confsync.sandbox.routes.v2_shapes import allow_edit, in_format
from confsync.sandbox.store.todos import Todo
from confsync.sandbox.wire import cursor, v2


def routes() -> list[BaseRoute]:
    """Tasks."""
    one = "/api/v2/tasks/{id}"
    return [route("/api/v2/tasks", _list), route(one, _read), route(one, _update, "PUT")]


async def _list(call: Call) -> Response:
    pages = [id_number(i, name) for name in ("page-id", "blogpost-id") for i in call.queries(name)]
    hidden = call.store.restrictions.hidden_from(call.viewer)
    todos = [
        t for t in call.store.todos.all(pages or None) if t.content.id not in hidden and _wanted(call, t)
    ]
    shown, following = cursor.window(call).cut(todos)
    return cursor.envelope(call, [_shape(call, todo) for todo in shown], following)


def _wanted(call: Call, todo: Todo) -> bool:
    said = {
        "status": "complete" if todo.complete else "incomplete",
        "task-id": str(todo.id),
        "space-id": str(todo.content.space),
        "created-by": todo.creator,
        "assigned-to": todo.assignee,
        "completed-by": todo.completer,
    }
    if not all(not (asked := call.queries(name)) or has in asked for name, has in said.items()):
        return False
    dates = {"created-at": todo.created, "due-at": todo.due, "completed-at": todo.completed}
    return all(_between(call, name, when) for name, when in dates.items())


def _between(call: Call, name: str, when: str) -> bool:
    """Whether a date lies between the epoch milliseconds asked for, if any."""
    first, last = call.integer(f"{name}-from", 0), call.integer(f"{name}-to", 0)
    if not first and not last:
        return True
    if not when:
        return False
    at = v2.epoch(when)
    return first <= at and (not last or at <= last)


def _one(call: Call) -> Todo:
    todo = call.store.todos.get(call.number())
    call.content(todo.content.id, kind="task")
    return todo


async def _read(call: Call) -> Response:
    return JSONResponse(_shape(call, _one(call)))


async def _update(call: Call) -> Response:
    todo = _one(call)
    allow_edit(call, todo.content)
    sent = await call.object()
    return JSONResponse(_shape(call, call.store.todos.tick(todo, text(sent.get("status")), call.viewer)))


def _shape(call: Call, todo: Todo) -> v2.Wire:
    """Schema Task."""
    wanted = call.query("body-format")
    return {
        "id": str(todo.id),
        "localId": todo.local,
        "spaceId": str(todo.content.space),
        "blogPostId" if todo.content.type == "blogpost" else "pageId": str(todo.content.id),
        "status": "complete" if todo.complete else "incomplete",
        "body": in_format(call, todo.content, todo.body, wanted) if wanted else {},
        "createdBy": todo.creator,
        "assignedTo": todo.assignee or None,
        "completedBy": todo.completer or None,
        "createdAt": todo.created,
        "updatedAt": todo.updated,
        "dueAt": f"{todo.due}T00:00:00.000Z" if todo.due else None,
        "completedAt": todo.completed or None,
    }
