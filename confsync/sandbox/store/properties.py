"""Properties of content and spaces: JSON values under a key, each with a version of its own."""

import json

from confsync.sandbox.refusals import Exists, Invalid, Missing, StaleVersion
from confsync.sandbox.rows import PropertyRow
from confsync.sandbox.store.database import Database

_MAX_KEY = 255
_MAX_VALUE = 32768


class Properties:
    """Properties; `kind` is `content` or `space`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def of(self, kind: str, owner: int, key: str | None = None) -> list[PropertyRow]:
        """All properties of an owner by key, or the one with this key."""
        rows = self._db.all(
            "SELECT * FROM property WHERE owner_kind = ? AND owner = ? AND key = coalesce(?, key) "
            "ORDER BY key",
            kind,
            owner,
            key,
        )
        return [PropertyRow(*row) for row in rows]

    def get(self, kind: str, owner: int, property_id: int) -> PropertyRow:
        """One property by its id.

        Raises:
            Missing: the owner has none with this id.
        """
        for row in self.of(kind, owner):
            if row.id == property_id:
                return row
        raise Missing("property", str(property_id))

    def by_key(self, kind: str, owner: int, key: str) -> PropertyRow:
        """One property by key.

        Raises:
            Missing: the owner has none of this key.
        """
        found = self.of(kind, owner, key)
        if not found:
            raise Missing("property", key)
        return found[0]

    def create(self, kind: str, owner: int, key: str, value: object, by: str) -> PropertyRow:
        """Make a property at version 1.

        Raises:
            Exists: the key is taken.
            Invalid: no key, or key or value too long.
        """
        if not key or len(key) > _MAX_KEY:
            raise Invalid("Property key is required and at most 255 characters long")
        with self._db.write():
            if self.of(kind, owner, key):
                raise Exists("property", key)
            self._db.insert(
                "property",
                id=self._db.next_id(),
                owner_kind=kind,
                owner=owner,
                key=key,
                value=_dumped(value),
                number=1,
                author=by,
                created=self._db.now(),
                message="",
            )
        return self.by_key(kind, owner, key)

    def update(
        self, row: PropertyRow, value: object, *, number: int | None, by: str, message: str = ""
    ) -> PropertyRow:
        """Write the next version of a property.

        Raises:
            StaleVersion: `number` is not the next one.
        """
        with self._db.write():
            if number not in (None, row.number + 1):
                raise StaleVersion(row.number, number or 0)
            self._db.run(
                "UPDATE property SET value = ?, number = number + 1, author = ?, created = ?, message = ? "
                "WHERE id = ?",
                _dumped(value),
                by,
                self._db.now(),
                message,
                row.id,
            )
        return self.by_key(row.owner_kind, row.owner, row.key)

    def delete(self, row: PropertyRow) -> None:
        """Remove a property."""
        self._db.run("DELETE FROM property WHERE id = ?", row.id)


def _dumped(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    if len(text.encode()) > _MAX_VALUE:
        raise Invalid("Property value cannot be larger than 32768 bytes")
    return text
