"""Laying the first files of a working copy, for clone and init: nothing stays behind where it fails."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from confsync.cli.terminal import tidy
from confsync.errors import GitMissing, RepositoryBusy, UsageError, WrongBranch
from confsync.history import current_branch, init_repository
from confsync.history.cache import FileCache
from confsync.history.place import find_place
from confsync.model.config import FILE
from confsync.model.ids import SpaceKey
from confsync.model.settings import HistoryPolicy


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a new working copy will stand."""

    folder: Path
    inside: bool
    """Whether a repository is there already."""
    branch: str
    history: HistoryPolicy


def survey(folder: Path, *, branch: str, history: HistoryPolicy | None) -> Ground:
    """Find out where a working copy would stand; writes nothing.

    A folder inside a repository follows the branch that is checked out and pulls in one commit each.

    Raises:
        UsageError: the folder is not empty, or no folder.
        WrongBranch: the repository has no branch checked out.
        RepositoryBusy: git is in the middle of something.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{tidy(folder)} is a file", hint="Name a folder that does not exist yet.")
    if folder.is_dir() and any(entry.name != ".git" for entry in folder.iterdir()):
        raise UsageError(
            f"{tidy(folder)} is not empty",
            hint="Name another folder: `confsync clone URL DIR`. For a folder you have: `confsync init URL`.",
        )
    near = nearest(folder)
    if not in_repository(near):
        return Ground(
            folder, inside=False, branch=branch or "main", history=history or HistoryPolicy.VERSIONS
        )
    policy = history or (HistoryPolicy.VERSIONS if _owns(folder) else HistoryPolicy.SQUASH)
    return Ground(folder, inside=True, branch=branch or checked_out(near), history=policy)


def nearest(folder: Path) -> Path:
    """The folder itself, or the closest one above it that exists."""
    return next(place for place in (folder, *folder.parents) if place.is_dir())


def in_repository(folder: Path) -> bool:
    """Whether a git repository is around a folder.

    Raises:
        GitMissing: there is no git at all.
    """
    try:
        find_place(folder, "any")
    except GitMissing as error:
        if "is not in a git repository" in error.message:
            return False
        raise
    return True


def checked_out(folder: Path) -> str:
    """The branch checked out around a folder.

    Raises:
        WrongBranch: HEAD is detached.
    """
    branch = current_branch(folder)
    if branch is None:
        raise WrongBranch("HEAD is detached", hint="`git switch` to the branch that shall follow the space.")
    return branch


@contextmanager
def removed_on_failure(ground: Ground) -> Iterator[None]:
    """Take away what was made in a fresh folder if the work fails or is interrupted.

    Inside a repository that was there before, what is committed stays: it is a working copy already.
    """
    existed = ground.folder.exists()
    before = set(ground.folder.iterdir()) if existed else set()
    try:
        if not ground.inside:
            init_repository(ground.folder, ground.branch)
        yield
    except BaseException as error:
        if ground.inside and (ground.folder / "confsync.toml").exists():
            error.add_note(
                f"{tidy(ground.folder)} is a working copy without pages yet; `confsync pull` in it goes on."
            )
            raise
        _remove(ground.folder, before, existed=existed)
        error.add_note(f"Nothing is left behind: {tidy(ground.folder)} is as it was before.")
        raise


def refuse_busy(operation: str) -> None:
    """Do not start in the middle of a merge or the like.

    Raises:
        RepositoryBusy: git is in the middle of something.
    """
    if operation:
        raise RepositoryBusy(f"git is in the middle of a {operation}", hint="Finish that first.")


def refuse_second(folder: Path, key: SpaceKey) -> None:
    """One repository holds a space once: two copies would take each other's pushes for their own.

    Raises:
        UsageError: another folder of the repository follows the space already.
    """
    place = find_place(folder, key)
    cache = FileCache(place.shared)
    known = cache.recall("folder")
    here = place.prefix or "."
    if known and known != here and (place.top / known / FILE).is_file():
        raise UsageError(
            f"this repository follows the space {key} already, in {tidy(place.top / known)}",
            hint="Work there, or clone the space into a repository of its own.",
        )
    cache.remember("folder", here)


def _owns(folder: Path) -> bool:
    return (folder / ".git").exists()


def _remove(folder: Path, before: set[Path], *, existed: bool) -> None:
    if not existed:
        shutil.rmtree(folder, ignore_errors=True)
        return
    for entry in set(folder.iterdir()) - before:
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            entry.unlink(missing_ok=True)
