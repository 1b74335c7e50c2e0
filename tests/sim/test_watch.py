"""The watch as somebody in the simulation: it runs whenever it likes, in simulated time, and may be killed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from confsync.model.config import FILE
from confsync.model.ids import RelPath
from confsync.watch import Happened, Manner, News, Pace, Watch
from confsync.watch.inbox import Hints
from tests.contract.remote.fake import _WRITES
from tests.sim.play import _WHILE_RUNNING, _act, _rest, check_nothing_lost, check_tree
from tests.sim.script import Act, Run, Step, script
from tests.sim.world import Crash, Fuse, SimWorld, new_world

SEEDS = 60
CHUNK = 10


class Time:
    """A clock and an inbox in one: waiting is what makes time pass."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.paths: list[RelPath] = []

    def now(self) -> str:
        at = datetime(2026, 11, 23, tzinfo=UTC) + timedelta(seconds=self.seconds)
        return at.isoformat().replace("+00:00", "Z")

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds

    def wait(self, seconds: float) -> Hints:
        paths, self.paths = tuple(self.paths), []
        if not paths:
            self.seconds += max(0.0, seconds)
        return Hints(paths)


def watched(steps: list[Step], folder: Path) -> tuple[list[str], list[News]]:
    """Play a script in which every run is a watch that goes on for some minutes; what it asked for, and said.

    Raises:
        Broken: an invariant does not hold.
    """
    world, time, news = new_world(), Time(), list[News]()
    for step in steps:
        if isinstance(step, Act):
            before = dict(world.tree.files)
            _act(world, step)
            time.paths += [path for path in world.tree.files if before.get(path) != world.tree.files[path]]
            time.paths += [path for path in before if path not in world.tree.files]
        else:
            _watch(world, step, time, news, folder)
        check_nothing_lost(world)
        check_tree(world)
    requests = list(world.requests)
    _rest(world)
    return requests, news


def _watch(world: SimWorld, step: Run, time: Time, news: list[News], folder: Path) -> None:
    world.process(Fuse(step.crash, step.dead), says=False)
    for at, action in step.during:
        if action.side == "remote" or action.kind in _WHILE_RUNNING:
            world.remote.during[at].append(partial(_act, world, action))
    session = replace(world.session, clock=time)
    manner = Manner(create=True, deletes=True)
    watch = Watch(session, folder, time, news.append, pace=Pace(), manner=manner)
    end = time.seconds + 400
    try:
        while time.seconds < end:
            watch.step()
    except Crash:
        pass
    finally:
        world.end_run()
        world.process(Fuse())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Only there to be there: the files are in memory."""
    (tmp_path / FILE).write_text("")
    return tmp_path


@pytest.mark.parametrize("first", range(0, SEEDS, CHUNK))
def test_nothing_is_lost_doubled_or_undone_while_it_watches(first: int, folder: Path) -> None:
    for seed in range(first, first + CHUNK):
        try:
            watched(script(seed), folder)
        except Exception as error:
            error.add_note(f"seed {seed}")
            raise


def test_what_it_says_has_happened(folder: Path) -> None:
    """A push is told of pages that the watch wrote to, and of no other."""
    told, written = set[str](), set[str]()
    for seed in range(12):
        steps: list[Step] = [
            replace(step, crash=0, during=()) if isinstance(step, Run) else step for step in script(seed)
        ]
        requests, news = watched(steps, folder)
        pushed = (item for item in news if item.happened is Happened.PUSHED)
        told |= {f"{seed} {item.page}" for item in pushed if item.detail != "arranged"}  # moves its children
        calls = (request.partition(" ") for request in requests)
        written |= {f"{seed} {page.split()[0]}" for name, _, page in calls if name in _WRITES and page}
    assert told
    assert told <= written
