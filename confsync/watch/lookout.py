"""A look at what Confluence shows, without reading a text: is there any reason for a round?

A small space is listed whole. A large one is only glanced at, in two requests, however large it is; what a
glance cannot see (moves, deletions, labels) waits for the next whole round.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from confsync.engine import silent
from confsync.engine.observe_local import read_commit
from confsync.engine.session import Session
from confsync.model.content import Row, Status
from confsync.model.ids import CommitId, PageId
from confsync.plan.copy import Copy
from confsync.ports import Glance, Recent

WHOLE = 250
"""Pages that one request lists."""


@dataclass(frozen=True)
class Base:
    """What Confluence last said, as a commit has it."""

    commit: CommitId | None
    copy: Copy

    @cached_property
    def rows(self) -> Mapping[PageId, Row]:
        """The rows of everything that has a text."""
        return {page: record.row for page, record in self.copy.records.items() if record.row.type.has_text}

    @property
    def small(self) -> bool:
        """Whether one request lists it whole."""
        return len(self.rows) <= WHOLE

    @cached_property
    def requests(self) -> int:
        """What a whole round that finds nothing costs, about."""
        return 3 + len(self.rows) // WHOLE + silent.REQUESTS


@dataclass
class Lookout:
    """Looks again and again, and keeps the base in mind while HEAD stays."""

    session: Session
    _base: Base | None = field(default=None, init=False)

    @property
    def base(self) -> Base:
        """The base in HEAD."""
        head = self.session.history.find_commit("HEAD")
        if self._base is None or self._base.commit != head:
            records, _ = read_commit(self.session, head)
            self._base = Base(head, Copy(self.session.settings, records, {}, {}, {}))
        return self._base

    def look(self) -> frozenset[str]:
        """How Confluence differs from the base, a word for each difference.

        Our own writes are in the base, so they are no difference: a push is not heard as an echo.
        """
        base = self.base
        since = silent.since(self.session, base.copy)
        if base.small:
            listing = self.session.remote.listing(since=since)
            return self._whole(base, listing.rows) | self._traces(base, listing.recent)
        return self._glanced(base, self.session.remote.glance(since))

    def _whole(self, base: Base, listed: Mapping[PageId, Row]) -> frozenset[str]:
        rows = {page: row for page, row in listed.items() if row.type.has_text}
        gone = (page for page, row in base.rows.items() if page not in rows and row.status is Status.CURRENT)
        return _changed(base, rows) | {f"{page} gone" for page in gone}

    def _glanced(self, base: Base, glance: Glance) -> frozenset[str]:
        rows = {page: row for page, row in glance.rows.items() if row.type.has_text}
        hinted = {
            f"{page} v{number}"
            for page, number in glance.hints.items()
            if page not in base.rows or base.rows[page].version.number != number
        }
        return _changed(base, rows) | self._traces(base, glance.recent) | hinted

    def _traces(self, base: Base, recent: Recent) -> frozenset[str]:
        files, texts = silent.traced(self.session, base.copy, recent)
        return frozenset({f"{page} files" for page in files} | {f"{page} comments" for page in texts})


def _changed(base: Base, rows: Mapping[PageId, Row]) -> frozenset[str]:
    return frozenset(
        _word(row)
        for page, row in rows.items()
        if page not in base.rows or _word(row) != _word(base.rows[page])
    )


def _word(row: Row) -> str:
    return f"{row.id} v{row.version.number} {row.status.value} {row.parent} {row.position} {row.title}"
