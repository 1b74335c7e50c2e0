"""Everything a run works with."""

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from confsync.model.record import Record
from confsync.model.settings import Settings
from confsync.plan.gates import Question
from confsync.ports import Cache, Clock, History, Journal, Remote, Reporter, WorkTree


class OnConflict(StrEnum):
    """What to do with a page that both sides changed in the same words."""

    MARK = "mark"
    """Markers in the file, stages in the index."""
    DEFER = "defer"
    """Touch nothing, report."""
    COPY = "copy"
    """Leave the file, put Confluence's text beside it."""
    OURS = "ours"
    """Keep the local side of what conflicts."""
    THEIRS = "theirs"
    """Take Confluence's side of what conflicts."""


class Person(Protocol):
    """Somebody who can be asked."""

    def agrees(self, question: Question) -> bool:
        """Whether they agree; False also where nobody is there."""


@dataclass(frozen=True, slots=True)
class Options:
    """How one run shall behave."""

    dry_run: bool = False
    message: str = ""
    """For the user's own commit and the version message in Confluence."""
    commit: bool = True
    """Commit edited pages first; where False, a run with uncommitted edits is refused."""
    on_conflict: OnConflict = OnConflict.DEFER
    create: bool = False
    delete: bool = False
    allow_deletes: int = 0
    """How many pages a push that deletes a large part of the space may move to the trash."""
    allow_loss: bool = False
    this_branch: bool = False
    """Run although another branch follows the space."""
    publish: bool = False
    """Push from a detached HEAD."""
    full: bool = False
    """Re-read every page, whatever the listing says of it."""
    quick: bool = False
    """Look only at what was saved last, in two requests."""
    only: frozenset[str] = frozenset()
    """Paths of pages to push; empty for all."""


@dataclass(frozen=True, slots=True)
class Session:
    """The ports and settings of one working copy."""

    settings: Settings
    remote: Remote
    tree: WorkTree
    history: History
    journal: Journal
    cache: Cache
    clock: Clock
    reporter: Reporter
    person: Person
    known: dict[str, Record] = field(default_factory=dict, compare=False)
    """Records by blob id: a run looks at its base several times."""


def sha256(data: bytes) -> str:
    """The checksum that compare-and-swap writes expect, hex."""
    return hashlib.sha256(data).hexdigest()
