"""A pull that finds nothing reads nothing; and nothing there is to find gets past it."""

from collections.abc import Callable

import pytest

from confsync.engine.quiet import look
from confsync.model.ids import PageId
from confsync.ports import Place
from tests.contract.remote.site import FakeSite
from tests.unit.engine.world import World


def asked(world: World) -> list[str]:
    """What the next pull asks of Confluence."""
    world.remote.calls.clear()
    world.pull()
    return [call.name for call in world.remote.calls]


def test_after_a_clone_a_pull_asks_for_the_listing_and_one_survey(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("confsync.engine.runs.observe_copy", None)
    assert asked(world) == ["listing", "survey"]
    assert asked(world) == ["listing", "survey"]


CHANGES: dict[str, Callable[[FakeSite, PageId], object]] = {
    "edited": lambda site, page: site.edit(page, "<p>New words.</p>"),
    "renamed": lambda site, page: site.edit(page, title="Another"),
    "moved": lambda site, page: site.move(page, Place.APPEND, site.by_title("Notes")),
    "trashed": lambda site, page: site.trash(page),
    "archived": lambda site, page: site.archive(page),
    "hidden": lambda site, page: site.hide(page),
    "labelled": lambda site, page: site.label(page, "runbook"),
    "attached": lambda site, page: site.attach(page, "a.txt", b"a"),
    "commented": lambda site, page: site.comment(page, "installer"),
    "restricted": lambda site, page: site.restrict(page),
    "a new page": lambda site, page: site.page("New", "<p>New.</p>", parent=page),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_whatever_happens_in_confluence_is_looked_at(
    world: World, site: FakeSite, change: Callable[[FakeSite, PageId], object]
) -> None:
    change(site, site.by_title("Install"))
    found = look(world.session)
    assert found is not None
    assert not found.nothing


def test_an_edit_here_is_still_committed(world: World) -> None:
    world.edit("guide/install.md", "Restart now.", "Restart later.")
    world.pull()
    assert world.clean()
    assert "Restart later." in world.git("show", "HEAD:guide/install.md")


def test_a_commit_of_the_users_is_seen(world: World) -> None:
    world.edit("guide/install.md", "Restart now.", "Restart later.")
    world.git("commit", "--quiet", "--all", "--message", "mine")
    assert look(world.session) is None


def test_a_file_that_is_gone_is_seen(world: World) -> None:
    (world.folder / "notes.md").unlink()
    assert look(world.session) is None


def test_what_a_run_left_unfinished_is_seen(world: World) -> None:
    world.session.journal.intend({"key": "create:new.md", "op": "create"})
    assert look(world.session) is None
