"""Write the site: each file whole or not at all, nothing overwritten or removed that is not ours.

`.confsync-site` in the output folder lists what a build wrote. It is extended before the first file is
written and cut back after the last, so that a build that was interrupted still knows its files.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
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
        self._before = _load(out / MANIFEST)
        self._planned = set(files)
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
        """Write a file unless it already has these bytes."""
        target = self._target(path)
        if target.is_file() and _same(target, content):
            self.unchanged += 1
            return
        self._put(target, lambda temporary: temporary.write_bytes(content))

    def copy(self, path: str, source: Path) -> None:
        """Copy a file unless the copy has its size and time already."""
        target = self._target(path)
        if target.is_file() and _same_stamp(source, target):
            self.unchanged += 1
            return
        self._put(target, lambda temporary: shutil.copy2(source, temporary, follow_symlinks=False))

    def finish(self) -> int:
        """Remove what an earlier build wrote and this one did not; return how many files that were."""
        removed = 0
        for path in sorted(self._before - self._planned):
            target = self._target(path)
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

    def _target(self, path: str) -> Path:
        target = self._out / path
        if not target.parent.resolve().is_relative_to(self._out.resolve()):
            raise WriteFailed(
                f"{path} would be written outside of {self._out}", hint="remove the symlink there"
            )
        return target

    def _put(self, target: Path, fill: Callable[[Path], object]) -> None:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=target.parent, prefix=".confsync-", suffix=".tmp")
            os.close(handle)
            temporary = Path(name)
            try:
                fill(temporary)
                temporary.chmod(0o644)
                temporary.replace(target)
            finally:
                temporary.unlink(missing_ok=True)
        except OSError as error:
            raise WriteFailed(
                f"{target} cannot be written: {error.strerror or error}",
                hint="make room or choose another folder, then export again",
            ) from error
        self.written += 1

    def _save(self, files: Iterable[str]) -> None:
        content = json.dumps({"format": _FORMAT, "files": sorted(files)}, ensure_ascii=False, indent=0)
        target = self._out / MANIFEST
        if not target.is_file() or not _same(target, content.encode()):
            self._put(target, lambda temporary: temporary.write_text(content, encoding="utf-8"))
            self.written -= 1

    def _prune(self, folder: Path) -> None:
        while folder != self._out and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
            folder = folder.parent


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
    return target.stat().st_size == len(content) and target.read_bytes() == content


def _same_stamp(source: Path, target: Path) -> bool:
    ours, theirs = source.stat(), target.stat()
    return ours.st_size == theirs.st_size and ours.st_mtime_ns == theirs.st_mtime_ns
