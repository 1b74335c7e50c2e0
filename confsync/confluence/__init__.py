"""The Remote port over HTTP: one real Confluence space.

`url`, `reach`, `credentials` (with `oauth`, `wallet`, `consent`), `transport` (with `identity`, `lanes`,
`retry`, `answers`, `payload`) and `paging` know nothing of a dialect's routes. `v1` speaks REST v1 alone, on
Data Center and on Cloud; `cloud` speaks v2, and stands on `v1` where v2 has nothing to offer; `dialect` asks
a site which of them it understands.
"""

from typing import Protocol, cast

import httpx

from confsync.confluence.cloud import CloudRemote
from confsync.confluence.credentials import (
    Credentials,
    erase_credentials,
    find_credentials,
    store_credentials,
)
from confsync.confluence.dialect import Dialect, Undecided, ask
from confsync.confluence.login import log_in_by_browser
from confsync.confluence.retry import Patience
from confsync.confluence.spaces import list_spaces
from confsync.confluence.transport import Transport
from confsync.confluence.url import SpaceUrl, host_of, parse_site_url, parse_space_url
from confsync.confluence.v1.server import whoami
from confsync.confluence.webhooks import Webhooks
from confsync.model.content import User
from confsync.model.ids import SpaceId, SpaceKey
from confsync.ports import Cache, Remote

__all__ = [
    "CloudRemote",
    "Credentials",
    "Dialect",
    "Patience",
    "SpaceRemote",
    "SpaceUrl",
    "Transport",
    "Webhooks",
    "connect",
    "erase_credentials",
    "find_credentials",
    "host_of",
    "list_spaces",
    "log_in_by_browser",
    "parse_site_url",
    "parse_space_url",
    "store_credentials",
    "verify",
]


class SpaceRemote(Remote, Protocol):
    """A remote that holds connections."""

    def close(self) -> None:
        """Let go of connections and threads."""

    def use(self, cache: Cache) -> None:
        """Remember there what the site said of itself: saves a request in every run but the first."""


def connect(
    site: str,
    key: SpaceKey,
    credentials: Credentials | None,
    *,
    space_id: SpaceId | None = None,
    patience: Patience | None = None,
    http: httpx.BaseTransport | None = None,
) -> SpaceRemote:
    """A remote for one space. Close it when done.

    Nothing is asked of the server yet; the first call asks it which Confluence it is.

    Args:
        site: `https://example.atlassian.net/wiki`, as in `SpaceUrl.site` and confsync.toml.
        key: the space's key.
        credentials: None for anonymous.
        space_id: the space's numeric id, where known: saves a request.
        patience: share one between remotes to share their retry budget and rate limit.
        http: stands in for the network in tests.

    Raises:
        UsageError: the credentials would travel unencrypted.
    """
    transport = Transport(site, credentials, patience=patience, http=http)
    return cast("SpaceRemote", Undecided(transport, key, space_id))


def verify(site: str, credentials: Credentials) -> User:
    """Whose credentials these are, for `auth login`.

    Raises:
        AuthenticationFailed: nobody's.
    """
    with Transport(site, credentials) as transport:
        ask(transport)
        return whoami(transport)
