"""The `History` port: the git side of a working copy."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from confsync.model.ids import CommitId, PageId, RelPath
from confsync.ports.worktree import Content


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote, for git: a name, a synthetic or real address, a date in git's `<epoch> <offset>` form."""

    name: str
    email: str
    date: str


@dataclass(frozen=True, slots=True)
class RepoState:
    """What state the repository is in."""

    head: CommitId | None
    """None on an unborn branch."""
    branch: str | None
    """None on a detached HEAD."""
    operation: str
    """`merge`, `rebase`, `cherry-pick`, `revert`, `bisect`, or empty."""
    unmerged: frozenset[RelPath]
    """Paths with conflict stages, in this working copy."""
    half_staged: frozenset[RelPath]
    """Paths staged and then edited on: neither HEAD = index nor index = file."""
    absent: frozenset[RelPath]
    """Paths that sparse checkout keeps out of the work tree: not deleted."""


class ConflictState(StrEnum):
    """How a pending conflict stands."""

    MARKED = "marked"
    """The file has markers, the index has stages."""
    DEFERRED = "deferred"
    """Nothing was touched; the person knows."""


@dataclass(frozen=True, slots=True)
class PendingConflict:
    """A conflict somebody has to settle; lives in the git directory of this work tree."""

    page: PageId
    path: RelPath
    state: ConflictState
    head_text: bytes
    """The file as HEAD had it."""
    base_text: bytes
    """Stage 1."""
    ours: bytes
    """Stage 2: the merged text, conflicting blocks from the local side."""
    theirs: bytes
    """Stage 3: the merged text, conflicting blocks from Confluence."""
    marked: bytes
    """What was written into the file."""
    record: bytes
    """The withheld record of the remote version."""


@dataclass(frozen=True, slots=True)
class EditsCommitted:
    """The user's own edits are in HEAD now; None where there was nothing to commit."""

    commit: CommitId | None


@dataclass(frozen=True, slots=True)
class ObservedVersion:
    """One step of the tracking branch: a page version, or a pull's worth of them."""

    author: Author
    message: str
    files: Mapping[RelPath, Content | None]
    """Files it writes, or removes where None."""


class Transaction(Protocol):
    """A commit that exists as objects only, until `publish` moves HEAD and the index to it."""

    commit: CommitId

    def publish(self) -> None:
        """Move HEAD, then the index entries of the committed paths. Call it after the files are written.

        Raises:
            HeadMoved: HEAD is no longer the parent; nothing was changed.
        """

    def abandon(self) -> None:
        """Let go of the index; nothing was changed."""


class History(Protocol):
    """The git side of a working copy. Paths are relative to it, wherever the repository starts."""

    def state(self) -> RepoState:
        """What state the repository is in."""

    def branch(self) -> str | None:
        """The branch checked out; None on a detached HEAD. Cheaper than the whole state."""

    def stillness(self) -> str:
        """A word for the commit and the files of a working copy in which git sees no change; else empty.

        While the word is the same, so are HEAD, the tracked files, and which files git ignores.
        """

    def check_identity(self) -> None:
        """Make sure git knows who commits.

        Raises:
            IdentityMissing: it does not; the hint has the two commands.
        """

    def files(self, at: CommitId | None = None) -> Mapping[RelPath, str]:
        """Blob ids by path in HEAD (or another commit), below the working copy."""

    def blobs(self, ids: Iterable[str]) -> Mapping[str, bytes]:
        """The bytes of many blobs in one go."""

    def find_commit(self, name: str) -> CommitId | None:
        """The commit that a user's words (a hash, branch, tag, `HEAD~3`) mean; None where there is none."""

    def export(self, at: CommitId, path: RelPath, to: Path) -> None:
        """Write a file of a commit as a checkout would: LFS and other filters applied, bytes streamed.

        Raises:
            HistoryError: the commit has no such file, or a filter fails.
        """

    def edited(self) -> frozenset[RelPath]:
        """Tracked files that differ from HEAD, untracked files that git does not ignore, deleted files."""

    def commit_edits(self, paths: Sequence[RelPath], message: str) -> EditsCommitted:
        """Commit the user's own edits of these files through `git commit`: hooks, signing, identity apply.

        Raises:
            HookRefused: a hook said no; nothing moved.
        """

    def prepare(
        self,
        files: Mapping[RelPath, Content | None],
        message: str,
        *,
        author: Author | None = None,
        merge: CommitId | None = None,
    ) -> Transaction:
        """Make a commit on top of HEAD (and `merge`, as second parent) and hold the index for it.

        Hooks do not run: these are confsync's own commits. `None` removes a file.

        Raises:
            RepositoryBusy: somebody holds index.lock for more than ten seconds.
        """

    def tracking(self) -> CommitId | None:
        """Where `refs/remotes/confluence/<SPACE>` stands."""

    def set_tracking(self, commit: CommitId) -> None:
        """Move the tracking branch."""

    def leave(self, commit: CommitId) -> None:
        """Put a commit where a job that checked out no branch finds it: `refs/confsync/out`."""

    def observe(self, steps: Sequence[ObservedVersion], onto: CommitId | None) -> CommitId:
        """Stack commits on `onto` by fast-import, deterministically, and return the last; no ref moves."""

    def fast_forward(self, commit: CommitId, files: Collection[RelPath]) -> Transaction:
        """Prepare to move HEAD to a descendant of it, where `files` are the paths that differ."""

    def subject(self, path: RelPath) -> str:
        """The first line of the message of the last commit that touched a file; empty where none did."""

    def had_before(self, commit: CommitId, path: RelPath, content: bytes) -> bool:
        """Whether a file had exactly these bytes in this commit or in one before it."""

    def is_ancestor(self, ancestor: CommitId | str, descendant: CommitId) -> bool:
        """Whether one commit is an ancestor of (or the same as) another; unknown commits are not."""

    def pending(self) -> Mapping[PageId, PendingConflict]:
        """The conflicts that wait for a person."""

    def hold(self, conflict: PendingConflict) -> None:
        """Remember a conflict; where it is `MARKED`, also put its three stages into the index."""

    def settle(self, page: PageId) -> None:
        """Forget a conflict and clear its stages, leaving the file and HEAD alone."""

    def install(self) -> None:
        """Register the merge driver for records in this clone; cheap where that was done."""

    def recover(self) -> None:
        """Finish what a crash between moving HEAD and moving the index left behind; holding the lock.

        Only paths whose index entry is still the one of the old HEAD are touched.
        """
