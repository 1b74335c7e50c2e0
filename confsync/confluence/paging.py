"""Walking through lists: v2 with cursors, v1 search with cursors, anything whose answers name a `next`.

The end is the absence of `next`, never a short answer. Of `next` only the query is taken, and laid over our
own: so a walk never leaves the site, and parameters that Cloud forgets to repeat are not lost.
"""

from collections.abc import Hashable, Iterator
from urllib.parse import parse_qsl, urlsplit

from confsync.confluence.payload import Json, as_object, child, maybe_text, results
from confsync.confluence.transport import Query, Transport
from confsync.errors import RemoteError

_MOST_EMPTY = 50


def every(transport: Transport, path: str, query: Query, *, key: str = "id") -> list[Json]:
    """All rows of a list, or an error: a listing that loses its way never looks complete."""
    return [row for rows in walk(transport, path, query, key=key) for row in rows]


def walk(
    transport: Transport, path: str, query: Query, *, key: str = "id", index: bool = False
) -> Iterator[list[Json]]:
    """The rows of each answer; a row whose `key` came before is left out.

    Args:
        transport: the site.
        path: the route, below the site.
        query: of the first request.
        key: the field that tells rows apart.
        index: the list comes from the search index, which may repeat itself: then the walk just ends.

    Raises:
        RemoteError: the list turns in circles.
    """
    seen: set[Hashable] = set()
    cursors: set[Hashable] = set()
    asked, empty = query, 0
    while True:
        data = as_object(transport.get(path, asked).data)
        rows = results(data)
        fresh = [row for row in rows if not _seen(row.get(key), seen)]
        link = maybe_text(child(data, "_links"), "next")
        empty = 0 if fresh else empty + 1
        yield fresh
        if not link:
            return
        if link in cursors or (rows and not fresh) or empty > _MOST_EMPTY:
            if index:
                return
            raise RemoteError("The server's list turns in circles", hint="try again in a few minutes")
        cursors.add(link)
        asked = _onward(query, link)


def _seen(key: object, seen: set[Hashable]) -> bool:
    if not isinstance(key, str | int):
        return False
    if key in seen:
        return True
    seen.add(key)
    return False


def _onward(query: Query, link: str) -> Query:
    named = parse_qsl(urlsplit(link).query, keep_blank_values=True)
    if not named:
        raise RemoteError("The server's list has a next part without saying where")
    keys = {key for key, _ in named}
    return [*named, *((key, value) for key, value in query if key not in keys)]
