"""Who may log in, with which token. Tokens live in memory and end with the server."""

import base64
import binascii
import hmac
import secrets
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Login:
    """A ready login: user name and API token."""

    username: str
    token: str
    account_id: str


class Accounts:
    """The logins of the site."""

    def __init__(self) -> None:
        self._logins: list[Login] = []

    def add(self, username: str, account_id: str, token: str = "") -> Login:
        """Let a user in; without a token a new one is drawn."""
        login = Login(username, token or secrets.token_urlsafe(24), account_id)
        self._logins.append(login)
        return login

    def account(self, authorization: str) -> str | None:
        """The account id behind an `Authorization` header, `Basic` or `Bearer`; None: nobody."""
        scheme, _, credential = authorization.partition(" ")
        match scheme.lower():
            case "basic":
                return self._basic(credential.strip())
            case "bearer":
                return self._found(None, credential.strip())
            case _:
                return None

    def _basic(self, credential: str) -> str | None:
        try:
            username, colon, token = base64.b64decode(credential, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        return self._found(username, token) if colon else None

    def _found(self, username: str | None, token: str) -> str | None:
        for login in self._logins:
            same = hmac.compare_digest(login.token.encode(), token.encode())
            if same and username in (None, login.username):
                return login.account_id
        return None
