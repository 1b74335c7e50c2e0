"""Connect apps: JSON Web Tokens signed with a shared secret and bound to one request."""

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from confsync.sandbox.identity.caller import Wrong

_LEEWAY = 30
_UNBOUND = "context-qsh"


@dataclass(frozen=True, slots=True)
class ConnectApp:
    """An installed app."""

    key: str
    secret: str
    account_id: str
    """Whom it is when its token names no user."""


@dataclass(slots=True)
class ConnectApps:
    """The installed apps."""

    clock: Callable[[], float] = time.time
    apps: dict[str, ConnectApp] = field(default_factory=dict)

    def install(self, app: ConnectApp) -> ConnectApp:
        """Make an app known."""
        self.apps[app.key] = app
        return app

    def account(self, token: str, request_hash: str) -> str:
        """The account a token speaks for.

        Raises:
            Wrong: unknown app, bad signature, ended, or made for another request.
        """
        signed, _, signature = token.rpartition(".")
        claims = _decoded(signed.rpartition(".")[2])
        app = self.apps.get(str(claims.get("iss")))
        if app is None or _decoded(signed.partition(".")[0]).get("alg") != "HS256":
            raise Wrong
        if not hmac.compare_digest(signature.encode(), _signature(signed, app.secret)):
            raise Wrong
        if not self._now(claims) or claims.get("qsh") not in (request_hash, _UNBOUND):
            raise Wrong
        return str(claims.get("sub") or app.account_id)

    def _now(self, claims: Mapping[str, object]) -> bool:
        until = claims.get("exp")
        return isinstance(until, int | float) and until + _LEEWAY > self.clock()


def query_hash(method: str, path: str, query: Iterable[tuple[str, str]]) -> str:
    """What binds a token to a request: method, path below the base URL, sorted query without `jwt`."""
    values: dict[str, list[str]] = {}
    for key, value in query:
        if key != "jwt":
            values.setdefault(_encoded(key), []).append(_encoded(value))
    canonical = "&".join(f"{key}={','.join(sorted(values[key]))}" for key in sorted(values))
    plain = path.rstrip("/").replace("&", "%26") or "/"
    return hashlib.sha256(f"{method.upper()}&{plain}&{canonical}".encode()).hexdigest()


def signed_token(claims: Mapping[str, object], secret: str) -> str:
    """A token as apps make it, and as webhooks of Connect apps carry it."""
    head = _encoded_json({"alg": "HS256", "typ": "JWT"})
    signed = f"{head}.{_encoded_json(claims)}"
    return f"{signed}.{_signature(signed, secret).decode()}"


def _encoded(text: str) -> str:
    return quote(text, safe="-._~")


def _encoded_json(value: Mapping[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _signature(signed: str, secret: str) -> bytes:
    digest = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=")


def _decoded(part: str) -> Mapping[str, object]:
    try:
        value = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, binascii.Error) as error:
        raise Wrong from error
    if not isinstance(value, dict):
        raise Wrong
    return value
