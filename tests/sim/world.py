"""A whole engine on ports in memory: a site, files, a repository; runs that may die at any step."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from confsync.convert import inline_comment_refs
from confsync.engine import runs
from confsync.engine.clone import lay_foundation
from confsync.engine.outcome import Outcome
from confsync.engine.session import OnConflict, Options, Session
from confsync.model.content import Page, Row
from confsync.model.ids import PageId, RelPath
from confsync.model.settings import HistoryPolicy, Settings
from tests.contract.history.fake import MemoryCache, MemoryHistory, MemoryJournal, MemoryRepository
from tests.contract.remote.fake import _WRITES, FakeRemote
from tests.contract.remote.site import FakeSite
from tests.contract.worktree.fake import MemoryWorkTree
from tests.sim.ledger import Ledger, tokens
from tests.sim.script import FOCUS
from tests.unit.engine.world import QuietReporter, TestClock, TestPerson


class Crash(BaseException):
    """Power is gone, or somebody pressed Ctrl-C."""


class Broken(AssertionError):
    """An invariant does not hold."""


@dataclass
class Fuse:
    """Counts the steps of a run and ends it at one of them."""

    last: int = 0
    dead: bool = True
    count: int = 0
    blown: bool = False

    def tick(self, _step: str = "") -> None:
        self.count += 1
        if self.count == self.last or (self.blown and self.dead):
            self.blown = True
            raise Crash


class SimRemote(FakeRemote):
    """The user's view of the site, with colleagues at work between requests, and an eye on every write."""

    def __init__(self, site: FakeSite, ledger: Ledger) -> None:
        super().__init__(site)
        self.ledger = ledger
        self.fuse = Fuse()
        self.during: dict[int, list[Callable[[], None]]] = defaultdict(list)
        self.requests = 0

    @contextmanager
    def _call(self, name: str, *pages: PageId) -> Iterator[None]:
        if self.fuse.blown and self.fuse.dead:
            raise Crash
        if name != "download":  # several at a time, in no fixed order
            self.requests += 1
            for action in self.during.pop(self.requests, []):
                action()
        if name in _WRITES:
            self.fuse.tick()
        with super()._call(name, *pages):
            yield
        if name in _WRITES:
            self.fuse.tick()

    def update(self, row: Row, body: str, *, message: str) -> Page:
        before = self.site.entries[row.id].body if row.id in self.site.entries else ""
        after = super().update(row, body, message=message)
        if "&lt;&lt;&lt;&lt;&lt;&lt;&lt;" in body:
            raise Broken(f"a PUT of {row.title} holds conflict markers")
        lost = tokens(before) - tokens(body) - self.ledger.dropped_here
        if lost:
            raise Broken(f"a PUT of {row.title} dropped {sorted(lost)}, which the user never took away")
        gone = inline_comment_refs(before) - inline_comment_refs(body)
        if gone and not (tokens(before) - tokens(body)):
            raise Broken(f"a PUT of {row.title} dropped the inline comments {sorted(gone)}")
        return after


@dataclass
class SimWorld:
    """One site, one clone of it, and the ledger."""

    site: FakeSite
    tree: MemoryWorkTree = field(default_factory=MemoryWorkTree)
    repository: MemoryRepository = field(default_factory=MemoryRepository)
    journal: list[str] = field(default_factory=list)
    cache: MemoryCache = field(default_factory=MemoryCache)
    ledger: Ledger = field(default_factory=Ledger)
    heads: list[str] = field(default_factory=list)
    """HEAD after every run."""
    remote: SimRemote = field(init=False)
    history: MemoryHistory = field(init=False)
    session: Session = field(init=False)
    stash: dict[RelPath, tuple[bytes, bytes]] = field(default_factory=dict)
    """What the user has put aside, and what it was made from."""
    rewound: bool = False
    """Whether the user has put history or records back: then a base may be older than what was merged."""
    requests: list[str] = field(default_factory=list)
    """Every request of every run, in order; downloads apart, which come several at a time."""

    def __post_init__(self) -> None:
        self.process(Fuse())

    def process(self, fuse: Fuse, *, says: bool = True) -> None:
        """A new process on the same disk, and a person who answers every question alike."""
        self.tree.crash()
        self.remote = SimRemote(self.site, self.ledger)
        self.remote.fuse = fuse
        self.history = MemoryHistory(self.tree, self.repository)
        journal = MemoryJournal(self.journal)
        self.tree.on_step = self.history.on_step = journal.on_step = fuse.tick
        space = self.site.space
        self.session = Session(
            settings=Settings(
                url="https://confluence.example/wiki",
                key=space.key,
                space_id=space.id,
                history=HistoryPolicy.VERSIONS,
            ),
            remote=self.remote,
            tree=self.tree,
            history=self.history,
            journal=journal,
            cache=self.cache,
            clock=TestClock(),
            reporter=QuietReporter(),
            person=TestPerson(says),
        )

    def sync(self, on_conflict: OnConflict = OnConflict.MARK) -> Outcome:
        outcome = runs.sync(self.session, Options(on_conflict=on_conflict, create=True, delete=True))
        self.heads.append(self.repository.head or "")
        return outcome

    def end_run(self) -> None:
        """Remember what a run asked for."""
        self.requests += [
            f"{call.name} {' '.join(call.pages)}" for call in self.remote.calls if call.name != "download"
        ]

    def focus(self, a: int) -> PageId:
        """The page that an action is about, if it is about a certain one."""
        first = sorted(page for page, entry in self.site.entries.items() if entry.row.type.has_text)
        return first[a - FOCUS] if a >= FOCUS else PageId("")

    def pages(self) -> list[str]:
        """The Markdown files, in order."""
        return sorted(path for path in self.tree.files if path.endswith(".md") and not path.startswith("."))

    def text(self, path: str) -> str:
        return self.tree.files[path].decode()  # type: ignore[index]


_PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.DOTALL)


def paragraphs(storage: str) -> list[str]:
    """The insides of the paragraphs of a body."""
    return _PARAGRAPH.findall(storage)


def storage(found: list[str]) -> str:
    """A body of paragraphs."""
    return "".join(f"<p>{one}</p>" for one in found)


def new_world() -> SimWorld:
    """A small space, and a clone of it."""
    site = FakeSite()
    world = SimWorld(site)

    def body() -> str:
        return storage([f"Text {world.ledger.token()} of it" for _ in range(3)])

    site.edit(site.home, body())
    guide = site.page("Guide", body())
    site.page("Install", body(), parent=guide)
    site.page("Linux", body(), parent=site.by_title("Install"))
    notes = site.page("Notes", body())
    site.attach(notes, "a.txt", b"tokens of files are bytes")
    site.page("Inside", body(), parent=site.folder("Box", parent=guide))
    lay_foundation(world.session)
    runs.pull(world.session, Options())
    world.heads.append(world.repository.head or "")
    return world
