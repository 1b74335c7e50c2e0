"""The one door between a relative path and the disk.

Nothing leaves the working copy, nothing follows a symlink.
"""

import errno
import os
import stat
from pathlib import Path

from confsync.errors import UnsafePath, WorkTreeError
from confsync.model.ids import RelPath

# HFS+ ignores these in names, so `.g\u200cit` would be git's own folder there (as git's own checks have it).
_IGNORED_BY_HFS = dict.fromkeys(
    [*range(0x200C, 0x2010), *range(0x202A, 0x202F), *range(0x206A, 0x2070), 0xFEFF],
)


def is_git_folder(name: str) -> bool:
    """Say whether a name is, on some file system people use, the name of git's own folder."""
    plain = name.translate(_IGNORED_BY_HFS).lower()
    stem = plain.split(":", 1)[0].rstrip(". ")
    return stem in {".git", "git~1"}


class Root:
    """A working copy's folder, and the only way to reach what is below it.

    Args:
        folder: the folder that holds confsync.toml; resolved once, symlinks above it are the user's business.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()

    def resolve(self, path: RelPath) -> Path:
        """Return the absolute path of a relative one.

        Raises:
            UnsafePath: it is absolute, has `..`, an empty part or NUL, lies in git's folder, or leads
                through a symlink.
        """
        parts = checked_parts(path)
        here = str(self.folder)
        for part in parts[:-1]:
            here = f"{here}{os.sep}{part}"
            if _is_symlink(here):
                raise UnsafePath(f"{Path(here).relative_to(self.folder)} is a symlink", page=path)
        return Path(here, parts[-1])

    def resolve_file(self, path: RelPath) -> Path:
        """Like `resolve`, and the last part is no symlink either."""
        target = self.resolve(path)
        if _is_symlink(str(target)):
            raise UnsafePath(
                "the file is a symlink", page=path, hint="Replace the link by a file, or exclude it."
            )
        return target

    def require(self) -> None:
        """Make sure the folder itself is there: a folder that is not mounted is not a deletion.

        Raises:
            WorkTreeError: it is not.
        """
        if not self.folder.is_dir():
            raise WorkTreeError(
                f"the folder {self.folder} is gone", hint="Mount or restore it; nothing was taken as deleted."
            )


def checked_parts(path: RelPath) -> list[str]:
    """Return the parts of a path that cannot leave the working copy.

    Raises:
        UnsafePath: see `Root.resolve`.
    """
    parts = path.split("/")
    if "\0" in path or any(part in {"", ".", ".."} for part in parts):
        raise UnsafePath(f"{path!r} leaves the working copy", page=path)
    if os.name == "nt" and any(char in path for char in '\\:*?"<>|'):
        raise UnsafePath(f"{path!r} is no path on Windows", page=path)
    if any(is_git_folder(part) for part in parts):
        raise UnsafePath(f"{path!r} lies in git's own folder", page=path)
    return parts


def _is_symlink(path: str) -> bool:
    """Plain strings: a scan asks this some ten thousand times."""
    try:
        return stat.S_ISLNK(os.lstat(path).st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            return False  # nothing can have this name
        raise WorkTreeError(f"{path} cannot be looked at: {error.strerror}") from error
