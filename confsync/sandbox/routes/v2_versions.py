"""REST v2: versions of everything that has them."""

from functools import partial

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from confsync.sandbox.call import Call, route
from confsync.sandbox.routes.v2_shapes import in_format
from confsync.sandbox.rows import Content, VersionRow
from confsync.sandbox.wire import cursor, v1, v2

_ROOTS = (
    ("pages", "page"),
    ("blogposts", "blogpost"),
    ("attachments", "attachment"),
    ("footer-comments", "comment"),
    ("inline-comments", "comment"),
)
_MOST = 250
_MOST_WITH_BODIES = 50


def routes() -> list[BaseRoute]:
    """All versions, and one."""
    found: list[BaseRoute] = []
    for root, kind in _ROOTS:
        base = f"/api/v2/{root}/{{id}}/versions"
        found += [
            route(base, partial(_versions, kind)),
            route(f"{base}/{{number}}", partial(_version, kind)),
        ]
    return found


def _content(kind: str, call: Call) -> Content:
    expected = "ContentId" if kind == "attachment" else "long"
    return call.content(call.number(kind=expected), kind, kind=kind)


async def _versions(kind: str, call: Call) -> Response:
    content = _content(kind, call)
    rows = call.store.contents.versions(content.id)
    if call.query("sort") == "modified-date":
        rows = rows[::-1]
    asked = cursor.window(call)
    most = _MOST_WITH_BODIES if call.query("body-format") else _MOST
    shown, following = cursor.Window(asked.start, min(asked.limit, most)).cut(rows)
    results = [v2.version(row) | {kind: _entity(call, content, row)} for row in shown]
    return cursor.envelope(call, results, following)


def _entity(call: Call, content: Content, row: VersionRow) -> v2.Wire:
    """What the content was at that version."""
    said: v2.Wire = {"id": v1.wire_id(content), "title": row.title}
    wanted = call.query("body-format")
    if wanted and content.type != "attachment":
        body = call.store.contents.body(content.id, row.number)
        said["body"] = in_format(call, content, body, wanted)
    return said


async def _version(kind: str, call: Call) -> Response:
    content = _content(kind, call)
    row = call.store.contents.version(content.id, call.number("number"))
    numbers = [version.number for version in call.store.contents.versions(content.id)]
    said = v2.version(row) | {"contentTypeModified": False, "collaborators": [row.author]}
    if before := [number for number in numbers if number < row.number]:
        said["prevVersion"] = max(before)
    if after := [number for number in numbers if number > row.number]:
        said["nextVersion"] = min(after)
    return JSONResponse(said)
