"""The `History` port on a real repository."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from confsync.errors import HeadMoved, HistoryError, IdentityMissing
from confsync.history import driver, edits, move
from confsync.history.cache import FileCache
from confsync.history.conflicts import Conflicts
from confsync.history.index import HeldIndex, drop_stale_lock, holding
from confsync.history.journal import FileJournal
from confsync.history.move import Move
from confsync.history.objects import FILE_MODE, Entry, Objects
from confsync.history.observe import Observer, plain
from confsync.history.place import Place, find_place
from confsync.history.process import Git, GitFailed, decode_path
from confsync.history.state import read_branch, read_edited, read_head, read_state, read_stillness
from confsync.model.ids import CommitId, PageId, RelPath
from confsync.ports import (
    Author,
    Content,
    EditsCommitted,
    ObservedVersion,
    PendingConflict,
    RepoState,
)

_OBJECT_NAME = re.compile(r"[0-9a-f]{7,64}")

OUT = "refs/confsync/out"
"""Where a push from a detached HEAD leaves what it recorded."""


class GitHistory:
    """The git side of a working copy. Made by `open_history`.

    Args:
        place: where the working copy lies in its repository.
        host: the Confluence site's host name, for the synthetic address of its commits.
    """

    def __init__(self, place: Place, host: str) -> None:
        self.place = place
        self._host = host
        self._git = Git(place.top)
        self._objects = Objects(place, self._git)
        self._conflicts = Conflicts(place, self._git, self._objects)

    @property
    def lock_path(self) -> Path:
        """Where the lock of runs on this space lies; the same from every linked work tree."""
        return self.place.lock_path

    @property
    def staging_path(self) -> Path:
        """Where files on their way into this working copy wait."""
        return self.place.staging_path

    def journal(self) -> FileJournal:
        """The journal of this space; the same from every linked work tree."""
        return FileJournal(self.place.journal_path)

    def cache(self) -> FileCache:
        """Small facts about this clone; the same from every linked work tree."""
        return FileCache(self.place.shared / "cache")

    def install(self) -> None:
        """Register the merge driver for records; after `clone` and `init`, safe to repeat."""
        driver.install(self.place, self._git)

    def state(self) -> RepoState:
        """What state the repository is in."""
        return read_state(self.place, self._git)

    def branch(self) -> str | None:
        """The branch checked out; None on a detached HEAD."""
        return read_branch(self._git)

    def stillness(self) -> str:
        """A word for a working copy in which git sees no change; else empty."""
        return read_stillness(self.place, self._git)

    def check_identity(self) -> None:
        """Make sure git knows who commits.

        Raises:
            IdentityMissing: it does not; the hint has the two commands.
        """
        try:
            self._git.read("var", "GIT_AUTHOR_IDENT")
            self._git.read("var", "GIT_COMMITTER_IDENT")
        except GitFailed as error:
            raise IdentityMissing(
                "git does not know who you are",
                hint='Run: git config user.name "Your Name" && git config user.email you@example.com',
            ) from error

    def files(self, at: CommitId | None = None) -> Mapping[RelPath, str]:
        """Blob ids by path in HEAD (or another commit), below the working copy."""
        commit = at or read_head(self._git)
        return self._objects.files(commit) if commit else {}

    def blobs(self, ids: Iterable[str]) -> Mapping[str, bytes]:
        """The bytes of many blobs in one go."""
        return self._objects.blobs(ids)

    def find_commit(self, name: str) -> CommitId | None:
        """The commit that a user's words (a hash, branch, tag, `HEAD~3`) mean; None where there is none."""
        wanted = f"{name}^{{commit}}"
        command = ("rev-parse", "--verify", "--quiet", "--end-of-options", wanted)
        done = self._git.run(*command, allow=(1, 128), reading=True)
        return CommitId(done.stdout.decode().strip()) if done.returncode == 0 else None

    def export(self, at: CommitId, path: RelPath, to: Path) -> None:
        """Write a file of a commit as a checkout would.

        Raises:
            HistoryError: the commit has no such file, or a filter fails.
        """
        with to.open("wb") as file:
            self._git.write("cat-file", "--filters", f"{at}:{self.place.to_repository(path)}", to=file)

    def edited(self) -> frozenset[RelPath]:
        """Tracked files that differ from HEAD, untracked files that git does not ignore, deleted files."""
        return read_edited(self.place, self._git)

    def commit_edits(self, paths: Sequence[RelPath], message: str) -> EditsCommitted:
        """Commit the user's own edits of these files through `git commit`: hooks, signing, identity apply.

        Files in conflict, partially staged ones and those outside a sparse checkout are left alone, even
        where they are named.

        Raises:
            HookRefused: a hook said no; nothing moved.
        """
        self.check_identity()
        state = self.state()
        alone = state.unmerged | state.half_staged | state.absent
        wanted = [self.place.to_repository(path) for path in paths if path not in alone]
        if not wanted:
            return EditsCommitted(None)
        return EditsCommitted(edits.commit_edits(self.place, self._git, self._objects, wanted, message))

    def prepare(
        self,
        files: Mapping[RelPath, Content | None],
        message: str,
        *,
        author: Author | None = None,
        merge: CommitId | None = None,
    ) -> Move:
        """Make a commit on top of HEAD (and `merge`, as second parent) and hold the index for it.

        Signed where `commit.gpgsign` says so; where git knows no identity, confsync commits as itself.

        Raises:
            RepositoryBusy: somebody holds index.lock for more than ten seconds, or has staged something
                else for one of these files.
        """
        contents = [(self.place.to_repository(p), c) for p, c in files.items() if c is not None]
        oids = self._objects.write(contents)
        oid_of = {path: oid for (path, _), oid in zip(contents, oids, strict=True)}
        with holding(self.place, self._git) as held:
            old = read_head(self._git)
            scratch = held.scratch(self._git, old)
            modes = scratch.list().entries
            paths = [self.place.to_repository(path) for path in files]
            scratch.set({path: _entry(oid_of.get(path), modes.get(path)) for path in paths})
            commit = self._commit_tree(scratch.write_tree(), [old, merge], message, author)
            return self._move(held, old, commit, message.partition("\n")[0])

    def fast_forward(self, commit: CommitId, files: Collection[RelPath]) -> Move:
        """Prepare to move HEAD to a descendant of it, where `files` are the paths that differ.

        Raises:
            HeadMoved: it is no descendant.
            HistoryError: it changes a file that is not named, and so was not written.
        """
        with holding(self.place, self._git) as held:
            old = read_head(self._git)
            if old is not None and not self.is_ancestor(old, commit):
                raise HeadMoved("somebody committed while we worked", hint="Run again.")
            named = {self.place.to_repository(path) for path in files}
            for change in self._objects.diff(old, commit):
                if change.path not in named:
                    raise HistoryError(f"the commit to go to also changes {change.path}")
            return self._move(held, old, commit, "fast-forward")

    def tracking(self) -> CommitId | None:
        """Where `refs/remotes/confluence/<SPACE>` stands."""
        name = f"{self.place.tracking_ref}^{{commit}}"
        done = self._git.run("rev-parse", "--verify", "--quiet", name, allow=(1,), reading=True)
        return CommitId(done.stdout.decode().strip()) if done.returncode == 0 else None

    def set_tracking(self, commit: CommitId) -> None:
        """Move the tracking branch."""
        command = ("update-ref", "--create-reflog", "-m", "confsync", self.place.tracking_ref, commit)
        self._git.run(*command)

    def leave(self, commit: CommitId) -> None:
        """Put a commit where a job that checked out no branch finds it."""
        self._git.run("update-ref", "-m", "confsync push", OUT, commit)

    def observe(self, steps: Sequence[ObservedVersion], onto: CommitId | None) -> CommitId:
        """Stack commits on `onto` by fast-import, deterministically, and return the last; no ref moves."""
        if not steps:
            if onto is None:
                raise HistoryError("nothing was observed, and there is nothing to put it on")
            return onto
        return Observer(self.place, self._git, self._objects, self._host).observe(steps, onto)

    def subject(self, path: RelPath) -> str:
        """The first line of the message of the last commit that touched a file; empty where none did."""
        if read_head(self._git) is None:
            return ""
        command = ("log", "-1", "--format=%s", "HEAD", "--", self.place.to_repository(path))
        return self._git.read(*command).decode("utf-8", "replace").strip()

    def had_before(self, commit: CommitId, path: RelPath, content: bytes) -> bool:
        """Whether a file had exactly these bytes in this commit or in one before it."""
        there = self.place.to_repository(path)
        oid = self._git.line("hash-object", "--stdin", f"--path={there}", stdin=content)
        command = ("log", "-1", "--format=%H", "--full-history", "-m", f"--find-object={oid}", commit)
        return bool(self._git.read(*command, "--", there).strip())

    def is_ancestor(self, ancestor: CommitId | str, descendant: CommitId) -> bool:
        """Whether one commit is an ancestor of (or the same as) another; unknown commits are not."""
        if not (_OBJECT_NAME.fullmatch(ancestor) and _OBJECT_NAME.fullmatch(descendant)):
            return False
        command = ("merge-base", "--is-ancestor", ancestor, descendant)
        return self._git.run(*command, allow=(1, 128), reading=True).returncode == 0

    def pending(self) -> Mapping[PageId, PendingConflict]:
        """The conflicts that wait for a person."""
        return self._conflicts.pending()

    def hold(self, conflict: PendingConflict) -> None:
        """Remember a conflict; where it is `MARKED`, also put its three stages into the index."""
        self._conflicts.hold(conflict)

    def settle(self, page: PageId) -> None:
        """Forget a conflict and clear its stages, leaving the file and HEAD alone."""
        self._conflicts.settle(page)

    def recover(self) -> None:
        """Finish what a crash between moving HEAD and moving the index left behind; holding the lock."""
        drop_stale_lock(self.place)
        move.finish(self.place, self._git, self._objects)

    def _move(self, held: HeldIndex, old: CommitId | None, commit: CommitId, what: str) -> Move:
        move.take_over(self.place, held, self._objects.diff(old, commit))
        return Move(self.place, self._git, held, old=old, commit=commit, log=f"confsync: {what}")

    def _commit_tree(
        self, tree: str, parents: Sequence[CommitId | None], message: str, author: Author | None
    ) -> CommitId:
        command = ["commit-tree", tree, "-F", "-"]
        for parent in parents:
            command += ["-p", parent] if parent else []
        if self._signs():
            command.append("-S")
        text = f"{message.rstrip()}\n".encode()
        return CommitId(self._git.line(*command, stdin=text, env=self._identity(author)))

    def _signs(self) -> bool:
        command = ("config", "--type=bool", "--get", "commit.gpgsign")
        return self._git.run(*command, allow=(1,), reading=True).stdout.strip() == b"true"

    def _identity(self, author: Author | None) -> dict[str, str]:
        env: dict[str, str] = {}
        try:
            self.check_identity()
        except IdentityMissing:
            for role in ("AUTHOR", "COMMITTER"):
                env |= {f"GIT_{role}_NAME": "confsync", f"GIT_{role}_EMAIL": f"noreply@{self._host}"}
        if author is not None:
            env |= {
                "GIT_AUTHOR_NAME": plain(author.name) or "unknown",
                "GIT_AUTHOR_EMAIL": plain(author.email),
                "GIT_AUTHOR_DATE": f"@{author.date}",
            }
        return env


