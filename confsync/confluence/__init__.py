"""The Remote port over HTTP: one real Confluence space.

`url`, `credentials`, `transport` (with `retry`, `answers`, `payload`) and `paging` know nothing of a
dialect's routes; `cloud` is the dialect of Confluence Cloud, `datacenter` that of Data Center, and both stand
on them.
"""

from typing import Protocol
from urllib.parse import urlsplit

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
from confsync.confluence.retry import Patience
from confsync.confluence.transport import Transport
from confsync.confluence.url import SpaceUrl, host_of, parse_space_url
from confsync.errors import Forbidden, NotFound, Rejected
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

    Cloud lives below `/wiki`; nothing is asked of such a site yet. Any other is asked which Confluence it is.

    Args:
        site: `https://example.atlassian.net/wiki`, as in `SpaceUrl.site` and confsync.toml.
        key: the space's key.
        credentials: None for anonymous.
        space_id: the space's numeric id, where known: saves a request.
        patience: share one between remotes to share their retry budget and rate limit.
        http: stands in for the network in tests.

    Raises:
        UsageError: the credentials would travel unencrypted.
        RemoteError: a site that has to be asked does not answer, or knows nobody of these credentials.
    """
    transport = Transport(site, credentials, patience=patience, http=http)
    try:
        if is_data_center(transport):
            return DataCenterRemote(transport, key)
    except BaseException:
        transport.close()
        raise
    return CloudRemote(transport, key, space_id=space_id)


def is_data_center(transport: Transport) -> bool:
    """Whether a site is Data Center: it alone tells its access mode.

    Raises:
        RemoteError: it does not answer, or does not know these credentials.
    """
    if urlsplit(transport.site).path == "/wiki":
        return False
    try:
        return isinstance(transport.get("/rest/api/accessmode").data, str)
    except (NotFound, Forbidden, Rejected):
        return False


def verify(site: str, credentials: Credentials) -> User:
    """Whose credentials these are, for `auth login`.

    Raises:
        AuthenticationFailed: nobody's.
    """
    with Transport(site, credentials) as transport:
        return named(transport) if is_data_center(transport) else whoami(transport)
