"""Decision table A: in which of base, local and remote a page is (`B`, `L`, `R`; `-`: it is not)."""

import pytest

from confsync.errors import GateStopped
from confsync.model.ids import RelPath
from confsync.model.record import record_path
from tests.unit.engine.stage import HERE, TEXT, THERE, Stage, stage


@pytest.fixture
def s() -> Stage:
    return stage()


def _lose_base(s: Stage, *, damaged: bool = False) -> None:
    """The record goes from HEAD, as after a merge that went wrong; or it no longer matches its checksum."""
    path = record_path(s.page)
    if damaged:
        s.replace(path, "Two in the middle", "Frankenstein")
    else:
        s.world.tree.delete(path)
    s.world.history.git_add(path)
    s.world.history.git_commit("Oops")


class TestBaseMissing:
    """`- …`"""

    def test_nowhere_nothing_happens(self, s: Stage) -> None:
        s.sync()
        assert not s.calls

    def test_only_local_a_new_file_is_created(self, s: Stage) -> None:
        s.world.tree.write("guide/new.md", b"# New\n\nHello.\n")
        s.sync()
        assert s.site.body(s.site.by_title("New")) == "<p>Hello.</p>"
        assert s.settled()

    @pytest.mark.parametrize("fate", ["trash", "move_out", "purge"])
    def test_only_local_with_the_id_of_a_page_that_is_elsewhere_it_is_reported(
        self, s: Stage, fate: str
    ) -> None:
        page = s.site.page("Gone", TEXT)
        getattr(s.site, fate)(page)
        s.world.tree.write("guide/new.md", f"---\nid: {page}\ntitle: New\n---\n\nHello.\n".encode())
        s.sync()
        assert not s.calls
        assert f"carries the id {page} of a page that this space does not show" in s.said()
        assert "take the `id` line out" in s.said()

    def test_only_local_told_that_it_is_new_it_is_created(self, s: Stage) -> None:
        self.test_only_local_with_the_id_of_a_page_that_is_elsewhere_it_is_reported(s, "purge")
        s.keys("guide/new.md", id=None)
        s.sync()
        assert s.site.body(s.site.by_title("New")) == "<p>Hello.</p>"

    def test_only_local_a_copy_with_the_id_of_another_file_becomes_new(self, s: Stage) -> None:
        s.world.tree.write("attic/copy.md", s.text.encode())
        s.keys("attic/copy.md", title="Copy")
        s.sync()
        copy = s.site.by_title("Copy")
        assert copy != s.page
        assert f"id: {copy}" in s.world.text("attic/copy.md")
        assert f"id: {s.page}" in s.world.text("guide/page.md")
        assert s.settled()

    def test_only_local_a_copy_that_kept_its_title_asks_for_another(self, s: Stage) -> None:
        s.world.tree.write("attic/copy.md", s.text.encode())
        s.sync()
        assert not s.calls
        assert "is a copy of guide/page.md" in s.said()
        assert "Give it a title of its own to make it a page" in s.said()
        assert f"id: {s.page}" in s.world.text("guide/page.md")

    def test_only_remote_a_file_is_written(self, s: Stage) -> None:
        s.site.page("New", "<p>Hello.</p>", parent=s.site.by_title("Guide"))
        s.sync()
        assert "Hello." in s.world.text("guide/new.md")
        assert not s.calls

    def test_only_remote_two_titles_of_one_path_get_two_files(self, s: Stage) -> None:
        first = s.site.page("What?", "<p>One.</p>")
        second = s.site.page("What!", "<p>Two.</p>")
        s.sync()
        assert "One." in s.world.text("what.md")
        assert f"id: {first}" in s.world.text("what.md")
        assert "Two." in s.world.text(f"what~{second:0>6}.md")
        assert s.settled()

    @pytest.mark.parametrize("damaged", [False, True], ids=["lost", "damaged"])
    def test_local_and_remote_that_are_equal_are_adopted_silently(self, s: Stage, *, damaged: bool) -> None:
        _lose_base(s, damaged=damaged)
        s.sync()
        assert not s.calls
        assert "Two in the middle." in s.text
        assert s.settled()

    @pytest.mark.parametrize("damaged", [False, True], ids=["lost", "damaged"])
    def test_local_and_remote_that_differ_conflict_and_nothing_is_deleted(
        self, s: Stage, *, damaged: bool
    ) -> None:
        HERE["edit"](s)
        _lose_base(s, damaged=damaged)
        outcome = s.sync()
        assert outcome.exit_code == 3
        assert not s.calls
        assert "One at a time." in s.text
        assert "One by one." in s.text


class TestBasePresent:
    """`B …`; in all three, table B decides field by field."""

    def test_deleted_here_and_unchanged_there_it_is_deleted_after_a_word(self, s: Stage) -> None:
        HERE["delete"](s)
        with pytest.raises(GateStopped, match="moves 1 page to the trash"):
            s.sync(delete=False, says=False)
        assert not s.trashed
        s.sync()
        assert s.trashed

    def test_deleted_here_and_edited_there_it_comes_back(self, s: Stage) -> None:
        HERE["delete"](s)
        THERE["edit"](s)
        s.sync()
        assert not s.calls
        assert "Three at last." in s.text

    def test_deleted_there_and_unchanged_here_its_file_goes(self, s: Stage) -> None:
        THERE["delete"](s)
        s.sync()
        assert not s.exists()
        assert not s.calls

    def test_deleted_there_and_edited_here_the_file_stays(self, s: Stage) -> None:
        THERE["delete"](s)
        HERE["edit"](s)
        s.sync()
        assert "One at a time." in s.text
        assert "confsync restore" in s.said()
        assert not s.calls

    def test_deleted_there_kept_here_and_then_deleted_here_it_is_gone(self, s: Stage) -> None:
        self.test_deleted_there_and_edited_here_the_file_stays(s)
        s.delete("guide/page")
        s.sync()
        assert not s.calls
        assert s.trashed
        assert s.settled()

    def test_deleted_on_both_sides_it_leaves_the_base(self, s: Stage) -> None:
        HERE["delete"](s)
        THERE["delete"](s)
        s.sync()
        assert not s.calls
        assert RelPath(record_path(s.page)) not in s.world.tree.files

    @pytest.mark.parametrize("how", ["hide", "move_out", "purge"])
    @pytest.mark.parametrize("here", ["-", "edit", "delete"])
    def test_unknown_there_it_is_frozen(self, s: Stage, how: str, here: str) -> None:
        if here != "-":
            HERE[here](s)
        before = s.exists()
        getattr(s.site, how)(s.page)
        s.sync()
        assert not s.calls
        assert s.exists() is before
        assert "the file stays" in s.said()
        assert RelPath(record_path(s.page)) in s.world.tree.files