def _entry(oid: str | None, before: Entry | None) -> Entry | None:
    """The new entry of a path: an executable file stays one."""
    if oid is None:
        return None
    keeps = before is not None and before.mode == "100755"
    return Entry("100755" if keeps else FILE_MODE, oid)


def open_history(folder: Path, space_key: str, host: str) -> GitHistory:
    """Open the repository around a working copy, which may be a part of it.

    Args:
        folder: the folder that holds confsync.toml.
        space_key: the space, for the names of the tracking branch, the lock and the journal.
        host: the site's host name, for the synthetic addresses of Confluence's commits.

    Raises:
        GitMissing: no git, no repository, or one without a work tree.
    """
    return GitHistory(find_place(folder, space_key), host)


def init_repository(folder: Path, branch: str) -> None:
    """Make a new, empty repository whose first branch is `branch`; the folder is made too.

    Raises:
        GitMissing: no git.
        HistoryError: git refuses, for instance because of the branch's name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    Git(folder).run("init", "--quiet", f"--initial-branch={branch}")


def current_branch(folder: Path) -> str | None:
    """The branch checked out around a folder, None where HEAD is detached or there is no repository."""
    done = Git(folder).run("symbolic-ref", "--quiet", "--short", "HEAD", allow=(1, 128), reading=True)
    return decode_path(done.stdout.strip()) if done.returncode == 0 else None
