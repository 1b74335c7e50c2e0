"""A whole world for engine tests: a site in memory, a real folder, a real repository."""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from confsync.convert.markdown import front_matter
from confsync.engine import runs
from confsync.engine.clone import lay_foundation
from confsync.engine.outcome import Outcome
from confsync.engine.session import OnConflict, Options, Session
from confsync.history import init_repository, open_history
from confsync.history.cache import FileCache
from confsync.model.ids import PageId, RelPath
from confsync.model.record import Record, load_record, record_path
from confsync.model.settings import HistoryPolicy, Settings
from confsync.plan.gates import Question
from confsync.worktree import FolderTree
from tests.contract.remote.fake import FakeRemote
from tests.contract.remote.site import FakeSite


class QuietReporter:
    """Nobody watches."""

    def __init__(self) -> None:
        self.said: list[str] = []

    @contextmanager
    def task(self, title: str, total: int | None) -> Iterator[Callable[[int], None]]:
        yield lambda count: None

    def note(self, message: str) -> None:
        self.said.append(message)

    def warn(self, message: str, *, page: str = "") -> None:
        self.said.append(f"{page}: {message}")


@dataclass
class TestPerson:
    """Says yes or no to everything, and remembers what was asked."""

    __test__ = False

    says: bool = True
    asked: list[Question] = field(default_factory=list)

    def agrees(self, question: Question) -> bool:
        self.asked.append(question)
        return self.says


class TestClock:
    """Stands still."""

    __test__ = False

    def now(self) -> str:
        return "2026-11-23T12:00:00.000Z"

    def sleep(self, seconds: float) -> None:
        pass


@dataclass
class World:
    """One site and one clone of it."""

    site: FakeSite
    remote: FakeRemote
    folder: Path
    session: Session
    person: TestPerson

    def sync(self, **options: object) -> Outcome:
        return runs.sync(self.session, _options(options))

    def pull(self, **options: object) -> Outcome:
        return runs.pull(self.session, _options(options))

    def push(self, **options: object) -> Outcome:
        return runs.push(self.session, _options(options))

    def read(self, path: str) -> str:
        return (self.folder / path).read_text(encoding="utf-8")

    def body(self, path: str) -> str:
        return front_matter.split(self.read(path)).body.strip()

    def write(self, path: str, text: str) -> None:
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text, encoding="utf-8")

    def edit(self, path: str, old: str, new: str) -> None:
        text = self.read(path)
        assert old in text, f"{old!r} is not in {path}:\n{text}"
        self.write(path, text.replace(old, new))

    def files(self) -> set[str]:
        found = (
            path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file()
        )
        return {
            path for path in found if not path.startswith((".git/", ".confsync/")) and path != "confsync.toml"
        }

    def record(self, page: PageId) -> Record | None:
        try:
            return load_record(self.git_bytes("show", f"HEAD:{record_path(page)}"))
        except subprocess.CalledProcessError:
            return None

    def git(self, *arguments: str) -> str:
        return self.git_bytes(*arguments).decode().strip()

    def git_bytes(self, *arguments: str) -> bytes:
        return subprocess.run(["git", *arguments], cwd=self.folder, check=True, capture_output=True).stdout

    def clean(self) -> bool:
        """Whether git sees nothing to commit."""
        return self.git("status", "--porcelain") == ""

    def settled(self) -> bool:
        """Whether another sync finds nothing to do, on either side."""
        head, writes = self.git("rev-parse", "HEAD"), len(self.remote.writes)
        outcome = self.sync()
        return (
            self.git("rev-parse", "HEAD") == head
            and len(self.remote.writes) == writes
            and not outcome.pulled
            and self.clean()
        )


def clone(site: FakeSite, folder: Path, *, history: HistoryPolicy = HistoryPolicy.VERSIONS) -> World:
    """A fresh clone of a site."""
    folder.mkdir(parents=True)
    init_repository(folder, "main")
    world = open_world(site, folder, history=history)
    lay_foundation(world.session)
    world.pull()
    return world


def open_world(site: FakeSite, folder: Path, *, history: HistoryPolicy = HistoryPolicy.VERSIONS) -> World:
    """What a new process sees of a clone that is there already."""
    remote = FakeRemote(site)
    space = remote.space()
    repository = open_history(folder, space.key, "confluence.example")
    person = TestPerson()
    session = Session(
        settings=Settings(
            url="https://confluence.example/wiki", key=space.key, space_id=space.id, history=history
        ),
        remote=remote,
        tree=FolderTree(folder, lock_path=repository.lock_path, staging=repository.staging_path),
        history=repository,
        journal=repository.journal(),
        cache=FileCache(repository.lock_path.parent),
        clock=TestClock(),
        reporter=QuietReporter(),
        person=person,
    )
    remote.calls.clear()
    return World(site, remote, folder, session, person)


def _options(given: dict[str, object]) -> Options:
    wanted = {"on_conflict": OnConflict.MARK, **given}
    return Options(**wanted)  # type: ignore[arg-type]


def git_environment(monkeypatch: object) -> None:
    """An identity, and nobody's own configuration."""
    setenv = getattr(monkeypatch, "setenv")  # noqa: B009
    setenv("GIT_CONFIG_GLOBAL", os.devnull)
    setenv("GIT_CONFIG_SYSTEM", os.devnull)
    for role in ("AUTHOR", "COMMITTER"):
        setenv(f"GIT_{role}_NAME", "Wanda Writer")
        setenv(f"GIT_{role}_EMAIL", "wanda@example.com")


__all__ = ["OnConflict", "RelPath", "World", "clone", "git_environment", "open_world"]
