"""What an answer that is not a success means, in the terms of `confsync.errors`.

Confluence words the same failure in many ways: JSON of v1, of v2 and of the gateway, HTML from servlet
containers and edges. Messages are matched by what they contain, never exactly.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from confsync.confluence.retry import Failed, Stage
from confsync.errors import (
    AuthenticationFailed,
    Forbidden,
    NotFound,
    RateLimited,
    Rejected,
    RemoteError,
    TitleTaken,
    VersionConflict,
)

LOG_IN = "run `confsync auth login`, or check CONFSYNC_USERNAME and CONFSYNC_TOKEN"
_LONGEST_MESSAGE = 500
_JAVA_NAME = re.compile(r"^(?:[a-z][\w$]*\.)+[A-Z]\w*(?:Exception|Error): ")
# What Cloud says to credentials it does not know, with 403 instead of 401.
_STRANGER = re.compile(r"cannot access Confluence|not permitted to use Confluence", re.IGNORECASE)
_KINDS: Mapping[int, tuple[type[RemoteError], str]] = {
    HTTPStatus.FORBIDDEN: (Forbidden, "ask a space admin for the permission"),
    HTTPStatus.CONFLICT: (VersionConflict, ""),
    HTTPStatus.BAD_REQUEST: (Rejected, ""),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (Rejected, "split it into smaller pages or files"),
}
_PASSING = frozenset({HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT})


def failed(status: int, headers: Mapping[str, str], body: bytes, what: str) -> Failed:
    """Read an answer of 3xx to 5xx. `what` was asked for: `GET /api/v2/pages/1`."""
    message = _message(body) or _phrase(status)
    error = _error(status, message, what)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        after = retry_after(headers.get("retry-after", ""))
        return Failed(_too_many(after), Stage.REFUSED, after)
    edge = "error from cloudfront" in headers.get("x-cache", "").lower()
    if status in _PASSING or edge:
        return Failed(error, Stage.BUSY, retry_after(headers.get("retry-after", "")))
    return Failed(error, Stage.FINAL)


def retry_after(value: str) -> float | None:
    """Seconds to wait, from `Retry-After` in seconds or as an HTTP date; None where it says nothing."""
    if re.fullmatch(r"\d+(\.\d+)?", value.strip()):
        return float(value)
    try:
        when = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())


def _error(status: int, message: str, what: str) -> RemoteError:
    lower = message.lower()
    if status == HTTPStatus.UNAUTHORIZED and "scope" in lower:
        return AuthenticationFailed(
            f"These credentials lack a scope that {what} needs",
            status=status,
            hint="docs/configuration.md lists the scopes of a sync in both directions",
        )
    if status == HTTPStatus.UNAUTHORIZED or (status == HTTPStatus.FORBIDDEN and _STRANGER.search(message)):
        return AuthenticationFailed(
            "Confluence does not accept these credentials", status=status, hint=LOG_IN
        )
    said = f"Confluence says: {message} ({status}, {what})"
    if status == HTTPStatus.BAD_REQUEST and "already exists" in lower and "title" in lower:
        return TitleTaken(said, status=status, hint="the other page may be archived or hidden from you")
    if status == HTTPStatus.NOT_FOUND:
        # Cloud's v2 answers unknown credentials with 404 as well, but then names nothing.
        named = lower.strip() != "not found"
        hint = "it is gone, or hidden from these credentials" if named else LOG_IN
        return NotFound(said, status=status, hint=hint)
    kind, hint = _KINDS.get(status, (RemoteError, ""))
    return kind(said, status=status, hint=hint)


def _too_many(after: float | None) -> RateLimited:
    wait = f"in {after:.0f} s" if after else "in a few minutes"
    return RateLimited("Confluence wants fewer requests", status=429, hint=f"try again {wait}")


def _message(body: bytes) -> str:
    """The server's own words, without Java names and markup; empty where it has none."""
    text = body.decode("utf-8", "replace").strip()
    try:
        words = next(_words(json.loads(text)), "")
    except ValueError:
        # An HTML page says in its title what a proxy or a login has to say.
        title = re.search(r"<title>(.*?)</title>", text, re.IGNORECASE | re.DOTALL)
        words = title[1] if title else "" if text.startswith("<") else text
    words = " ".join(_JAVA_NAME.sub("", words.strip()).split())
    return words if len(words) <= _LONGEST_MESSAGE else f"{words[:_LONGEST_MESSAGE]}…"


def _words(data: object) -> Iterator[str]:
    if not isinstance(data, dict):
        return
    errors = data.get("errors")
    for error in errors if isinstance(errors, list) else ():
        if isinstance(error, dict):
            parts = [str(error[key]) for key in ("title", "detail") if error.get(key)]
            if parts:
                yield ": ".join(parts)
    for key in ("message", "errorMessage", "error_description", "reason"):
        if isinstance(data.get(key), str) and data[key]:
            yield data[key]


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "no reason given"


_REMAINING = re.compile(r"\br=(\d{1,12})\b")


def allowance(headers: Mapping[str, str]) -> int | None:
    """What the server still allows for, by the headers of an answer: requests, or for apps points."""
    plain = headers.get("X-RateLimit-Remaining", "")
    if plain.isascii() and plain.isdigit():
        return int(plain[:12])
    points = _REMAINING.search(headers.get("Beta-RateLimit", ""))
    return int(points[1]) if points else None
