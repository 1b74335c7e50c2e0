"""Moving HEAD and the index together, so that a crash between the two leaves no staged reversal behind.

HEAD moved and the index not yet: git would show the pull as staged for removal, and the user's next
`git commit` would silently contain it. So what is about to move is written down first, and `finish`
repairs the index after a crash, for the paths that nobody has touched since.
"""

import json
import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from confsync.errors import HeadMoved, HistoryError, RepositoryBusy
from confsync.history.index import HeldIndex
from confsync.history.objects import Change, Entry, Objects
from confsync.history.place import Place
from confsync.history.process import Git, GitFailed
from confsync.history.state import read_branch, read_head
from confsync.model.ids import CommitId

_NOTE = "moving.json"
_BASE_FOLDER = ".confsync/"


def take_over(
    place: Place, held: HeldIndex, changes: Sequence[Change], own: Collection[str] | None = None
) -> None:
    """Give the copy of the index the entries of the new commit, for the paths that it changes and no others.

    Args:
        place: where we are.
        held: the locked index.
        changes: what the new commit changes.
        own: paths whose index entry may be anything, because the commit has just been made from the
            files; None: entries have to be those of the old or the new commit.

    Raises:
        RepositoryBusy: somebody has staged something else there, which the commit would revert.
    """
    before = held.before
    entries: dict[str, Entry | None] = {}
    for change in changes:
        found = before.entries.get(change.path)
        free = change.path in before.unmerged or found in {change.old, change.new}
        if not free and own is None and not change.path.startswith(f"{place.prefix}{_BASE_FOLDER}"):
            raise RepositoryBusy(
                "the file has staged changes of its own",
                hint="Commit them, or unstage them with `git restore --staged`, and run again.",
                page=place.to_copy(change.path) or change.path,
            )
        if free or own is None or change.path in own:
            entries[change.path] = change.new
    held.copy.set(entries, before.absent & entries.keys())


class Move:
    """The `Transaction` port: a commit that exists, an index that waits, a HEAD that has not moved yet."""

    def __init__(
        self,
        place: Place,
        git: Git,
        held: HeldIndex,
        *,
        old: CommitId | None,
        commit: CommitId,
        log: str,
    ) -> None:
        self._place = place
        self._git = git
        self._held = held
        self._old = old
        self._branch = read_branch(git)
        self._log = log
        self.commit = commit

    def publish(self) -> None:
        """Move HEAD, then the index. Call it after the files are written.

        Raises:
            HeadMoved: HEAD is no longer what it was, or a hook of the user's refuses; nothing was changed.
        """
        try:
            if read_branch(self._git) != self._branch or read_head(self._git) != self._old:
                raise HeadMoved("somebody committed or switched branches while we worked", hint="Run again.")
            self._held.copy.refresh()
            write_note(self._place, self._old, self.commit)
            self._move_head()
            self._held.install()
        finally:
            self._held.release()
        drop_note(self._place)

    def abandon(self) -> None:
        """Let go of the index; nothing was changed."""
        self._held.release()

    def _move_head(self) -> None:
        old = self._old or "0" * len(self.commit)
        try:
            self._git.run("update-ref", "--create-reflog", "-m", self._log, "HEAD", self.commit, old)
        except GitFailed as error:
            drop_note(self._place)
            raise HeadMoved(f"git would not move HEAD: {error.said}", hint="Run again.") from error


def write_note(place: Place, old: CommitId | None, new: CommitId | None) -> None:
    """Write down that HEAD is about to move; `new` is None where `git commit` will make it."""
    note = place.own / _NOTE
    temp = note.with_suffix(".tmp")
    with temp.open("w", encoding="ascii") as stream:
        json.dump({"old": old, "new": new}, stream)
        stream.flush()
        os.fsync(stream.fileno())
    temp.replace(note)


def drop_note(place: Place) -> None:
    """The move is over, one way or the other."""
    (place.own / _NOTE).unlink(missing_ok=True)


def finish(place: Place, git: Git, objects: Objects) -> None:
    """After a crash: give the index the entries it was about to get, where HEAD has moved and they have not.

    Only paths whose entry is still exactly the one of the old commit are touched. A HEAD that is neither the
    old nor the new commit has been moved by somebody else since; then git's own index is right.
    """
    note = _read_note(place.own / _NOTE)
    if note is None:
        return
    old, new = note.get("old"), note.get("new")
    head = read_head(git)
    if head is not None and head != old and head == (new or _child(git, head, old)):
        _catch_up(place, git, objects.diff(old, head))
    drop_note(place)


def _child(git: Git, head: CommitId, old: CommitId | None) -> CommitId | None:
    """HEAD, where it is the commit that `git commit` made on `old`."""
    parents = git.line("rev-list", "--parents", "-n", "1", head).split()[1:]
    return head if parents == ([old] if old else []) else None


def _catch_up(place: Place, git: Git, changes: Sequence[Change]) -> None:
    held = HeldIndex(place, git)
    try:
        stale = {
            change.path: change.new
            for change in changes
            if change.path not in held.before.unmerged and held.before.entries.get(change.path) == change.old
        }
        held.copy.set(stale, held.before.absent & stale.keys())
        held.copy.refresh()
        held.install()
    finally:
        held.release()


def _read_note(path: Path) -> Mapping[str, CommitId | None] | None:
    try:
        note = json.loads(path.read_text(encoding="ascii"))
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise HistoryError(f"{path} cannot be read", hint="Look at `git status`, then remove it.") from error
    if not isinstance(note, dict):
        raise HistoryError(f"{path} cannot be read", hint="Look at `git status`, then remove it.")
    return note
