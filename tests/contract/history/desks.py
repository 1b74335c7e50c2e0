"""A desk: a working copy under git, and a user who works at it; real, and in memory."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from confsync.history import init_repository, open_history
from confsync.model.ids import CommitId, RelPath
from confsync.ports import Cache, History, Journal
from tests.contract.history.fake import MemoryCache, MemoryHistory, MemoryJournal, MemoryRepository
from tests.contract.worktree.fake import MemoryWorkTree


class Desk(Protocol):
    """What the contract needs to look at and to do, besides the port."""

    history: History

    def save(self, path: str, content: bytes) -> None: ...
    def delete(self, path: str) -> None: ...
    def files(self) -> Mapping[str, bytes]: ...
    def add(self, path: str) -> None: ...
    def commit(self, message: str) -> CommitId: ...
    def staged(self) -> frozenset[str]: ...
    def hold_index(self) -> None: ...
    def begin_merge(self) -> None: ...
    def forget_identity(self) -> None: ...
    def refuse_commits(self) -> None: ...
    def next_run(self) -> None: ...
    def journal(self) -> Journal: ...
    def cache(self) -> Cache: ...


class RealDesk:
    """git in a folder; the working copy is the folder `docs/` of the repository."""

    def __init__(self, folder: Path) -> None:
        self.top = folder / "repository"
        self.docs = self.top / "docs"
        init_repository(self.top, "main")
        self.docs.mkdir()
        self.next_run()

    def next_run(self) -> None:
        self.history: History = open_history(self.docs, "DOCS", "example.atlassian.net")

    def git(self, *arguments: str, check: bool = True) -> str:
        done = subprocess.run(["git", *arguments], cwd=self.docs, capture_output=True, text=True, check=check)
        return done.stdout

    def save(self, path: str, content: bytes) -> None:
        target = self.docs / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)

    def delete(self, path: str) -> None:
        (self.docs / path).unlink()

    def files(self) -> Mapping[str, bytes]:
        return {
            p.relative_to(self.docs).as_posix(): p.read_bytes() for p in self.docs.rglob("*") if p.is_file()
        }

    def add(self, path: str) -> None:
        self.git("add", "--all", "--", path)

    def commit(self, message: str) -> CommitId:
        self.git("commit", "--quiet", "--allow-empty", "-m", message)
        return CommitId(self.git("rev-parse", "HEAD").strip())

    def staged(self) -> frozenset[str]:
        return frozenset(self.git("diff", "--cached", "--name-only", "--relative").split())

    def hold_index(self) -> None:
        (self.top / ".git" / "index.lock").touch()

    def begin_merge(self) -> None:
        (self.top / ".git" / "MERGE_HEAD").write_text(self.git("rev-parse", "HEAD"))

    def forget_identity(self) -> None:
        for name in ("AUTHOR", "COMMITTER"):
            os.environ.pop(f"GIT_{name}_NAME", None)
            os.environ.pop(f"GIT_{name}_EMAIL", None)
        self.git("config", "user.useConfigOnly", "true")

    def refuse_commits(self) -> None:
        hook = self.top / ".git" / "hooks" / "pre-commit"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text("#!/bin/sh\necho 'line 3: trailing space' >&2\nexit 1\n")
        hook.chmod(0o755)

    def cache(self) -> Cache:
        return open_history(self.docs, "DOCS", "example.atlassian.net").cache()

    def journal(self) -> Journal:
        return open_history(self.docs, "DOCS", "example.atlassian.net").journal()


class MemoryDesk:
    """The fakes."""

    def __init__(self, _: Path) -> None:
        self.tree = MemoryWorkTree()
        self.repository = MemoryRepository()
        self.lines: list[str] = []
        self.notes = MemoryCache()
        self.next_run()

    def next_run(self) -> None:
        self.memory = MemoryHistory(self.tree, self.repository)
        self.history: History = self.memory

    def save(self, path: str, content: bytes) -> None:
        self.tree.write(path, content)

    def delete(self, path: str) -> None:
        self.tree.delete(path)

    def files(self) -> Mapping[str, bytes]:
        return {str(path): content for path, content in self.tree.files.items()}

    def add(self, path: str) -> None:
        self.memory.git_add(path)

    def commit(self, message: str) -> CommitId:
        return self.memory.git_commit(message)

    def staged(self) -> frozenset[str]:
        head, index = self.memory.files(), self.repository.index
        return frozenset(p for p in {*head, *index} if head.get(p) != index.get(p))

    def hold_index(self) -> None:
        self.repository.index_lock = "an editor"

    def begin_merge(self) -> None:
        self.repository.operation = "merge"

    def forget_identity(self) -> None:
        self.memory.identity = False

    def refuse_commits(self) -> None:
        self.memory.hook = lambda _: "line 3: trailing space"

    def cache(self) -> Cache:
        return self.notes

    def journal(self) -> Journal:
        return MemoryJournal(self.lines)


def text_at_head(desk: Desk, path: str) -> bytes | None:
    """What HEAD has at a path."""
    oid = desk.history.files().get(RelPath(path))
    return None if oid is None else desk.history.blobs([oid])[oid]
