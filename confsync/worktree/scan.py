"""Looking through a working copy."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from confsync.errors import WorkTreeError
from confsync.model.ids import RelPath
from confsync.ports import FileFact
from confsync.worktree.junk import is_junk, is_litter


def scan(folder: Path, on_litter: Callable[[Path], None]) -> Iterator[FileFact]:
    """Yield every file and symlink below a folder that may matter, folders in any order.

    Left out: dot folders, other repositories, junk names, devices, sockets and pipes. Paths are spelled as
    on disk: two files whose names differ in case or in Unicode form only are both yielded, because only the
    caller knows whose they are.

    Args:
        folder: absolute.
        on_litter: is told of our own temporary files.

    Raises:
        WorkTreeError: a folder cannot be read. Its files must not look deleted.
    """
    pending: list[tuple[str, str]] = [(os.fspath(folder), "")]
    while pending:
        here, prefix = pending.pop()
        entries = _entries(here, top=not prefix)
        if prefix and any(entry.name == ".git" for entry in entries):
            continue
        for entry in entries:
            if is_litter(entry.name):
                on_litter(Path(entry.path))
            elif entry.is_dir(follow_symlinks=False):
                if not entry.name.startswith("."):
                    pending.append((entry.path, f"{prefix}{entry.name}/"))
            elif (fact := _fact(entry, f"{prefix}{entry.name}")) is not None:
                yield fact


def _entries(folder: str, *, top: bool) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return list(found)
    except FileNotFoundError as error:
        if top:
            raise WorkTreeError(f"the folder {folder} is gone") from error
        return []  # removed while we looked
    except OSError as error:
        raise WorkTreeError(
            f"the folder {folder} cannot be read: {error.strerror}",
            hint="Make it readable; nothing in it was taken as deleted.",
        ) from error


def _fact(entry: os.DirEntry[str], path: str) -> FileFact | None:
    symlink = entry.is_symlink()
    if is_junk(entry.name) or not (symlink or entry.is_file(follow_symlinks=False)):
        return None
    try:
        found = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None  # removed while we looked
    return FileFact(RelPath(path), found.st_size, found.st_mtime_ns, symlink)
