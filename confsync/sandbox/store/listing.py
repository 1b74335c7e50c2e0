"""Listings: a page of rows at a time, at a cost that does not grow with the space."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from confsync.sandbox.rows import Content
from confsync.sandbox.store.database import Database, Value, marks
from confsync.sandbox.store.titles import fold

_COLUMNS = {"id": "id", "created-date": "created", "modified-date": "modified", "title": "folded"}
SORTS = frozenset(_COLUMNS) | {f"-{name}" for name in _COLUMNS}


@dataclass(frozen=True, slots=True)
class Filter:
    """Which content is wanted. Empty sequences mean: no matter."""

    types: Sequence[str]
    statuses: Sequence[str]
    ids: Sequence[int] = ()
    spaces: Sequence[int] = ()
    title: str | None = None
    subtype: str | None = None
    root: bool = False
    """Only content at the top of its space."""
    label: int | None = None
    container: int | None = None
    filename: str | None = None
    hidden: frozenset[int] = frozenset()
    """What the viewer may not see."""
    hidden_spaces: frozenset[int] = frozenset()
    """Spaces of which they may see nothing."""
    drafts_of: str | None = None
    """Drafts are listed only for this author."""
    day: str | None = None
    """Only content created on this ISO date."""


@dataclass(frozen=True, slots=True)
class Place:
    """Behind which row a page of a listing begins: its sort value and id."""

    value: str | int
    id: int


class Listings:
    """Content by filter, keyset-paged, so that inserts and deletes between two pages shift nothing."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def page(
        self, wanted: Filter, *, sort: str = "id", limit: int, after: Place | None = None
    ) -> tuple[list[Content], Place | None]:
        """Up to `limit` rows behind a place, and the place for the next page (None: that was all).

        Hidden rows are dropped late, as the real service does: a page may be shorter than `limit`, or empty,
        and still go on.
        """
        column = _COLUMNS[sort.removeprefix("-")]
        down = sort.startswith("-")
        where, values = _where(replace(wanted, hidden=frozenset()))
        if after is not None:
            where += f" AND ({column}, id) {'<' if down else '>'} (?, ?)"
            values += [after.value, after.id]
        order = f"{column} {'DESC' if down else 'ASC'}, id {'DESC' if down else 'ASC'}"
        sql = f"SELECT * FROM content WHERE {where} ORDER BY {order} LIMIT ?"  # noqa: S608 - built from fixed parts
        rows = self._db.all(sql, *values, limit + 1)
        more = len(rows) > limit
        place = Place(rows[limit - 1][column], rows[limit - 1]["id"]) if more else None
        return [Content.of(row) for row in rows[:limit] if row["id"] not in wanted.hidden], place

    def slice(self, wanted: Filter, *, sort: str = "id", start: int, limit: int) -> list[Content]:
        """Rows by offset, as the older API pages."""
        column, down = _COLUMNS[sort.removeprefix("-")], sort.startswith("-")
        where, values = _where(wanted)
        order = f"{column} {'DESC' if down else 'ASC'}, id"
        sql = f"SELECT * FROM content WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?"  # noqa: S608 - built from fixed parts
        return [Content.of(row) for row in self._db.all(sql, *values, limit, start)]


def _where(wanted: Filter) -> tuple[str, list[Value]]:
    parts: list[str] = []
    values: list[Value] = []

    def among(column: str, given: Sequence[str] | Sequence[int]) -> None:
        if given:
            parts.append(f"{column} IN ({marks(given)})")
            values.extend(given)

    def where(sql: str, value: Value) -> None:
        if value is not None:
            parts.append(sql)
            values.append(value)

    among("type", wanted.types)
    among("status", wanted.statuses)
    among("id", wanted.ids)
    among("space", wanted.spaces)
    where("folded = ?", None if wanted.title is None else fold(wanted.title) or "\x00")
    where("subtype = ?", wanted.subtype)
    where("id IN (SELECT content FROM labelling WHERE label = ?)", wanted.label)
    where("container = ?", wanted.container)
    where("title = ?", wanted.filename)
    where("substr(created, 1, 10) = ?", wanted.day)
    where("(status != 'draft' OR author = ?)", wanted.drafts_of)
    if wanted.root:
        parts.append("parent IS NULL")
    if wanted.hidden:
        where("id NOT IN (SELECT value FROM json_each(?))", str(sorted(wanted.hidden)))
    if wanted.hidden_spaces:
        where("space NOT IN (SELECT value FROM json_each(?))", str(sorted(wanted.hidden_spaces)))
    return " AND ".join(parts) or "1", values
