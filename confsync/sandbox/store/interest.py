"""Who watches, likes and keeps what."""

from confsync.sandbox.store.database import Database

WATCH, LIKE, FAVOURITE, VIEW = "watch", "like", "favourite", "view"


class Interest:
    """What users have marked. `kind` is one of the words above; `of` says what `what` names."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def put(self, kind: str, of: str, what: str, account_id: str) -> None:
        """Mark something; twice is once."""
        self._db.run(
            "INSERT OR IGNORE INTO interest VALUES (?, ?, ?, ?, ?)",
            kind,
            of,
            what,
            account_id,
            self._db.now(),
        )

    def drop(self, kind: str, of: str, what: str, account_id: str) -> None:
        """Take a mark away."""
        self._db.run(
            "DELETE FROM interest WHERE kind = ? AND target = ? AND what = ? AND account_id = ?",
            kind,
            of,
            what,
            account_id,
        )

    def has(self, kind: str, of: str, what: str, account_id: str) -> bool:
        """Whether somebody has marked it."""
        return account_id in self.who(kind, of, what)

    def who(self, kind: str, of: str, what: str) -> list[str]:
        """The account ids of all who have marked it, first come first."""
        rows = self._db.all(
            "SELECT account_id FROM interest WHERE kind = ? AND target = ? AND what = ? "
            "ORDER BY since, account_id",
            kind,
            of,
            what,
        )
        return [str(row["account_id"]) for row in rows]

    def whats(self, kind: str, of: str, account_id: str) -> list[str]:
        """Everything of one sort that somebody has marked."""
        rows = self._db.all(
            "SELECT what FROM interest WHERE kind = ? AND target = ? AND account_id = ? ORDER BY since, what",
            kind,
            of,
            account_id,
        )
        return [str(row["what"]) for row in rows]
