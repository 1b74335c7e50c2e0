"""Where the username and token for a site come from.

In this order: `CONFSYNC_USERNAME` and `CONFSYNC_TOKEN`; an OAuth app's `CONFSYNC_CLIENT_ID`,
`CONFSYNC_CLIENT_SECRET` and `CONFSYNC_CLOUD_ID`; the variables other tools use, unless they say they are
meant for another site; the system keyring; netrc; cookies or a client certificate. A token without a username
is a personal access token. Variables beside which another site is named (`CONFSYNC_URL`, `CONFLUENCE_URL`)
are not for this one.
"""

import importlib
import json
import netrc
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol, cast
from urllib.parse import urlsplit

from confsync.confluence.oauth import Grant, authority, gateway_base
from confsync.confluence.reach import find_reach, refuse_open_file
from confsync.confluence.url import is_loopback
from confsync.errors import ConfsyncError, RemoteError, UsageError

_HINT = "run `confsync auth login`, or set CONFSYNC_USERNAME and CONFSYNC_TOKEN"
KEYRING: Final = "keyring"
_ACCOUNT = "login"
"""One keyring entry holds username and token as JSON: not every backend can say which usernames it knows."""

_OTHERS = ("CONFLUENCE", "ATLASSIAN")
_USERNAMES = ("USERNAME", "USER_NAME", "USER", "EMAIL")
_TOKENS = ("API_TOKEN", "API_KEY", "TOKEN", "PASSWORD")
_PERSONAL = ("PERSONAL_TOKEN", "PERSONAL_ACCESS_TOKEN", "PAT")
_SITES = ("URL", "BASE_URL", "API_URL", "DOMAIN", "SITE")


@dataclass(frozen=True, slots=True)
class Credentials:
    """What proves who we are. Neither its text nor its repr ever shows the token."""

    username: str
    """An e-mail address on Cloud, a user name on Data Center; empty: `token` is a personal access token."""
    token: str = field(repr=False)
    source: str = ""
    """Where it was found, for people: `environment`, `keyring`, a file's path."""
    grant: Grant | None = field(default=None, repr=False)
    """What an OAuth app was granted, instead of a token."""

    @property
    def kind(self) -> str:
        """What it is, for people."""
        if self.grant is not None:
            return "OAuth"
        if not self.token:
            return "cookies or a certificate"
        return self.username or "personal access token"

    def __str__(self) -> str:
        return f"{self.kind} (from {self.source or 'nowhere'})"


class Keyring(Protocol):
    """What we need of the `keyring` package."""

    def get_password(self, service: str, username: str, /) -> str | None:
        """The secret, or None."""

    def set_password(self, service: str, username: str, password: str, /) -> None:
        """Keep the secret."""

    def delete_password(self, service: str, username: str, /) -> None:
        """Forget the secret."""


def find_credentials(
    host: str, *, environ: Mapping[str, str] | None = None, keyring: Keyring | None = None
) -> Credentials:
    """The credentials for a host (`example.atlassian.net`, `127.0.0.1:8090`).

    Raises:
        UsageError: there are none, half of them is missing, or a netrc file is open to others.
    """
    env = os.environ if environ is None else environ
    found = (
        (_own(env) or _app(env, host) if _meant_for(env, "CONFSYNC", host) else None)
        or _borrowed(env, host)
        or _from_keyring(host, keyring)
        or _from_netrc(env, host)
        or _from_reach(env, host)
    )
    if found is None:
        raise UsageError(f"There are no credentials for {host}", hint=_HINT)
    return found


def store_credentials(host: str, credentials: Credentials, *, keyring: Keyring | None = None) -> None:
    """Keep credentials in the system keyring.

    Raises:
        ConfsyncError: this system has no keyring, or it refuses.
    """
    if credentials.grant is not None:
        secret = credentials.grant.to_json()
    else:
        secret = json.dumps({"username": credentials.username, "token": credentials.token})
    try:
        (keyring or _system_keyring()).set_password(_service(host), _ACCOUNT, secret)
    except Exception as error:  # noqa: BLE001 - backends raise whatever their platform does
        reason = type(error).__name__
        raise ConfsyncError(
            f"The system keyring did not take the token ({reason})",
            hint="set CONFSYNC_USERNAME and CONFSYNC_TOKEN, or write a netrc file only you can read",
        ) from None


def erase_credentials(host: str, *, keyring: Keyring | None = None) -> bool:
    """Take the credentials for a host out of the system keyring; False where there were none."""
    if _from_keyring(host, keyring) is None:
        return False
    try:
        (keyring or _system_keyring()).delete_password(_service(host), _ACCOUNT)
    except Exception as error:  # noqa: BLE001 - backends raise whatever their platform does
        raise ConfsyncError(f"The system keyring did not erase ({type(error).__name__})") from None
    return True


