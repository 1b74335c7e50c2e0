"""Who may see and who may edit."""

from collections.abc import Collection

from confsync.sandbox.store.database import Database

_HIDDEN = """
WITH RECURSIVE hidden (id) AS (
    SELECT content FROM restriction WHERE operation = 'read'
        GROUP BY content HAVING sum(
            kind = 'user' AND subject = ?1 OR kind = 'group' AND (subject = 'confluence-users'
                OR subject IN (SELECT name FROM membership WHERE account_id = ?1))) = 0
    UNION SELECT c.id FROM content c JOIN hidden h ON c.parent = h.id
    UNION SELECT c.id FROM content c JOIN hidden h ON c.container = h.id)
SELECT id FROM hidden
"""


class Restrictions:
    """Restrictions of pages. View restrictions reach down the tree, edit restrictions do not."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def of(self, content: int, operation: str) -> list[tuple[str, str]]:
        """Who an operation is restricted to, as (`user` or `group`, subject); empty: everybody may."""
        rows = self._db.all(
            "SELECT kind, subject FROM restriction WHERE content = ? AND operation = ? "
            "ORDER BY kind, subject",
            content,
            operation,
        )
        return [(str(row["kind"]), str(row["subject"])) for row in rows]

    def put(
        self, content: int, operation: str, subjects: Collection[tuple[str, str]], *, keep: bool = False
    ) -> None:
        """Restrict an operation to these subjects, besides those it is restricted to already if `keep`."""
        with self._db.write():
            if not keep:
                self._db.run(
                    "DELETE FROM restriction WHERE content = ? AND operation = ?", content, operation
                )
            for kind, subject in subjects:
                self._db.run(
                    "INSERT OR IGNORE INTO restriction VALUES (?, ?, ?, ?)", content, operation, kind, subject
                )

    def clear(self, content: int) -> None:
        """Lift every restriction of one page."""
        self._db.run("DELETE FROM restriction WHERE content = ?", content)

    def hidden_from(self, account_id: str) -> frozenset[int]:
        """Everything a user may not see."""
        return frozenset(int(row["id"]) for row in self._db.all(_HIDDEN, account_id))

    def may_edit(self, content: int, account_id: str) -> bool:
        """Whether a user may change a page they can see."""
        subjects = self.of(content, "update")
        rows = self._db.all("SELECT name FROM membership WHERE account_id = ?", account_id)
        groups = {"confluence-users", *(str(row["name"]) for row in rows)}
        return not subjects or any(
            subject == account_id if kind == "user" else subject in groups for kind, subject in subjects
        )

    def drop(self, content: int, operation: str, kind: str, subject: str) -> None:
        """Take one subject off a restriction."""
        self._db.run(
            "DELETE FROM restriction WHERE content = ? AND operation = ? AND kind = ? AND subject = ?",
            content,
            operation,
            kind,
            subject,
        )
