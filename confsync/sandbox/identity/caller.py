"""Who is behind a request."""

from dataclasses import dataclass
from enum import StrEnum

ANONYMOUS_ACCOUNT = ""
"""The account id of somebody who did not log in."""


class Door(StrEnum):
    """How a caller came in; some doors have rules of their own."""

    ANONYMOUS = "anonymous"
    BASIC = "basic"
    BEARER = "bearer"
    OAUTH = "oauth"
    CONNECT = "connect"
    COOKIE = "cookie"


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody whose credentials hold, or nobody in particular."""

    account_id: str
    door: Door
    scopes: frozenset[str] | None = None
    """What the token may be used for; None: everything its owner may do."""

    @property
    def metered(self) -> bool:
        """Whether the calls cost points: those of apps do, those of API tokens do not."""
        return self.door in (Door.OAUTH, Door.CONNECT)


ANONYMOUS = Caller(ANONYMOUS_ACCOUNT, Door.ANONYMOUS)


class Wrong(Exception):
    """Credentials were sent, and they do not hold."""
