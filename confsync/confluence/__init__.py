"""The Remote port over HTTP: one real Confluence space.

`url`, `credentials`, `transport` (with `retry`, `answers`, `payload`) and `paging` know nothing of a
dialect's routes; `cloud` is the dialect of Confluence Cloud and stands on them.
"""

import httpx

from confsync.confluence.cloud import CloudRemote
from confsync.confluence.cloud.wiki import whoami
from confsync.confluence.credentials import (
    Credentials,
    erase_credentials,
    find_credentials,
    store_credentials,
)
from confsync.confluence.retry import Patience
from confsync.confluence.transport import Transport
from confsync.confluence.url import SpaceUrl, host_of, parse_space_url
from confsync.model.content import User
from confsync.model.ids import SpaceId, SpaceKey

__all__ = [
    "CloudRemote",
    "Credentials",
    "Patience",
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


def connect(
    site: str,
    key: SpaceKey,
    credentials: Credentials | None,
    *,
    space_id: SpaceId | None = None,
    patience: Patience | None = None,
    http: httpx.BaseTransport | None = None,
) -> CloudRemote:
    """A remote for one space; nothing is asked of the server yet. Close it when done.

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
    return CloudRemote(Transport(site, credentials, patience=patience, http=http), key, space_id=space_id)


def verify(site: str, credentials: Credentials) -> User:
    """Whose credentials these are, for `auth login`.

    Raises:
        AuthenticationFailed: nobody's.
    """
    with Transport(site, credentials) as transport:
        return whoami(transport)
