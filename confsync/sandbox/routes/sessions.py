"""Data Center: logging in by a form, which begins a session."""

from urllib.parse import parse_qs, quote, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from confsync.sandbox.site import Site

_MOST = 10_000
_FORM = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Log in</title><form method="post" '
    'action="dologin.action"><input name="os_username" aria-label="Username"> '
    '<input name="os_password" type="password" aria-label="Password"> <button>Log in</button></form>'
)


def routes() -> list[BaseRoute]:
    """The form, and what takes it."""
    return [
        Route("/login.action", _form, methods=["GET"]),
        Route("/dologin.action", _log_in, methods=["POST"]),
    ]


async def _form(_request: Request) -> Response:
    return HTMLResponse(_FORM)


async def _log_in(request: Request) -> Response:
    """A session, and on to `os_destination`; the form again for who is not known."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > _MOST:
            return HTMLResponse(_FORM, 413)
    sent = {key: values[0] for key, values in parse_qs(body.decode("utf-8", "replace")).items()}
    site: Site = request.app.state.site
    found = site.accounts.by_password(sent.get("os_username", ""), sent.get("os_password", ""))
    if found is None:
        return HTMLResponse(_FORM, headers={"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"})
    context = request.scope["state"]["context"]
    answer = RedirectResponse(f"{context}{_inside(sent.get('os_destination', ''))}", 302)
    answer.headers["X-Seraph-LoginReason"] = "OK"
    session = site.doors.sessions.begin(found.account_id)
    answer.set_cookie("JSESSIONID", session, path=context or "/", httponly=True, samesite="lax")
    return answer


def _inside(destination: str) -> str:
    """A path of this site; anything that leads elsewhere is its front page."""
    parts = urlsplit(destination)
    if parts.scheme or parts.netloc or not destination.startswith("/") or "\\" in destination:
        return "/"
    return quote(destination, safe="/?=&")
