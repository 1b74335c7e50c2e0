"""What the engine needs of the world, as protocols.

The engine speaks only to these; `confluence`, `worktree` and `history` implement them, tests implement
them in memory, and one contract suite per port runs on every implementation. Implementations raise only
errors of the tree in `confsync.errors`.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final, Protocol

from confsync.model.content import Attachment, InlineComment, Page, Row, Space, User, Version
from confsync.model.ids import AccountId, AttachmentId, CommitId, PageId, RelPath
from confsync.model.record import Record

# ---------------------------------------------------------------------------------------------- Remote


class Fate(StrEnum):
    """What became of content that a listing no longer shows."""

    CURRENT = "current"
    TRASHED = "trashed"
    ARCHIVED = "archived"
    DRAFT = "draft"
    MOVED_OUT = "moved out"
    """It lives on in another space."""
    HIDDEN = "hidden"
    """404: purged, restricted, or a hiccup. Never a deletion."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Everything current in a space, without texts."""

    rows: Mapping[PageId, Row]
    """Pages, blog posts and tree nodes. Rows of nodes come from the search index and may lag."""


@dataclass(frozen=True, slots=True)
class Recent:
    """Changes that no version number shows, as far as the search index knows them."""

    attachments: frozenset[PageId]
    """Content whose attachments are new or changed."""
    comments: frozenset[PageId]
    """Content with new comments, which may have put markers into its body."""


@dataclass(frozen=True, slots=True)
class PageVersion:
    """One version of a page with its text."""

    version: Version
    title: str
    body: str


class Place(StrEnum):
    """Where a move puts a page, seen from its target."""

    APPEND = "append"
    BEFORE = "before"
    AFTER = "after"


class Remote(Protocol):
    """One Confluence space. Every call is one or a few requests; all may raise `RemoteError`."""

    def space(self) -> Space:
        """The space itself.

        Raises:
            NotFound: there is no such space, or these credentials may not see it.
        """

    def me(self) -> User:
        """Whose credentials these are."""

    def users(self, ids: Collection[AccountId]) -> Mapping[AccountId, User]:
        """People by account id; ids the server does not know map to a user named by the id."""

    def find_user(self, name: str) -> Sequence[User]:
        """People whose full name or e-mail is exactly `name`; none or several are the caller's problem."""

    def listing(self) -> Listing:
        """All current content, completely, or an error: a partial listing never looks like deletions."""

    def recent(self, since: str) -> Recent:
        """What happened to attachments and comments since an ISO date."""

    def fetch(self, ids: Sequence[PageId]) -> Iterator[Record]:
        """Texts, labels and attachments (without sha256) of many pages, many per request, in any order.

        Ids the server no longer shows are left out. Nodes without text are not asked for.
        """

    def read(self, page: PageId, *, draft: bool = False) -> Page:
        """One page afresh, straight from the database: text, labels, title, parent, version.

        Raises:
            NotFound: not there for these credentials.
        """

    def attachments(self, page: PageId) -> Sequence[Attachment]:
        """The attachments of one page, straight from the database, sorted by name, without sha256."""

    def labels(self, ids: Collection[PageId]) -> Mapping[PageId, frozenset[str]]:
        """Global labels of many pages in as few requests as can be trusted; ids not found are left out."""

    def properties(self, page: PageId, keys: Collection[str]) -> Mapping[str, object]:
        """The content properties with these keys."""

    def fates(self, ids: Collection[PageId]) -> Mapping[PageId, Fate]:
        """What became of each of these; every id is answered."""

    def restricted(self) -> frozenset[PageId]:
        """Pages with a view restriction of their own."""

    def versions(self, page: PageId, after: int, upto: int) -> Sequence[PageVersion]:
        """The versions `after < number <= upto` with their texts, oldest first."""

    def inline_comments(self, page: PageId) -> Sequence[InlineComment]:
        """The inline comments of a page, resolved ones included."""

    def children(self, page: PageId) -> Sequence[Row]:
        """Direct children of any type. Only `id`, `type`, `title`, `status` of the rows can be relied on."""

    def create_draft(self, row: Row, body: str) -> PageId:
        """Make an invisible draft (title, parent, type of `row`) and return its id. Never retried blindly."""

    def publish(self, row: Row, body: str, *, message: str) -> Page:
        """Make a draft the current version 1 and return what the server stored. Safe to repeat."""

    def find_created(self, row: Row, body: str, since: str) -> PageId | None:
        """After a crash: the draft or page that our own unfinished create left behind, if any."""

    def update(self, row: Row, body: str, *, message: str) -> Page:
        """Write title and text as version `row.version.number` and return what the server stored.

        The parent is sent only where the API demands one. `row.parent` is what was read just before.

        Raises:
            VersionConflict: the number is taken.
            TitleTaken: another page has the title.
        """

    def move(self, page: PageId, place: Place, target: PageId) -> None:
        """Put a page below, before or behind another one."""

    def move_to_top(self, page: PageId) -> None:
        """Put a page at the top of the space, beside the home page."""

    def trash(self, page: PageId) -> None:
        """Move a page to the trash. Never purges."""

    def restore(self, page: PageId) -> Page:
        """Bring a page back from the trash."""

    def add_labels(self, page: PageId, labels: Collection[str]) -> None:
        """Add global labels."""

    def remove_label(self, page: PageId, label: str) -> None:
        """Remove one global label."""

    def set_property(self, page: PageId, key: str, value: object) -> None:
        """Create or update a content property."""

    def download(self, page: PageId, attachment: Attachment, to: Path) -> str:
        """Stream an attachment into a new file and return the sha256 of its bytes, hex."""

    def upload(self, page: PageId, name: str, source: Path, *, comment: str, media_type: str) -> Attachment:
        """Upload a file as a new attachment or a new version of the one with this name, streamed."""

    def remove_attachment(self, page: PageId, attachment: AttachmentId) -> None:
        """Move an attachment to the trash."""


