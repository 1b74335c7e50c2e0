"""Writing one file so that after any crash there is the old or the new one, never half of it."""

import errno
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from confsync.errors import FileChanged, WriteFailed
from confsync.model.ids import RelPath
from confsync.ports import TEMP_PREFIX, Content

_REASONS = {
    errno.ENOSPC: ("the disk is full", "Make room and run again."),
    errno.EDQUOT: ("the disk quota is used up", "Make room and run again."),
    errno.EROFS: ("the file system is read-only", "Make it writable and run again."),
    errno.EACCES: ("permission denied", "Make the file and its folder writable and run again."),
    errno.EPERM: ("permission denied", "Make the file and its folder writable and run again."),
    errno.EBUSY: ("another program holds it", "Close that program and run again."),
    errno.ENAMETOOLONG: ("the name is too long for this file system", "Rename the page or its attachment."),
}
_NO_LINKS = {
    errno.EPERM,
    errno.EACCES,
    errno.ENOTSUP,
    errno.EOPNOTSUPP,
    errno.ENOSYS,
    errno.EMLINK,
    errno.EXDEV,
}


_AGAIN = "Nothing was written to it. Run again; it will be merged."
_SYNCS = 8
"""Files synced at a time."""


def checksum(content: Content) -> str:
    """Return the sha256 of bytes or of a file (streamed), hex."""
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()
    with content.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def current(target: Path) -> str | None:
    """Return the sha256 of a file, None where there is none."""
    try:
        return checksum(target)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None


@contextmanager
def explaining(path: RelPath) -> Iterator[None]:
    """Turn what the operating system says about a file into `WriteFailed`, naming the page."""
    try:
        yield
    except OSError as error:
        reason, hint = _REASONS.get(error.errno or 0, (error.strerror or str(error), ""))
        raise WriteFailed(f"cannot be written: {reason}", hint=hint, page=path) from error


@dataclass(frozen=True, slots=True)
class Waiting:
    """New content beside its target (or a staged file), not yet under its name."""

    path: RelPath
    temp: Path
    target: Path
    expected: str | None
    staged: bool

    def discard(self) -> None:
        """Remove what never got its name; a staged file stays for the next attempt."""
        if not self.staged:
            self.temp.unlink(missing_ok=True)


def lay_out(path: RelPath, target: Path, content: Content, expected: str | None) -> Waiting:
    """Write new content beside its target. A staged file on the same file system just waits.

    The mode of an existing file is kept.

    Raises:
        WriteFailed: the operating system refuses; nothing is left behind.
    """
    with explaining(path):
        if isinstance(content, Path) and content.stat().st_dev == target.parent.stat().st_dev:
            _like(target, content, expected)
            return Waiting(path, content, target, expected, staged=True)
        temp = target.parent / f"{TEMP_PREFIX}{secrets.token_hex(6)}"
        try:
            _fill(temp, content)
            _like(target, temp, expected)
        except BaseException:
            temp.unlink(missing_ok=True)
            raise
        return Waiting(path, temp, target, expected, staged=False)


def make_durable(waiting: Sequence[Waiting]) -> None:
    """Put contents on the disk, several at a time: file systems join what is asked for at once.

    Raises:
        WriteFailed: the disk refuses.
    """
    if len(waiting) <= 1:
        for one in waiting:
            _sync_file(one)
        return
    with ThreadPoolExecutor(min(_SYNCS, len(waiting))) as pool:
        for done in [pool.submit(_sync_file, one) for one in waiting]:
            done.result()


def swap_in(one: Waiting) -> None:
    """Give waiting content its name, where `expected` still is.

    Raises:
        FileChanged: the target is not what was expected; it keeps its bytes.
        WriteFailed: the operating system refuses; likewise.
    """
    with explaining(one.path):
        if one.expected is None and _linked(one):
            one.temp.unlink()
            return
        require(one.path, current(one.target), one.expected)
        one.temp.replace(one.target)


def remove(path: RelPath, target: Path, expected: str | None) -> None:
    """Remove a file that is still what was expected; one that is gone already is fine."""
    with explaining(path):
        found = current(target)
        if found is None:
            return
        require(path, found, expected)
        target.unlink()


def require(path: RelPath, found: str | None, expected: str | None) -> None:
    """Compare two checksums.

    Raises:
        FileChanged: they differ.
    """
    if found == expected:
        return
    what = "was removed" if found is None else "changed" if expected is not None else "appeared"
    raise FileChanged(f"the file {what} while we worked", page=path, hint=_AGAIN)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable, where the system knows how."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _fill(temp: Path, content: Content) -> None:
    # 0o666 less the umask: what any editor would give a new file.
    descriptor = os.open(temp, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    with os.fdopen(descriptor, "wb") as stream:
        if isinstance(content, bytes):
            stream.write(content)
        else:
            with content.open("rb") as source:
                shutil.copyfileobj(source, stream, 1 << 20)


def _sync_file(one: Waiting) -> None:
    with explaining(one.path):
        descriptor = os.open(one.temp, os.O_RDWR)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _like(target: Path, temp: Path, expected: str | None) -> None:
    if expected is None:
        return
    with suppress(FileNotFoundError):
        mode = target.stat(follow_symlinks=False).st_mode & 0o7777
        if temp.stat().st_mode & 0o7777 != mode:
            temp.chmod(mode)


def _linked(one: Waiting) -> bool:
    """Give a new file its name without ever overwriting; False where there are no hard links."""
    try:
        os.link(one.temp, one.target, follow_symlinks=False)
    except FileExistsError as error:
        raise FileChanged("the file appeared while we worked", page=one.path, hint=_AGAIN) from error
    except (OSError, NotImplementedError) as error:
        if isinstance(error, OSError) and error.errno not in _NO_LINKS:
            raise
        return False
    return True
