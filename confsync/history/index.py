"""git's index, changed as git itself would: under its lock, on a copy, which then takes its place."""

import os
import shutil
import socket
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from confsync.errors import RepositoryBusy
from confsync.history.objects import Entry
from confsync.history.place import Place
from confsync.history.process import Git, decode_path, encode_path
from confsync.model.ids import CommitId

WAIT = 10.0
"""Seconds to wait for somebody else's index.lock."""
_MARK = "confsync"


@dataclass(frozen=True, slots=True)
class Listed:
    """What an index holds."""

    entries: Mapping[str, Entry]
    """Entries without a conflict."""
    unmerged: frozenset[str]
    """Paths with conflict stages."""
    absent: frozenset[str]
    """Paths with the skip-worktree bit: sparse checkout keeps them out of the work tree."""


@dataclass(slots=True)
class _Listing:
    entries: dict[str, Entry] = field(default_factory=dict)
    unmerged: set[str] = field(default_factory=set)
    absent: set[str] = field(default_factory=set)

    def add(self, line: bytes) -> None:
        head, _, raw = line.partition(b"\t")
        tag, mode, oid, stage = head.decode().split(" ")
        path = decode_path(raw)
        if stage != "0":
            self.unmerged.add(path)
            return
        self.entries[path] = Entry(mode, oid)
        if tag in {"S", "s"}:
            self.absent.add(path)


class IndexFile:
    """One index file, the real one or a copy."""

    def __init__(self, place: Place, git: Git, path: Path) -> None:
        self._git = git
        self._nothing = "0" * (64 if place.hash_name == "sha256" else 40)
        self.path = path

    @property
    def env(self) -> dict[str, str]:
        """What makes git use this file."""
        return {"GIT_INDEX_FILE": str(self.path)}

    def list(self) -> Listed:
        """Everything in it."""
        found = _Listing()
        for line in self._git.read("ls-files", "-t", "-s", "-z", env=self.env).split(b"\0")[:-1]:
            found.add(line)
        return Listed(found.entries, frozenset(found.unmerged), frozenset(found.absent))

    def reset(self, commit: CommitId | None) -> None:
        """Make it say what a commit says, keeping what it knows of the files' dates."""
        if commit is None:
            self._git.run("read-tree", "--empty", env=self.env)
        else:
            self._git.run("read-tree", "--reset", commit, env=self.env)

    def set(self, entries: Mapping[str, Entry | None], absent: Collection[str] = ()) -> None:
        """Set or remove entries; conflict stages of these paths go.

        Args:
            entries: by path from the top of the repository; None removes.
            absent: those of them that sparse checkout keeps out of the work tree.
        """
        self._info(self._line(path, entry) for path, entry in entries.items())
        kept = [path for path in absent if entries.get(path)]
        if kept:
            self._git.run(
                "update-index", "--skip-worktree", "-z", "--stdin", stdin=_paths(kept), env=self.env
            )

    def stage(self, path: str, oids: tuple[str, str, str], mode: str) -> None:
        """Put a conflict: base, ours, theirs."""
        lines = [self._line(path, None)]
        lines += [
            f"{mode} {oid} {stage}\t".encode() + encode_path(path) for stage, oid in enumerate(oids, start=1)
        ]
        self._info(lines)

    def add_files(self, paths: Iterable[str]) -> None:
        """Take these files as they are in the work tree; those that are gone are removed."""
        command = ("update-index", "--add", "--remove", "--ignore-skip-worktree-entries", "-z", "--stdin")
        self._git.run(*command, stdin=_paths(paths), env=self.env)

    def write_tree(self) -> str:
        """Write what it says as a tree and return its id."""
        return self._git.line("write-tree", env=self.env)

    def refresh(self) -> None:
        """Let it learn the dates of the files; without this, `git reset --merge` takes them for edited."""
        command = ("update-index", "-q", "--refresh", "--unmerged", "--ignore-submodules")
        self._git.run(*command, allow=(1,), env=self.env)

    def _line(self, path: str, entry: Entry | None) -> bytes:
        head = f"{entry.mode} {entry.oid} 0" if entry else f"0 {self._nothing}"
        return f"{head}\t".encode() + encode_path(path)

    def _info(self, lines: Iterable[bytes]) -> None:
        self._git.run("update-index", "-z", "--index-info", stdin=b"\0".join([*lines, b""]), env=self.env)


def _paths(paths: Iterable[str]) -> bytes:
    return b"".join(encode_path(path) + b"\0" for path in paths)


class HeldIndex:
    """The real index, locked, with a copy to work on. Call `install` or `release`.

    Raises:
        RepositoryBusy: somebody else held the lock for too long.
    """

    def __init__(self, place: Place, git: Git) -> None:
        self._place = place
        self._real = place.git_dir / "index"
        self._lock = place.git_dir / "index.lock"
        place.own.mkdir(parents=True, exist_ok=True)
        _take(self._lock, place.space_key, WAIT)
        self._held = True
        try:
            self.copy = IndexFile(place, git, place.own / "index")
            _clone(self._real, self.copy.path)
            self.before = self.copy.list()
        except BaseException:
            self.release()
            raise

    def scratch(self, git: Git, commit: CommitId | None) -> IndexFile:
        """Return another copy that says what a commit says, to build a tree in."""
        scratch = IndexFile(self._place, git, self._place.own / "commit-index")
        _clone(self._real, scratch.path)
        scratch.reset(commit)
        return scratch

    def install(self) -> None:
        """Put the copy in the place of the real index and let go of the lock."""
        self.copy.path.replace(self._real)
        self.release()

    def release(self) -> None:
        """Let go of the lock; the real index is as it was, unless `install` came first.

        Once let go, it is somebody else's: letting go again does nothing.
        """
        if not self._held:
            return
        self._held = False
        for name in ("index", "index.lock", "commit-index", "commit-index.lock"):
            (self._place.own / name).unlink(missing_ok=True)
        self._lock.unlink(missing_ok=True)


@contextmanager
def holding(place: Place, git: Git) -> Iterator[HeldIndex]:
    """Take the index; where the work on it fails, let go. Else whoever has it now installs or releases."""
    held = HeldIndex(place, git)
    try:
        yield held
    except BaseException:
        held.release()
        raise


def _clone(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    if source.exists():
        shutil.copy2(source, target)  # with its date: git judges by it which files it must read again


def _take(lock: Path, space: str, wait: float) -> None:
    end = time.monotonic() + wait
    while True:
        try:
            descriptor = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666)
        except FileExistsError:
            if time.monotonic() >= end:
                raise RepositoryBusy(
                    f"another git command holds {lock}",
                    hint="Wait until it is done. If none is running (it crashed), remove that file.",
                ) from None
            time.sleep(0.05)
        else:
            _sign(lock, descriptor, space)
            return


def _sign(lock: Path, descriptor: int, space: str) -> None:
    """Say whose lock it is; a lock that a full disk leaves unsigned must not stay."""
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(f"{_MARK} {os.getpid()} {socket.gethostname()}\n{space}\n")
    except OSError:
        lock.unlink()
        raise


def drop_stale_lock(place: Place) -> None:
    """Remove an index.lock that a crashed run on this space left; the caller holds the run lock."""
    lock = place.git_dir / "index.lock"
    try:
        lines = lock.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return
    if len(lines) == 2 and lines[0].startswith(f"{_MARK} ") and lines[1] == place.space_key:  # noqa: PLR2004
        lock.unlink(missing_ok=True)
