"""Decision table D: rules across pages, which tables of one page cannot say."""

import pytest

from confsync.errors import GateStopped
from confsync.model.content import Status
from confsync.model.ids import PageId, RelPath
from confsync.ports import Place
from tests.unit.engine.stage import TEXT, Stage, stage


@pytest.fixture
def s() -> Stage:
    return stage()


def _parent(s: Stage, title: str) -> str:
    above = s.site.row(s.site.by_title(title)).parent
    return s.site.row(above).title if above else ""


class TestCycles:
    def test_a_under_b_here_and_b_under_a_there(self, s: Stage) -> None:
        s.rename("notes", "attic/notes")
        s.site.move(s.site.by_title("Attic"), Place.APPEND, s.site.by_title("Notes"))
        s.sync()
        assert not [call for call in s.calls if call.name == "move"]
        assert (_parent(s, "Attic"), _parent(s, "Notes")) == ("Notes", "Engineering Home")
        assert "would be below itself" in s.said()
        assert {"notes.md", "notes/attic.md"} <= set(s.world.pages())
        assert s.settled()


class TestTitles:
    def test_two_pages_swap_their_titles(self, s: Stage) -> None:
        notes, attic = s.site.by_title("Notes"), s.site.by_title("Attic")
        s.keys("notes.md", title="Attic")
        s.keys("attic.md", title="Notes")
        s.sync()
        assert (s.site.row(notes).title, s.site.row(attic).title) == ("Attic", "Notes")
        assert s.settled()

    def test_a_rename_to_a_title_that_a_deletion_frees(self, s: Stage) -> None:
        notes, attic = s.site.by_title("Notes"), s.site.by_title("Attic")
        s.delete("attic")
        s.keys("notes.md", title="Attic")
        s.sync()
        assert s.site.row(notes).title == "Attic"
        assert s.site.row(attic).status is Status.TRASHED
        assert s.settled()

    def test_a_new_page_with_a_title_that_a_rename_frees(self, s: Stage) -> None:
        s.keys("attic.md", title="Loft")
        s.world.tree.write("guide/new.md", b"---\ntitle: Attic\n---\n\nNew.\n")
        s.sync()
        assert _parent(s, "Attic") == "Guide"
        assert s.settled()

    def test_a_new_page_with_a_title_that_a_deletion_frees(self, s: Stage) -> None:
        s.delete("attic")
        s.world.tree.write("guide/new.md", b"---\ntitle: Attic\n---\n\nNew.\n")
        s.sync()
        assert _parent(s, "Attic") == "Guide"
        assert s.settled()

    @pytest.mark.parametrize("holder", ["archive", "hide"])
    def test_a_title_held_by_a_page_nobody_sees_leaves_one_draft_at_most(self, s: Stage, holder: str) -> None:
        getattr(s.site, holder)(s.site.page("Held", TEXT))
        s.world.tree.write("guide/new.md", b"---\ntitle: Held\n---\n\nNew.\n")
        for _ in range(3):
            s.sync()
        drafts = [e for e in s.site.entries.values() if e.row.status is Status.DRAFT]
        assert len(drafts) == 1
        assert "id:" not in s.world.text("guide/new.md")
        assert "archived or hidden from you" in s.said()
        s.keys("guide/new.md", title="Free")
        s.sync()
        assert s.site.by_title("Free") == drafts[0].row.id
        assert not [e for e in s.site.entries.values() if e.row.status is Status.DRAFT]
        assert s.settled()

    def test_two_titles_of_one_path_keep_their_names(self, s: Stage) -> None:
        s.site.page("A/B", TEXT)
        s.sync()
        before = set(s.world.pages())
        s.site.page("A:B", TEXT)
        s.sync()
        assert before < set(s.world.pages())
        assert s.settled()


