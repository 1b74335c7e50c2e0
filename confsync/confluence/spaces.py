"""The spaces of a site, for those who work on many."""

from confsync.confluence.credentials import Credentials
from confsync.confluence.dialect import Dialect, ask
from confsync.confluence.paging import every
from confsync.confluence.payload import Json, child, maybe_text, text
from confsync.confluence.retry import Patience
from confsync.confluence.routes import V1, V2
from confsync.confluence.transport import Transport
from confsync.model.content import Space
from confsync.model.ids import PageId, SpaceId, SpaceKey


def list_spaces(
    site: str, credentials: Credentials | None, *, patience: Patience | None = None
) -> tuple[Space, ...]:
    """Every current space that these credentials may see, personal ones included, by key.

    Args:
        site: `https://example.atlassian.net/wiki`, as in `SpaceUrl.site`.
        credentials: None for anonymous.
        patience: shares a retry budget with others.

    Raises:
        RemoteError: the site does not answer, or does not know the credentials.
    """
    with Transport(site, credentials, patience=patience) as transport:
        if ask(transport) is Dialect.CLOUD:
            rows = every(transport, f"{V2}/spaces", [("status", "current"), ("limit", "250")])
            found = [_of_v2(row) for row in rows]
        else:
            query = [("status", "current"), ("expand", "homepage"), ("limit", "200")]
            found = [_of_v1(row) for row in every(transport, f"{V1}/space", query, key="key")]
    return tuple(sorted(found, key=lambda space: space.key))


def _of_v2(row: Json) -> Space:
    return _space(row, maybe_text(row, "homepageId"))


def _of_v1(row: Json) -> Space:
    return _space(row, maybe_text(child(row, "homepage"), "id"))


def _space(row: Json, home: str) -> Space:
    return Space(
        id=SpaceId(text(row, "id")),
        key=SpaceKey(text(row, "key")),
        name=maybe_text(row, "name"),
        homepage=PageId(home) if home else None,
    )
