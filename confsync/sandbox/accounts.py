"""Who may log in, with which token. Tokens live in memory and end with the server."""

import base64
import binascii
import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass

from confsync.sandbox.identity.caller import Caller, Door


@dataclass(frozen=True, slots=True)
class Login:
    """A ready login: user name and API token."""

    username: str
    token: str
    account_id: str
    scopes: frozenset[str] | None = None
    """What the token may be used for; None: everything its owner may do."""


class Accounts:
    """The logins of the site. A user may have several tokens."""

    def __init__(self) -> None:
        self._logins: list[Login] = []

    def add(
        self, username: str, account_id: str, token: str = "", *, scopes: Collection[str] | None = None
    ) -> Login:
        """Let a user in; without a token a new one is drawn."""
        held = None if scopes is None else frozenset(scopes)
        login = Login(username, token or secrets.token_urlsafe(24), account_id, held)
        self._logins.append(login)
        return login

    def all(self) -> list[Login]:
        """Every login, in the order they were added."""
        return list(self._logins)

    def named(self, username: str) -> Login | None:
        """The first login of a user."""
        return next((login for login in self._logins if login.username == username), None)

    def by_basic(self, credential: str) -> Caller | None:
        """Whose user name and token `Basic` carries, in base64; None: nobody's."""
        username, colon, token = _plain(credential).partition(":")
        return self._found(username, token) if colon else None

    def by_token(self, token: str) -> Caller | None:
        """Whose token it is; None: nobody's."""
        return self._found(None, token)

    def by_password(self, username: str, password: str) -> Caller | None:
        """Who logs in by a form, with a token for a password; None: nobody."""
        found = self._found(username, password)
        return found if found is not None and found.scopes is None else None

    def _found(self, username: str | None, token: str) -> Caller | None:
        for login in self._logins:
            same = hmac.compare_digest(login.token.encode(), token.encode())
            if same and username in (None, login.username):
                return Caller(login.account_id, Door.BASIC, login.scopes)
        return None


def claimed(credential: str) -> str:
    """The user name in the credential of `Basic`; empty: there is none."""
    return _plain(credential).partition(":")[0]


def _plain(credential: str) -> str:
    try:
        return base64.b64decode(credential, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
