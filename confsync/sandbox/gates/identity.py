"""Who asks, and whether this door is open to them."""

import re
from collections import Counter
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers, QueryParams
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from confsync.sandbox import catalogue
from confsync.sandbox.flavour import Flavour, Removed
from confsync.sandbox.gates import refusal, xsrf
from confsync.sandbox.gates.media import MediaGate
from confsync.sandbox.gates.mount import CONTROL
from confsync.sandbox.identity.caller import Caller, Door, Wrong
from confsync.sandbox.identity.doors import Doors, Knock
from confsync.sandbox.identity.scopes import opens, opens_data_center
from confsync.sandbox.options import Options

_PUBLIC = re.compile(
    r"/(_edge/tenant_info|status|x/.*|authorize|oauth/token(/accessible-resources)?|me|login\.action"
    r"|dologin\.action|rest/oauth2/latest/(authorize|token))?"
)


class IdentityGate:
    """Lets known callers in, and nobody in particular where the site is open to everybody."""

    def __init__(
        self, app: ASGIApp, doors: Doors, options: Options, is_open: Callable[[], bool], media: MediaGate
    ) -> None:
        self._app = app
        self._media = media
        self._doors = doors
        self._data_center = options.flavour is Flavour.DATA_CENTER
        self._removed = options.removed
        self._captcha = options.captcha_after
        self._is_open = is_open
        self._failures: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Put the caller into the scope's state, or refuse."""
        if scope["type"] != "http" or scope["path"].startswith(CONTROL) or _PUBLIC.fullmatch(scope["path"]):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        found = self._found(scope, headers)
        refused = found if isinstance(found, Response) else self._objection(found, scope, headers)
        if refused is not None:
            await refusal.drain(receive)
            await refused(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _found(self, scope: Scope, headers: Headers) -> Caller | Response:
        """Who is calling, also put into the scope's state, or the answer to somebody unknown."""
        admitted = self._media.admit(scope)
        if isinstance(admitted, Response):
            return admitted
        if admitted is not None:
            return _known(scope, admitted)
        knock = _knock(scope, headers)
        if self._captcha and self._failures[knock.claimed] >= self._captcha:
            return refusal.failed_login(challenge=True)
        try:
            caller = self._doors.caller(knock)
        except Wrong:
            self._count_failure(knock.claimed)
            return self._unknown(scope)
        if caller.door is Door.ANONYMOUS and not self._is_open():
            return self._unknown(scope)
        return _known(scope, caller)

    def _objection(self, caller: Caller, scope: Scope, headers: Headers) -> Response | None:
        """Why a known caller may not do this; None: they may, as far as the door knows."""
        at_gateway = self._data_center or scope["state"]["gateway"]
        if caller.scopes is not None and not at_gateway:
            return refusal.misplaced()
        if not self._covered(caller, scope):
            return refusal.insufficient_scope() if self._data_center else refusal.lacks_scope()
        if xsrf.suspicious(scope["method"], headers, caller, data_center=self._data_center):
            return refusal.forged()
        return refusal.gone() if self._is_gone(caller, scope) else None

    def _count_failure(self, username: str) -> None:
        """Only names that have a login are remembered, so that strangers cannot fill the memory."""
        if self._captcha and self._doors.accounts.named(username):
            self._failures[username] += 1

    def _unknown(self, scope: Scope) -> Response:
        if self._data_center:
            return refusal.failed_login()
        return refusal.not_through() if scope["state"]["gateway"] else refusal.not_let_in(scope["path"])

    def _covered(self, caller: Caller, scope: Scope) -> bool:
        if caller.scopes is None:
            return True
        if self._data_center:
            return opens_data_center(caller.scopes, scope["method"])
        return opens(caller.scopes, scope["method"], scope["path"])

    def _is_gone(self, caller: Caller, scope: Scope) -> bool:
        if self._data_center or self._removed is Removed.SERVED:
            return False
        entry = catalogue.find(scope["method"], scope["path"])
        return entry is not None and entry.removed and (caller.metered or self._removed is Removed.GONE)


def _known(scope: Scope, caller: Caller) -> Caller:
    scope["state"]["viewer"], scope["state"]["caller"] = caller.account_id, caller
    return caller


def _knock(scope: Scope, headers: Headers) -> Knock:
    return Knock(
        method=scope["method"],
        path=scope["path"],
        query=QueryParams(scope["query_string"]).multi_items(),
        authorization=headers.get("authorization", ""),
        cookies=_cookies(headers.get("cookie", "")),
    )


def _cookies(header: str) -> dict[str, str]:
    cookies: SimpleCookie = SimpleCookie()
    try:
        cookies.load(header)
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in cookies.items()}
