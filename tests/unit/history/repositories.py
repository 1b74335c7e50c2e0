"""Real repositories for tests, and a user who works in them."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

from confsync.history import GitHistory, init_repository, open_history
from confsync.model.ids import PageId, RelPath
from confsync.ports import Author, ConflictState, Content, PendingConflict

ANN = Author("Ann", "ann@example.com", "1700000000 +0100")
PAGE = RelPath("install.md")
RECORD = RelPath(".confsync/pages/45/12345.page")


class User:
    """Somebody at a shell in one work tree; the working copy may be a folder of it."""

    def __init__(self, top: Path, below: str = "") -> None:
        self.top = top
        self.copy = top / below

    def git(self, *arguments: str, check: bool = True) -> str:
        done = subprocess.run(["git", *arguments], cwd=self.top, capture_output=True, text=True, check=check)
        return done.stdout + ("" if check else done.stderr)

    def save(self, path: str, content: bytes) -> None:
        target = self.copy / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)

    def read(self, path: str) -> bytes:
        return (self.copy / path).read_bytes()

    def commit(self, files: Mapping[str, bytes], message: str = "by hand") -> str:
        for path, content in files.items():
            self.save(path, content)
        self.git("add", "--all", "--force", ".")
        self.git("commit", "--quiet", "--allow-empty", "-m", message)
        return self.head()

    def head(self) -> str:
        return self.git("rev-parse", "HEAD").strip()

    def status(self) -> list[str]:
        return self.git("status", "--porcelain", "--untracked-files=all").splitlines()

    def at_head(self, path: str) -> bytes:
        below = self.copy.relative_to(self.top).as_posix()
        name = path if below == "." else f"{below}/{path}"
        return subprocess.run(
            ["git", "cat-file", "blob", f"HEAD:{name}"], cwd=self.top, capture_output=True, check=True
        ).stdout

    def history(self, key: str = "DOCS") -> GitHistory:
        return open_history(self.copy, key, "example.atlassian.net")

    def pull(
        self, history: GitHistory, files: Mapping[RelPath, Content | None], message: str = "pull"
    ) -> None:
        """What the engine does: objects, files, HEAD, index."""
        move = history.prepare(files, message)
        self.write_all(files)
        move.publish()

    def write_all(self, files: Mapping[RelPath, Content | None]) -> None:
        for path, content in files.items():
            if content is None:
                (self.copy / path).unlink()
            else:
                self.save(path, content if isinstance(content, bytes) else content.read_bytes())

    def hook(self, name: str, script: str) -> None:
        folder = Path(self.git("rev-parse", "--path-format=absolute", "--git-path", "hooks").strip())
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)


def new_repository(folder: Path, below: str = "") -> User:
    init_repository(folder, "main")
    (folder / below).mkdir(parents=True, exist_ok=True)
    return User(folder, below)


def conflict(state: ConflictState = ConflictState.MARKED, path: RelPath = PAGE) -> PendingConflict:
    return PendingConflict(
        page=PageId("12345"),
        path=path,
        state=state,
        head_text=b"alpha LOCAL\n\nomega\n",
        base_text=b"alpha\n\nomega\n",
        ours=b"alpha LOCAL\n\nomega REMOTE\n",
        theirs=b"alpha REMOTE\n\nomega REMOTE\n",
        marked=b"<<<<<<< local\nalpha LOCAL\n=======\nalpha REMOTE\n>>>>>>> Confluence v3\n\nomega REMOTE\n",
        record=b"withheld",
    )
