"""Downloads as Cloud gives them: by a redirect to another host, whose address is the permission."""

import base64
import hashlib
import hmac
import json
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from confsync.sandbox.gates.host import host_of
from confsync.sandbox.identity.caller import Caller, Door

_DOWNLOAD = re.compile(r"/rest/api/content/[^/]+/child/attachment/[^/]+/download|/download/attachments/.+")
_MEDIA = re.compile(r"/_media/([A-Za-z0-9_-]+)\.([0-9a-f]{64})/.*")
_HOLDS_SECONDS = 600


@dataclass(frozen=True, slots=True)
class _Pass:
    """What an address permits: one file, as somebody sees it, for a while."""

    path: str
    query: str
    account: str
    until: float


class MediaGate:
    """Sends downloads to `/_media/…` on the other name of this machine, and serves them there.

    There the address is the credential: who sends another one as well is refused, as by Amazon's storage, so
    that a client which follows a redirect with its `Authorization` is found out.
    """

    def __init__(self, app: ASGIApp, *, on: bool, clock: Callable[[], float] = time.time) -> None:
        self._app = app
        self._on = on
        self._clock = clock
        self._key = secrets.token_bytes(32)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Redirect, serve, or let the request through."""
        if not self._on or scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if (
            _DOWNLOAD.fullmatch(scope["path"])
            and scope["method"] == "GET"
            and not scope["state"].get("media")
        ):
            await self._sent_on(scope)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def admit(self, scope: Scope) -> Caller | Response | None:
        """Who comes with an address of ours, the refusal of a wrong one, None for any other request."""
        found = _MEDIA.fullmatch(scope["path"]) if self._on and scope["type"] == "http" else None
        if found is None:
            return None
        if "authorization" in Headers(scope=scope):
            return JSONResponse({"error": "Only one auth mechanism allowed"}, 400)
        if not hmac.compare_digest(self._signature(found[1]), found[2]):
            return JSONResponse({"error": "Forbidden"}, 403)
        given = _Pass(*json.loads(base64.urlsafe_b64decode(found[1] + "==")))
        if given.until < self._clock():
            return JSONResponse({"error": "Expired"}, 403)
        scope["path"], scope["query_string"] = given.path, given.query.encode()
        scope["raw_path"] = quote(given.path).encode()
        scope["state"]["media"] = True
        return Caller(given.account, Door.BEARER)

    def _sent_on(self, scope: Scope) -> Response:
        query = scope["query_string"].decode("latin-1")
        until = self._clock() + _HOLDS_SECONDS
        said = json.dumps([scope["path"], query, scope["state"]["viewer"], until]).encode()
        token = base64.urlsafe_b64encode(said).decode().rstrip("=")
        here = Headers(scope=scope).get("host", "")
        other = "localhost" if host_of(here) == "127.0.0.1" else "127.0.0.1"
        port = here.rpartition(":")[2]
        there = f"{other}:{port}" if port.isdigit() else other
        name = quote(scope["path"].rpartition("/")[2])
        address = f"{scope['scheme']}://{there}/_media/{token}.{self._signature(token)}/{name}"
        return RedirectResponse(address, 302)

    def _signature(self, token: str) -> str:
        return hmac.new(self._key, token.encode(), hashlib.sha256).hexdigest()
