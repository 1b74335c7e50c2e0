"""Spaces."""

import re
import sqlite3
from collections.abc import Collection

from confsync.sandbox.refusals import Exists, Invalid, Missing
from confsync.sandbox.rows import SpaceRow
from confsync.sandbox.store.database import Database

_KEY = re.compile(r"~?[A-Za-z0-9:_-]{1,255}")


class Spaces:
    """The spaces of the site. Keys are compared without case, as Cloud does."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def create(
        self, key: str, name: str, *, author: str, space_id: int | None = None, description: str = ""
    ) -> SpaceRow:
        """Make an empty space without a home page.

        Raises:
            Exists: the key is taken.
            Invalid: the key or name cannot be one.
        """
        if not _KEY.fullmatch(key) or not name.strip():
            raise Invalid("Space key and name are required")
        with self._db.write():
            if self._db.one("SELECT 1 FROM space WHERE lower(key) = lower(?)", key):
                raise Exists("space", key)
            new = self._db.next_id() if space_id is None else space_id
            self._db.keep_id(new)
            self._db.insert(
                "space",
                id=new,
                key=key,
                name=name.strip(),
                type="personal" if key.startswith("~") else "global",
                status="current",
                homepage=None,
                author=author,
                created=self._db.now(),
                description=description,
            )
        return self.get(new)

    def set_homepage(self, space: int, page: int | None) -> None:
        """Make a page the home page of a space."""
        self._db.run("UPDATE space SET homepage = ? WHERE id = ?", page, space)

    def describe(
        self,
        space: int,
        *,
        name: str | None = None,
        description: str | None = None,
        status: str | None = None,
    ) -> SpaceRow:
        """Change name, description or status (`current`, `archived`) and return the space.

        Raises:
            Invalid: another status.
        """
        if status not in (None, "current", "archived"):
            raise Invalid(f"Unknown space status: {status}")
        self._db.run(
            "UPDATE space SET name = coalesce(?, name), description = coalesce(?, description), "
            "status = coalesce(?, status) WHERE id = ?",
            name,
            description,
            status,
            space,
        )
        return self.get(space)

    def get(self, space: int) -> SpaceRow:
        """One space by id.

        Raises:
            Missing: there is none.
        """
        row = self._db.one("SELECT * FROM space WHERE id = ?", space)
        if row is None:
            raise Missing("space", str(space))
        return _space(row)

    def by_key(self, key: str) -> SpaceRow:
        """One space by key.

        Raises:
            Missing: there is none.
        """
        row = self._db.one("SELECT * FROM space WHERE lower(key) = lower(?)", key)
        if row is None:
            raise Missing("space", key)
        return _space(row)

    def all(
        self, *, ids: Collection[int] | None = None, keys: Collection[str] | None = None
    ) -> list[SpaceRow]:
        """Spaces by id, those asked for or all."""
        wanted = None if keys is None else {key.lower() for key in keys}
        rows = [_space(row) for row in self._db.all("SELECT * FROM space ORDER BY id")]
        return [
            s for s in rows if (ids is None or s.id in ids) and (wanted is None or s.key.lower() in wanted)
        ]


def _space(row: sqlite3.Row) -> SpaceRow:
    return SpaceRow(
        id=row["id"],
        key=row["key"],
        name=row["name"],
        type=row["type"],
        status=row["status"],
        homepage=row["homepage"],
        author=row["author"],
        created=row["created"],
        description=row["description"],
    )
