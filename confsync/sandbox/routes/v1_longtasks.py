"""REST v1: long tasks, and archiving, which is one."""

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from confsync.sandbox.call import Call, id_number, inner, items, route
from confsync.sandbox.refusals import Invalid
from confsync.sandbox.store.tasks import Task
from confsync.sandbox.wire import v1

_LIMIT = 100
_MOST_ARCHIVED = 300


def routes() -> list[BaseRoute]:
    """Tasks that take a while."""
    return [
        route("/rest/api/content/archive", _archive, "POST"),
        route("/rest/api/longtask", _list),
        route("/rest/api/longtask/{task}", _read),
    ]


async def _archive(call: Call) -> Response:
    sent = await call.object()
    given = items(sent.get("pages"))
    if not given or len(given) > _MOST_ARCHIVED:
        raise Invalid(f"pages is required, and at most {_MOST_ARCHIVED} of them")
    pages = [call.content(id_number(inner(one).get("id"), "pages"), "page") for one in given]
    with call.store.database.write():
        for page in pages:
            call.store.life.archive(page)
    return started(call, "com.atlassian.confluence.pages.archive")


def started(call: Call, name: str, **details: object) -> Response:
    """The answer to work that the real service does later; here it is done already."""
    task = call.store.tasks.finished(name, details)
    return JSONResponse({"id": task, "links": {"status": f"/rest/api/longtask/{task}"}}, 202)


async def _list(call: Call) -> Response:
    start, limit = v1.paging(call, _LIMIT)
    tasks = call.store.tasks.all()
    rows = [_said(call, task) for task in tasks[start : start + limit]]
    return v1.Shape(call).rows(rows, start=start, limit=limit, more=len(tasks) > start + limit)


async def _read(call: Call) -> Response:
    said = _said(call, call.store.tasks.get(call.path("task")))
    return JSONResponse(v1.Shape(call).outer(said, "/rest/api/longtask"))


def _said(call: Call, task: Task) -> v1.Wire:
    done = task.finished
    status = "Complete" if done else "Working"
    said: v1.Wire = {
        "id": task.id,
        "name": {"key": task.name, "args": []},
        "elapsedTime": 1,
        "percentageComplete": task.percentage,
        "successful": done and not task.errors,
        "finished": done,
        "messages": [{"translation": status, "args": []}],
        "_links": v1.Shape(call).self_link(f"longtask/{task.id}"),
    }
    if call.data_center:
        return said
    errors = [{"translation": error, "args": []} for error in task.errors]
    return said | {"status": status, "errors": errors, "additionalDetails": dict(task.details)}
