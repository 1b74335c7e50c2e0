"""The journal of requests, and the faults that strike them."""

import asyncio
import re

from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from confsync.sandbox.faults import Fault, Faults, Trouble
from confsync.sandbox.gates.mount import CONTROL
from confsync.sandbox.gates.refusal import drain as _drain
from confsync.sandbox.journal import Journal, Served
from confsync.sandbox.wire import errors


class TroubleGate:
    """Writes the journal and lets faults strike. Control requests pass untouched."""

    def __init__(self, app: ASGIApp, journal: Journal, faults: Faults, latency_ms: float) -> None:
        self._app = app
        self._journal = journal
        self._faults = faults
        self._latency_ms = latency_ms

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request, whole or hurt."""
        if scope["type"] != "http" or scope["path"].startswith(CONTROL):
            await self._app(scope, receive, send)
            return
        query = scope["query_string"].decode("latin-1")
        asked = scope["state"]["asked"]
        struck = self._faults.strike(scope["method"], f"{asked}?{query}" if query else asked)
        recorder = _Recorder(send, struck)
        try:
            await self._wait(struck)
            await self._served(scope, receive, recorder, struck)
        except Cut:
            await _cut(scope)
        finally:
            self._journal.add(Served(scope["method"], asked, query, recorder.status))

    async def _wait(self, struck: list[Fault]) -> None:
        delay = self._latency_ms + sum(f.delay_ms for f in struck)
        if delay:
            await asyncio.sleep(delay / 1000)

    async def _served(
        self, scope: Scope, receive: Receive, recorder: "_Recorder", struck: list[Fault]
    ) -> None:
        for fault in struck:
            if fault.trouble is Trouble.DROP:
                raise Cut
            if fault.trouble is Trouble.STATUS:
                await _drain(receive)
                await failure(fault, v2="/api/v2/" in scope["path"])(scope, receive, recorder)
                return
        await self._app(scope, receive, recorder)
        if any(f.trouble is Trouble.DROP_AFTER for f in struck):
            raise Cut


class Cut(Exception):
    """The connection ends here, without an answer or in the middle of one."""


class _Recorder:
    """Passes an answer on, remembers its status, and spoils it where a fault says so."""

    def __init__(self, send: Send, struck: list[Fault]) -> None:
        self._send = send
        self._troubles = {f.trouble for f in struck}
        self._start: Message | None = None
        self._body = b""
        self.status = 0

    async def __call__(self, message: Message) -> None:
        """Take one ASGI message of the answer."""
        if message["type"] == "http.response.start":
            if Trouble.DROP_AFTER not in self._troubles:
                self.status = message["status"]
            if self._troubles & {Trouble.EMPTY_BODY, Trouble.TRUNCATE}:
                self._start = message
                return
        if Trouble.DROP_AFTER in self._troubles:
            return
        if self._start is None:
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if not message.get("more_body", False):
            await self._spoilt()

    async def _spoilt(self) -> None:
        start = self._start or {}
        headers = [(k, v) for k, v in start.get("headers", []) if k.lower() != b"content-length"]
        cut = Trouble.TRUNCATE in self._troubles
        body = self._body if cut else empty_bodies(self._body)
        headers.append((b"content-length", str(len(body)).encode()))
        await self._send({**start, "headers": headers})
        if cut:
            await self._send(
                {"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True}
            )
            raise Cut
        await self._send({"type": "http.response.body", "body": body})


def empty_bodies(answer: bytes) -> bytes:
    """A JSON answer with every storage body emptied, as live docs sometimes come."""
    before = re.compile(rb'("representation":"storage","value":)"(?:[^"\\]|\\.)*"')
    emptied = before.sub(rb'\1""', answer)
    after = re.compile(rb'("value":)"(?:[^"\\]|\\.)*"(,"representation":"storage")')
    return after.sub(rb'\1""\2', emptied)


async def _cut(scope: Scope) -> None:
    """End the connection, and let the server notice before it tries to answer."""
    cut = scope["state"].get("cut")
    if cut is None:
        raise Cut
    cut()
    await asyncio.sleep(0)


_WORDS = {
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "javax.persistence.OptimisticLockException: Batch update returned unexpected row count",
    429: "Rate limit exceeded",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


def failure(fault: Fault, *, v2: bool) -> Response:
    """The answer of a fault that has a status."""
    words = fault.message or _WORDS.get(fault.status, "Something went wrong")
    if v2:
        answer = errors.v2_error(fault.status, words)
    elif fault.status in (502, 503, 504):
        answer = HTMLResponse(f"<html><body><h1>{fault.status} {words}</h1></body></html>", fault.status)
    else:
        answer = errors.v1_error(fault.status, words)
    if fault.retry_after is not None:
        answer.headers["Retry-After"] = f"{fault.retry_after:g}"
    if fault.status == 429:  # noqa: PLR2004 - HTTP
        answer.headers["X-RateLimit-Limit"] = "100"
        answer.headers["X-RateLimit-Remaining"] = "0"
        answer.headers["X-RateLimit-NearLimit"] = "true"
        answer.headers["RateLimit-Reason"] = "confluence-burst-based"
    return answer
