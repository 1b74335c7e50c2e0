"""Groups of users. Everybody is in the group of the site's users."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from confsync.sandbox.refusals import Exists, Invalid, Missing
from confsync.sandbox.rows import Person
from confsync.sandbox.store.database import Database
from confsync.sandbox.store.people import People

USERS = "confluence-users"
ADMINISTRATORS = "confluence-administrators"
_SPACE = uuid.UUID("6f0c1a52-5d0e-4c5b-9c39-000000000001")


@dataclass(frozen=True, slots=True)
class Group:
    """A group; its id is made of its name, the same on every site."""

    name: str

    @property
    def id(self) -> str:
        """A UUID."""
        return str(uuid.uuid5(_SPACE, self.name))


class Groups:
    """The groups of the site."""

    def __init__(self, database: Database, people: People) -> None:
        self._db = database
        self._people = people
        for name in (USERS, ADMINISTRATORS):
            database.run("INSERT OR IGNORE INTO grouping (name) VALUES (?)", name)

    def all(self) -> list[Group]:
        """Every group by name."""
        return [Group(str(row["name"])) for row in self._db.all("SELECT name FROM grouping ORDER BY name")]

    def get(self, name_or_id: str) -> Group:
        """One group by name or id.

        Raises:
            Missing: there is none.
        """
        for group in self.all():
            if name_or_id in (group.name, group.id):
                return group
        raise Missing("group", name_or_id)

    def create(self, name: str) -> Group:
        """Make an empty group.

        Raises:
            Exists: there is one of this name.
            Invalid: it has no name.
        """
        if not name.strip():
            raise Invalid("Group name is required")
        if not self._db.run("INSERT OR IGNORE INTO grouping (name) VALUES (?)", name):
            raise Exists("group", name)
        return Group(name)

    def delete(self, group: Group) -> None:
        """Remove a group, not its members."""
        with self._db.write():
            self._db.run("DELETE FROM membership WHERE name = ?", group.name)
            self._db.run("DELETE FROM grouping WHERE name = ?", group.name)

    def members(self, group: Group) -> list[Person]:
        """Who is in a group."""
        people = self._people.all()
        if group.name == USERS:
            return people
        rows = self._db.all("SELECT account_id FROM membership WHERE name = ?", group.name)
        inside = {str(row["account_id"]) for row in rows}
        return [person for person in people if person.account_id in inside]

    def of(self, account_id: str) -> list[Group]:
        """The groups somebody is in."""
        return [g for g in self.all() if any(p.account_id == account_id for p in self.members(g))]

    def join(self, group: Group, account_id: str) -> None:
        """Put somebody into a group.

        Raises:
            Missing: nobody has this account id.
        """
        self._people.get(account_id)
        self._db.run("INSERT OR IGNORE INTO membership VALUES (?, ?)", group.name, account_id)

    def leave(self, group: Group, account_id: str) -> None:
        """Take somebody out of a group."""
        self._db.run("DELETE FROM membership WHERE name = ? AND account_id = ?", group.name, account_id)

    def names_of(self, account_id: str) -> Sequence[str]:
        """The names and ids of the groups somebody is in, for restrictions."""
        return [said for group in self.of(account_id) for said in (group.name, group.id)]
