"""`parent:` in front matter: another parent than the folder's, by title, id or path."""

import pytest

from confsync.model.ids import RelPath
from confsync.ports import Place
from tests.unit.engine.stage import Stage, stage

PATH = "guide/page.md"


@pytest.fixture
def s() -> Stage:
    return stage()


@pytest.mark.parametrize("value", ["Notes", "notes", "../notes.md", "notes.md", "/notes.md", "id"])
def test_a_page_goes_where_its_parent_key_says(s: Stage, value: str) -> None:
    notes = s.site.by_title("Notes")
    s.keys(PATH, parent=notes if value == "id" else value)
    s.sync()
    assert s.site.row(s.page).parent == notes
    assert s.file == PATH
    assert s.settled()


def test_a_new_page_is_created_there(s: Stage) -> None:
    s.world.tree.write("fresh.md", b"---\nparent: Notes\n---\n\nHello.\n")
    s.sync()
    assert s.site.row(s.site.by_title("Fresh")).parent == s.site.by_title("Notes")
    assert s.settled()


def test_below_a_new_page_which_is_created_first(s: Stage) -> None:
    s.world.tree.write("zebra.md", b"Hello.\n")
    s.keys(PATH, parent="Zebra")
    s.sync()
    assert s.site.row(s.page).parent == s.site.by_title("Zebra")
    assert s.settled()


@pytest.mark.parametrize("value", ["Nowhere", "../gone.md", "999999999"])
def test_what_names_no_page_is_refused(s: Stage, value: str) -> None:
    s.keys(PATH, parent=value)
    s.replace(PATH, "One by one.", "One at a time.")
    assert s.sync().exit_code == 1
    assert f"its `parent: {value}` is no page here" in s.said()
    assert not s.calls


def test_a_page_is_not_its_own_parent_nor_below_its_child(s: Stage) -> None:
    s.keys(PATH, parent="Page")
    s.keys("guide.md", parent="First")
    assert s.sync().exit_code == 1
    assert s.said().count("it would lie below itself") == 2
    assert not s.calls


def test_a_new_page_with_a_parent_that_is_not_there_is_not_created(s: Stage) -> None:
    s.world.tree.write("fresh.md", b"---\nparent: Nowhere\n---\n\nHello.\n")
    assert s.sync().exit_code == 1
    assert not s.calls


def test_a_move_in_confluence_wins_and_takes_the_key_out(s: Stage) -> None:
    s.keys(PATH, parent="Notes")
    s.sync()
    attic = s.site.by_title("Attic")
    s.site.move(s.page, Place.APPEND, attic)
    s.sync()
    assert s.site.row(s.page).parent == attic
    assert s.file == "attic/page.md"
    assert "parent:" not in s.text
    assert s.settled()


def test_two_moves_at_once_leave_it_where_confluence_has_it(s: Stage) -> None:
    attic = s.site.by_title("Attic")
    s.keys(PATH, parent="Notes")
    s.site.move(s.page, Place.APPEND, attic)
    s.sync()
    assert s.site.row(s.page).parent == attic
    assert "you moved it, and somebody moved it" in s.said()
    assert RelPath("attic/page.md") in s.world.tree.files
    assert s.settled()
