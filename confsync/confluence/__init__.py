"""The Remote port over HTTP: one real Confluence space.

`url`, `credentials`, `transport` (with `retry`, `answers`, `payload`) and `paging` know nothing of a
dialect's routes; `cloud` is the dialect of Confluence Cloud, `datacenter` that of Data Center, and both stand
on them.
"""

from typing import Protocol, cast

import httpx

from confsync.confluence.cloud import CloudRemote
from confsync.confluence.cloud.wiki import whoami
from confsync.confluence.credentials import (
    Credentials,
    erase_credentials,
    find_credentials,
    store_credentials,
)
from confsync.confluence.datacenter import DataCenterRemote
from confsync.confluence.datacenter.server import whoami as named
from confsync.confluence.dialect import Undecided, below_wiki, is_data_center
from confsync.confluence.retry import Patience
from confsync.confluence.transport import Transport
from confsync.confluence.url import SpaceUrl, host_of, parse_space_url
from confsync.model.content import User
from confsync.model.ids import SpaceId, SpaceKey
from confsync.ports import Remote

__all__ = [
    "CloudRemote",
    "Credentials",
    "DataCenterRemote",
    "Patience",
    "SpaceRemote",
    "SpaceUrl",
    "Transport",
    "connect",
    "erase_credentials",
    "find_credentials",
    "host_of",
    "parse_space_url",
    "store_credentials",
    "verify",
]


class SpaceRemote(Remote, Protocol):
    """A remote that holds connections."""

    def close(self) -> None:
        """Let go of connections and threads."""


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

    Nothing is asked of the server yet. Cloud lives below `/wiki`; any other site is asked which Confluence
    it is by the first call.

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
    if below_wiki(transport.site):
        return CloudRemote(transport, key, space_id=space_id)
    return cast("SpaceRemote", Undecided(transport, key, space_id))


def verify(site: str, credentials: Credentials) -> User:
    """Whose credentials these are, for `auth login`.

    Raises:
        AuthenticationFailed: nobody's.
    """
    with Transport(site, credentials) as transport:
        data_center = not below_wiki(transport.site) and is_data_center(transport)
        return named(transport) if data_center else whoami(transport)
