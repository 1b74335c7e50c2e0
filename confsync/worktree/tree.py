"""The `WorkTree` port on a real folder."""

import os
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from confsync.errors import WorkTreeError
from confsync.model.ids import RelPath
from confsync.ports import TEMP_PREFIX, FileChange, FileFact
from confsync.worktree import atomic, batch, lock, quirks
from confsync.worktree.paths import Root
from confsync.worktree.scan import scan


class FolderTree:
    """The files of a working copy on disk.

    Args:
        folder: the folder that holds confsync.toml.
        lock_path: where the lock lies: in the git common directory, so that linked work trees of one
            repository, which share a space, also share the lock.
        staging: where files on their way in wait; it belongs to this working copy alone, because taking
            the lock empties it. Where it is on another file system, a hidden folder in the working copy
            takes its place.
    """

    def __init__(self, folder: Path, *, lock_path: Path, staging: Path) -> None:
        self._root = Root(folder)
        self._lock_path = lock_path
        self._wanted_staging = staging
        self._folding: quirks.Folding | None = None
        self._locked = False

    @property
    def folder(self) -> Path:
        """The working copy's folder, absolute."""
        return self._root.folder

    @property
    def folding(self) -> quirks.Folding:
        """What this file system takes for the same name; found out by making a file, once."""
        if self._folding is None:
            self._folding = quirks.probe(self._root.folder)
        return self._folding

    def scan(self) -> Mapping[RelPath, FileFact]:
        """Every file that may matter, spelled as on disk; see `confsync.worktree.scan`."""
        self._root.require()
        return {fact.path: fact for fact in scan(self._root.folder, self._sweep)}

    def read(self, path: RelPath) -> bytes:
        """The bytes of one file."""
        target = self._root.resolve_file(path)
        with _reading(path):
            return target.read_bytes()

    def sha256(self, path: RelPath) -> str:
        """The checksum of one file, streamed, hex."""
        target = self._root.resolve_file(path)
        with _reading(path):
            return atomic.checksum(target)

    def local_path(self, path: RelPath) -> Path:
        """The checked absolute path, for streaming uploads."""
        return self._root.resolve_file(path)

    def staging(self) -> Path:
        """A folder on the same file system for files on their way in."""
        self._root.require()
        folder = self._staging_folder()
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def apply(self, changes: Sequence[FileChange]) -> None:
        """Write all changes, each atomically; see `confsync.worktree.batch`."""
        if changes:
            self._root.require()
            batch.apply(self._root, self.folding, changes)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the working copy against other runs; what a crashed one left in staging goes."""
        with lock.hold(self._lock_path):
            self._locked = True
            try:
                self._empty_staging()
                yield
            finally:
                self._locked = False

    def _sweep(self, litter: Path) -> None:
        """Remove a crashed run's temporary file; only under the lock, else it may be another run's."""
        if not self._locked or litter == self._staging_folder():
            return
        if litter.is_dir() and not litter.is_symlink():
            shutil.rmtree(litter, ignore_errors=True)
        else:
            with suppress(OSError):
                litter.unlink()

    def _staging_folder(self) -> Path:
        near = self._wanted_staging
        while not near.exists():
            near = near.parent
        if near.stat().st_dev == self._root.folder.stat().st_dev:
            return self._wanted_staging
        return self._root.folder / f"{TEMP_PREFIX}staging"

    def _empty_staging(self) -> None:
        folder = self._staging_folder()
        if folder.exists():
            doomed = folder.with_name(f"{TEMP_PREFIX}{secrets.token_hex(6)}")
            folder.rename(doomed)
            shutil.rmtree(doomed, ignore_errors=True)


@contextmanager
def _reading(path: RelPath) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise WorkTreeError("there is no such file", page=path) from error
    except OSError as error:
        reason = error.strerror or os.strerror(error.errno or 0)
        raise WorkTreeError(f"cannot be read: {reason}", page=path) from error
