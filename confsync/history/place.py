"""Where a working copy lies in its repository, and where our own files lie in git's folders."""

import string
from dataclasses import dataclass
from pathlib import Path

from confsync.errors import GitMissing
from confsync.history.process import Git, GitFailed, missing
from confsync.model.ids import RelPath

_PLAIN = frozenset((string.ascii_letters + string.digits + "_-").encode())


@dataclass(frozen=True, slots=True)
class Place:
    """A working copy in a repository: the whole of it, or a folder of it.

    The index and HEAD belong to one work tree, so what concerns them lies in `git_dir`; what all linked work
    trees share (lock, journal) lies in `common_dir`.
    """

    folder: Path
    """The working copy: the folder that holds confsync.toml."""
    top: Path
    """The top of the work tree."""
    git_dir: Path
    common_dir: Path
    prefix: str
    """From `top` to `folder`, with a `/` at its end, or empty."""
    hash_name: str
    """`sha1` or `sha256`: how this repository names objects."""
    space_key: str

    @property
    def own(self) -> Path:
        """Our files that belong to this work tree alone."""
        return self.git_dir / "confsync"

    @property
    def shared(self) -> Path:
        """Our files for this space, the same from every linked work tree."""
        return self.common_dir / "confsync" / encode_key(self.space_key)

    @property
    def lock_path(self) -> Path:
        """The lock file of runs on this space."""
        return self.shared / "lock"

    @property
    def journal_path(self) -> Path:
        """The journal of this space."""
        return self.shared / "journal"

    @property
    def staging_path(self) -> Path:
        """Where files on their way into this working copy wait."""
        return self.own / f"staging-{encode_key(self.space_key)}"

    @property
    def tracking_ref(self) -> str:
        """The full name of the tracking branch."""
        return f"refs/remotes/confluence/{encode_key(self.space_key)}"

    def to_repository(self, path: RelPath) -> str:
        """Return a path relative to the top of the repository."""
        return f"{self.prefix}{path}"

    def to_copy(self, path: str) -> RelPath | None:
        """Return a repository's path relative to the working copy; None where it lies outside."""
        return RelPath(path[len(self.prefix) :]) if path.startswith(self.prefix) else None


def encode_key(key: str) -> str:
    """Percent-encode every byte of a space key that a ref or file name may dislike (`~alice`, `x.lock`)."""
    return "".join(chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in key.encode())


def find_place(folder: Path, space_key: str) -> Place:
    """Find the repository around a folder.

    Raises:
        GitMissing: no git, no repository, or one without a work tree.
    """
    folder = folder.resolve()
    if not folder.is_dir():
        raise missing(folder)
    try:
        raw = Git(folder).read(
            "rev-parse",
            "--is-bare-repository",
            "--show-object-format",
            "--absolute-git-dir",
            "--git-common-dir",
            "--show-toplevel",
            "--show-prefix",
        )
    except GitFailed as error:
        raise _explained(folder, error) from error
    _, hash_name, git_dir, common_dir, top, prefix = raw.decode("utf-8", "surrogateescape").split("\n")[:6]
    return Place(
        folder=folder,
        top=Path(top),
        git_dir=Path(git_dir),
        common_dir=(folder / common_dir).resolve(),
        prefix=prefix,
        hash_name=hash_name,
        space_key=space_key,
    )


def _explained(folder: Path, error: GitFailed) -> GitMissing:
    if "dubious ownership" in error.said:
        return GitMissing(
            f"the repository around {folder} belongs to somebody else",
            hint=f"If you trust it: git config --global --add safe.directory {folder}",
        )
    if "work tree" in error.said:
        return GitMissing(f"the repository around {folder} is bare: it has no files to work on")
    return GitMissing(f"{folder} is not in a git repository", hint="Run: git init")
