"""Users."""

import hashlib
import sqlite3
from collections.abc import Collection

from confsync.sandbox.refusals import Missing
from confsync.sandbox.rows import Person
from confsync.sandbox.store.database import Database, marks

_FIRST = ("Alma", "Bruno", "Chloé", "Dario", "Edda", "Faruk", "Greta", "Hana", "Ilja", "Joana", "Kofi", "Lin")
_LAST = (
    "Abels",
    "Brandt",
    "Castro",
    "Dupont",
    "Egger",
    "Fischer",
    "Gallo",
    "Haas",
    "Ito",
    "Janssen",
    "Kaya",
    "Lund",
)


class People:
    """The users of the site."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def ensure(self, account_id: str, name: str = "", email: str = "") -> Person:
        """Return the user with this id, made with this name if new; a name given replaces a stand-in."""
        digest = hashlib.sha256(account_id.encode()).hexdigest()
        username = email.partition("@")[0] or f"user-{digest[:6]}"
        with self._db.write():
            row = self._db.one("SELECT * FROM person WHERE account_id = ?", account_id)
            if row is None:
                self._db.insert(
                    "person",
                    account_id=account_id,
                    user_key=digest[:32],
                    username=username,
                    name=name or _stand_in(digest),
                    email=email,
                )
            elif name:
                self._db.run("UPDATE person SET name = ? WHERE account_id = ?", name, account_id)
        return self.get(account_id)

    def get(self, account_id: str) -> Person:
        """One user.

        Raises:
            Missing: nobody has this account id.
        """
        return self._one("account_id", account_id)

    def by_key(self, user_key: str) -> Person:
        """One user by the key that Data Center knows them by.

        Raises:
            Missing: nobody has it.
        """
        return self._one("user_key", user_key)

    def by_username(self, username: str) -> Person:
        """One user by the name they log in with on Data Center.

        Raises:
            Missing: nobody has it.
        """
        return self._one("username", username)

    def _one(self, column: str, value: str) -> Person:
        row = self._db.one(f"SELECT * FROM person WHERE {column} = ?", value)  # noqa: S608 - names from code
        if row is None:
            raise Missing("user", value)
        return _person(row)

    def number(self, account_id: str) -> int:
        """A number of a user's own, for what belongs to numbers."""
        row = self._db.one("SELECT rowid AS number FROM person WHERE account_id = ?", account_id)
        if row is None:
            raise Missing("user", account_id)
        return int(row["number"])

    def many(self, account_ids: Collection[str]) -> list[Person]:
        """Users by account id, in the order asked; unknown ids are left out."""
        wanted = list(dict.fromkeys(account_ids))
        rows = self._db.all(f"SELECT * FROM person WHERE account_id IN ({marks(wanted)})", *wanted)  # noqa: S608 - placeholders
        found = {row["account_id"]: _person(row) for row in rows}
        return [found[i] for i in wanted if i in found]

    def all(self) -> list[Person]:
        """Everybody, by name."""
        return [_person(row) for row in self._db.all("SELECT * FROM person ORDER BY name, account_id")]


def _person(row: sqlite3.Row) -> Person:
    return Person(row["account_id"], row["user_key"], row["username"], row["name"], row["email"])


def _stand_in(digest: str) -> str:
    """A believable name for somebody of whom only the account id is known; always the same one."""
    value = int(digest[:8], 16)
    return f"{_FIRST[value % len(_FIRST)]} {_LAST[value // len(_FIRST) % len(_LAST)]}"
