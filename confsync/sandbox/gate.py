"""What every request passes before it reaches a route, outermost first.

The host it names, its path (context, doubled slashes), the journal and the faults, who asks, and the
token that guards form uploads against other sites.
"""

import asyncio
import re
from collections.abc import Iterable
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from confsync.sandbox.accounts import Accounts
from confsync.sandbox.faults import Fault, Faults, Trouble
from confsync.sandbox.journal import Journal, Served
from confsync.sandbox.options import Flavour
from confsync.sandbox.wire import errors

CONTROL = "/_sandbox/"
_PUBLIC = re.compile(r"/(_edge/tenant_info|status|x/.*)?")
_FORMS = ("multipart/form-data", "application/x-www-form-urlencoded", "text/plain")


class HostGate:
    """Refuses requests that name another host or come from a web page of one."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str]) -> None:
        self._app = app
        self._hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or answer 421."""
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            origin = headers.get("origin")
            named = [headers.get("host", ""), *([origin.rpartition("//")[2]] if origin is not None else [])]
            if not all(_host(name) in self._hosts for name in named):
                refusal = PlainTextResponse("This sandbox answers on loopback only.\n", 421)
                await refusal(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _host(name: str) -> str:
    """The host of `host:port`, `[::1]:port` or a host alone."""
    host, colon, port = name.rpartition(":")
    return (host if colon and port.isdigit() else name).strip("[]").lower()


class PathGate:
    """Serves one tree under the context path and at `/…`, forgiving repeated and trailing slashes."""

    def __init__(self, app: ASGIApp, context: str) -> None:
        self._app = app
        self._context = context

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Rewrite the path; the context found goes to the scope's state."""
        if scope["type"] == "http":
            asked = str(scope["path"])
            path = re.sub(r"/{2,}", "/", asked)
            context = self._context
            inside = path == context or path.startswith(f"{context}/")
            plain = path.removeprefix(context) if inside else path
            plain = plain.rstrip("/") or "/"
            state = {
                **scope.get("state", {}),
                "context": context if inside else "",
                "asked": asked,
                "viewer": "",
            }
            scope = {**scope, "path": plain, "raw_path": quote(plain).encode(), "state": state}
        await self._app(scope, receive, send)


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


async def _drain(receive: Receive) -> None:
    """Read what the client still sends, so that it reads our answer."""
    while (await receive()).get("more_body", False):
        pass


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


class LoginGate:
    """Lets only known users in. Cloud refuses with 403 in v1 and a bare 404 in v2, Data Center with 401."""

    def __init__(self, app: ASGIApp, accounts: Accounts, flavour: Flavour) -> None:
        self._app = app
        self._data_center = flavour is Flavour.DATA_CENTER
        self._accounts = accounts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Put the caller's account id into the scope's state, or refuse."""
        if scope["type"] != "http" or scope["path"].startswith(CONTROL) or _PUBLIC.fullmatch(scope["path"]):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        viewer = self._accounts.account(headers.get("authorization", ""))
        if viewer is None:
            await _drain(receive)
            refusal = _failed_login() if self._data_center else _unknown(scope["path"])
            await refusal(scope, receive, send)
            return
        if _is_form(headers) and scope["method"] in ("POST", "PUT") and not _allowed(headers):
            await _drain(receive)
            await HTMLResponse("XSRF check failed", 403)(scope, receive, send)
            return
        scope["state"]["viewer"] = viewer
        await self._app(scope, receive, send)


def _is_form(headers: Headers) -> bool:
    return headers.get("content-type", "").partition(";")[0].strip().lower() in _FORMS


def _allowed(headers: Headers) -> bool:
    return headers.get("x-atlassian-token", "").lower() in ("no-check", "nocheck")


def _failed_login() -> Response:
    headers = {
        "WWW-Authenticate": 'OAuth realm="http%3A%2F%2F127.0.0.1"',
        "X-Seraph-LoginReason": "AUTHENTICATED_FAILED",
    }
    return HTMLResponse("<html><head><title>Unauthorized (401)</title></head></html>", 401, headers=headers)


def _unknown(path: str) -> Response:
    if path.startswith("/api/v2"):
        return errors.v2_error(404, "Not Found")
    if path == "/rest/api/user/current":
        return JSONResponse({"statusCode": 403, "message": "caller cannot access Confluence"}, 403)
    if path.startswith("/rest/"):
        return JSONResponse(
            {"statusCode": 403, "message": "Current user not permitted to use Confluence"}, 403
        )
    return HTMLResponse(
        "<h1>Log in</h1>", 401, headers={"WWW-Authenticate": 'Basic realm="confsync sandbox"'}
    )
