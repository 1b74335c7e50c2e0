"""OAuth 2.0 for apps: codes, access tokens that end, refresh tokens that change with every use."""

import base64
import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

from confsync.sandbox.identity.scopes import every

OFFLINE = "offline_access"
"""The scope without which there is no refresh token."""


@dataclass(frozen=True, slots=True)
class App:
    """A registered app."""

    client_id: str
    client_secret: str
    account_id: str
    """Whom it acts for when it uses its own credentials alone."""
    redirects: tuple[str, ...] = ()
    """Where codes may be sent besides loopback."""


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long things hold, in seconds."""

    code: float = 600
    access: float = 3600
    reuse: float = 600
    """How long a refresh token that was replaced still works, for answers that got lost."""
    refresh: float = 90 * 86400


@dataclass(frozen=True, slots=True)
class Asked:
    """What an app asks an account to agree to."""

    client_id: str
    account_id: str
    scopes: frozenset[str]
    redirect: str = ""
    challenge: str = ""
    """The S256 challenge of PKCE; empty: none."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The answer of the token endpoint."""

    access: str
    refresh: str
    """Empty: none is given."""
    expires_in: int
    scopes: frozenset[str]


class Refused(Exception):
    """The token endpoint says no."""

    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(description)
        self.status = status
        self.error = error
        self.description = description


@dataclass(frozen=True, slots=True)
class _Issued:
    client_id: str
    account_id: str
    scopes: frozenset[str]
    until: float
    asked: Asked | None = None


@dataclass(slots=True)
class OAuth:
    """The authorisation server of the site. Safe to use from several threads; everything is in memory."""

    lifetimes: Lifetimes = field(default_factory=Lifetimes)
    clock: Callable[[], float] = time.time
    apps: dict[str, App] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _codes: dict[str, _Issued] = field(default_factory=dict)
    _access: dict[str, _Issued] = field(default_factory=dict)
    _refresh: dict[str, _Issued] = field(default_factory=dict)

    def register(self, app: App) -> App:
        """Make an app known."""
        self.apps[app.client_id] = app
        return app

    def agree(self, asked: Asked) -> str:
        """The code for an app that an account agreed to."""
        with self._lock:
            until = self.clock() + self.lifetimes.code
            issued = _Issued(asked.client_id, asked.account_id, asked.scopes, until, asked)
            return self._put(self._codes, issued)

    def granted(self, token: str) -> tuple[str, frozenset[str]] | None:
        """The account and scopes behind an access token; None: it is unknown or has ended."""
        with self._lock:
            issued = self._access.get(token)
        if issued is None or issued.until <= self.clock():
            return None
        return issued.account_id, issued.scopes

    def expire(self) -> None:
        """End every access token now; refresh tokens hold."""
        with self._lock:
            self._access.clear()

    def exchange(self, sent: Mapping[str, str]) -> Tokens:
        """Answer a request to the token endpoint.

        Raises:
            Refused: the app, the grant or its kind is wrong.
        """
        app = self._app(sent)
        with self._lock:
            match sent.get("grant_type"):
                case "authorization_code":
                    return self._by_code(app, sent)
                case "refresh_token":
                    return self._by_refresh(app, sent)
                case "client_credentials":
                    return self._issue(app.client_id, app.account_id, _scopes(sent), refreshing=False)
                case other:
                    raise Refused(400, "unsupported_grant_type", f"Unsupported grant type: {other}")

    def _app(self, sent: Mapping[str, str]) -> App:
        app = self.apps.get(sent.get("client_id", ""))
        secret = sent.get("client_secret", "").encode()
        if app is None or not hmac.compare_digest(app.client_secret.encode(), secret):
            raise Refused(401, "access_denied", "Unauthorized")
        return app

    def _by_code(self, app: App, sent: Mapping[str, str]) -> Tokens:
        issued = self._codes.pop(sent.get("code", ""), None)
        if issued is None or issued.until <= self.clock() or issued.client_id != app.client_id:
            raise Refused(403, "invalid_grant", "Invalid authorization code")
        asked = issued.asked
        if asked is None or sent.get("redirect_uri", "") != asked.redirect:
            raise Refused(403, "invalid_grant", "The redirect URI is not the one the code was sent to")
        if asked.challenge and challenge(sent.get("code_verifier", "")) != asked.challenge:
            raise Refused(403, "invalid_grant", "Failed to verify code verifier")
        self._replace_scopes(app.client_id, issued.account_id, issued.scopes)
        return self._issue(
            app.client_id, issued.account_id, issued.scopes, refreshing=OFFLINE in issued.scopes
        )

    def _by_refresh(self, app: App, sent: Mapping[str, str]) -> Tokens:
        token = sent.get("refresh_token", "")
        issued = self._refresh.get(token)
        if issued is None or issued.client_id != app.client_id or issued.until <= self.clock():
            raise Refused(403, "invalid_grant", "Unknown or invalid refresh token.")
        soon = min(issued.until, self.clock() + self.lifetimes.reuse)
        self._refresh[token] = replace(issued, until=soon)
        return self._issue(app.client_id, issued.account_id, issued.scopes, refreshing=True)

    def _replace_scopes(self, client: str, account: str, scopes: Collection[str]) -> None:
        """A new grant of the same app and account takes the place of the earlier one."""
        for issued_to in (self._access, self._refresh):
            for token, issued in issued_to.items():
                if (issued.client_id, issued.account_id) == (client, account):
                    issued_to[token] = replace(issued, scopes=frozenset(scopes))

    def _issue(self, client: str, account: str, scopes: frozenset[str], *, refreshing: bool) -> Tokens:
        now = self.clock()
        access = self._put(self._access, _Issued(client, account, scopes, now + self.lifetimes.access))
        refresh = ""
        if refreshing:
            refresh = self._put(self._refresh, _Issued(client, account, scopes, now + self.lifetimes.refresh))
        return Tokens(access, refresh, int(self.lifetimes.access), scopes)

    def _put(self, issued_to: dict[str, _Issued], issued: _Issued) -> str:
        """A new token, in place of those that have ended."""
        for ended in [token for token, old in issued_to.items() if old.until <= self.clock()]:
            del issued_to[ended]
        token = secrets.token_urlsafe(32)
        issued_to[token] = issued
        return token


def challenge(verifier: str) -> str:
    """The S256 challenge that belongs to a verifier."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def _scopes(sent: Mapping[str, str]) -> frozenset[str]:
    """The scopes asked for; an app that names none gets all there are."""
    return frozenset(sent.get("scope", "").split()) or every()