# -------------------------------------------------------------------------------------------- WorkTree


TEMP_PREFIX: Final = ".confsync-tmp-"
"""How the names of our temporary files begin; scans, watchers and git leave such files out."""

Content = bytes | Path
"""The bytes of a file, or a staged file (from `WorkTree.staging`) that is moved, not copied."""


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file to write, or to remove where `content` is None; compare-and-swap.

    `expected` is the sha256 (hex) the file must have now; None: it must not exist.
    """

    path: RelPath
    content: Content | None
    expected: str | None


@dataclass(frozen=True, slots=True)
class FileFact:
    """A file as the scan found it."""

    path: RelPath
    size: int
    mtime_ns: int
    symlink: bool = False


class WorkTree(Protocol):
    """The files of a working copy. Paths never leave it; symlinks are never followed."""

    def scan(self) -> Mapping[RelPath, FileFact]:
        """Every file that may matter: editor junk, dot folders and nested repositories are left out."""

    def read(self, path: RelPath) -> bytes:
        """The bytes of one file.

        Raises:
            WorkTreeError: not there, unreadable, or behind a symlink.
        """

    def sha256(self, path: RelPath) -> str:
        """The checksum of one file, streamed, hex."""

    def local_path(self, path: RelPath) -> Path:
        """The checked absolute path, for streaming uploads."""

    def staging(self) -> Path:
        """A folder on the same file system for files on their way in; emptied by the next run."""

    def apply(self, changes: Sequence[FileChange]) -> None:
        """Write all changes, each atomically: temp file, fsync, compare, rename; empty folders go.

        Two files may swap names; a name may change in case only. Files already at their goal are passed over.

        Raises:
            FileChanged: a file is not what was expected; files written before it stay written.
            WriteFailed: the disk is full or refuses; the file keeps its bytes.
        """

    def lock(self) -> AbstractContextManager[None]:
        """Hold the working copy against other runs.

        Raises:
            AlreadyRunning: another run holds it.
        """


# --------------------------------------------------------------------------------------------- History


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

    def check_identity(self) -> None:
        """Make sure git knows who commits.

        Raises:
            IdentityMissing: it does not; the hint has the two commands.
        """

    def files(self, at: CommitId | None = None) -> Mapping[RelPath, str]:
        """Blob ids by path in HEAD (or another commit), below the working copy."""

    def blobs(self, ids: Iterable[str]) -> Mapping[str, bytes]:
        """The bytes of many blobs in one go."""

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

    def observe(self, steps: Sequence[ObservedVersion], onto: CommitId | None) -> CommitId:
        """Stack commits on `onto` by fast-import, deterministically, and return the last; no ref moves."""

    def fast_forward(self, commit: CommitId, files: Collection[RelPath]) -> Transaction:
        """Prepare to move HEAD to a descendant of it, where `files` are the paths that differ."""

    def subject(self, path: RelPath) -> str:
        """The first line of the message of the last commit that touched a file; empty where none did."""

    def is_ancestor(self, ancestor: CommitId | str, descendant: CommitId) -> bool:
        """Whether one commit is an ancestor of (or the same as) another; unknown commits are not."""

    def pending(self) -> Mapping[PageId, PendingConflict]:
        """The conflicts that wait for a person."""

    def hold(self, conflict: PendingConflict) -> None:
        """Remember a conflict; where it is `MARKED`, also put its three stages into the index."""

    def settle(self, page: PageId) -> None:
        """Forget a conflict and clear its stages, leaving the file and HEAD alone."""

    def recover(self) -> None:
        """Finish what a crash between moving HEAD and moving the index left behind; holding the lock.

        Only paths whose index entry is still the one of the old HEAD are touched.
        """


class Journal(Protocol):
    """Intentions that have to survive a crash, as JSON objects, each with a unique `key`."""

    def open(self) -> Sequence[Mapping[str, object]]:
        """Intentions not yet closed, oldest first. A torn last line is passed over."""

    def intend(self, entry: Mapping[str, object]) -> None:
        """Write an intention (or a later state of one) down, durably, before acting on it."""

    def done(self, key: str) -> None:
        """Close an intention."""


class Cache(Protocol):
    """Small facts about one clone that save time or questions; losing them costs no more than that."""

    def recall(self, name: str) -> str:
        """What was remembered under a name; empty where nothing was."""

    def remember(self, name: str, value: str) -> None:
        """Remember something, durably enough."""


# ------------------------------------------------------------------------------------------ the others


class Clock(Protocol):
    """Time, so that tests own it."""

    def now(self) -> str:
        """The time in UTC, ISO 8601 with milliseconds and `Z`, as Confluence writes it."""

    def sleep(self, seconds: float) -> None:
        """Wait."""


class Reporter(Protocol):
    """Somebody who wants to know what is going on."""

    def task(self, title: str, total: int | None) -> AbstractContextManager[Callable[[int], None]]:
        """Show progress while the context is open; call the value with how many more are done."""

    def note(self, message: str) -> None:
        """Say something worth knowing."""

    def warn(self, message: str, *, page: str = "") -> None:
        """Say something worth worrying about."""
