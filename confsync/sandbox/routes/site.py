"""What people see in a browser, and the doors that need no login."""

import html

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from confsync.sandbox.call import Call, id_number, route
from confsync.sandbox.flavour import CLOUD_ID
from confsync.sandbox.refusals import Missing
from confsync.sandbox.rows import Content
from confsync.sandbox.store.access import Access
from confsync.sandbox.store.interest import VIEW
from confsync.sandbox.wire import bodies, links

_SOMEBODY = "somebody"
"""An account that is in no list of permissions."""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STYLE = (
    ":root{color-scheme:light dark}"
    "body{max-width:46rem;margin:2rem auto;padding:0 1rem;font:16px/1.6 system-ui,sans-serif}"
    "pre{overflow:auto;padding:1rem;background:#8882}td,th{border:1px solid #8886;padding:.3rem .6rem}"
    "table{border-collapse:collapse}.macro{border-left:4px solid #8886;padding-left:1rem}"
    "nav,small{color:gray}"
)


def routes() -> list[BaseRoute]:
    """Pages for people."""
    return [
        Route("/", _welcome, methods=["GET"]),
        Route("/_edge/tenant_info", _tenant, methods=["GET"]),
        Route("/status", _status, methods=["GET"]),
        Route("/x/{code}", _tiny, methods=["GET"]),
        route("/spaces/{key}/pages/{id}", _page),
        route("/spaces/{key}/pages/{id}/{title:path}", _page),
        route("/spaces/{key}", _space),
        route("/spaces/{key}/overview", _space),
    ]


def _html(title: str, inside: str) -> Response:
    said = html.escape(title)
    page = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{said}</title><style>{_STYLE}</style>'
        f"<body><nav>confsync sandbox</nav><h1>{said}</h1>{inside}</body></html>"
    )
    return HTMLResponse(
        page, headers={"Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff"}
    )


async def _welcome(request: Request) -> Response:
    store = request.app.state.store
    closed = Access(store.database).closed("read", _SOMEBODY)
    spaces = [space for space in store.spaces.all() if space.id not in closed]
    context = request.scope["state"]["context"]
    rows = "".join(
        f'<li><a href="{context}/spaces/{html.escape(s.key)}">{html.escape(s.name)}</a></li>' for s in spaces
    )
    return _html(
        "Sandbox Confluence",
        f"<p>Log in with the user name and token printed at the start.</p><ul>{rows}</ul>",
    )


async def _tenant(_request: Request) -> Response:
    return JSONResponse({"cloudId": CLOUD_ID})


async def _status(_request: Request) -> Response:
    return JSONResponse({"state": "RUNNING"})


async def _tiny(request: Request) -> Response:
    store, context = request.app.state.store, request.scope["state"]["context"]
    try:
        content: Content = store.contents.get(
            links.from_tiny(request.path_params["code"]), "page", "blogpost"
        )
    except (ValueError, Missing):
        return _html("Not found", "<p>No such page.</p>")
    return RedirectResponse(f"{context}/spaces/{store.spaces.get(content.space).key}/pages/{content.id}")


async def _page(call: Call) -> Response:
    content = call.content(id_number(call.path("id")), "page", "blogpost", kind="page")
    for act in (call.store.interest.drop, call.store.interest.put):
        act(VIEW, "content", str(content.id), call.viewer)
    body = bodies.shown(call, content, call.store.contents.body(content.id), "view")
    small = f"<small>version {content.version.number}, {html.escape(content.version.created)}</small>"
    return _html(content.title, f"{small}{body}{_children(call, content.id)}")


async def _space(call: Call) -> Response:
    space = call.store.spaces.by_key(call.path("key"))
    if space.homepage is None:
        return _html(space.name, "<p>This space has no home page.</p>")
    home = call.content(space.homepage)
    body = bodies.shown(call, home, call.store.contents.body(home.id), "view")
    return _html(space.name, f"{body}{_children(call, home.id)}")


def _children(call: Call, parent: int) -> str:
    hidden = call.store.restrictions.hidden_from(call.viewer)
    shown = [c for c in call.store.tree.children(parent) if c.id not in hidden and c.type == "page"]
    rows = "".join(f'<li><a href="{_address(call, c)}">{html.escape(c.title)}</a></li>' for c in shown)
    return f"<h2>Pages below</h2><ul>{rows}</ul>" if rows else ""


def _address(call: Call, page: Content) -> str:
    return html.escape(call.context + links.webui(page, call.store.spaces.get(page.space)))
