"""A file that has lost its `id`: an editor that is just writing, a formatter, a slip; never a deletion."""

import pytest

from confsync.model.ids import RelPath
from tests.unit.engine.stage import Stage, stage


@pytest.fixture
def s() -> Stage:
    return stage()


@pytest.mark.parametrize("text", [b"", b"Only words.\n", b"---\ntitle: Page\n---\n\nOnly words.\n"])
def test_nothing_is_deleted_or_created_for_it(s: Stage, text: bytes) -> None:
    path, before = s.file, s.world.text(s.file)
    s.world.tree.write(path, text)
    s.sync()
    assert not s.calls
    assert f"has lost the `id: {s.page}`" in s.said()
    assert s.world.tree.files[RelPath(path)] == text
    s.world.tree.write(path, before.replace("Two", "Twenty").encode())
    s.sync()
    assert "Twenty" in s.site.body(s.page)


def test_what_changes_in_confluence_meanwhile_waits_for_it(s: Stage) -> None:
    path, before = s.file, s.world.text(s.file)
    s.world.tree.write(path, b"")
    s.site.edit(s.page, "<p>New words.</p>")
    s.sync()
    assert s.world.tree.files[RelPath(path)] == b""
    assert [name for name in s.world.pages() if "page" in name] == [path]
    s.world.tree.write(path, before.encode())
    s.sync()
    assert "New words." in s.world.text(path)
    assert s.settled()


def test_a_renamed_file_without_id_is_a_new_page_and_the_old_one_goes(s: Stage) -> None:
    s.delete("guide/page")
    s.world.tree.write("guide/fresh.md", b"# Fresh\n\nOnly words.\n")
    s.sync()
    assert s.trashed
    assert s.site.by_title("Fresh")
