"""Scenarios for single safety rules that no other test tells by itself."""

from contextlib import suppress

from confsync.engine.conflicts import Resolution, resolve
from confsync.model.ids import CommitId, PageId, RelPath
from tests.sim.world import Crash, Fuse, new_world
from tests.unit.engine.stage import TEXT, THERE, stage


def test_a_page_that_a_dying_run_has_made_is_made_once() -> None:
    for step in range(1, 30):
        world = new_world()
        world.tree.write("new.md", b"# New\n\nHello tok90 here\n")
        world.process(Fuse(step))
        with suppress(Crash):
            world.sync()
        for entry in world.site.current():
            if "tok90" in entry.body:
                world.site.edit(PageId(entry.row.id), title="Renamed meanwhile")
        world.process(Fuse())
        world.sync()
        world.process(Fuse())
        world.sync()
        assert len([e for e in world.site.current() if "tok90" in e.body]) == 1, step


def test_an_attachment_changed_there_is_not_written_over_by_a_push() -> None:
    s = stage()
    s.world.tree.write("guide/page.assets/a.txt", b"mine")
    s.site.attach(s.page, "a.txt", b"theirs")
    s.push()
    assert s.site.entry(s.page).files["a.txt"].data[-1] == b"theirs"


def test_an_attachment_changed_there_is_not_removed_by_a_push() -> None:
    s = stage()
    s.world.tree.delete("guide/page.assets/a.txt")
    s.site.attach(s.page, "a.txt", b"theirs")
    s.push()
    assert s.site.entry(s.page).files["a.txt"].data[-1] == b"theirs"


def test_a_text_with_conflict_markers_is_not_sent() -> None:
    s = stage()
    s.replace(
        "guide/page.md",
        "Two in the middle.",
        "<<<<<<< local\nTwo\n=======\n2\n>>>>>>> Confluence v3",
    )
    s.sync()
    assert not s.calls
    assert "has conflict markers (line" in s.said()


def test_a_job_that_cannot_write_back_does_not_conflict_with_its_own_push() -> None:
    s = stage()
    s.replace("guide/page.md", "Two in the middle.", "Two, once.")
    s.world.history.git_add("guide/page.md")
    commit = s.world.history.git_commit("Once")
    s.sync()
    s.world.history.git_reset_hard(CommitId(commit))
    s.replace("guide/page.md", "Two, once.", "Two, twice.")
    assert s.sync().exit_code == 0
    assert "Two, twice." in s.site.body(s.page)


def test_an_order_made_while_the_parent_was_in_conflict_stays() -> None:
    s = stage()
    guide = s.site.by_title("Guide")
    s.replace("guide.md", "Two in the middle.", "Two here.")
    s.site.edit(guide, TEXT.replace("Two in the middle.", "Two there."))
    THERE["reorder"](s)
    s.sync()
    s.world.process(Fuse())
    resolve(s.world.session, s.world.repository.pending[guide], Resolution.OURS)
    s.sync()
    s.sync()
    assert s.children() == ["Last", "First", "Page"]
    assert "children: [last, first, page]" in s.world.text("guide.md")


def test_what_sparse_checkout_keeps_away_is_not_deleted() -> None:
    s = stage()
    kept_away = {RelPath("guide/page.md"), RelPath("guide/page.assets/a.txt")}
    for path in kept_away:
        s.world.tree.delete(path)
    s.world.repository.absent |= kept_away
    s.sync()
    assert not s.calls
    assert not s.trashed
