"""Titles: how long they may be, how they are compared, and who may not have the same."""

from confsync.sandbox.refusals import Invalid, TitleExists
from confsync.sandbox.store.database import Database

_MAX_TITLE = 255
_KEPT = ("current", "archived")
"""Content of these statuses keeps its title to itself."""


def fold(title: str) -> str:
    """A title as the server compares it."""
    return title.strip().casefold()


class Titles:
    """The titles of all pages and posts."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def checked(self, title: str, kind: str, space: int, status: str, content: int | None) -> str:
        """A title as it would be kept for content of this kind (`content` None: for new content).

        Raises:
            TitleExists: other content has it.
            Invalid: it is too long, or missing.
        """
        title = title.strip()
        if len(title) > _MAX_TITLE:
            raise Invalid("Title cannot be longer than 255 characters.")
        if not title and status != "draft" and kind in ("page", "blogpost"):
            raise Invalid("Title is required")
        if status in _KEPT and self._taken(title, kind, space, content):
            raise TitleExists(title)
        return title

    def _taken(self, title: str, kind: str, space: int, content: int | None) -> bool:
        """Pages share titles with no current or archived page; posts with none of the same day."""
        if kind not in ("page", "blogpost"):
            return False
        row = self._db.one(
            "SELECT 1 FROM content WHERE space = ?1 AND folded = ?2 AND type = ?3 AND id IS NOT ?4 "
            "AND status IN ('current', 'archived') AND (type = 'page' OR substr(created, 1, 10) = "
            "coalesce((SELECT substr(created, 1, 10) FROM content WHERE id = ?4), ?5))",
            space,
            fold(title),
            kind,
            content,
            self._db.now()[:10],
        )
        return row is not None
