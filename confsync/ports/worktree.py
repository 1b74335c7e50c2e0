"""The `WorkTree` port: the files of a working copy."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from confsync.model.ids import RelPath

TEMP_PREFIX: Final = ".confsync-tmp-"
"""How the names of our temporary files begin; scans, watchers and git leave such files out."""

Content = bytes | Path
"""The bytes of a file, or a staged file (from `WorkTree.staging`) that is moved, not copied."""


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file to write, or to remove where `content` is None; compare-and-swap.

    `expected` is the sha256 (hex) the file must have now; None: it must not exist.
    """

    path: RelPath
    content: Content | None
    expected: str | None


@dataclass(frozen=True, slots=True)
class FileFact:
    """A file as the scan found it."""

    path: RelPath
    size: int
    mtime_ns: int
    symlink: bool = False


class WorkTree(Protocol):
    """The files of a working copy. Paths never leave it; symlinks are never followed."""

    def scan(self) -> Mapping[RelPath, FileFact]:
        """Every file that may matter: editor junk, dot folders and nested repositories are left out."""

    def read(self, path: RelPath) -> bytes:
        """The bytes of one file.

        Raises:
            WorkTreeError: not there, unreadable, or behind a symlink.
        """

    def sha256(self, path: RelPath) -> str:
        """The checksum of one file, streamed, hex."""

    def local_path(self, path: RelPath) -> Path:
        """The checked absolute path, for streaming uploads."""

    def staging(self) -> Path:
        """A folder on the same file system for files on their way in; emptied by the next run."""

    def apply(self, changes: Sequence[FileChange]) -> None:
        """Write all changes, each atomically: temp file, fsync, compare, rename; empty folders go.

        Two files may swap names; a name may change in case only. Files already at their goal are passed over.

        Raises:
            FileChanged: a file is not what was expected; files written before it stay written.
            WriteFailed: the disk is full or refuses; the file keeps its bytes.
        """

    def lock(self) -> AbstractContextManager[None]:
        """Hold the working copy against other runs.

        Raises:
            AlreadyRunning: another run holds it.
        """
