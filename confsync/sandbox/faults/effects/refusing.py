"""Answers in the server's place."""

import time
from datetime import UTC, datetime
from email.utils import formatdate
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, Response

from confsync.sandbox import catalogue
from confsync.sandbox.faults.effects.effect import Effect
from confsync.sandbox.faults.exchange import Exchange
from confsync.sandbox.faults.fault import REASONS
from confsync.sandbox.wire import errors

if TYPE_CHECKING:
    from confsync.sandbox.faults.force import Live

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
_HTML = (502, 503, 504)
_TOO_MANY = 429
_HOUR = 3600


class Status(Effect):
    """An error of the service itself."""

    ends = True

    def before(self, live: "Live", exchange: Exchange) -> Response | None:
        """Answer with the fault's status, in the words of the API that was asked."""
        fault = live.fault
        words = fault.message or _WORDS.get(fault.status, "Something went wrong")
        if exchange.v2:
            answer: Response = errors.v2_error(fault.status, words)
        elif fault.status in _HTML:
            answer = _page(fault.status, words)
        else:
            answer = errors.v1_error(fault.status, words)
        if fault.retry_after is not None:
            when = formatdate(time.time() + fault.retry_after, usegmt=True)
            answer.headers["Retry-After"] = when if fault.dated else f"{fault.retry_after:g}"
        if fault.status == _TOO_MANY:
            answer.headers.update(_throttled(fault.retry_after or 0, fault.reason))
        return answer


def _throttled(seconds: float, reason: str) -> dict[str, str]:
    reset = datetime.fromtimestamp(int(time.time() + seconds), UTC)
    said = {
        "X-RateLimit-Limit": "100",
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": reset.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "X-RateLimit-NearLimit": "true",
        "RateLimit-Reason": REASONS[reason],
    }
    if reason != "burst":
        said["Beta-RateLimit-Policy"] = f'"global-app-quota";q=65000;w={_HOUR}'
        said["Beta-RateLimit"] = f'"global-app-quota";r=0;t={int(seconds)}'
    return said


class Edge(Effect):
    """An error of the network in front of the service."""

    ends = True

    def before(self, live: "Live", _exchange: Exchange) -> Response | None:
        """Answer in HTML, whatever was asked."""
        status = live.fault.status or 503
        answer = _page(status, _WORDS.get(status, "Request blocked."))
        answer.headers["X-Cache"] = "Error from cloudfront"
        return answer


class LoginPage(Effect):
    """Single sign-on, which answers everything with 200 and a page."""

    ends = True

    def before(self, _live: "Live", _exchange: Exchange) -> Response | None:
        """Answer with a form."""
        return HTMLResponse(
            "<!doctype html><title>Log in</title><form method=post action=/login><input name=username></form>"
        )


class Gone(Effect):
    """The end of REST v1."""

    ends = True

    def concerns(self, _live: "Live", exchange: Exchange) -> bool:
        """Only what Cloud has removed."""
        entry = catalogue.find(exchange.method, exchange.path)
        return entry is not None and entry.removed and not exchange.data_center

    def before(self, _live: "Live", _exchange: Exchange) -> Response | None:
        """Answer 410."""
        return errors.v1_error(410, "This deprecated endpoint has been removed.")


def _page(status: int, words: str) -> Response:
    return HTMLResponse(f"<html><body><h1>{status} {words}</h1></body></html>", status)
