"""Write the site: each file whole or not at all, nothing overwritten or removed that is not ours.

`.confsync-site` in the output folder lists what a build wrote. It is extended before the first file is
written and cut back after the last, so that a build that was interrupted still knows its files.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from confsync.errors import UsageError, WriteFailed

MANIFEST = ".confsync-site"
_FORMAT = 1
_SHOWN = 3


class Output:
    """The output folder during one build.

    Args:
        out: the folder; it is made where it is missing.
        files: every path that will be written, relative to `out`.

    Raises:
        UsageError: a file is in the way that no earlier build wrote.
        WriteFailed: the folder cannot be written to.
    """

    def __init__(self, out: Path, files: Iterable[str]) -> None:
        self._out = out
        _resolved.cache_clear()
        self._before = _load(out / MANIFEST)
        self._planned = set(files)
        self.files: dict[str, list[int]] = {}
        """Size and time of everything that was written or found as it should be."""
        self.written = 0
        self.unchanged = 0
        self._check_strangers(self._planned)
        self._save(self._before | self._planned)

    def plan(self, files: Iterable[str]) -> None:
        """Add files to what will be written.

        Raises:
            UsageError: one is in the way that no earlier build wrote.
        """
        more = set(files) - self._planned
        self._check_strangers(more)
        self._planned |= more
        self._save(self._before | self._planned)

    def text(self, path: str, content: str) -> None:
        """Write a text file, UTF-8, unless it already says this."""
        self.data(path, content.encode())

    def data(self, path: str, content: bytes) -> None:
        """Write a file unless it has these bytes already."""
        self.count(put(self._out, path, content))

    def carry(self, path: str, files: Mapping[str, Sequence[int]]) -> None:
        """Note a file that is as an earlier build left it."""
        if path in files:
            self.files[path] = list(files[path])
        self.unchanged += 1

    def count(self, written: "Written") -> None:
        """Note what became of a file."""
        self.files[written.path] = [written.size, written.modified]
        self.written += written.changed
        self.unchanged += not written.changed

    def copy(self, path: str, source: Path) -> None:
        """Copy a file unless the copy has its size and time already."""
        target = place(self._out, path)
        if target.is_file() and _same_stamp(source, target):
            self.count(_seen(path, target, changed=False))
            return
        fill(target, lambda temporary: shutil.copy2(source, temporary, follow_symlinks=False))
        self.count(_seen(path, target, changed=True))

    def finish(self) -> int:
        """Remove what an earlier build wrote and this one did not; return how many files that were."""
        removed = 0
        for path in sorted(self._before - self._planned):
            target = place(self._out, path)
            if target.is_file() or target.is_symlink():
                target.unlink()
                removed += 1
            self._prune(target.parent)
        self._save(self._planned)
        return removed

    def _check_strangers(self, files: set[str]) -> None:
        strange = [path for path in sorted(files - self._before) if os.path.lexists(self._out / path)]
        if strange:
            more = f" and {len(strange) - _SHOWN} more" if len(strange) > _SHOWN else ""
            raise UsageError(
                f"{self._out} already holds {', '.join(strange[:_SHOWN])}{more}, which no export wrote",
                hint="choose an empty folder, or move these files away",
            )

    def _save(self, files: Iterable[str]) -> None:
        content = json.dumps({"format": _FORMAT, "files": sorted(files)}, ensure_ascii=False, indent=0)
        target = self._out / MANIFEST
        if not _same(target, content.encode()):
            fill(target, lambda temporary: temporary.write_text(content, encoding="utf-8"))

    def _prune(self, folder: Path) -> None:
        while folder != self._out and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
            folder = folder.parent


@dataclass(frozen=True, slots=True)
class Written:
    """A file of the site."""

    path: str
    changed: bool
    """Whether its bytes are new."""
    size: int
    modified: int
    """In ns since the epoch."""


def put(out: Path, path: str, content: bytes) -> Written:
    """Write a file unless it already has these bytes.

    Raises:
        WriteFailed: the disk is full or refuses, or a symlink leads out of the folder.
    """
    target = place(out, path)
    if _same(target, content):
        return _seen(path, target, changed=False)
    fill(target, lambda temporary: temporary.write_bytes(content))
    return _seen(path, target, changed=True)


def place(out: Path, path: str) -> Path:
    """Return where a file of the site lies.

    Raises:
        WriteFailed: a symlink leads out of the folder.
    """
    target = out / path
    if not _resolved(target.parent).is_relative_to(_resolved(out)):
        raise WriteFailed(f"{path} would be written outside of {out}", hint="remove the symlink there")
    return target


@lru_cache(maxsize=4096)
def _resolved(folder: Path) -> Path:
    return folder.resolve()


def fill(target: Path, write: Callable[[Path], object]) -> None:
    """Write a file whole or not at all.

    Raises:
        WriteFailed: the disk is full or refuses.
    """
    temporary = target.with_name(f".confsync-{os.getpid()}.tmp")
    try:
        try:
            write(temporary)
        except FileNotFoundError:
            target.parent.mkdir(parents=True, exist_ok=True)
            write(temporary)
        temporary.replace(target)
    except OSError as error:
        raise WriteFailed(
            f"{target} cannot be written: {error.strerror or error}",
            hint="make room or choose another folder, then export again",
        ) from error
    finally:
        temporary.unlink(missing_ok=True)


def _seen(path: str, target: Path, *, changed: bool) -> Written:
    stat = target.stat()
    return Written(path, changed, stat.st_size, stat.st_mtime_ns)


def _load(manifest: Path) -> set[str]:
    if not manifest.is_file():
        return set()
    try:
        files = json.loads(manifest.read_text(encoding="utf-8"))["files"]
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"{manifest} cannot be read", hint="remove the output folder and export again"
        ) from error
    return {path for path in files if isinstance(path, str) and _is_inside(path)}


def _is_inside(path: str) -> bool:
    parts = path.split("/")
    return bool(path) and not path.startswith("/") and ".." not in parts and "\\" not in path


def _same(target: Path, content: bytes) -> bool:
    try:
        return target.stat().st_size == len(content) and target.read_bytes() == content
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return False


def _same_stamp(source: Path, target: Path) -> bool:
    ours, theirs = source.stat(), target.stat()
    return ours.st_size == theirs.st_size and ours.st_mtime_ns == theirs.st_mtime_ns
