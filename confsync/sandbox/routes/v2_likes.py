"""REST v2: who likes what, and what the caller may do with it."""

from functools import partial

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from confsync.sandbox.call import Call, route
from confsync.sandbox.routes.v2_includes import operations
from confsync.sandbox.rows import Content
from confsync.sandbox.store.interest import LIKE
from confsync.sandbox.wire import cursor

_LIKED = (
    ("pages", "page"),
    ("blogposts", "blogpost"),
    ("footer-comments", "comment"),
    ("inline-comments", "comment"),
)
_OPERATED = (
    *_LIKED,
    ("attachments", "attachment"),
    ("folders", "folder"),
    ("whiteboards", "whiteboard"),
    ("databases", "database"),
    ("embeds", "embed"),
)


def routes() -> list[BaseRoute]:
    """Likes of what can be liked, operations of everything."""
    found: list[BaseRoute] = []
    for root, kind in _LIKED:
        one = f"/api/v2/{root}/{{id}}/likes"
        found += [route(f"{one}/count", partial(_count, kind)), route(f"{one}/users", partial(_users, kind))]
    for root, kind in _OPERATED:
        found.append(route(f"/api/v2/{root}/{{id}}/operations", partial(_operations, kind)))
    return found


def _content(kind: str, call: Call) -> Content:
    return call.content(call.number(), kind, kind=kind)


def _likers(kind: str, call: Call) -> list[str]:
    return call.store.interest.who(LIKE, "content", str(_content(kind, call).id))


async def _count(kind: str, call: Call) -> Response:
    return JSONResponse({"count": len(_likers(kind, call))})


async def _users(kind: str, call: Call) -> Response:
    shown, following = cursor.window(call).cut(_likers(kind, call))
    return cursor.envelope(call, [{"accountId": account} for account in shown], following)


async def _operations(kind: str, call: Call) -> Response:
    content = _content(kind, call)
    return JSONResponse({"operations": operations(call, content)})