class TestTree:
    def test_a_page_moves_below_its_own_child(self, s: Stage) -> None:
        """Guide below Page, which was below Guide: the child goes first."""
        home = "Engineering Home"
        s.rename("guide/page", "page")
        s.rename("guide", "page/guide")
        s.sync()
        assert (_parent(s, "Page"), _parent(s, "Guide"), _parent(s, "First")) == (home, "Page", "Guide")
        assert s.settled()

    def test_a_parent_deleted_there_lifts_its_children(self, s: Stage) -> None:
        s.site.trash(s.site.by_title("Guide"))
        s.sync()
        assert not s.calls
        assert {"first.md", "page.md", "last.md"} <= set(s.world.pages())
        assert s.settled()

    def test_a_parent_deleted_here_waits_for_its_children(self, s: Stage) -> None:
        s.delete("guide")
        s.sync()
        assert s.site.row(s.site.by_title("Guide")).status is Status.CURRENT
        assert "Delete or move those first" in s.said()

    def test_a_whole_folder_deleted_here_goes_leaves_first(self, s: Stage) -> None:
        for stem in ("guide", "guide/first", "guide/page", "guide/last"):
            s.delete(stem)
        s.sync()
        assert not [e for e in s.site.current() if e.row.title in ("Guide", "First", "Page", "Last")]
        assert s.settled()

    def test_of_a_folder_deleted_here_edited_pages_come_back(self, s: Stage) -> None:
        for stem in ("guide", "guide/first", "guide/page", "guide/last"):
            s.delete(stem)
        s.site.edit(s.page, TEXT.replace("Two", "2"))
        s.sync()
        assert not s.trashed
        assert "2 in the middle" in s.text

    @pytest.mark.parametrize("fate", ["trash", "archive"])
    def test_a_new_child_of_a_parent_gone_there_goes_to_the_nearest_one_left(
        self, s: Stage, fate: str
    ) -> None:
        s.world.tree.write("attic/new.md", b"# New\n\nHello.\n")
        getattr(s.site, fate)(s.site.by_title("Attic"))
        s.sync()
        assert _parent(s, "New") == "Engineering Home"
        assert s.settled()

    @pytest.mark.parametrize("fate", ["hide", "move_out"])
    def test_a_new_child_of_a_parent_nobody_can_see_waits_with_a_word(self, s: Stage, fate: str) -> None:
        s.world.tree.write("attic/new.md", b"# New\n\nHello.\n")
        getattr(s.site, fate)(s.site.by_title("Attic"))
        s.sync()
        assert not s.calls
        assert "below a page that is left alone" in s.said()

    def test_a_page_moved_to_an_archived_parent_stays_where_it_is(self, s: Stage) -> None:
        s.site.archive(s.site.by_title("Attic"))
        s.sync()
        s.rename("guide/page", "attic/page")
        s.sync()
        s.sync()
        assert _parent(s, "Page") == "Guide"
        assert not s.calls

    def test_a_page_moved_to_another_space_is_not_deleted(self, s: Stage) -> None:
        s.site.move_out(s.page)
        s.sync()
        assert s.exists()
        assert "was moved to another space" in s.said()
        assert not s.calls


class TestManyAtOnce:
    """More than max(20, 30 %): nobody does that by accident and unseen."""

    def _many(self, s: Stage, count: int = 30) -> list[PageId]:
        pages = [s.site.page(f"Many {n}", TEXT) for n in range(count)]
        s.sync()
        s.calls.clear()
        return pages

    def test_deletions_here_need_a_number(self, s: Stage) -> None:
        self._many(s)
        for n in range(25):
            s.delete(f"many-{n}")
        with pytest.raises(GateStopped, match="25 of 37 pages") as stopped:
            s.sync(delete=True, says=False)
        assert "--allow-deletes 25" in stopped.value.hint
        assert not s.calls
        s.sync(delete=True, allow_deletes=25, says=False)
        assert len([call for call in s.calls if call.name == "trash"]) == 25

    def test_twenty_of_many_need_no_number(self, s: Stage) -> None:
        self._many(s)
        for n in range(20):
            s.delete(f"many-{n}")
        s.sync(delete=True, says=False)
        assert len([call for call in s.calls if call.name == "trash"]) == 20

    def test_pages_that_vanish_without_a_trace_stop_the_push(self, s: Stage) -> None:
        for page in self._many(s):
            s.site.hide(page)
        s.replace("notes.md", "Two", "2")
        with pytest.raises(GateStopped, match="30 of 37 pages are no longer to be seen") as stopped:
            s.sync(says=False)
        assert "“Engineering Home”" in str(stopped.value)
        assert not s.calls
        assert len(s.world.pages()) == 37

    def test_many_pages_in_the_trash_are_confirmed_one_by_one_and_go(self, s: Stage) -> None:
        for page in self._many(s):
            s.site.trash(page)
        s.replace("notes.md", "Two", "2")
        s.sync(says=False)
        assert len(s.world.pages()) == 7
        assert [call.name for call in s.calls] == ["update"]

    def test_a_lost_base_deletes_nothing(self, s: Stage) -> None:
        for path in [path for path in s.world.tree.files if path.startswith(".confsync/pages/")]:
            s.world.tree.delete(path)
            s.world.history.git_add(path)
        s.world.history.git_commit("Oops")
        s.delete("notes")
        s.sync()
        assert not s.calls
        assert RelPath("notes.md") in s.world.tree.files
        assert s.settled()
