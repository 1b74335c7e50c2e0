"""All the ways to say who one is, tried on one request."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from confsync.sandbox.accounts import Accounts, claimed
from confsync.sandbox.identity.caller import ANONYMOUS, Caller, Door, Wrong
from confsync.sandbox.identity.connect import ConnectApps, query_hash
from confsync.sandbox.identity.oauth import OAuth
from confsync.sandbox.identity.sessions import Sessions


@dataclass(frozen=True, slots=True)
class Knock:
    """What of a request says who is calling."""

    method: str
    path: str
    """Below the context."""
    query: Iterable[tuple[str, str]]
    authorization: str
    cookies: Mapping[str, str]

    @property
    def claimed(self) -> str:
        """Whom `Basic` names, whether rightly or not; empty for everything else."""
        scheme, _, credential = self.authorization.partition(" ")
        return claimed(credential.strip()) if scheme.lower() == "basic" else ""


@dataclass(frozen=True, slots=True)
class Doors:
    """Everybody who may come in, by whatever way."""

    accounts: Accounts = field(default_factory=Accounts)
    oauth: OAuth = field(default_factory=OAuth)
    connect: ConnectApps = field(default_factory=ConnectApps)
    sessions: Sessions = field(default_factory=Sessions)

    def caller(self, knock: Knock) -> Caller:
        """Who is calling; somebody without credentials is `ANONYMOUS`.

        Raises:
            Wrong: credentials that do not hold.
        """
        scheme, _, credential = knock.authorization.partition(" ")
        credential = credential.strip()
        query = list(knock.query)
        if not scheme and (jwt := dict(query).get("jwt")):
            scheme, credential = "jwt", jwt
        match scheme.lower():
            case "":
                account = self.sessions.account(knock.cookies)
                return ANONYMOUS if account is None else Caller(account, Door.COOKIE)
            case "basic":
                return _own(self.accounts.by_basic(credential), Door.BASIC)
            case "bearer":
                return self._bearer(credential)
            case "jwt":
                hashed = query_hash(knock.method, knock.path, query)
                return Caller(self.connect.account(credential, hashed), Door.CONNECT)
            case _:
                raise Wrong

    def _bearer(self, token: str) -> Caller:
        granted = self.oauth.granted(token)
        if granted is None:
            return _own(self.accounts.by_token(token), Door.BEARER)
        return Caller(granted[0], Door.OAUTH, granted[1])


def _own(found: Caller | None, door: Door) -> Caller:
    if found is None:
        raise Wrong
    return replace(found, door=door)
