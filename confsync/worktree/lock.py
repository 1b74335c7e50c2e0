"""One run at a time."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from confsync.errors import AlreadyRunning


@contextmanager
def hold(path: Path) -> Iterator[None]:
    """Hold an operating system's lock; it ends with the process, so nobody has to guess whether it is stale.

    Args:
        path: the lock file; its folder is made. A second file beside it says who holds it, because taking
            the lock truncates the lock file itself.

    Raises:
        AlreadyRunning: another run holds it, in this process or any other.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    owner = path.with_name(f"{path.name}.owner")
    try:
        with FileLock(path, timeout=0, is_singleton=False):
            owner.write_text(f"process {os.getpid()} on {socket.gethostname()}", encoding="utf-8")
            try:
                yield
            finally:
                owner.unlink(missing_ok=True)
    except Timeout:
        raise AlreadyRunning(
            f"another run holds this working copy{_named(owner)}",
            hint="Wait until it is done, or stop it, then run again.",
        ) from None


def _named(owner: Path) -> str:
    try:
        return f" ({owner.read_text(encoding='utf-8').strip()})"
    except (OSError, UnicodeDecodeError):
        return ""  # it is just starting or just ending
