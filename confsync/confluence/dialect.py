"""Which dialect a site is spoken to in, chosen by asking the site, never by its name."""

import threading
from enum import Enum
from urllib.parse import urlsplit

from confsync.confluence.cloud import CloudRemote
from confsync.confluence.payload import results
from confsync.confluence.routes import V1, V2
from confsync.confluence.transport import Query, Transport
from confsync.confluence.v1 import CLOUD, DATA_CENTER, V1Remote
from confsync.errors import AuthenticationFailed, Forbidden, NotFound, Rejected, RemoteError
from confsync.model.ids import SpaceId, SpaceKey
from confsync.ports import Cache


class Dialect(Enum):
    """How a site is spoken to."""

    CLOUD = "cloud"
    """REST v2, and v1 where v2 has nothing to offer."""
    CLOUD_V1 = "cloud-v1"
    """Cloud that has no v2 for these credentials: tokens with classic scopes do not open it."""
    DATA_CENTER = "datacenter"


def ask(transport: Transport) -> Dialect:
    """Ask a site what it is: one request for most, three at most.

    Tokens with scopes are unknown to a Cloud site itself: then the gateway is asked, and used from now on.

    Raises:
        RemoteError: it does not answer, or does not know these credentials.
    """
    try:
        return _asked(transport)
    except AuthenticationFailed:
        if not transport.who.by_gateway():
            raise
    return _asked(transport)


def _asked(transport: Transport) -> Dialect:
    asks = (_has_v2, _is_data_center) if _looks_like_cloud(transport.site) else (_is_data_center, _has_v2)
    for question in asks:
        found = question(transport)
        if found is not None:
            return found
    # Neither: Cloud's v2 says 404 and a gateway 401 to whom it does not like; v1 says why.
    return Dialect.CLOUD_V1 if _answers(transport, f"{V1}/space", [("limit", "1")]) else Dialect.CLOUD


def _looks_like_cloud(site: str) -> bool:
    """Only which question to ask first."""
    return urlsplit(site).path.endswith("/wiki")


def _has_v2(transport: Transport) -> Dialect | None:
    return Dialect.CLOUD if _answers(transport, f"{V2}/spaces", [("limit", "1")]) else None


def _is_data_center(transport: Transport) -> Dialect | None:
    """Data Center alone tells its access mode."""
    try:
        told = transport.get(f"{V1}/accessmode").data
    except (NotFound, Forbidden, Rejected, AuthenticationFailed) as error:
        if isinstance(error, AuthenticationFailed) and not _looks_like_cloud(transport.site):
            raise
        return None
    return Dialect.DATA_CENTER if isinstance(told, str) else None


def _answers(transport: Transport, path: str, query: Query) -> bool:
    try:
        results(transport.get(path, query).data)
    except (NotFound, Forbidden, Rejected):
        return False
    except AuthenticationFailed:
        if path.startswith(V1):
            raise
        return False
    except RemoteError as error:
        if error.status in (0, 429) or error.status >= 500:  # noqa: PLR2004
            raise
        return False
    return True


class Undecided:
    """A remote that asks its site at the first call, and from then on is what the site said.

    Commands that only look at the files make a remote too, and must work without a network.

    Args:
        transport: the site.
        key: the space's key.
        space_id: its numeric id, where known.
    """

    def __init__(self, transport: Transport, key: SpaceKey, space_id: SpaceId | None) -> None:
        self._transport = transport
        self._key = key
        self._space_id = space_id
        self._cache: Cache | None = None
        self._said: Dialect | None = None
        self._lock = threading.Lock()
        self._chosen: CloudRemote | V1Remote | None = None

    def close(self) -> None:
        """Let go of connections and threads."""
        self._transport.close()

    def use(self, cache: Cache) -> None:
        """Recall from it what the site said, and remember it there: then later runs need not ask."""
        self._cache = cache
        if self._said is not None:
            self._remember(self._said)

    def __getattr__(self, name: str) -> object:
        if name.startswith("_"):
            raise AttributeError(name)
        with self._lock:
            if self._chosen is None:
                self._chosen = spoken(self._dialect(), self._transport, self._key, self._space_id)
        found: object = getattr(self._chosen, name)
        return found

    def _dialect(self) -> Dialect:
        known = self._cache.recall("dialect").split() if self._cache else []
        for dialect in Dialect:
            if known[:2] == [dialect.value, self._transport.site] and self._transport.who.go_by(known[-1]):
                return dialect
        self._said = ask(self._transport)
        self._remember(self._said)
        return self._said

    def _remember(self, dialect: Dialect) -> None:
        if self._cache is not None:
            self._cache.remember("dialect", self._word(dialect))

    def _word(self, dialect: Dialect) -> str:
        return f"{dialect.value} {self._transport.site} {self._transport.who.base}"


def spoken(
    dialect: Dialect, transport: Transport, key: SpaceKey, space_id: SpaceId | None
) -> CloudRemote | V1Remote:
    """The remote that speaks a dialect."""
    match dialect:
        case Dialect.CLOUD:
            return CloudRemote(transport, key, space_id=space_id)
        case Dialect.CLOUD_V1:
            return V1Remote(transport, key, CLOUD)
        case Dialect.DATA_CENTER:
            return V1Remote(transport, key, DATA_CENTER)
