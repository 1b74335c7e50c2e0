"""Colleagues and users at work while a run is under way: each of these once lost or undid something."""

from collections.abc import Callable
from contextlib import suppress

import pytest

from confsync.engine import runs
from confsync.engine.observe_local import observe_copy
from confsync.engine.session import OnConflict
from confsync.errors import FileChanged
from confsync.model.ids import RelPath
from confsync.ports import Place
from tests.sim.world import Crash, Fuse, SimWorld, new_world
from tests.sim.world import storage as body_of


@pytest.fixture
def world() -> SimWorld:
    return new_world()


def _sync(world: SimWorld, during: dict[str, Callable[[], object]] | None = None) -> None:
    world.process(Fuse())
    for request, action in (during or {}).items():
        world.remote.before(request, action)
    world.sync()
    world.process(Fuse())


def _edit(world: SimWorld, path: str, old: str, new: str) -> None:
    assert old in world.text(path)
    world.tree.write(path, world.text(path).replace(old, new).encode())


def test_what_was_typed_during_the_run_is_sent_by_the_next(world: SimWorld) -> None:
    page = world.site.by_title("Install")
    # Without an edit of another page the run would end with its first look.
    _edit(world, "guide.md", "Text tok4", "Better tok4")
    _sync(world, {"survey": lambda: _edit(world, "guide/install.md", "Text tok7", "Late tok7")})
    assert "Late" not in world.site.body(page)
    _sync(world)
    assert "Late" in world.site.body(page)


def test_an_edit_made_between_the_look_and_a_move_is_pulled(world: SimWorld) -> None:
    page = world.site.by_title("Notes")
    world.tree.write("guide/notes.md", world.tree.files[RelPath("notes.md")])
    world.tree.delete(RelPath("notes.md"))
    _sync(world, {"move": lambda: world.site.edit(page, body_of(["New tok99 words"]))})
    _sync(world)
    assert "tok99" in world.site.body(page)
    assert "tok99" in world.text("guide/notes.md")


def test_an_edit_made_between_the_look_and_a_deletion_brings_the_page_back(world: SimWorld) -> None:
    page = world.site.by_title("Linux")
    world.tree.delete(RelPath("guide/install/linux.md"))
    _sync(world, {"trash": lambda: world.site.edit(page, body_of(["New tok99 words"]))})
    _sync(world)
    assert "tok99" in world.text("guide/install/linux.md")


def test_a_label_set_between_the_look_and_the_write_stays(world: SimWorld) -> None:
    page = world.site.by_title("Install")
    _edit(world, "guide/install.md", "Text tok7", "Better tok7")
    _sync(world, {"update": lambda: world.site.label(page, "urgent")})
    _sync(world)
    assert world.site.entry(page).labels == {"urgent"}
    assert "urgent" in world.text("guide/install.md")


def test_a_page_trashed_during_the_run_does_not_come_apart(world: SimWorld) -> None:
    page = world.site.by_title("Install")
    _edit(world, "guide/install.md", "Text tok7", "Better tok7")
    _sync(world, {"read": lambda: world.site.trash(page)})
    assert "Better" in world.text("guide/install.md")
    assert "parent: none" not in world.text("guide/install.md")


def test_a_page_hidden_while_its_attachment_is_fetched_stops_nobody(world: SimWorld) -> None:
    notes, install = world.site.by_title("Notes"), world.site.by_title("Install")
    world.site.attach(notes, "b.txt", b"more")
    world.site.edit(install, body_of(["New tok99 words"]))
    _sync(world, {"download": lambda: world.site.hide(notes)})
    assert "tok99" in world.text("guide/install.md")
    world.site.show(notes)
    for _ in range(3):
        _sync(world)
    assert world.tree.files[RelPath("notes.assets/b.txt")] == b"more"


def test_a_colleague_edits_a_new_page_before_the_crash_is_recovered(world: SimWorld) -> None:
    world.tree.write("fresh.md", b"Hello there\n")
    for step in range(1, 60):
        world.process(Fuse(step))
        try:
            world.sync()
        except Crash:
            if any(entry.row.title == "Fresh" for entry in world.site.current()):
                break
    page = world.site.by_title("Fresh")
    world.site.edit(page, "<p>Colleague</p><p>Hello there</p>")
    world.site.label(page, "seen")
    for _ in range(3):
        _sync(world)
    assert "Colleague" in world.site.body(page)
    assert "Colleague" in world.text("fresh.md")
    assert world.site.entry(page).labels == {"seen"}


def test_a_record_is_not_finished_on_a_history_that_was_rewound(world: SimWorld) -> None:
    before = world.history.git_commit("here")
    page = world.site.by_title("Guide")
    _edit(world, "guide.md", "Text tok4", "Mine tok98 tok4")
    for step in range(1, 60):
        world.process(Fuse(step))
        try:
            world.sync()
        except Crash:
            if "tok98" in world.site.body(page):
                break
    world.process(Fuse())
    world.history.git_reset_hard(before)
    for _ in range(3):
        _sync(world)
    assert "tok98" in world.site.body(page)
    assert "tok98" in world.text("guide.md")


