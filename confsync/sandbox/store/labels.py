"""Labels on content."""

import re
from collections import Counter
from collections.abc import Collection

from confsync.sandbox.refusals import Invalid, Missing
from confsync.sandbox.rows import LabelRow
from confsync.sandbox.store.database import Database

_FORBIDDEN = re.compile(r"[!#&()*,.:;<>?@\[\]^\s]")
_PREFIXES = ("global", "my", "team", "system")
_MAX = 255


class Labels:
    """Labels; names are lower-cased."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def of(self, content: int, prefix: str | None = None) -> list[LabelRow]:
        """The labels of one piece of content, in the order they were made."""
        rows = self._db.all(
            "SELECT l.id, l.prefix, l.name FROM labelling g JOIN label l ON l.id = g.label "
            "WHERE g.content = ? AND l.prefix = coalesce(?, l.prefix) ORDER BY l.id",
            content,
            prefix,
        )
        return [LabelRow(*row) for row in rows]

    def add(self, content: int, names: Collection[tuple[str, str]]) -> None:
        """Add labels given as (prefix, name); those it has already stay.

        Raises:
            Invalid: a name that cannot be a label; none is added then.
        """
        with self._db.write():
            for prefix, name in names:
                label = self._ensure(prefix, name)
                self._db.run("INSERT OR IGNORE INTO labelling (content, label) VALUES (?, ?)", content, label)

    def remove(self, content: int, name: str) -> None:
        """Remove a label, `name` or `prefix:name`.

        Raises:
            Missing: the content does not have it.
        """
        prefix, colon, rest = name.partition(":")
        wanted = (prefix, rest) if colon else ("global", name)
        gone = self._db.run(
            "DELETE FROM labelling WHERE content = ? "
            "AND label IN (SELECT id FROM label WHERE prefix = ? AND name = ?)",
            content,
            wanted[0],
            wanted[1].lower(),
        )
        if not gone:
            raise Missing("label", name)

    def replace(self, content: int, names: Collection[tuple[str, str]]) -> None:
        """Make these the only labels."""
        with self._db.write():
            self._db.run("DELETE FROM labelling WHERE content = ?", content)
            self.add(content, names)

    def named(self, name: str) -> LabelRow:
        """One label in use, global unless `name` carries a prefix.

        Raises:
            Missing: nothing has it.
        """
        prefix, colon, rest = name.partition(":")
        row = self._db.one(
            "SELECT id, prefix, name FROM label WHERE prefix = ? AND name = ? "
            "AND id IN (SELECT label FROM labelling)",
            prefix if colon else "global",
            (rest if colon else name).lower(),
        )
        if row is None:
            raise Missing("label", name)
        return LabelRow(*row)

    def get(self, label: int) -> LabelRow:
        """One label by id.

        Raises:
            Missing: there is none.
        """
        row = self._db.one("SELECT id, prefix, name FROM label WHERE id = ?", label)
        if row is None:
            raise Missing("label", str(label))
        return LabelRow(*row)

    def in_space(self, space: int) -> list[LabelRow]:
        """Labels that are on current content within a space."""
        rows = self._db.all(
            "SELECT DISTINCT l.id, l.prefix, l.name FROM label l JOIN labelling g ON g.label = l.id "
            "JOIN content c ON c.id = g.content WHERE c.space = ? AND c.status = 'current' ORDER BY l.id",
            space,
        )
        return [LabelRow(*row) for row in rows]

    def all(self) -> list[LabelRow]:
        """Every label of the site that something carries."""
        rows = self._db.all(
            "SELECT id, prefix, name FROM label WHERE id IN (SELECT label FROM labelling) ORDER BY id"
        )
        return [LabelRow(*row) for row in rows]

    def _ensure(self, prefix: str, name: str) -> int:
        name = name.strip().lower()
        if not name or len(name) > _MAX or _FORBIDDEN.search(name) or prefix not in _PREFIXES:
            raise Invalid(f"Could not parse Labels: {name}")
        row = self._db.one("SELECT id FROM label WHERE prefix = ? AND name = ?", prefix, name)
        if row is not None:
            return int(row["id"])
        label = self._db.next_id()
        self._db.insert("label", id=label, prefix=prefix, name=name)
        return label

    def counts(self) -> Counter[int]:
        """How much carries each label, by its id."""
        rows = self._db.all("SELECT label, count(*) AS many FROM labelling GROUP BY label")
        return Counter({int(row["label"]): int(row["many"]) for row in rows})

    def beside(self, label: int) -> frozenset[int]:
        """The labels that stand on content together with this one."""
        rows = self._db.all(
            "SELECT DISTINCT o.label FROM labelling g JOIN labelling o ON o.content = g.content "
            "WHERE g.label = ?1 AND o.label != ?1",
            label,
        )
        return frozenset(int(row["label"]) for row in rows)
