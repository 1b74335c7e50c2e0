"""The sandbox's own endpoints; no request to them counts. They need no login, only loopback."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from confsync.sandbox.faults import Fault, Faults
from confsync.sandbox.journal import Journal

_MOST = 100_000


def routes() -> list[BaseRoute]:
    """Requests and faults."""
    return [
        Route("/_sandbox/requests", _requests, methods=["GET"]),
        Route("/_sandbox/reset-requests", _reset, methods=["POST"]),
        Route("/_sandbox/faults", _faults, methods=["POST"]),
        Route("/_sandbox/faults", _clear, methods=["DELETE"]),
    ]


async def _requests(request: Request) -> Response:
    journal: Journal = request.app.state.site.journal
    served = [
        {"method": s.method, "path": s.path, "query": s.query, "status": s.status} for s in journal.all()
    ]
    return JSONResponse({"requests": served})


async def _reset(request: Request) -> Response:
    journal: Journal = request.app.state.site.journal
    journal.reset()
    return Response(status_code=204)


async def _faults(request: Request) -> Response:
    """Take one fault, or `{"faults": […], "clear": true}`."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        return JSONResponse({"error": "send application/json"}, 415)
    if int(request.headers.get("content-length", _MOST + 1)) > _MOST:
        return JSONResponse({"error": f"send at most {_MOST} bytes"}, 413)
    faults: Faults = request.app.state.site.faults
    try:
        sent = await request.json()
        if not isinstance(sent, dict):
            raise ValueError("a fault is a JSON object")  # noqa: TRY004, TRY301 - one answer for all bad input
        given = _given(sent)
    except ValueError as error:
        return JSONResponse({"error": str(error)}, 400)
    if sent.get("clear"):
        faults.clear()
    for fault in given:
        faults.add(fault)
    return JSONResponse({"faults": len(given)})


def _given(sent: Mapping[str, object]) -> list[Fault]:
    if "faults" not in sent and "clear" not in sent:
        return [Fault.from_json(sent)]
    listed = sent.get("faults", [])
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise ValueError("faults is a list of JSON objects")
    return [Fault.from_json(one) for one in listed]


async def _clear(request: Request) -> Response:
    faults: Faults = request.app.state.site.faults
    faults.clear()
    return Response(status_code=204)
