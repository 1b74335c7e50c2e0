"""What a text refers to by a path: other pages, attachments, files anywhere in the repository."""

import pytest

from confsync.model.ids import RelPath
from confsync.ports import Place
from tests.unit.engine.stage import TEXT, Stage, stage


@pytest.fixture
def s() -> Stage:
    return stage()


def _say(s: Stage, words: str, path: str = "guide/page.md") -> None:
    s.replace(path, "Two in the middle.", words)


class TestDeadLinks:
    @pytest.mark.parametrize(
        ("words", "said"),
        [
            ("See [it](nowhere.md).", "line 9: “nowhere.md” leads to no page and no file"),
            ("See [it](nowhere.md#part).", "line 9: “nowhere.md” leads to no page and no file"),
            ("See ![it](page.assets/none.png).", "line 9: “page.assets/none.png” leads to no page"),
            ("See ![it](none.png).", "line 9: “none.png” leads to no page"),
            ("See [it](../src/).", "line 9: “../src/” leads to no page"),
            ("See [it][one].\n\n[one]: nowhere.md", "line 11: “nowhere.md” leads to no page"),
            ("See [it](../README.md).", "line 9: “../README.md” is a file that is no page"),
        ],
    )
    def test_they_are_refused_with_their_line_and_never_sent(self, s: Stage, words: str, said: str) -> None:
        s.world.tree.write("README.md", b"# Read me\n")
        _say(s, words)
        s.sync()
        assert not s.calls
        assert f"guide/page.md: {said}" in s.said()

    @pytest.mark.parametrize(
        "words",
        [
            "See [it](first.md), [home](../index.md) and [it](https://example.com/none.md).",
            "See [part](#there) and [mail](mailto:a@example.com).",
            "See `[it](nowhere.md)`.",
            "```\n[it](nowhere.md)\n```",
            "See [it](page.assets/a.txt).",
            "See [it](../notes.md?query#part).",
        ],
    )
    def test_what_leads_somewhere_is_sent(self, s: Stage, words: str) -> None:
        _say(s, words)
        s.sync()
        assert s.said() == ""
        assert [call.name for call in s.calls] == ["update"]

    def test_one_that_was_dead_already_stops_nobody(self, s: Stage) -> None:
        s.site.edit(s.page, TEXT.replace("Two in", '<a href="old.md">Two</a> in'))
        s.sync()
        s.replace("guide/page.md", "One by one.", "One at a time.")
        s.sync()
        assert s.said() == ""
        assert "One at a time." in s.site.body(s.page)

    def test_other_pages_are_sent_all_the_same(self, s: Stage) -> None:
        _say(s, "See [it](nowhere.md).")
        s.replace("notes.md", "Two", "2")
        s.sync()
        assert [call.pages for call in s.calls] == [(s.site.by_title("Notes"),)]


class TestNewPages:
    def test_pages_link_to_pages_that_are_made_by_the_same_push(self, s: Stage) -> None:
        _say(s, "See [it](new.md).")
        s.world.tree.write("guide/new.md", b"# New\n\nBack to [the page](page.md), on to [more](more.md).\n")
        s.world.tree.write("guide/more.md", b"# More\n\nBack to [new](new.md).\n")
        s.sync()
        assert '<ri:page ri:content-title="New" />' in s.site.body(s.page)
        assert '<ri:page ri:content-title="More" />' in s.site.body(s.site.by_title("New"))
        assert "[it](new.md)" in s.text
        assert s.settled()

    def test_nothing_links_to_a_new_file_that_is_refused(self, s: Stage) -> None:
        _say(s, "See [it](new.md).")
        s.world.tree.write("guide/new.md", b"# New\n\nSee [dead](nowhere.md).\n")
        s.sync()
        assert not s.calls
        assert "guide/page.md: line 9: “new.md”" in s.said()
        assert "guide/new.md: line 3: “nowhere.md”" in s.said()


