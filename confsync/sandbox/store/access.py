"""Who may do what in which space, and the site as one account sees it.

A space without permissions of its own is open to everybody who logs in. As soon as it has one, only those
named may: to administer is to edit, to edit is to read.
"""

import copy
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from confsync.sandbox.refusals import Denied, Invalid, Missing
from confsync.sandbox.rows import Content, SpaceRow
from confsync.sandbox.store.database import Database
from confsync.sandbox.store.listing import Filter, Listings, Place
from confsync.sandbox.store.restrictions import Restrictions
from confsync.sandbox.store.spaces import Spaces
from confsync.sandbox.store.store import Store

OPERATIONS = ("read", "edit", "admin")
"""Each includes those before it."""
KINDS = ("user", "group", "anonymous")
_EVERYWHERE = 0
"""The space number under which it is kept that strangers may read what has no permissions of its own."""

_CLOSED = """
SELECT s.id FROM space s WHERE NOT EXISTS (
    SELECT 1 FROM permit p WHERE p.space = s.id AND p.operation IN (SELECT value FROM json_each(?1)) AND (
        p.kind = 'anonymous' AND p.operation = 'read'
        OR ?2 != '' AND p.kind = 'user' AND p.subject = ?2
        OR ?2 != '' AND p.kind = 'group' AND (p.subject = 'confluence-users'
            OR p.subject IN (SELECT name FROM membership WHERE account_id = ?2))))
AND (EXISTS (SELECT 1 FROM permit p WHERE p.space = s.id)
    OR ?2 = '' AND NOT (?3 AND EXISTS (SELECT 1 FROM permit p WHERE p.space = 0)))
"""


@dataclass(frozen=True, slots=True)
class Permit:
    """One permission: what, and to whom; `subject` is an account id or a group's name."""

    operation: str
    kind: str
    subject: str = ""


class Access:
    """The permissions of all spaces."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def of(self, space: int) -> list[Permit]:
        """The permissions of a space; none: it is open to everybody who logs in."""
        rows = self._db.all("SELECT * FROM permit WHERE space = ? ORDER BY operation, kind, subject", space)
        return [Permit(row["operation"], row["kind"], row["subject"]) for row in rows]

    def put(self, space: int, permits: Collection[Permit]) -> None:
        """Give a space these permissions and no others.

        Raises:
            Invalid: an operation or kind that does not exist, or that strangers cannot have.
        """
        for permit in permits:
            if permit.operation not in OPERATIONS or permit.kind not in KINDS:
                raise Invalid(f"No permission to {permit.operation} for {permit.kind}")
            if permit.kind == "anonymous" and permit.operation != "read":
                raise Invalid("Strangers may read at most")
        with self._db.write():
            self._db.run("DELETE FROM permit WHERE space = ?", space)
            for permit in permits:
                self._db.insert(
                    "permit",
                    space=space,
                    operation=permit.operation,
                    kind=permit.kind,
                    subject=permit.subject,
                )

    def open_to_strangers(self, *, yes: bool) -> None:
        """Whether strangers may read the spaces that have no permissions of their own."""
        self.put(_EVERYWHERE, [Permit("read", "anonymous")] if yes else [])

    def is_open(self) -> bool:
        """Whether strangers may read anything at all."""
        return self._db.one("SELECT 1 FROM permit WHERE kind = 'anonymous'") is not None

    def closed(self, operation: str, account_id: str) -> frozenset[int]:
        """The spaces in which an account (empty: a stranger) may not do something."""
        if account_id and self._db.one("SELECT 1 FROM permit") is None:
            return frozenset()
        enough = OPERATIONS[OPERATIONS.index(operation) :]
        listed = "[" + ",".join(f'"{name}"' for name in enough) + "]"
        rows = self._db.all(_CLOSED, listed, account_id, int(operation == "read"))
        return frozenset(int(row["id"]) for row in rows)


def seen_by(store: Store, account_id: str, *, writing: bool) -> Store:
    """The store as an account sees it: what it may not read is not there, what it may not edit is refused."""
    access = Access(store.database)
    hidden = access.closed("read", account_id)
    locked = access.closed("edit", account_id)
    if not locked:
        return store
    seen = copy.copy(store)
    seen.spaces = _Spaces(store.database, hidden, locked if writing else hidden)
    seen.restrictions = _Restrictions(store.database, hidden, locked)
    seen.listings = _Listings(store.database, hidden)
    return seen


class _Spaces(Spaces):
    """The spaces an account may read; in a request that writes, those it may edit."""

    def __init__(self, database: Database, hidden: frozenset[int], locked: frozenset[int]) -> None:
        super().__init__(database)
        self._hidden = hidden
        self._locked = locked

    def get(self, space: int) -> SpaceRow:
        return self._seen(super().get(space), str(space))

    def by_key(self, key: str) -> SpaceRow:
        return self._seen(super().by_key(key), key)

    def all(
        self, *, ids: Collection[int] | None = None, keys: Collection[str] | None = None
    ) -> list[SpaceRow]:
        return [space for space in super().all(ids=ids, keys=keys) if space.id not in self._hidden]

    def _seen(self, space: SpaceRow, asked: str) -> SpaceRow:
        if space.id in self._hidden:
            raise Missing("space", asked)
        if space.id in self._locked:
            raise Denied(f"User not permitted to change content in the space {space.key}")
        return space


class _Restrictions(Restrictions):
    """Restrictions of pages, and whole spaces that are hidden or cannot be changed."""

    def __init__(self, database: Database, hidden: frozenset[int], locked: frozenset[int]) -> None:
        super().__init__(database)
        self._database = database
        self._hidden = hidden
        self._locked = locked

    def may_edit(self, content: int, account_id: str) -> bool:
        row = self._database.one("SELECT space FROM content WHERE id = ?", content)
        return (row is None or row["space"] not in self._locked) and super().may_edit(content, account_id)

    def hidden_from(self, account_id: str) -> frozenset[int]:
        rows = self._database.all(
            "SELECT id FROM content WHERE space IN (SELECT value FROM json_each(?))", _json(self._hidden)
        )
        return super().hidden_from(account_id) | {int(row["id"]) for row in rows}


class _Listings(Listings):
    """Listings without the rows of hidden spaces."""

    def __init__(self, database: Database, hidden: frozenset[int]) -> None:
        super().__init__(database)
        self._hidden = hidden

    def page(
        self, wanted: Filter, *, sort: str = "id", limit: int, after: Place | None = None
    ) -> tuple[list[Content], Place | None]:
        return super().page(replace(wanted, hidden_spaces=self._hidden), sort=sort, limit=limit, after=after)

    def slice(self, wanted: Filter, *, sort: str = "id", start: int, limit: int) -> list[Content]:
        return super().slice(replace(wanted, hidden_spaces=self._hidden), sort=sort, start=start, limit=limit)


def _json(numbers: Iterable[int]) -> str:
    return str(sorted(numbers))
