"""A run may die before or after any step that writes; the next run puts everything right.

One scenario with everything in it (edit, merge, create with a child, rename, label, attachment) is killed at every step,
and run again as a new process would. Nothing may be lost, doubled, or reverted.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from confsync.errors import HeadMoved
from tests.contract.remote.site import FakeSite
from tests.unit.engine.world import World, clone, open_world

STEPS = {
    "remote": (
        "create_draft",
        "publish",
        "update",
        "move",
        "trash",
        "add_labels",
        "upload",
    ),
    "tree": ("apply",),
    "history": ("prepare", "fast_forward", "commit_edits", "set_tracking", "hold"),
    "journal": ("intend", "done"),
}


class Crash(BaseException):
    """Power is gone."""


class Doomed:
    """A port whose writing methods count as steps, one of which is the last."""

    def __init__(self, inner: object, names: tuple[str, ...], tick: Callable[[], None]) -> None:
        self._inner, self._names, self._tick = inner, names, tick

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._inner, name)
        if name not in self._names:
            return method

        def stepped(*args: object, **kwargs: object) -> object:
            self._tick()
            result = method(*args, **kwargs)
            self._tick()
            if name in ("prepare", "fast_forward"):
                return Doomed(result, ("publish",), self._tick)
            return result

        return stepped


@contextmanager
def dying_at(world: World, step: int, *, dead: bool = True) -> Iterator[list[int]]:
    """Stop at a step: dead, so that nothing more happens, or interrupted, tidying up on the way out."""
    count = [0]

    def tick() -> None:
        count[0] += 1
        if count[0] == step or (dead and count[0] > step > 0):
            raise Crash

    session = world.session
    ports = {port: Doomed(getattr(session, port), names, tick) for port, names in STEPS.items()}
    world.session = replace(session, **ports)  # type: ignore[arg-type]
    yield count
    world.session = session


def both_sides_work(world: World) -> None:
    """Everything at once."""
    site = world.site
    world.edit("guide.md", "slowly", "quickly")
    site.edit(site.by_title("Guide"), "<p>Read this before all else.</p><p>Then that, slowly.</p>")
    site.edit(site.by_title("Install"), "<p>Run the installer twice.</p><p>Restart now.</p>")
    world.write("tools.md", "All of them.\n")
    world.write("tools/saw.md", "---\nlabels: [sharp]\n---\n\nCuts.\n")
    world.edit("notes.md", "title: Notes", "title: Remarks")
    (world.folder / "notes.assets").mkdir()
    (world.folder / "notes.assets/data.csv").write_text("a,b\n")


def check(world: World) -> None:
    site = world.site
    titles = sorted(entry.row.title for entry in site.current())
    assert titles == ["Engineering Home", "Guide", "Install", "Remarks", "Saw", "Tools"]
    guide = site.body(site.by_title("Guide"))
    assert guide == "<p>Read this before all else.</p><p>Then that, quickly.</p>"
    assert "twice" in world.body("guide/install.md")
    assert site.row(site.by_title("Saw")).parent == site.by_title("Tools")
    assert site.entry(site.by_title("Saw")).labels == {"sharp"}
    assert list(site.entry(site.by_title("Remarks")).files) == ["data.csv"]
    assert f"id: {site.by_title('Tools')}" in world.read("tools.md")


def _steps(site: FakeSite, folder: Path) -> int:
    world = clone(site, folder)
    both_sides_work(world)
    with dying_at(world, 0) as count:
        world.sync()
    check(world)
    assert world.settled()
    return count[0]


def _site() -> FakeSite:
    site = FakeSite()
    guide = site.page("Guide", "<p>Read this first.</p><p>Then that, slowly.</p>")
    site.page("Install", "<p>Run the installer.</p><p>Restart now.</p>", parent=guide)
    site.page("Notes", "<p>Nothing of note.</p>")
    return site


def _crash_and_recover(folder: Path, step: int, *, dead: bool) -> None:
    world = clone(_site(), folder)
    both_sides_work(world)
    with dying_at(world, step, dead=dead), pytest.raises(Crash):
        world.sync()
    again = open_world(world.site, folder)
    for _ in range(3):
        try:
            again.sync()
        except HeadMoved:
            continue
    check(again)
    assert again.settled()


def test_there_are_as_many_steps_as_the_parameters_below_cover(tmp_path: Path) -> None:
    assert 20 <= _steps(_site(), tmp_path / "docs") <= 80


@pytest.mark.parametrize("step", range(1, 40, 4))
def test_a_run_that_dies_is_finished_by_the_next(step: int, tmp_path: Path) -> None:
    _crash_and_recover(tmp_path / "docs", step, dead=True)


@pytest.mark.parametrize("step", range(3, 40, 6))
def test_a_run_that_is_interrupted_is_finished_by_the_next(step: int, tmp_path: Path) -> None:
    _crash_and_recover(tmp_path / "docs", step, dead=False)


@pytest.mark.soak
@pytest.mark.parametrize("dead", [True, False])
@pytest.mark.parametrize("step", range(1, 40))
def test_a_run_that_stops_at_any_step_is_finished_by_the_next(
    step: int,
    dead: bool,  # noqa: FBT001 - a parameter of the test
    tmp_path: Path,
) -> None:
    _crash_and_recover(tmp_path / "docs", step, dead=dead)
