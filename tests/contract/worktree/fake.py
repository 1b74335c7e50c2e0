"""A working copy in memory: the `WorkTree` port for simulations, and what its user does to it."""

import hashlib
import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from confsync.errors import AlreadyRunning, FileChanged, UnsafePath, WorkTreeError, WriteFailed
from confsync.model.ids import RelPath
from confsync.ports import Content, FileChange, FileFact
from confsync.worktree.batch import in_order
from confsync.worktree.junk import is_junk
from confsync.worktree.paths import checked_parts


class MemoryWorkTree:
    """Files in a dict. Case-sensitive, as on Linux.

    `on_step` is called with `"write <path>"` or `"remove <path>"` before, and `"wrote <path>"` or
    `"removed <path>"` after each file; what it raises ends the run there, as a crash would. `refused` are
    paths that the disk will not write.
    """

    def __init__(self, files: Mapping[str, bytes] | None = None) -> None:
        self.files: dict[RelPath, bytes] = {}
        self.symlinks: set[RelPath] = set()
        self.refused: set[str] = set()
        self.on_step: Callable[[str], None] = lambda _: None
        self._mtimes: dict[RelPath, int] = {}
        self._ticks = 0
        self._held = False
        self._scratch: Path | None = None
        self._lent: dict[Path, RelPath] = {}
        """Whose bytes the files given out by `local_path` are: moving one moves the file itself."""
        for path, content in (files or {}).items():
            self.write(path, content)

    # what the user does

    def write(self, path: str, content: bytes) -> None:
        """Save a file, in any editor."""
        self._ticks += 1
        self.files[RelPath(path)] = content
        self._mtimes[RelPath(path)] = self._ticks

    def delete(self, path: str) -> None:
        """Remove a file."""
        del self.files[RelPath(path)]

    def link(self, path: str) -> None:
        """Make a symlink."""
        self.symlinks.add(RelPath(path))

    def crash(self) -> None:
        """End the process that holds the lock."""
        self._held = False

    # the port

    def scan(self) -> Mapping[RelPath, FileFact]:
        found = {
            path: FileFact(path, len(content), self._mtimes[path])
            for path, content in self.files.items()
            if not _left_out(path)
        }
        found |= {path: FileFact(path, 0, 0, symlink=True) for path in self.symlinks if not _left_out(path)}
        return found

    def read(self, path: RelPath) -> bytes:
        self._check(path)
        if path not in self.files:
            raise WorkTreeError("there is no such file", page=path)
        return self.files[path]

    def sha256(self, path: RelPath) -> str:
        return hashlib.sha256(self.read(path)).hexdigest()

    def local_path(self, path: RelPath) -> Path:
        self._check(path)
        copy = self._folder("files") / hashlib.sha256(path.encode()).hexdigest()
        if path in self.files:
            copy.write_bytes(self.files[path])
            self._lent[copy] = path
        return copy

    def staging(self) -> Path:
        return self._folder("staging")

    def apply(self, changes: Sequence[FileChange]) -> None:
        for change in changes:
            self._check(change.path)
        if len({change.path for change in changes}) != len(changes):
            raise WorkTreeError("two changes of one file in one batch")
        early, removals, late = in_order(changes)
        for change in [*early, *removals, *late]:
            self._apply(change)

    @contextmanager
    def lock(self) -> Iterator[None]:
        if self._held:
            raise AlreadyRunning("another run holds this working copy")
        self._held = True
        try:
            for left in self.staging().iterdir():
                left.unlink()
            yield
        finally:
            self._held = False

    def _apply(self, change: FileChange) -> None:
        path, found = change.path, self.files.get(change.path)
        goal = None if change.content is None else _bytes(change.content)
        if found == goal:
            return
        if path in self.refused or any(self._in_the_way(path)):
            raise WriteFailed("cannot be written", page=path)
        if (hashlib.sha256(found).hexdigest() if found is not None else None) != change.expected:
            raise FileChanged("the file changed while we worked", page=path)
        if goal is None:
            self.on_step(f"remove {path}")
            self.delete(path)
            self.on_step(f"removed {path}")
        else:
            self.on_step(f"write {path}")
            self.write(path, goal)
            if isinstance(change.content, Path):
                change.content.unlink()
                if moved := self._lent.pop(change.content, None):
                    self.delete(moved)
            self.on_step(f"wrote {path}")

    def _in_the_way(self, path: str) -> Iterator[bool]:
        yield from (other.startswith(f"{path}/") for other in self.files)
        yield from (path.startswith(f"{other}/") for other in self.files)

    def _check(self, path: RelPath) -> None:
        checked_parts(path)
        if any(path == link or path.startswith(f"{link}/") for link in self.symlinks):
            raise UnsafePath("the file is a symlink", page=path)

    def _folder(self, name: str) -> Path:
        if self._scratch is None:
            self._scratch = Path(tempfile.mkdtemp())
            weakref.finalize(self, shutil.rmtree, self._scratch, ignore_errors=True)
        folder = self._scratch / name
        folder.mkdir(exist_ok=True)
        return folder


def _left_out(path: str) -> bool:
    *folders, name = path.split("/")
    return is_junk(name) or any(folder.startswith(".") for folder in folders)


def _bytes(content: Content) -> bytes:
    return content if isinstance(content, bytes) else content.read_bytes()
