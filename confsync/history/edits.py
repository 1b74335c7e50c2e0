"""Committing the user's own edits as the user would: hooks, signing, templates and identity apply."""

from collections.abc import Collection
from pathlib import Path

from confsync.errors import HistoryError, HookRefused, RepositoryBusy
from confsync.history.index import HeldIndex, IndexFile
from confsync.history.move import drop_note, take_over, write_note
from confsync.history.objects import Objects
from confsync.history.place import Place
from confsync.history.process import Git, GitFailed
from confsync.history.state import read_head, read_operation
from confsync.model.ids import CommitId

_HOOKS = ("pre-commit", "prepare-commit-msg", "commit-msg", "reference-transaction")


def commit_edits(
    place: Place, git: Git, objects: Objects, paths: Collection[str], message: str
) -> CommitId | None:
    """Commit these files, relative to the top of the repository, through `git commit` on an index of its own.

    The user's real index keeps whatever else is staged there; afterwards only the committed entries follow.
    Its lock is held all the while, so that nothing can be staged in between that the commit would revert.

    Raises:
        HookRefused: a hook said no; neither HEAD nor the index moved.
        RepositoryBusy: a merge or the like is under way, or somebody holds the index.
    """
    if operation := read_operation(place.git_dir):
        raise RepositoryBusy(
            f"a {operation} is under way",
            hint=f"Finish it with `git {operation} --continue`, or end it with `--abort`.",
        )
    old = read_head(git)
    held = HeldIndex(place, git)
    try:
        scratch = held.scratch(git, old)
        scratch.add_files(paths)
        if _says_nothing_new(git, scratch, old):
            return None
        write_note(place, old, None)
        _commit(place, git, scratch, message)
        new = read_head(git)
        if new is None or new == old:
            raise HistoryError("git commit made no commit")
        take_over(place, held, objects.diff(old, new), own=paths)
        held.copy.refresh()
        held.install()
    finally:
        held.release()
    drop_note(place)
    return new


def _says_nothing_new(git: Git, scratch: IndexFile, old: CommitId | None) -> bool:
    if old is None:
        return not scratch.list().entries
    done = git.run("diff-index", "--cached", "--quiet", old, allow=(1,), env=scratch.env, reading=True)
    return done.returncode == 0


def _commit(place: Place, git: Git, scratch: IndexFile, message: str) -> None:
    # `git commit` clears away the message prepared for the resolution of conflicts.
    prepared = place.git_dir / "MERGE_MSG"
    kept = prepared.read_bytes() if prepared.exists() else None
    try:
        git.run("commit", "--quiet", "-m", message, env=scratch.env)
    except GitFailed as error:
        drop_note(place)
        raise _explained(git, error) from error
    finally:
        if kept is not None:
            prepared.write_bytes(kept)


def _explained(git: Git, error: GitFailed) -> HistoryError:
    if "gpg failed to sign" in error.said or "failed to write commit object" in error.said:
        return HistoryError(
            "your commit could not be signed",
            hint=f"git said: {error.said}",
        )
    if "index.lock" in error.said or "cannot lock ref" in error.said:
        return RepositoryBusy("another git command is at work", hint="Run again when it is done.")
    if hooks := _installed_hooks(git):
        return HookRefused(
            f"not committed: your {' or '.join(hooks)} hook refused",
            hint=error.said or "Run `git commit` to see why.",
        )
    return error


def _installed_hooks(git: Git) -> list[str]:
    folder = Path(git.line("rev-parse", "--path-format=absolute", "--git-path", "hooks"))
    return [name for name in _HOOKS if (folder / name).is_file()]
