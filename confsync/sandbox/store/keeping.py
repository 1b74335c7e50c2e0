"""How bodies are kept: refused where they are no storage, rewritten as the server rewrites them."""

import html

from confsync.sandbox.rows import Content
from confsync.sandbox.saving.check import check
from confsync.sandbox.saving.normalise import Saving
from confsync.sandbox.store.database import Database
from confsync.sandbox.store.titles import fold


class Keeping:
    """Saves bodies with what the site knows of pages, spaces and people."""

    def __init__(self, database: Database, *, named_entities: bool) -> None:
        self._db = database
        self._named_entities = named_entities

    def saved(self, body: str, space: int) -> str:
        """A body as the server would store it in a space.

        Raises:
            Malformed: it is not well-formed.
        """
        check(body)
        return Saving(
            named_entities=self._named_entities,
            page_version=lambda title, key: self._page_version(title, key, space),
            space_key=self._text("SELECT key FROM space WHERE id = ?", space) or "",
            user_key=lambda name: self._text("SELECT user_key FROM person WHERE username = ?", name),
        )(body)

    def follow(self, renamed: Content, title: str) -> None:
        """Let the links of other pages of the space follow a new title; their versions do not change."""
        old, new = (f'ri:content-title="{_attribute(said)}"' for said in (renamed.title, title))
        self._db.run(
            "UPDATE version SET body = replace(body, ?1, ?2) WHERE instr(body, ?1) AND EXISTS ("
            "SELECT 1 FROM content c WHERE c.id = content AND c.number = version.number "
            "AND c.space = ?3 AND c.id != ?4)",
            old,
            new,
            renamed.space,
            renamed.id,
        )

    def _text(self, sql: str, value: str | int) -> str | None:
        """The one text a query finds."""
        row = self._db.one(sql, value)
        return None if row is None else str(row[0])

    def _page_version(self, title: str, key: str | None, space: int) -> int | None:
        row = self._db.one(
            "SELECT number FROM content WHERE folded = ? AND type = 'page' AND status = 'current' "
            "AND space = coalesce((SELECT id FROM space WHERE lower(key) = lower(?)), "
            "CASE WHEN ? IS NULL THEN ? END)",
            fold(title),
            key,
            key,
            space,
        )
        return None if row is None else int(row["number"])


def _attribute(title: str) -> str:
    """A title as the value of an attribute."""
    return html.escape(title, quote=False).replace('"', "&quot;")
