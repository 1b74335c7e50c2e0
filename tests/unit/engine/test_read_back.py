"""Nothing is called done before Confluence says what was meant; and no comment loses its place by a write."""

import pytest

from tests.unit.engine.stage import TEXT, Stage, stage

PATH = "guide/page.md"


@pytest.fixture
def s() -> Stage:
    return stage()


def _edit(s: Stage) -> None:
    s.replace(PATH, "One by one.", "One at a time.")


def forgetful() -> Stage:
    """A server that takes words away when it saves, and an edit with those words."""
    s = stage()
    s.site.normalise = lambda body: body.replace("One at a time.", "One.")
    _edit(s)
    return s


class TestWhatConfluenceDoesNotKeep:
    @pytest.fixture
    def s(self) -> Stage:
        return forgetful()

    def test_is_told_and_not_called_done(self, s: Stage) -> None:
        outcome = s.sync()
        assert outcome.exit_code == 1
        assert "Confluence does not keep it as it was sent: line 1 of the text is “One.” there" in s.said()
        assert not outcome.pushed

    def test_is_not_sent_again_nor_taken_out_of_the_file(self, s: Stage) -> None:
        s.sync()
        for _ in range(3):
            assert s.sync().exit_code == 1
        assert [call.name for call in s.calls] == ["update"]
        assert "One at a time." in s.world.text(PATH)
        assert s.settled()

    def test_stays_known_when_nothing_is_to_be_pulled(self, s: Stage) -> None:
        s.sync()
        assert s.push().exit_code == 1

    def test_holds_up_nothing_else(self, s: Stage) -> None:
        s.sync()
        s.keys(PATH, labels=("mine", "old"))
        s.replace("notes.md", "One by one.", "One after the other.")
        s.sync()
        assert "mine" in s.site.entry(s.page).labels
        assert "One after the other." in s.site.body(s.site.by_title("Notes"))

    def test_is_sent_in_other_words(self, s: Stage) -> None:
        s.sync()
        s.replace(PATH, "One at a time.", "Singly.")
        assert s.sync().exit_code == 0
        assert "Singly." in s.site.body(s.page)

    def test_is_settled_by_writing_what_confluence_keeps(self, s: Stage) -> None:
        s.sync()
        s.replace(PATH, "One at a time.", "One.")
        assert s.sync().exit_code == 0
        assert [call.name for call in s.calls] == ["update"]

    def test_takes_what_a_colleague_does_afterwards(self, s: Stage) -> None:
        s.sync()
        s.site.edit(s.page, s.site.body(s.page).replace("Three at the end.", "Three at last."))
        s.sync()
        assert "Three at last." in s.text
        assert "Three at last." in s.site.body(s.page)

    def test_is_told_of_a_new_page(self, s: Stage) -> None:
        s.world.tree.write("fresh.md", b"One at a time.\n")
        assert s.sync().exit_code == 1
        assert "fresh.md: Confluence does not keep it" in s.said()
        assert "title: Fresh" in s.world.text("fresh.md")
        assert s.settled()


def test_normalising_is_no_difference(s: Stage) -> None:
    s.site.normalise = lambda body: body.replace("<p>", '<p local-id="1">').replace("ö", "&ouml;")
    s.replace(PATH, "One by one.", "One at a time, schön.")
    assert s.sync().exit_code == 0
    assert s.settled()


class TestAComment:
    """That comes between the look at a page and the write has no version, and no lock minds it."""

    def _commented(self, s: Stage, words: str, old: str, new: str) -> str:
        refs: list[str] = []
        s.replace(PATH, old, new)
        s.world.process(s.world.remote.fuse)
        remote = s.world.remote
        remote.before("update", lambda: refs.append(s.site.comment(s.page, words)))
        s.world.sync()
        return refs[0]

    def test_gets_its_marker_back(self, s: Stage) -> None:
        ref = self._commented(s, "middle", "One by one.", "One at a time.")
        assert f'ac:ref="{ref}">middle<' in s.site.body(s.page)
        assert "One at a time." in s.site.body(s.page)
        assert s.settled()

    def test_on_words_that_the_edit_takes_away_is_told(self, s: Stage) -> None:
        s.replace(PATH, "Two in the middle.", "Nothing.")
        s.world.process(s.world.remote.fuse)
        s.world.remote.before("update", lambda: s.site.comment(s.page, "middle"))
        outcome = s.world.sync()
        assert any("commented on “middle” at the same moment" in line for line in outcome.warnings)
        assert "Nothing." in s.site.body(s.page)
        assert s.settled()

    def test_that_lost_its_place_long_ago_is_left_alone(self, s: Stage) -> None:
        s.site.comment(s.page, "middle")
        s.site.edit(s.page, TEXT)
        s.sync()
        _edit(s)
        outcome = s.sync()
        assert not outcome.warnings
        assert [call.name for call in s.calls] == ["update"]

    def test_costs_one_request(self, s: Stage) -> None:
        _edit(s)
        s.push()
        names = [call.name for call in s.world.remote.calls]
        assert (names.count("inline_comments"), names.count("versions"), names.count("update")) == (1, 0, 1)


def test_a_server_that_drops_markers_is_told_of(s: Stage) -> None:
    ref = s.site.comment(s.page, "middle")
    s.sync()
    marker = f'<ac:inline-comment-marker ac:ref="{ref}">middle</ac:inline-comment-marker>'
    s.site.normalise = lambda body: body.replace(marker, "middle")
    _edit(s)
    assert s.sync().exit_code == 1
    assert "the markers of 1 inline comments are gone" in s.said()


def test_a_page_that_cannot_be_read_is_not_offered_for_loss(s: Stage) -> None:
    """A malformed body is carried whole: sending it with a loss allowed would not mend it."""
    s.site.normalise = lambda _: "<p>broken"
    s.site.edit(s.page, TEXT)
    s.sync()
    s.replace(PATH, "::macro[page: cannot be read]", "Mended.")
    s.sync()
    assert "edit the page in Confluence, which repairs it" in s.said()
    assert "--allow-loss" not in s.said()
