"""The one connection, its lock, the clock and the ids."""

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from confsync.sandbox.store.schema import SCHEMA

Value = str | int | bytes | float | None
"""What SQLite takes and gives."""

_FIRST_ID = 131072
_ID_STEP = 1


def utc_now() -> datetime:
    """The wall clock, in UTC."""
    return datetime.now(UTC)


def stamp(when: datetime) -> str:
    """A moment as Cloud writes it: `2026-08-01T10:15:30.123Z`."""
    return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Database:
    """One SQLite database, shared by all threads through one lock.

    `path` None keeps everything in memory. `clock` gives the time of every write.
    """

    def __init__(self, path: Path | None = None, clock: Callable[[], datetime] = utc_now) -> None:
        self._connection = sqlite3.connect(
            ":memory:" if path is None else path, check_same_thread=False, isolation_level=None
        )
        self._connection.row_factory = sqlite3.Row
        self._lock = threading.RLock()
        self._depth = 0
        self.clock = clock
        try:
            if path is not None:
                self._connection.execute("PRAGMA journal_mode = WAL")
                self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.executescript(SCHEMA)
        except sqlite3.Error:
            self._connection.close()
            raise

    def function(self, name: str, arguments: int, made: Callable[..., Value | bool]) -> None:
        """Let queries call a pure function; -1 arguments means any number."""
        with self._lock:
            self._connection.create_function(name, arguments, made, deterministic=True)

    def close(self) -> None:
        """Close the file; nothing works afterwards."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def write(self) -> Iterator[None]:
        """Hold the database for a change that happens wholly or not at all. May nest."""
        with self._lock:
            if self._depth == 0:
                self._connection.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if self._depth == 0:
                    self._connection.execute("ROLLBACK")
                raise
            self._depth -= 1
            if self._depth == 0:
                self._connection.execute("COMMIT")

    def script(self, sql: str) -> None:
        """Execute statements that take no values."""
        with self._lock:
            self._connection.executescript(sql)

    def copy_to(self, other: "Database") -> None:
        """Make another database the same as this one is now; what it had is gone."""
        with self._lock, other._lock:  # noqa: SLF001 - one of us
            self._connection.backup(other._connection)  # noqa: SLF001 - the same

    def all(self, sql: str, *values: Value) -> list[sqlite3.Row]:
        """Every row of a query."""
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def one(self, sql: str, *values: Value) -> sqlite3.Row | None:
        """The first row of a query, None where there is none."""
        with self._lock:
            row: sqlite3.Row | None = self._connection.execute(sql, values).fetchone()
            return row

    def run(self, sql: str, *values: Value) -> int:
        """Execute a change and return how many rows it touched."""
        with self._lock:
            return self._connection.execute(sql, values).rowcount

    def insert(self, table: str, **columns: Value) -> None:
        """Insert one row; table and column names come from code, values are bound."""
        names = ", ".join(columns)
        marks = ", ".join("?" * len(columns))
        self.run(f"INSERT INTO {table} ({names}) VALUES ({marks})", *columns.values())  # noqa: S608 - names from code

    def now(self) -> str:
        """The time of a change, as the API writes it."""
        return stamp(self.clock())

    def next_id(self) -> int:
        """A content id nobody has had."""
        with self.write():
            row = self.one("SELECT value FROM counter WHERE name = 'id'")
            value = (_FIRST_ID if row is None else int(row["value"])) + _ID_STEP
            self.keep_id(value)
            return value

    def last_id(self) -> int:
        """The highest content id anybody has had."""
        row = self.one("SELECT value FROM counter WHERE name = 'id'")
        return 0 if row is None else int(row["value"])

    def was_used(self, content: int) -> bool:
        """Whether there once was something of this id that is gone without a trace."""
        row = self.one("SELECT value FROM counter WHERE name = 'id'")
        gone = self.one("SELECT 1 FROM content WHERE id = ?", content) is None
        return gone and row is not None and _FIRST_ID < content <= int(row["value"])

    def keep_id(self, used: int) -> None:
        """Never hand out this id or a smaller one again."""
        self.run(
            "INSERT INTO counter (name, value) VALUES ('id', max(?, ?)) "
            "ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)",
            used,
            _FIRST_ID,
        )


def marks(values: Sequence[object]) -> str:
    """Placeholders for `IN (…)`."""
    return ", ".join("?" * len(values))
