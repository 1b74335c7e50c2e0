"""The authorisation server: consent, tokens, and which sites a token is for.

On Cloud this lives on hosts of its own (auth.atlassian.com, api.atlassian.com), here beside the site; Data
Center has the same below `/rest/oauth2/latest`.
"""

import html
import json
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from confsync.sandbox.flavour import CLOUD_ID
from confsync.sandbox.gates.host import host_of
from confsync.sandbox.identity.oauth import App, Asked, OAuth, Refused

_AT_DATA_CENTER = "/rest/oauth2/latest"
_MOST = 64 * 1024
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def routes() -> list[BaseRoute]:
    """Consent, tokens, resources, whose token it is."""
    return [
        Route("/authorize", _authorize, methods=["GET"]),
        Route("/oauth/token", _token, methods=["POST"]),
        Route("/oauth/token/accessible-resources", _resources, methods=["GET"]),
        Route("/me", _me, methods=["GET"]),
        Route(f"{_AT_DATA_CENTER}/authorize", _authorize, methods=["GET"]),
        Route(f"{_AT_DATA_CENTER}/token", _token, methods=["POST"]),
    ]


def _oauth(request: Request) -> OAuth:
    oauth: OAuth = request.app.state.site.doors.oauth
    return oauth


# -------------------------------------------------------------------------------------------- consent


async def _authorize(request: Request) -> Response:
    """Send the code to the app: somebody who wants to be asked first adds `consent=ask`."""
    query = request.query_params
    app = _oauth(request).apps.get(query.get("client_id", ""))
    back = query.get("redirect_uri", "")
    if app is None or not _may_receive(app, back):
        return HTMLResponse("<h1>Something went wrong</h1><p>Unknown app or redirect URI.</p>", 400)
    if query.get("response_type") != "code" or not query.get("scope"):
        return _sent_back(back, error="invalid_request", state=query.get("state", ""))
    match query.get("consent", "granted"):
        case "ask":
            return _question(request, app)
        case "denied":
            return _sent_back(back, error="access_denied", state=query.get("state", ""))
        case _:
            return _granted(request, app, back)


def _granted(request: Request, app: App, back: str) -> Response:
    query = request.query_params
    login = request.app.state.site.accounts.named(query.get("login_hint", ""))
    account = app.account_id if login is None else login.account_id
    challenge = query.get("code_challenge", "")
    if challenge and query.get("code_challenge_method") != "S256":
        return _sent_back(back, error="invalid_request", state=query.get("state", ""))
    asked = Asked(app.client_id, account, frozenset(query["scope"].split()), back, challenge)
    return _sent_back(back, code=_oauth(request).agree(asked), state=query.get("state", ""))


def _may_receive(app: App, back: str) -> bool:
    parts = urlsplit(back)
    if parts.scheme not in ("http", "https") or parts.fragment:
        return False
    return back in app.redirects or host_of(parts.netloc.rpartition("@")[2]) in _LOOPBACK


def _sent_back(back: str, **said: str) -> Response:
    parts = urlsplit(back)
    query = [*parse_qsl(parts.query), *((key, value) for key, value in said.items() if value)]
    return RedirectResponse(urlunsplit(parts._replace(query=urlencode(query))), 302)


def _question(request: Request, app: App) -> Response:
    """A page for a person, with two links."""
    others = [(key, value) for key, value in request.query_params.multi_items() if key != "consent"]
    links = {
        answer: html.escape("?" + urlencode([*others, ("consent", answer)]))
        for answer in ("granted", "denied")
    }
    scopes = "".join(
        f"<li>{html.escape(scope)}</li>" for scope in sorted(request.query_params["scope"].split())
    )
    return HTMLResponse(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Consent</title>'
        f"<h1>{html.escape(app.client_id)} asks for</h1><ul>{scopes}</ul>"
        f'<p><a href="{links["granted"]}">Accept</a> <a href="{links["denied"]}">Deny</a></p>',
        headers={"Content-Security-Policy": "default-src 'none'"},
    )


# --------------------------------------------------------------------------------------------- tokens


async def _token(request: Request) -> Response:
    try:
        given = _oauth(request).exchange(await _sent(request))
    except Refused as refused:
        said = {"error": refused.error, "error_description": refused.description}
        return JSONResponse(said, refused.status)
    answer: dict[str, object] = {
        "access_token": given.access,
        "expires_in": given.expires_in,
        "token_type": "Bearer",
        "scope": " ".join(sorted(given.scopes)),
    }
    if given.refresh:
        answer["refresh_token"] = given.refresh
    return JSONResponse(answer, headers={"Cache-Control": "no-store"})


async def _sent(request: Request) -> Mapping[str, str]:
    """The fields of a JSON body or a form.

    Raises:
        Refused: it is neither.
    """
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > _MOST:
            raise Refused(413, "invalid_request", f"at most {_MOST} bytes")
    if _media(request.headers) == "application/x-www-form-urlencoded":
        return dict(parse_qsl(body.decode("utf-8", "replace")))
    try:
        sent = json.loads(body)
    except ValueError as error:
        raise Refused(400, "invalid_request", "Could not parse the request") from error
    if not isinstance(sent, dict):
        raise Refused(400, "invalid_request", "A JSON object is expected")
    return {str(key): str(value) for key, value in sent.items() if value is not None}


def _media(headers: Headers) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()


# ------------------------------------------------------------------------------------------ resources


def _bearer(request: Request) -> tuple[str, frozenset[str]] | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return _oauth(request).granted(token.strip()) if scheme.lower() == "bearer" else None


async def _resources(request: Request) -> Response:
    granted = _bearer(request)
    if granted is None:
        return JSONResponse({"code": 401, "message": "Unauthorized"}, 401)
    url = request.url
    site = {
        "id": CLOUD_ID,
        "url": f"{url.scheme}://{url.netloc}",
        "name": "sandbox",
        "scopes": sorted(scope for scope in granted[1] if "confluence" in scope),
        "avatarUrl": f"{url.scheme}://{url.netloc}/avatar.png",
    }
    return JSONResponse([site])


async def _me(request: Request) -> Response:
    granted = _bearer(request)
    if granted is None or "read:me" not in granted[1]:
        return JSONResponse({"code": 401, "message": "Unauthorized"}, 401)
    person = request.app.state.store.people.get(granted[0])
    return JSONResponse(
        {
            "account_type": "atlassian",
            "account_id": person.account_id,
            "email": person.email,
            "name": person.name,
            "nickname": person.username,
            "account_status": "active",
        }
    )
