"""Browser sessions: a cookie instead of a token."""

import secrets
from collections.abc import Mapping

COOKIES = ("JSESSIONID", "seraph.confluence", "cloud.session.token", "tenant.session.token")
"""The names a session may come under: the first two on Data Center, the others on Cloud."""


class Sessions:
    """The open sessions. They end with the server."""

    def __init__(self) -> None:
        self._open: dict[str, str] = {}

    def begin(self, account_id: str) -> str:
        """The value of a new session's cookie."""
        value = secrets.token_hex(16).upper()
        self._open[value] = account_id
        return value

    def account(self, cookies: Mapping[str, str]) -> str | None:
        """Whose session the cookies carry; None: nobody's, which is no error but an anonymous request."""
        for name in COOKIES:
            if account := self._open.get(cookies.get(name, "")):
                return account
        return None
