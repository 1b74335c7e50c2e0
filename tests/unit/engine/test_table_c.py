"""Decision table C: what the user did to a page × what a colleague did to it meanwhile.

`push`, `pull`, `both`: the change of that side (of both) is on both sides. `nothing`: no write on any side.
`keep`: the file stays, the page stays in the trash, nothing is sent. `remove`: the file goes.
`gated`: the page goes to the trash, after a word. `returns`: the file comes back with the colleague's change.
"""

import pytest

from confsync.errors import GateStopped
from confsync.ports import Place
from tests.unit.engine.stage import ARRIVED_HERE, ARRIVED_THERE, HERE, TEXT, THERE, Stage, stage

TABLE = """
| here \\ there | -       | edit    | rename  | move   | reorder | labels  | attach  | delete |
| -            | nothing | pull    | pull    | pull   | pull    | pull    | pull    | remove |
| edit         | push    | both    | both    | both   | both    | both    | both    | keep   |
| rename       | push    | both    | pull    | both   | both    | both    | both    | keep   |
| move         | push    | both    | both    | pull   | both    | both    | both    | remove |
| reorder      | push    | both    | both    | both   | both    | both    | both    | remove |
| labels       | push    | both    | both    | both   | both    | both    | both    | keep   |
| attach       | push    | both    | both    | both   | both    | both    | both    | keep   |
| delete       | gated   | returns | returns | gated  | gated   | returns | returns | gone   |
"""


def _cells() -> list[tuple[str, str, str]]:
    head, *rows = [
        [cell.strip() for cell in line.strip("| ").split("|")] for line in TABLE.split("\n") if line
    ]
    return [(row[0], there, cell) for row in rows for there, cell in zip(head[1:], row[1:], strict=True)]


def _play(here: str, there: str) -> Stage:
    s = stage()
    if there != "-":
        THERE[there](s)
    if here != "-":
        HERE[here](s)
    return s


@pytest.mark.parametrize(("here", "there", "cell"), _cells(), ids=str)
def test_the_table(here: str, there: str, cell: str) -> None:
    s = _play(here, there)
    if cell == "gated":
        with pytest.raises(GateStopped):
            s.sync(delete=False, says=False)
        assert not s.trashed
    s.sync()
    CHECKS[cell](s, here, there)
    assert s.settled()


def _nothing(s: Stage, here: str, there: str) -> None:
    assert not s.calls


def _pull(s: Stage, here: str, there: str) -> None:
    assert not s.calls
    assert ARRIVED_HERE[there](s)


def _push(s: Stage, here: str, there: str) -> None:
    assert ARRIVED_THERE[here](s)


def _both(s: Stage, here: str, there: str) -> None:
    assert ARRIVED_HERE[there](s)
    assert ARRIVED_THERE[here](s)


def _keep(s: Stage, here: str, there: str) -> None:
    assert s.exists()
    assert s.trashed
    assert not s.calls
    assert "moved to the trash in Confluence, and edited here" in s.said()


def _remove(s: Stage, here: str, there: str) -> None:
    assert not s.exists()
    assert s.trashed


def _gated(s: Stage, here: str, there: str) -> None:
    assert s.trashed
    assert not s.exists()


def _returns(s: Stage, here: str, there: str) -> None:
    assert not s.trashed
    assert ARRIVED_HERE[there](s)
    assert any(item.did == "restored" for outcome in s.outcomes for item in outcome.pulled)


def _gone(s: Stage, here: str, there: str) -> None:
    assert not s.calls
    assert not s.exists()


CHECKS = {
    "nothing": _nothing,
    "pull": _pull,
    "push": _push,
    "both": _both,
    "keep": _keep,
    "remove": _remove,
    "gated": _gated,
    "returns": _returns,
    "gone": _gone,
}


