"""Cursors: where a listing goes on, opaque to clients."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from starlette.responses import JSONResponse, Response

from confsync.sandbox.call import Call
from confsync.sandbox.refusals import Invalid
from confsync.sandbox.store.listing import Place

T = TypeVar("T")
_MAX = 250


def limit(call: Call, default: int = 25, most: int = _MAX) -> int:
    """The limit a v2 client asked for.

    Raises:
        Invalid: not from 1 to `most`.
    """
    asked = call.integer("limit", default)
    if not 1 <= asked <= most:
        raise Invalid(f"Provided value {{{asked}}} for 'limit' must be between 1 and {most}")
    return asked


def place(call: Call) -> Place | None:
    """Behind which row to go on.

    Raises:
        Invalid: a cursor that is none of ours.
    """
    raw = _decoded(call)
    if raw is None:
        return None
    match raw:
        case [str() | int() as value, int() as content]:
            return Place(value, content)
        case _:
            raise Invalid("Invalid cursor")


def offset(call: Call) -> int:
    """How many rows to pass over, in listings that are short enough to count.

    Raises:
        Invalid: a cursor that is none of ours.
    """
    raw = _decoded(call)
    if raw is None:
        return 0
    if not isinstance(raw, int) or raw < 0:
        raise Invalid("Invalid cursor")
    return raw


def encode(value: object) -> str:
    """A cursor that says `value`."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _decoded(call: Call) -> object:
    raw = call.query("cursor")
    if not raw:
        return None
    try:
        value: object = json.loads(base64.urlsafe_b64decode(raw + "=" * (-len(raw) % 4)))
    except (ValueError, binascii.Error) as error:
        raise Invalid("Invalid cursor") from error
    return value


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a short listing that one answer shows."""

    start: int
    limit: int

    def cut(self, rows: Sequence[T]) -> tuple[Sequence[T], object]:
        """The rows of this window, and the cursor value for the next one (None: that was all)."""
        end = self.start + self.limit
        return rows[self.start : end], end if end < len(rows) else None


def window(call: Call, default: int = 25, most: int = _MAX) -> Window:
    """The window a v2 client asked for."""
    return Window(offset(call), limit(call, default, most))


def envelope(call: Call, results: Sequence[object], following: object) -> Response:
    """A v2 list: rows, `_links.next` and the `Link` header, both with the context path."""
    links = {"base": call.base}
    relations = [f'<{call.base}>; rel="base"']
    if following is not None:
        query = [(k, v) for k, v in call.request.query_params.multi_items() if k != "cursor"]
        address = f"{call.context}{call.request.url.path.removeprefix(call.context)}"
        links["next"] = f"{address}?{urlencode([*query, ('cursor', encode(following))])}"
        relations.insert(0, f'<{links["next"]}>; rel="next"')
    return JSONResponse({"results": list(results), "_links": links}, headers={"Link": ", ".join(relations)})
