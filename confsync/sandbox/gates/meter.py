"""What calls cost: the points of apps on Cloud, and how many requests a caller may make in a second."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from confsync.sandbox.flavour import Flavour
from confsync.sandbox.gates.mount import CONTROL
from confsync.sandbox.gates.refusal import drain
from confsync.sandbox.identity.caller import ANONYMOUS, Caller
from confsync.sandbox.options import Options

_HOUR = 3600
_NEAR = 0.2
_IDENTITIES = (
    "/rest/api/user",
    "/rest/api/group",
    "/api/v2/users-bulk",
    "/api/v2/user",
    "/restriction",
    "/permission",
)


@dataclass(slots=True)
class Points:
    """The account of all apps; it is filled again at the top of each hour."""

    quota: int
    clock: Callable[[], float] = time.time
    spent: int = 0
    _hour: int = field(default=0)

    @property
    def left(self) -> int:
        """What may still be spent in this hour."""
        hour = int(self.clock()) // _HOUR
        if hour != self._hour:
            self._hour, self.spent = hour, 0
        return max(0, self.quota - self.spent)

    @property
    def seconds(self) -> int:
        """How long until it is filled again."""
        return _HOUR - int(self.clock()) % _HOUR

    def headers(self) -> dict[str, str]:
        """What an answer says about it."""
        return {
            "Beta-RateLimit-Policy": f'"global-app-quota";q={self.quota};w={_HOUR}',
            "Beta-RateLimit": f'"global-app-quota";r={self.left};t={self.seconds}',
        }


@dataclass(slots=True)
class Bucket:
    """The requests one caller may make: as many at once as in a second, filled steadily."""

    size: int
    clock: Callable[[], float] = time.monotonic
    _level: float = -1
    _seen: float = 0

    def take(self) -> bool:
        """Use one; False: there is none."""
        now = self.clock()
        if self._level < 0:
            self._level, self._seen = self.size, now
        self._level = min(self.size, self._level + (now - self._seen) * self.size)
        self._seen = now
        if self._level < 1:
            return False
        self._level -= 1
        return True

    @property
    def left(self) -> int:
        """How many are left at this moment."""
        return int(self._level)


def cost(method: str, path: str, answer: bytes) -> int:
    """The points of one call: 1, for reading 1 more for each object, 2 for each user, group or permission."""
    if method != "GET":
        return 1
    try:
        said = json.loads(answer)
    except ValueError:
        return 1
    if not isinstance(said, dict):
        return 1
    rows = said.get("results")
    objects = len(rows) if isinstance(rows, list) else 1
    each = 2 if any(word in path for word in _IDENTITIES) else 1
    return 1 + each * objects


class MeterGate:
    """Counts, tells the caller, and refuses with 429 what is too much."""

    def __init__(self, app: ASGIApp, options: Options, points: Points) -> None:
        self._app = app
        self._data_center = options.flavour is Flavour.DATA_CENTER
        self._burst = options.burst
        self._points = points
        self._buckets: dict[str, Bucket] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request if it can still be paid."""
        if scope["type"] != "http" or scope["path"].startswith(CONTROL) or "caller" not in scope["state"]:
            await self._app(scope, receive, send)
            return
        caller: Caller = scope["state"].get("caller", ANONYMOUS)
        headers: dict[str, str] = {}
        refused: Response | None = None
        if self._burst:
            bucket = self._buckets.setdefault(caller.account_id, Bucket(self._burst))
            refused = None if bucket.take() else _too_many("confluence-burst-based", 1)
            headers |= self._bucket_headers(bucket)
        if refused is None and self._metered(caller) and not self._points.left:
            refused = _too_many("confluence-quota-global-based", self._points.seconds)
            headers |= self._points.headers()
        if refused is not None:
            refused.headers.update(headers)
            await drain(receive)
            await refused(scope, receive, send)
            return
        counting = self._points if self._metered(caller) else None
        await self._app(scope, receive, _Counting(send, scope, counting, headers))

    def _metered(self, caller: Caller) -> bool:
        return caller.metered and not self._data_center

    def _bucket_headers(self, bucket: Bucket) -> dict[str, str]:
        said = {"X-RateLimit-Limit": str(bucket.size), "X-RateLimit-Remaining": str(bucket.left)}
        if self._data_center:
            return {**said, "X-RateLimit-FillRate": str(bucket.size), "X-RateLimit-Interval-Seconds": "1"}
        reset = datetime.fromtimestamp(int(time.time()) + 1, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        near = "true" if bucket.left < bucket.size * _NEAR else "false"
        return {**said, "X-RateLimit-Reset": reset, "X-RateLimit-NearLimit": near}


def _too_many(reason: str, seconds: int) -> Response:
    answer = JSONResponse({"statusCode": 429, "message": "Rate limit exceeded"}, 429)
    answer.headers["Retry-After"] = str(seconds)
    answer.headers["RateLimit-Reason"] = reason
    return answer


class _Counting:
    """Passes an answer on with the headers of its cost; JSON is held until its objects are counted."""

    def __init__(self, send: Send, scope: Scope, points: Points | None, headers: dict[str, str]) -> None:
        self._send = send
        self._scope = scope
        self._points = points
        self._headers = headers
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        """Take one ASGI message of the answer."""
        if message["type"] == "http.response.start":
            if self._points is not None and _is_json(message):
                self._start = message
                return
            await self._begin(message, 1)
            return
        if self._start is None:
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if not message.get("more_body", False):
            await self._begin(self._start, cost(self._scope["method"], self._scope["path"], self._body))
            await self._send({"type": "http.response.body", "body": self._body})

    async def _begin(self, start: Message, points: int) -> None:
        said = dict(self._headers)
        if self._points is not None:
            self._points.spent += points
            said |= self._points.headers()
        headers = MutableHeaders(raw=start["headers"])
        headers.update(said)
        await self._send({**start, "headers": headers.raw})


def _is_json(start: Message) -> bool:
    return MutableHeaders(raw=start["headers"]).get("content-type", "").startswith("application/json")