class TestCellsWithTwoAnswers:
    def test_edit_and_edit_of_the_same_words_conflict(self) -> None:
        s = stage()
        s.replace("guide/page.md", "Two in the middle.", "Two here.")
        s.site.edit(s.page, TEXT.replace("Two in the middle.", "Two there."))
        outcome = s.sync()
        assert outcome.exit_code == 3
        assert "Two here." in s.text
        assert "Two there." in s.text
        assert not s.calls

    def test_rename_and_the_same_rename_is_no_conflict(self) -> None:
        s = stage()
        s.keys("guide/page.md", title="Theirs")
        s.site.edit(s.page, title="Theirs")
        s.sync()
        assert not s.calls
        assert s.said() == ""

    def test_rename_and_another_rename_says_whose_title_gave_way(self) -> None:
        s = _play("rename", "rename")
        s.sync()
        assert "it is “Theirs” now, your “Mine” gave way" in s.said()

    def test_move_and_the_same_move_is_no_conflict(self) -> None:
        s = stage()
        s.rename("guide/page", "notes/page")
        s.site.move(s.page, Place.APPEND, s.site.by_title("Notes"))
        s.sync()
        assert not s.calls
        assert s.file == "notes/page.md"

    def test_move_and_another_move_says_that_it_was_superseded(self) -> None:
        s = _play("move", "move")
        s.sync()
        assert "somebody moved it to another place in Confluence" in s.said()

    def test_attach_and_attach_of_the_same_name_keeps_both(self) -> None:
        s = stage()
        s.world.tree.write("guide/page.assets/new.txt", b"mine")
        s.site.attach(s.page, "new.txt", b"theirs")
        s.sync()
        files = {name: file.data[-1] for name, file in s.site.entry(s.page).files.items()}
        assert files["new.txt"] == b"theirs"
        assert sorted(files.values()) == [b"mine", b"the first a", b"theirs"]
        assert s.settled()

    def test_reorder_and_reorder_of_the_same_page_takes_confluences(self) -> None:
        s = stage()
        s.site.page("Late", TEXT, parent=s.site.by_title("Guide"))
        s.sync()
        s.keys("guide.md", children=("page", "first", "last", "late"))
        s.site.move(s.page, Place.AFTER, s.site.by_title("Late"))
        s.sync()
        assert s.children() == ["First", "Last", "Late", "Page"]
        assert not s.calls
        assert s.settled()


class TestCreate:
    def test_a_title_that_a_rename_took_gives_way_with_a_word(self) -> None:
        s = stage()
        s.world.tree.write("notes/mine.md", b"# Theirs\n\nA new page.\n")
        THERE["rename"](s)
        s.sync()
        assert {"Theirs", "Theirs (2)"} <= {entry.row.title for entry in s.site.current()}
        assert "Theirs (2)" in s.said()
        assert s.settled()

    def test_a_title_that_a_deletion_freed_is_taken(self) -> None:
        s = stage()
        s.world.tree.write("notes/mine.md", b"---\ntitle: Page\n---\n\nA new page.\n")
        THERE["delete"](s)
        s.sync()
        assert s.site.row(s.site.by_title("Page")).parent == s.site.by_title("Notes")
        assert s.settled()

    def test_the_same_page_made_on_both_sides_is_adopted(self) -> None:
        s = stage()
        s.world.tree.write("guide/new.md", b"---\ntitle: New\n---\n\nThe same.\n")
        page = s.site.page("New", "<p>The same.</p>", parent=s.site.by_title("Guide"))
        s.sync()
        assert not s.calls
        assert f"id: {page}" in s.world.text("guide/new.md")
        assert len([path for path in s.world.pages() if "new" in path]) == 1
        assert s.settled()

    def test_two_pages_of_one_title_made_on_both_sides_conflict(self) -> None:
        s = stage()
        s.world.tree.write("guide/new.md", b"---\ntitle: New\n---\n\nMine.\n")
        s.site.page("New", "<p>Theirs.</p>", parent=s.site.by_title("Guide"))
        outcome = s.sync()
        assert outcome.exit_code == 3
        assert not s.calls
        assert "Mine." in s.world.text("guide/new.md")
        assert "Theirs." in s.world.text("guide/new.md")
