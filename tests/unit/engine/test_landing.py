"""What a crash leaves between the files and HEAD is finished by checksum, never merged a second time."""

import pytest

from tests.unit.engine.test_crash import Crash, dying_at
from tests.unit.engine.world import World, open_world


def _die_between_files_and_head(world: World) -> None:
    world.edit("guide.md", "Read this first.", "Read this first.\n\nMine.")
    page = world.site.by_title("Guide")
    world.site.edit(page, "<p>Read this first.</p><p>Theirs.</p><p>Then that, slowly.</p>")
    for step in range(1, 60):
        before = world.git("rev-parse", "HEAD")
        with dying_at(world, step):
            try:
                world.sync()
            except Crash:
                if "Theirs." in world.read("guide.md") and world.git("rev-parse", "HEAD") == before:
                    return
        break_up = open_world(world.site, world.folder)
        world.session = break_up.session
    pytest.fail("no step lies between the files and HEAD")


def test_the_merged_text_is_kept_as_it_was_written(world: World) -> None:
    _die_between_files_and_head(world)
    merged = world.body("guide.md")
    again = open_world(world.site, world.folder)
    outcome = again.sync()
    assert again.body("guide.md") == merged
    assert any("interrupted" in warning for warning in outcome.warnings)
    assert {"Mine.", "Theirs."} <= set(merged.split("\n\n"))
    assert again.settled()


def test_an_edit_made_since_the_crash_is_not_overwritten(world: World) -> None:
    _die_between_files_and_head(world)
    world.edit("guide.md", "Mine.", "Mine, and more.")
    again = open_world(world.site, world.folder)
    again.sync()
    assert "Mine, and more." in again.body("guide.md")
    assert "Theirs." in again.body("guide.md")
    assert again.settled()
