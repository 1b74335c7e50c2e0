"""What a run did, for people and machines."""

from dataclasses import dataclass, field

from confsync.model.ids import PageId, RelPath
from confsync.plan.gates import Question
from confsync.plan.operation import Operation, Pulled, Refused
from confsync.ports import PendingConflict


@dataclass(frozen=True, slots=True)
class Pushed:
    """One page written to Confluence."""

    page: PageId
    title: str
    path: RelPath
    did: str
    """`created`, `updated`, `renamed`, `moved`, `labelled`, `attached`, `detached`, `trashed`, …"""
    version: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a run, or of a dry one."""

    pulled: tuple[Pulled, ...] = ()
    pushed: tuple[Pushed, ...] = ()
    planned: tuple[Operation, ...] = ()
    """What a push would send; only in a dry run."""
    refused: tuple[Refused, ...] = ()
    """Pages whose edits were not sent, each with its reason."""
    conflicts: tuple[PendingConflict, ...] = ()
    """Everything that waits for a person."""
    warnings: tuple[str, ...] = ()
    committed: str = ""
    """The commit made of the user's own edits."""
    dry_run: bool = False
    restricted: tuple[str, ...] = ()
    """Titles of view-restricted pages that were not written."""
    late: tuple[RelPath, ...] = ()
    """Pages somebody edited while the run was under way: what is not committed is not sent."""

    @property
    def exit_code(self) -> int:
        """0 done, 1 something was refused, 3 conflicts left."""
        if self.conflicts or any(item.did == "conflict" for item in self.pulled):
            return 3
        return 1 if self.refused else 0


@dataclass
class Log:
    """An outcome in the making."""

    pulled: list[Pulled] = field(default_factory=list)
    pushed: list[Pushed] = field(default_factory=list)
    planned: list[Operation] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    committed: str = ""
    restricted: list[str] = field(default_factory=list)
    late: list[RelPath] = field(default_factory=list)
    doubts: list[Question] = field(default_factory=list)
    """What a person has to say before this run may send anything."""

    def outcome(self, conflicts: tuple[PendingConflict, ...], *, dry_run: bool) -> Outcome:
        """What happened, whole."""
        return Outcome(
            pulled=tuple(self.pulled),
            pushed=tuple(self.pushed),
            planned=tuple(self.planned),
            refused=tuple(dict.fromkeys(self.refused)),
            conflicts=conflicts,
            warnings=tuple(dict.fromkeys(self.warnings)),
            committed=self.committed,
            dry_run=dry_run,
            restricted=tuple(self.restricted),
            late=tuple(dict.fromkeys(self.late)),
        )
