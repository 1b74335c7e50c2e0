"""The headers every answer has: which request it was, who asked, what is going away."""

import hashlib
import itertools
import time
from collections.abc import Callable
from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from confsync.sandbox import catalogue
from confsync.sandbox.flavour import Flavour
from confsync.sandbox.gates.mount import CONTROL
from confsync.sandbox.identity.caller import ANONYMOUS, Caller, Door
from confsync.sandbox.options import Options

_DEPRECATED = "Wed, 1 Mar 2023 00:00:00 GMT"
_WHY = '<https://developer.atlassian.com/cloud/confluence/changelog/#CHANGE-864>; rel="deprecation"'


class DiagnosticsGate:
    """Adds them. The ids are drawn from the seed: two runs of the same requests have the same ones."""

    def __init__(self, app: ASGIApp, options: Options, username: Callable[[str], str]) -> None:
        self._app = app
        self._data_center = options.flavour is Flavour.DATA_CENTER
        self._seed = options.chance_seed
        self._username = username
        self._numbers = itertools.count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request and add to the answer's headers."""
        if scope["type"] != "http" or scope["path"].startswith(CONTROL):
            await self._app(scope, receive, send)
            return
        number, begun = next(self._numbers), time.time()

        async def signed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                caller: Caller = scope["state"].get("caller", ANONYMOUS)
                if headers.get("content-type", "").startswith("application/json"):
                    headers.setdefault("Cache-Control", "no-cache, no-store")
                if self._data_center:
                    self._data_center_headers(headers, caller, number, begun)
                else:
                    self._cloud_headers(headers, caller, number, scope)
                message = {**message, "headers": headers.raw}
            await send(message)

        await self._app(scope, receive, signed)

    def _cloud_headers(self, headers: MutableHeaders, caller: Caller, number: int, scope: Scope) -> None:
        trace = hashlib.sha256(f"{self._seed}:{number}".encode()).hexdigest()[:32]
        headers["Server"] = "AtlassianEdge"
        headers["atl-traceid"] = trace
        headers["atl-request-id"] = "-".join((trace[:8], trace[8:12], trace[12:16], trace[16:20], trace[20:]))
        headers.setdefault("X-Content-Type-Options", "nosniff")
        if caller.account_id:
            headers["X-AACCOUNTID"] = quote(caller.account_id, safe="")
        entry = catalogue.find(scope["method"], scope["path"])
        if entry is not None and entry.removed:
            headers["Deprecation"] = _DEPRECATED
            headers.append("Link", _WHY)

    def _data_center_headers(
        self, headers: MutableHeaders, caller: Caller, number: int, begun: float
    ) -> None:
        headers["X-AREQUESTID"] = f"{int(begun) // 60 % 1440}x{number}x1"
        headers["X-ASEN"] = "SEN-L0000000"
        headers["X-Confluence-Request-Time"] = str(int(begun * 1000))
        headers["X-AUSERNAME"] = quote(self._username(caller.account_id), safe="") or "anonymous"
        if caller.door is not Door.ANONYMOUS:
            headers["X-Seraph-LoginReason"] = "OK"