def _conflict(world: SimWorld) -> None:
    _edit(world, "guide.md", "Text tok4 of it", "Mine tok98")
    world.site.edit(world.site.by_title("Guide"), body_of(["Theirs tok99", "Text tok5 of it"]))
    world.process(Fuse())


def test_going_back_to_an_older_commit_resolves_no_conflict(world: SimWorld) -> None:
    old = world.history.git_commit("here")
    _edit(world, "guide.md", "Text tok6", "Last tok6")
    _sync(world)
    _conflict(world)
    world.sync()
    world.history.git_reset_hard(old)
    for _ in range(3):
        _sync(world)
    assert "tok99" in world.site.body(world.site.by_title("Guide"))


def test_markers_nobody_has_seen_are_not_resolved_by_typing_on(world: SimWorld) -> None:
    _conflict(world)
    world.remote.before("users", lambda: _edit(world, "guide.md", "Mine tok98", "Mine tok98, and more"))
    with pytest.raises(FileChanged):
        world.sync(on_conflict=OnConflict.MARK)
    for _ in range(3):
        _sync(world)
    assert "tok99" in world.site.body(world.site.by_title("Guide"))
    assert "and more" in world.text("guide.md")


def test_a_rename_there_and_an_edit_here_at_once_make_no_copy(world: SimWorld) -> None:
    world.site.edit(world.site.by_title("Notes"), title="Remarks")
    world.process(Fuse())
    world.remote.before("users", lambda: _edit(world, "notes.md", "Text tok13", "Late tok13"))
    with pytest.raises(FileChanged):
        world.sync()
    for _ in range(3):
        _sync(world)
    assert [path for path in world.pages() if "tok14" in world.text(path)] == ["remarks.md"]
    assert "Late" in world.site.body(world.site.by_title("Remarks"))
    assert world.tree.files[RelPath("remarks.assets/a.txt")]


@pytest.mark.parametrize("step", [*range(1, 9), None])
def test_a_comment_that_a_run_heard_of_and_did_not_record_is_heard_of_again(
    world: SimWorld, step: int | None
) -> None:
    page = world.site.by_title("Guide")
    ref = world.site.comment(page, "Text")
    world.process(Fuse(step or 0))
    if step is None:
        runs.incoming(world.session)
    else:
        with suppress(Crash):
            world.sync()
    _sync(world)
    assert ref in observe_copy(world.session).records[page].page.body


def test_a_conflict_put_aside_is_not_shown_again_for_another_reason(world: SimWorld) -> None:
    """Sim seed 3345: an attachment came, and the same conflict was raised in every run."""
    page, path = world.site.by_title("Notes"), RelPath("notes.md")
    before = world.tree.files[path]
    _edit(world, "notes.md", "Text tok13", "Here tok13")
    mine = world.tree.files[path]
    world.site.edit(page, body_of(["There tok90 said", "Text tok14 of it", "Text tok15 of it"]))
    world.site.attach(page, "b.txt", b"another")
    _sync(world)
    assert "<<<<<<<" in world.text(path)
    world.tree.write(path, mine)
    for _ in range(3):
        _sync(world)
        assert world.tree.files[path] == mine != before


def test_a_file_attached_while_the_page_is_deleted_stays(world: SimWorld) -> None:
    """Sim: the deletion had not seen it, and took it along."""
    page = world.site.by_title("Notes")
    world.tree.write("notes.assets/b.txt", b"tok90")
    _sync(world, {"upload": lambda: world.site.trash(page)})
    _sync(world)
    assert world.tree.files[RelPath("notes.assets/b.txt")] == b"tok90"
    assert RelPath("notes.md") in world.tree.files


def test_a_page_that_moves_keeps_both_of_two_new_files_of_one_name(world: SimWorld) -> None:
    """Sim: the user's file took the place of the colleague's."""
    page = world.site.by_title("Notes")
    world.tree.write("notes.assets/b.txt", b"tok90")
    world.site.attach(page, "b.txt", b"tok91")
    world.site.move(page, Place.APPEND, world.site.by_title("Guide"))
    _sync(world)
    assert world.tree.files[RelPath("guide/notes.assets/b.txt")] == b"tok91"
    assert b"tok90" in world.tree.files.values()


def test_a_file_beside_a_deleted_page_does_not_stop_its_return(world: SimWorld) -> None:
    """Sim: the page came back with an attachment of that name, and every run stopped there."""
    page = world.site.by_title("Notes")
    world.tree.delete(RelPath("notes.md"))
    world.history.git_add("notes.md")
    world.history.git_commit("Away with it")
    world.tree.write("notes.assets/b.txt", b"tok90")
    world.site.attach(page, "b.txt", b"tok91")
    _sync(world)
    assert world.tree.files[RelPath("notes.assets/b.txt")] == b"tok91"
    assert b"tok90" in world.tree.files.values()
