"""What happens on the site, seen by the database itself.

Triggers write down every change of content, labels and spaces, whoever makes it. They belong to the
connection alone: nothing of them is in the file.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from confsync.sandbox.store.database import Database

_PREFIXES = {"page": "page", "blogpost": "blog", "comment": "comment", "attachment": "attachment"}
"""Content that events are about, and how they name it."""

_ENDINGS: Mapping[tuple[str, str | None, str | None], str] = {
    ("made", None, "current"): "created",
    ("changed", "draft", "current"): "created",
    ("changed", "trashed", "current"): "restored",
    ("changed", "archived", "current"): "unarchived",
    ("changed", "current", "archived"): "archived",
    ("changed", "current", "trashed"): "removed",
    ("changed", "archived", "trashed"): "removed",
    ("gone", "trashed", None): "trashed",
}
"""What a change of status is called."""

_PARTS = {"created": ("moved",), "restored": ("moved", "updated")}
"""What follows by itself, at most once."""

_WATCH = """
CREATE TEMP TABLE IF NOT EXISTS happening (
    seq INTEGER PRIMARY KEY, what TEXT NOT NULL, type TEXT NOT NULL, id INTEGER NOT NULL, other INTEGER,
    old_status TEXT, status TEXT, old_number INTEGER, number INTEGER, old_parent INTEGER, parent INTEGER,
    moved INTEGER, who TEXT NOT NULL);
CREATE TEMP TRIGGER IF NOT EXISTS content_made AFTER INSERT ON main.content BEGIN
    INSERT INTO happening (what, type, id, status, number, parent, who)
    VALUES ('made', NEW.type, NEW.id, NEW.status, NEW.number, NEW.parent, NEW.editor); END;
CREATE TEMP TRIGGER IF NOT EXISTS content_changed
AFTER UPDATE OF status, number, parent, position, space ON main.content BEGIN
    INSERT INTO happening
        (what, type, id, old_status, status, old_number, number, old_parent, parent, moved, who)
    VALUES ('changed', NEW.type, NEW.id, OLD.status, NEW.status, OLD.number, NEW.number,
        OLD.parent, NEW.parent, OLD.parent IS NOT NEW.parent OR OLD.space != NEW.space, NEW.editor); END;
CREATE TEMP TRIGGER IF NOT EXISTS content_gone AFTER DELETE ON main.content BEGIN
    INSERT INTO happening (what, type, id, old_status, who)
    VALUES ('gone', OLD.type, OLD.id, OLD.status, OLD.editor); END;
CREATE TEMP TRIGGER IF NOT EXISTS label_on AFTER INSERT ON main.labelling BEGIN
    INSERT INTO happening (what, type, id, other, who)
    VALUES ('label_added', '', NEW.content, NEW.label, ''); END;
CREATE TEMP TRIGGER IF NOT EXISTS label_off AFTER DELETE ON main.labelling BEGIN
    INSERT INTO happening (what, type, id, other, who)
    VALUES ('label_removed', '', OLD.content, OLD.label, ''); END;
CREATE TEMP TRIGGER IF NOT EXISTS space_made AFTER INSERT ON main.space BEGIN
    INSERT INTO happening (what, type, id, who) VALUES ('space_created', '', NEW.id, NEW.author); END;
CREATE TEMP TRIGGER IF NOT EXISTS space_changed
AFTER UPDATE OF name, description, status ON main.space BEGIN
    INSERT INTO happening (what, type, id, who) VALUES ('space_updated', '', NEW.id, NEW.author); END;
CREATE TEMP TRIGGER IF NOT EXISTS space_gone AFTER DELETE ON main.space BEGIN
    INSERT INTO happening (what, type, id, who) VALUES ('space_removed', '', OLD.id, OLD.author); END;
"""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened."""

    name: str
    """As webhooks name it: `page_created`, `label_added`, …"""
    subject: int
    """The content, or the space, it happened to."""
    who: str
    """The account id of who did it; empty where the site does not say."""
    other: int | None = None
    """The label; of a move the old parent."""
    parent: int | None = None
    """Of a move, the new parent."""


class Happenings:
    """The changes since they were last asked for."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def watch(self) -> None:
        """Begin to write changes down."""
        self._db.script(_WATCH)

    def take(self) -> list[Event]:
        """Every event since the last time, in order."""
        if self._db.one("SELECT 1 FROM happening") is None:
            return []
        with self._db.write():
            rows = self._db.all("SELECT * FROM happening ORDER BY seq")
            if rows:
                self._db.run("DELETE FROM happening WHERE seq <= ?", rows[-1]["seq"])
        return list(_told(rows))


def _told(rows: Sequence[sqlite3.Row]) -> Iterator[Event]:
    """Events of changes; what is but a part of a bigger one (the move in a restore) is not told."""
    parts: dict[int, set[str]] = {}
    gone = {row["id"] for row in rows if row["what"] == "gone"}
    for row in rows:
        name = _name(row)
        if name is None or (name == "label_removed" and row["id"] in gone):
            continue
        ending = name.partition("_")[2]
        if ending in parts.get(row["id"], ()):
            parts[row["id"]].remove(ending)
            continue
        parts[row["id"]] = set(_PARTS.get(ending, ()))
        yield Event(name, row["id"], row["who"], _other(row), row["parent"])


def _other(row: sqlite3.Row) -> int | None:
    found: int | None = row["other"] if row["what"].startswith("label") else row["old_parent"]
    return found


def _name(row: sqlite3.Row) -> str | None:
    """The event of a change; None: it is none."""
    what = str(row["what"])
    if what not in ("made", "changed", "gone"):
        return what
    prefix = _PREFIXES.get(row["type"])
    ending = _ending(row)
    return None if prefix is None or ending is None else f"{prefix}_{ending}"


def _ending(row: sqlite3.Row) -> str | None:
    change = (row["what"], row["old_status"], row["status"])
    if change == ("changed", "current", "current"):
        return _smaller(row)
    return _ENDINGS.get(change)


def _smaller(row: sqlite3.Row) -> str | None:
    if row["number"] != row["old_number"]:
        return "updated"
    return "moved" if row["moved"] else None
