"""CQL: what only the search index can tell.

The index lags and forgets; it may add to what we know and never prove that something is gone.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from confsync.confluence.paging import walk
from confsync.confluence.payload import Json, odd
from confsync.confluence.routes import V1
from confsync.confluence.transport import Transport

LIMIT = 200
"""Rows of one answer that expands anything but bodies."""
SHARED = 200
"""Expanded lists (labels, restrictions) share a limit over all rows of an answer: from here on, doubt it."""
_OVERLAP = timedelta(hours=26)
"""CQL dates are minutes in the caller's time zone, and the index lags."""


def search(
    transport: Transport, cql: str, expand: Sequence[str], *, drafts: bool = False
) -> Iterator[list[Json]]:
    """The rows of each answer to a query; `drafts` asks for one's own unpublished content instead."""
    query = [("cql", cql), ("expand", ",".join(expand)), ("limit", str(LIMIT))]
    if drafts:
        query.append(("cqlcontext", '{"contentStatuses":["draft"]}'))
    return walk(transport, f"{V1}/content/search", query, index=True)


def quoted(value: str) -> str:
    r"""A string for CQL: in quotes, with `"` and `\` escaped."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def one_of(field: str, ids: Collection[str]) -> str:
    """`field in (1, 2, 3)`."""
    return f"{field} in ({','.join(ids)})"


def since(when: str) -> str:
    """An ISO date as a CQL date that is early enough for any time zone."""
    return quoted((moment(when) - _OVERLAP).strftime("%Y-%m-%d %H:%M"))


def moment(when: str) -> datetime:
    """A server's date, in UTC where it names no offset.

    Raises:
        RemoteError: it is no date.
    """
    try:
        found = datetime.fromisoformat(when)
    except ValueError:
        raise odd("date") from None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
