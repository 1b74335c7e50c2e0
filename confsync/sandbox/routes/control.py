"""The sandbox's own endpoints; no request to them counts. They need no login, only loopback.

An endpoint is a function from the JSON object sent to the JSON value answered, and a row of the table.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from confsync.sandbox.call import items, text, whole
from confsync.sandbox.faults import Fault
from confsync.sandbox.faults.deeds import DEEDS, somebody
from confsync.sandbox.identity.connect import ConnectApp
from confsync.sandbox.identity.oauth import App
from confsync.sandbox.refusals import Refusal
from confsync.sandbox.routes import webhooks
from confsync.sandbox.site import Site
from confsync.sandbox.store.access import Access, Permit
from confsync.sandbox.webhooks.hook import Style, is_loopback

_MOST = 100_000
Endpoint = Callable[[Site, Mapping[str, object]], object]
"""What is done with what was sent; answering None is answering nothing.

Raises ValueError or `Refusal` for what makes no sense.
"""


def routes() -> list[BaseRoute]:
    """Every row of the table."""
    return [
        Route(f"/_sandbox/{path}", partial(_served, endpoint), methods=[method])
        for (method, path), endpoint in ENDPOINTS.items()
    ]


async def _served(endpoint: Endpoint, request: Request) -> Response:
    if not _may(request):
        return JSONResponse({"error": "log in with the sandbox's own login"}, 401)
    try:
        sent = {} if request.method in ("GET", "DELETE") else await _sent(request)
        said = endpoint(request.app.state.site, sent)
    except _Unreadable as error:
        return JSONResponse({"error": str(error)}, error.status)
    except (ValueError, Refusal) as error:
        return JSONResponse({"error": str(error) or type(error).__name__}, 400)
    return Response(status_code=204) if said is None else JSONResponse(said)


def _may(request: Request) -> bool:
    """Whoever is on this machine may; from another one, only the sandbox's own login."""
    if request.client is None or is_loopback(request.client.host):
        return True
    site: Site = request.app.state.site
    scheme, _, credential = request.headers.get("authorization", "").partition(" ")
    accounts = site.accounts
    found = accounts.by_basic(credential) if scheme.lower() == "basic" else accounts.by_token(credential)
    return found is not None and found.account_id == accounts.all()[0].account_id and found.scopes is None


