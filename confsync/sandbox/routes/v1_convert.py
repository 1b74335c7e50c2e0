"""REST v1: bodies from one representation to another, at once or later."""

import uuid
from collections import OrderedDict
from threading import Lock

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from confsync.sandbox.call import Call, Json, id_number, inner, items, route, text
from confsync.sandbox.refusals import Invalid, Missing, Refusal
from confsync.sandbox.rows import Content
from confsync.sandbox.wire import bodies, v1

_KEPT = 1000
_MOST_AT_ONCE = 10


def routes() -> list[BaseRoute]:
    """Conversions."""
    root = "/rest/api/contentbody/convert"
    later = _Later()
    return [
        route(f"{root}/async/bulk/tasks", later.start_many, "POST"),
        route(f"{root}/async/bulk/tasks", later.read_many),
        route(f"{root}/async/{{to}}", later.start, "POST"),
        route(f"{root}/async/{{task}}", later.read),
        route(f"{root}/{{to}}", _convert, "POST"),
        route(
            "/rest/api/content/{id}/history/{version}/macro/id/{macro}/convert/async/{to}", later.start_macro
        ),
    ]


async def _convert(call: Call) -> Response:
    value = _converted(call, await call.object(), call.path("to"), call.query("contentIdContext"))
    return JSONResponse(value)


def _converted(call: Call, sent: Json, wanted: str, about: str) -> v1.Wire:
    given = text(sent.get("representation")) or "storage"
    known = ("storage", "editor", "wiki", "atlas_doc_format", "editor2")
    if given not in known or wanted not in bodies.SHOWN:
        raise Invalid(f"Content body cannot be converted from {given} to {wanted}")
    content = _about(call, about)
    storage = bodies.converted(call, text(sent.get("value")), given, content)
    value = bodies.shown(
        call, content, call.store.contents.saved(storage, content.space if content else 0), wanted
    )
    said: v1.Wire = {"value": value, "representation": wanted, "_expandable": {}}
    return said if call.data_center else said | {"embeddedContent": []}


def _about(call: Call, content: str) -> Content | None:
    return call.content(id_number(content, "contentIdContext")) if content else None


class _Later:
    """Conversions to be fetched by the one who asked for them."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._done: OrderedDict[str, tuple[str, v1.Wire]] = OrderedDict()

    async def start(self, call: Call) -> Response:
        """Convert, and answer with where the result is."""
        return self._started(call, await call.object(), call.path("to"), call.query("contentIdContext"))

    async def start_macro(self, call: Call) -> Response:
        """Convert one macro of a page."""
        content = call.content(call.number(kind="ContentId"))
        body = call.store.contents.body(content.id, call.number("version") or None)
        sent = {"value": body[bodies.macro(body, call.path("macro")).span], "representation": "storage"}
        return self._started(call, sent, call.path("to"), str(content.id))

    def _started(self, call: Call, sent: Json, wanted: str, about: str) -> Response:
        return JSONResponse({"asyncId": self._keep(call, sent, wanted, about)})

    def _keep(self, call: Call, sent: Json, wanted: str, about: str) -> str:
        try:
            said = _converted(call, sent, wanted, about) | {"status": "COMPLETED"}
        except Refusal as refusal:
            said = {"status": "FAILED", "error": str(getattr(refusal, "reason", refusal))}
        task = str(uuid.uuid4())
        with self._lock:
            self._done[task] = (call.viewer, said | {"renderTaskId": task})
            while len(self._done) > _KEPT:
                self._done.popitem(last=False)
        return task

    async def read(self, call: Call) -> Response:
        """One result."""
        return JSONResponse(self._one(call, call.path("task")))

    def _one(self, call: Call, task: str) -> v1.Wire:
        with self._lock:
            owner, said = self._done.get(task, ("", {}))
        if not said or owner != call.viewer:
            raise Missing("task", task)
        return said

    async def start_many(self, call: Call) -> Response:
        """Up to ten at once."""
        sent = await call.object()
        wanted = items(sent.get("conversionInputs"))
        if not wanted or len(wanted) > _MOST_AT_ONCE:
            raise Invalid(f"conversionInputs is required, and at most {_MOST_AT_ONCE} of them")
        found = [
            self._keep(call, inner(one.get("body")), text(one.get("to")), text(one.get("contentIdContext")))
            for one in map(inner, wanted)
        ]
        return JSONResponse([{"asyncId": task} for task in found])

    async def read_many(self, call: Call) -> Response:
        """Several results."""
        return JSONResponse([self._one(call, task) for task in call.queries("ids")])