class TestFilesElsewhere:
    """A file anywhere in the repository that a page refers to becomes an attachment of the page."""

    @pytest.fixture
    def pictured(self, s: Stage) -> Stage:
        s.world.tree.write("images/pic.png", b"a picture")
        _say(s, "See ![pic](../images/pic.png).")
        s.sync()
        return s

    def _there(self, s: Stage) -> dict[str, bytes]:
        return {name: file.data[-1] for name, file in s.site.entry(s.page).files.items()}

    def test_it_is_uploaded_and_shown(self, pictured: Stage) -> None:
        assert self._there(pictured)["pic.png"] == b"a picture"
        assert '<ri:attachment ri:filename="pic.png" />' in pictured.site.body(pictured.page)
        assert "![pic](../images/pic.png)" in pictured.text
        assert pictured.settled()

    def test_a_new_page_takes_its_pictures_along(self, s: Stage) -> None:
        s.world.tree.write("images/pic.png", b"a picture")
        s.world.tree.write("guide/new.md", b"# New\n\n![pic](../images/pic.png)\n")
        s.sync()
        assert list(s.site.entry(s.site.by_title("New")).files) == ["pic.png"]
        assert s.settled()

    def test_edited_here_it_is_uploaded_again(self, pictured: Stage) -> None:
        pictured.world.tree.write("images/pic.png", b"a better picture")
        pictured.sync()
        assert self._there(pictured)["pic.png"] == b"a better picture"
        assert pictured.settled()

    def test_edited_there_it_arrives_where_it_lies(self, pictured: Stage) -> None:
        pictured.site.attach(pictured.page, "pic.png", b"their picture")
        pictured.sync()
        assert pictured.world.tree.files[RelPath("images/pic.png")] == b"their picture"
        assert RelPath("guide/page.assets/pic.png") not in pictured.world.tree.files
        assert pictured.settled()

    def test_edited_on_both_sides_both_are_kept(self, pictured: Stage) -> None:
        pictured.world.tree.write("images/pic.png", b"my picture")
        pictured.site.attach(pictured.page, "pic.png", b"their picture")
        pictured.sync()
        assert pictured.world.tree.files[RelPath("images/pic.png")] == b"their picture"
        assert b"my picture" in pictured.world.tree.files.values()

    def test_no_longer_referred_to_it_is_detached_and_the_file_stays(self, pictured: Stage) -> None:
        pictured.replace("guide/page.md", "See ![pic](../images/pic.png).", "Nothing to see.")
        pictured.sync()
        assert "pic.png" not in self._there(pictured)
        assert pictured.world.tree.files[RelPath("images/pic.png")] == b"a picture"

    def test_the_page_moves_and_the_picture_stays(self, pictured: Stage) -> None:
        pictured.site.move(pictured.page, Place.APPEND, pictured.site.by_title("First"))
        pictured.sync()
        assert "![pic](../../images/pic.png)" in pictured.text
        assert not [call for call in pictured.calls if call.name == "remove_attachment"]
        assert pictured.settled()

    def test_two_files_of_one_name_are_not_one_attachment(self, s: Stage) -> None:
        s.world.tree.write("images/a.txt", b"another a")
        _say(s, "See [a](../images/a.txt).")
        s.sync()
        assert not s.calls
        assert "refers to two files of the name a.txt" in s.said()


class TestPlaceholders:
    MACRO = (
        '<ac:structured-macro ac:name="roadmap" ac:macro-id="4-2">'
        '<ac:parameter ac:name="x">1</ac:parameter></ac:structured-macro>'
    )

    def test_one_pasted_from_another_page_keeps_its_bytes(self, s: Stage) -> None:
        s.site.edit(s.site.by_title("Notes"), TEXT + self.MACRO)
        s.sync()
        pasted = s.world.text("notes.md").rpartition("Three at the end.")[2].strip()
        assert "#" in pasted
        _say(s, pasted)
        s.sync()
        assert s.said() == ""
        assert '<ac:parameter ac:name="x">1</ac:parameter>' in s.site.body(s.page)
        assert s.settled()
