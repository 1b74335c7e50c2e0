"""What state the repository is in."""

import hashlib
from collections.abc import Collection, Iterable
from pathlib import Path

from confsync.history.index import IndexFile, Listed
from confsync.history.place import Place
from confsync.history.process import Git, decode_path
from confsync.model.ids import CommitId, RelPath
from confsync.ports import TEMP_PREFIX, RepoState

_MARKERS = (
    ("rebase-merge", "rebase"),
    ("rebase-apply", "rebase"),
    ("MERGE_HEAD", "merge"),
    ("CHERRY_PICK_HEAD", "cherry-pick"),
    ("REVERT_HEAD", "revert"),
    ("BISECT_START", "bisect"),
)
_PLAIN = ("--no-renames", "--ignore-submodules")
_MANY = 200
"""More paths than this are not put on a command line."""


def read_head(git: Git) -> CommitId | None:
    """The commit HEAD stands at, None on an unborn branch."""
    done = git.run("rev-parse", "--verify", "--quiet", "HEAD^{commit}", allow=(1,), reading=True)
    return CommitId(done.stdout.decode().strip()) if done.returncode == 0 else None


def read_branch(git: Git) -> str | None:
    """The branch checked out, born or not; None on a detached HEAD."""
    done = git.run("symbolic-ref", "--quiet", "HEAD", allow=(1,), reading=True)
    return decode_path(done.stdout.strip()).removeprefix("refs/heads/") if done.returncode == 0 else None


def read_operation(git_dir: Path) -> str:
    """The operation under way (`merge`, `rebase` …), or empty."""
    for name, operation in _MARKERS:
        if (git_dir / name).exists():
            return operation
    todo = git_dir / "sequencer" / "todo"
    if todo.exists():  # between two steps there is no CHERRY_PICK_HEAD
        return (
            "revert" if todo.read_text(encoding="utf-8", errors="replace").startswith("r") else "cherry-pick"
        )
    return ""


def read_state(place: Place, git: Git) -> RepoState:
    """All of it."""
    head = read_head(git)
    listed = IndexFile(place, git, place.git_dir / "index").list()
    return RepoState(
        head=head,
        branch=read_branch(git),
        operation=read_operation(place.git_dir),
        unmerged=_in_copy(place, listed.unmerged),
        half_staged=_in_copy(place, _half_staged(place, git, head, listed)),
        absent=_in_copy(place, listed.absent),
    )


def read_edited(place: Place, git: Git) -> frozenset[RelPath]:
    """Paths that differ from HEAD in the index or in the work tree, and untracked ones not ignored."""
    command = (
        "status",
        "--porcelain=v2",
        "-z",
        "--untracked-files=all",
        "--no-renames",
        "--ignore-submodules",
    )
    raw = git.read(*command, "--", f"./{place.prefix}")
    return _in_copy(place, filter(None, map(_status_path, raw.split(b"\0")[:-1])))


def read_stillness(place: Place, git: Git) -> str:
    """A word for a working copy in which git sees no change; empty where it sees one. One process."""
    command = ("status", "--porcelain=v2", "--branch", "-z", "--untracked-files=all", "--ignored=matching")
    raw = git.read(*command, "--ignore-submodules", "--", f"./{place.prefix}")
    lines = [line for line in raw.split(b"\0") if not line.startswith((b"# branch.upstream", b"# branch.ab"))]
    if any(line[:1] in (b"1", b"2", b"u", b"?") for line in lines) or read_operation(place.git_dir):
        return ""
    return hashlib.sha256(b"\0".join(lines)).hexdigest()


def _status_path(line: bytes) -> str | None:
    """The path of one status line; None for submodules, other repositories and our own temporary files."""
    fields = {b"1": 8, b"u": 10, b"?": 1}.get(line[:1])
    if fields is None:
        return None
    parts = line.split(b" ", fields)
    path = decode_path(parts[fields])
    submodule = fields > 1 and parts[2].startswith(b"S")
    ours = any(part.startswith(TEMP_PREFIX) for part in path.split("/"))
    return None if submodule or ours or path.endswith("/") else path


def _half_staged(place: Place, git: Git, head: CommitId | None, listed: Listed) -> Collection[str]:
    """Paths whose index entry is neither HEAD's nor the file's."""
    staged = _staged(git, head) - listed.unmerged
    if not staged:
        return ()
    removed = {p for p in staged if p not in listed.entries and (place.top / p).is_file()}
    few = sorted(staged) if len(staged) <= _MANY else []
    raw = git.read(
        "diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--ignore-submodules", "--", *few
    )
    return staged & set(map(decode_path, raw.split(b"\0")[:-1])) | removed


def _staged(git: Git, head: CommitId | None) -> set[str]:
    """Paths whose index entry is not HEAD's; `git add --intent-to-add` stages nothing yet."""
    base = head or git.line("hash-object", "-t", "tree", "--stdin")
    command = ("diff-index", "--cached", "--name-only", "-z", "--ita-invisible-in-index", *_PLAIN)
    return set(map(decode_path, git.read(*command, base).split(b"\0")[:-1]))


def _in_copy(place: Place, paths: Iterable[str]) -> frozenset[RelPath]:
    found = (place.to_copy(path) for path in paths)
    return frozenset(path for path in found if path is not None)