def kept_grant(host: str, *, keyring: Keyring | None = None) -> Grant | None:
    """What the system keyring holds of an OAuth app now; None: nothing."""
    kept = _from_keyring(host, keyring)
    return kept.grant if kept else None


def _service(host: str) -> str:
    return f"confsync:{host}"


def _system_keyring() -> Keyring:
    # Imported late: finding the backends takes longer than most commands do.
    return cast("Keyring", importlib.import_module("keyring"))


def _own(env: Mapping[str, str]) -> Credentials | None:
    token = env.get("CONFSYNC_TOKEN", "")
    if token:
        return Credentials(env.get("CONFSYNC_USERNAME", ""), token, "environment")
    if env.get("CONFSYNC_USERNAME"):
        raise UsageError("CONFSYNC_USERNAME is set, CONFSYNC_TOKEN is not", hint="set both, or neither")
    return None


def _app(env: Mapping[str, str], host: str) -> Credentials | None:
    """An app that speaks for itself: no person has to agree, and nothing is kept."""
    client, secret = env.get("CONFSYNC_CLIENT_ID", ""), env.get("CONFSYNC_CLIENT_SECRET", "")
    cloud = env.get("CONFSYNC_CLOUD_ID", "")
    if not (client and secret and cloud):
        return None
    local = is_loopback(f"http://{host}")
    at = authority(f"{'http' if local else 'https'}://{host}", cloud=True)
    grant = Grant(client, secret, at.token, base=gateway_base(at.gateway, cloud))
    return Credentials("", "", "environment", grant)


def _from_reach(env: Mapping[str, str], host: str) -> Credentials | None:
    """A browser's session, or a certificate, may be all that a site asks for."""
    proof = find_reach(host, environ=env).identifies
    return Credentials("", "", proof) if proof else None


def _borrowed(env: Mapping[str, str], host: str) -> Credentials | None:
    """Another tool's variables; a site they name must be ours, else a token would go to a stranger."""
    for prefix in _OTHERS:
        if not _meant_for(env, prefix, host):
            continue
        personal = _first(env, prefix, _PERSONAL)
        username, token = _first(env, prefix, _USERNAMES), _first(env, prefix, _TOKENS)
        if username and token:
            return Credentials(username, token, "environment")
        if personal:
            return Credentials("", personal, "environment")
    return None


def _first(env: Mapping[str, str], prefix: str, names: tuple[str, ...]) -> str:
    return next((env[f"{prefix}_{name}"] for name in names if env.get(f"{prefix}_{name}")), "")


def _meant_for(env: Mapping[str, str], prefix: str, host: str) -> bool:
    named = _first(env, prefix, _SITES)
    if not named:
        return True
    parts = urlsplit(named if "://" in named else f"//{named}")
    return (parts.netloc or named).rpartition("@")[2].lower() == host


def _from_keyring(host: str, keyring: Keyring | None) -> Credentials | None:
    try:
        secret = (keyring or _system_keyring()).get_password(_service(host), _ACCOUNT)
    except Exception:  # noqa: BLE001 - no backend, locked, no session bus: the same as not being there
        return None
    if secret is None:
        return None
    try:
        one = json.loads(secret)
        if "token_url" in one:
            return Credentials("", "", KEYRING, Grant.from_json(one))
        return Credentials(str(one["username"]), str(one["token"]), KEYRING)
    except (ValueError, KeyError, TypeError, RemoteError):
        raise UsageError(
            f"The keyring entry confsync:{host} cannot be read", hint="run `confsync auth login` again"
        ) from None


def _from_netrc(env: Mapping[str, str], host: str) -> Credentials | None:
    path = Path(env["NETRC"]) if env.get("NETRC") else _home(env) / ".netrc"
    try:
        hosts = netrc.netrc(str(path)).hosts if path.is_file() else {}
    except (netrc.NetrcParseError, OSError, UnicodeDecodeError) as error:
        # The parser's message may quote the line, and with it a password.
        raise UsageError(f"{path} cannot be read ({type(error).__name__})") from None
    # `default` is left out on purpose: it would send a password to any host.
    entry = hosts.get(host) or hosts.get(host.partition(":")[0])
    if entry is None or not entry[2]:
        return None
    refuse_open_file(path)
    return Credentials(entry[0] or "", entry[2], str(path))


def _home(env: Mapping[str, str]) -> Path:
    return Path(env["HOME"]) if env.get("HOME") else Path.home()