class _Unreadable(Exception):
    """A body that is not read at all."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


async def _sent(request: Request) -> Mapping[str, object]:
    """The JSON object in the body; nothing is an empty one.

    The media type is asked for because a form of another web site cannot have it.
    """
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > _MOST:
            raise _Unreadable(413, f"send at most {_MOST} bytes")
    if not body:
        return {}
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise _Unreadable(415, "send application/json")
    sent = json.loads(body)
    if not isinstance(sent, dict):
        raise ValueError("send a JSON object")  # noqa: TRY004 - one answer for all bad input
    return sent


# ------------------------------------------------------------------------------------------- requests


def _requests(site: Site, _: Mapping[str, object]) -> object:
    served = [
        {
            "method": one.method,
            "path": one.path,
            "query": one.query,
            "status": one.status,
            "faults": list(one.faults),
        }
        for one in site.journal.all()
    ]
    return {"requests": served}


def _reset(site: Site, _: Mapping[str, object]) -> object:
    site.journal.reset()
    return None


# --------------------------------------------------------------------------------------------- faults


def _faults(site: Site, _: Mapping[str, object]) -> object:
    """Those in force, each with how often it has struck."""
    return {"faults": [{**fault.to_json(), "struck": struck} for fault, struck in site.faults.all()]}


def _add_faults(site: Site, sent: Mapping[str, object]) -> object:
    """Take one fault, or `{"faults": [...], "clear": true}`."""
    listed = sent.get("faults", [] if "clear" in sent else [sent])
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise ValueError("faults is a list of JSON objects")
    given = [Fault.from_json(one) for one in listed]
    if sent.get("clear"):
        site.faults.clear()
    for fault in given:
        site.faults.add(fault)
    return {"faults": len(given)}


def _clear_faults(site: Site, _: Mapping[str, object]) -> object:
    site.faults.clear()
    return None


def _act(site: Site, sent: Mapping[str, object]) -> object:
    """Let somebody else do something to a page now: `{"do": "edit", "page": 131073, "detail": "words"}`."""
    do, page = text(sent.get("do")), whole(sent.get("page"))
    if do not in DEEDS or page is None:
        raise ValueError(f"send a page and do, one of {', '.join(DEEDS)}")
    DEEDS[do](somebody(site.store), page, text(sent.get("detail")))
    return None


# ----------------------------------------------------------------------------------------------- site


def _keep(site: Site, _: Mapping[str, object]) -> object:
    """Remember the site as it is now."""
    site.kept.keep(site.store)
    return None


def _roll_back(site: Site, _: Mapping[str, object]) -> object:
    """Make it again what it was when it was last remembered."""
    site.kept.restore(site.store)
    return None


# --------------------------------------------------------------------------------------------- people


def _users(site: Site, _: Mapping[str, object]) -> object:
    """Who may log in; their tokens are not told."""
    return {
        "users": [
            {
                "username": login.username,
                "accountId": login.account_id,
                "scopes": None if login.scopes is None else sorted(login.scopes),
            }
            for login in site.accounts.all()
        ]
    }


def _add_user(site: Site, sent: Mapping[str, object]) -> object:
    """Let somebody log in: `{"name": "Jane Doe", "username": "jane@example.com", "token": "..."}`."""
    name = text(sent.get("name"))
    if not name:
        raise ValueError("send a name")
    login = site.add_user(name, text(sent.get("username")), text(sent.get("token")))
    return {"username": login.username, "token": login.token, "accountId": login.account_id}


def _add_token(site: Site, sent: Mapping[str, object]) -> object:
    """A further token of a user: `{"username": "...", "scopes": ["read:page:confluence"]}`."""
    scopes = None if sent.get("scopes") is None else [text(one) for one in items(sent["scopes"])]
    login = site.add_token(text(sent.get("username")), scopes, text(sent.get("token")))
    return {"username": login.username, "token": login.token, "accountId": login.account_id}


def _open_session(site: Site, sent: Mapping[str, object]) -> object:
    """The cookie of a session of a user: `{"username": "..."}`."""
    return {"cookie": site.open_session(text(sent.get("username")))}


def _add_app(site: Site, sent: Mapping[str, object]) -> object:
    """Make an app known, for OAuth or Connect, that is the ready login or the user it names.

    `{"client_id": "…", "client_secret": "…", "redirects": ["https://…"]}` or `{"key": "…", "secret": "…"}`
    """
    login = site.known(text(sent["username"])) if "username" in sent else site.accounts.all()[0]
    match sent:
        case {"client_id": str(client), "client_secret": str(secret)}:
            redirects = tuple(text(one) for one in items(sent.get("redirects")))
            site.doors.oauth.register(App(client, secret, login.account_id, redirects))
        case {"key": str(key), "secret": str(secret)}:
            site.doors.connect.install(ConnectApp(key, secret, login.account_id))
        case _:
            raise ValueError("an app has a client_id and a client_secret, or a key and a secret")
    return None


def _expire(site: Site, _: Mapping[str, object]) -> object:
    """End every access token."""
    site.doors.oauth.expire()
    return None


def _permit(site: Site, sent: Mapping[str, object]) -> object:
    """Who may do what in a space, in place of what was said before.

    `{"space": "DOCS", "permissions": [{"operation": "edit", "user": "jane@example.com"},
    {"operation": "read", "group": "confluence-users"}, {"operation": "read", "anonymous": true}]}`
    """
    space = site.store.spaces.by_key(text(sent.get("space")))
    Access(site.store.database).put(
        space.id, [_permission(site, one) for one in items(sent.get("permissions"))]
    )
    return None


def _permission(site: Site, sent: object) -> Permit:
    match sent:
        case {"operation": str(operation), "user": str(username)}:
            return Permit(operation, "user", site.known(username).account_id)
        case {"operation": str(operation), "group": str(group)}:
            return Permit(operation, "group", group)
        case {"operation": str(operation), "anonymous": True}:
            return Permit(operation, "anonymous")
        case _:
            raise ValueError("a permission has an operation, and a user, a group, or anonymous: true")


# ------------------------------------------------------------------------------------------- webhooks


def _hooks(site: Site, _: Mapping[str, object]) -> object:
    return {"webhooks": [webhooks.wire(hook) for hook in site.hooks.all()]}


def _add_hook(site: Site, sent: Mapping[str, object]) -> object:
    """Register a webhook on either flavour; `"style": "connect"` tells it as Cloud tells an app."""
    style = Style(text(sent.get("style")) or Style.DATA_CENTER)
    return webhooks.wire(site.add_hook(replace(webhooks.sent_hook({"name": "hook", **sent}), style=style)))


def _clear_hooks(site: Site, _: Mapping[str, object]) -> object:
    for hook in site.hooks.all():
        site.hooks.remove(hook.id)
    return None


def _deliveries(site: Site, _: Mapping[str, object]) -> object:
    """What webhooks were told lately, every attempt."""
    told = [
        {
            "webhook": one.hook,
            "event": one.event,
            "attempt": one.attempt,
            "status": one.status,
            "body": one.body,
        }
        for one in site.deliveries.told()
    ]
    return {"deliveries": told}


ENDPOINTS: Mapping[tuple[str, str], Endpoint] = {
    ("GET", "requests"): _requests,
    ("POST", "reset-requests"): _reset,
    ("GET", "faults"): _faults,
    ("POST", "faults"): _add_faults,
    ("DELETE", "faults"): _clear_faults,
    ("POST", "actions"): _act,
    ("POST", "snapshot"): _keep,
    ("POST", "rollback"): _roll_back,
    ("GET", "users"): _users,
    ("POST", "users"): _add_user,
    ("POST", "tokens"): _add_token,
    ("POST", "permissions"): _permit,
    ("GET", "webhooks"): _hooks,
    ("POST", "webhooks"): _add_hook,
    ("DELETE", "webhooks"): _clear_hooks,
    ("GET", "deliveries"): _deliveries,
    ("POST", "sessions"): _open_session,
    ("POST", "apps"): _add_app,
    ("POST", "expire-tokens"): _expire,
}
"""Every endpoint, by method and name."""
