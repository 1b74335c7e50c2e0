"""Merging texts by example, on the toy language."""

import pytest

from confsync.errors import MalformedMarkdown
from confsync.merge import merge_text
from confsync.model.block import Block
from tests.unit.merge.toy import LABELS, merge, side

BASE = """Hello world again.

- one
- two

  - nested
- three

::: info Title

Inside the panel.

Second inside.

:::

| h1 | h2 |
| --- | --- |
| a | b |
| c | d |

Last one.
"""
MINE = """Hello
world again.

<!-- TODO: mine -->

*   one
*   two

    * nested
*   three

::: info Title

Inside the panel.

Second inside.

:::

| h1    | h2    |
| ----- | ----- |
| a     | b     |
| c     | d     |

Last one.
"""


def pulled(*changes: tuple[str, str]) -> str:
    remote = BASE
    for old, new in changes:
        assert old in remote
        remote = remote.replace(old, new)
    merged = merge(BASE, MINE, remote)
    assert not merged.conflicts
    return merged.text


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("nested", "deeper"), ("    * nested", "    * deeper")),
        (("- three", "- two and a half\n- three"), ("*   three", "*   two and a half\n*   three")),
        (("- one\n", "- one\n\n  more\n"), ("*   one\n", "*   one\n\n    more\n")),
        (("- three\n", ""), ("*   three\n", "")),
        (("| c | d |", "| c | longer |"), ("| c     | d     |", "| c     | longer |")),
        (("| c | d |", "| cc | d |"), ("| c     | d     |", "| cc    | d     |")),
        (("| c | d |\n", ""), ("| c     | d     |\n", "")),
        (("| c | d |", "| n | m |\n| c | d |"), ("| c     | d     |", "| n | m |\n| c     | d     |")),
        (("info Title", "info Other"), ("info Title", "info Other")),
        (("Second inside.", "Second.\n\nThird."), ("Second inside.", "Second.\n\nThird.")),
        (("Last one.", "Last one.\n\nEnd."), ("Last one.", "Last one.\n\nEnd.")),
        (("Hello world again.\n\n", ""), ("Hello\nworld again.\n\n", "")),
    ],
)
def test_a_pull_changes_only_the_lines_of_what_changed(
    change: tuple[str, str], expected: tuple[str, str]
) -> None:
    assert pulled(change) == MINE.replace(*expected, 1)


def test_a_file_with_windows_line_ends_keeps_them() -> None:
    mine = MINE.replace("\n", "\r\n")
    merged = merge(BASE, mine, BASE.replace("Last one.", "Last one.\n\nEnd.").replace("nested", "deeper"))
    assert merged.text == MINE.replace("Last one.", "Last one.\n\nEnd.").replace("nested", "deeper").replace(
        "\n", "\r\n"
    )


def test_a_block_that_moved_takes_its_bytes_along() -> None:
    panel = BASE[BASE.index("::: info") : BASE.index("| h1")]
    remote = BASE.replace(panel, "") + "\n" + panel.rstrip() + "\n"
    mine = BASE.replace("Hello world", "Hello big world").replace("Second inside.", "Second\ninside.")
    merged = merge(BASE, mine, remote)
    assert not merged.conflicts
    assert merged.text.endswith(
        "Last one.\n\n::: info Title\n\nInside the panel.\n\nSecond\ninside.\n\n:::\n"
    )
    assert merged.text.startswith("Hello big world again.\n\n- one\n")


def test_columns_added_on_one_side_and_cells_edited_on_the_other_go_together() -> None:
    wide = (
        BASE.replace("h2 |", "h2 | h3 |")
        .replace("--- |\n", "--- | --- |\n")
        .replace("b |", "b | x |")
        .replace("d |", "d | y |")
    )
    edited = BASE.replace("| c | d |", "| c | mine |")
    expected = wide.replace("| c | d |", "| c | mine |")
    assert merge(BASE, wide, edited).text == expected
    assert merge(BASE, edited, wide).text == expected


def conflict(local: tuple[str, str], remote: tuple[str, str]) -> str:
    merged = merge(BASE, BASE.replace(*local, 1), BASE.replace(*remote, 1))
    assert len(merged.conflicts) == 1
    (found,) = merged.conflicts
    assert merged.marked.splitlines()[found.line - 1] == "<<<<<<< local"
    start, end = merged.marked.index("<<<<<<<"), merged.marked.index(">>>>>>>")
    return merged.marked[start:end]


def test_only_the_conflicting_lines_get_markers() -> None:
    assert conflict(("world", "wide"), ("world", "whole")) == (
        "<<<<<<< local\nHello wide again.\n=======\nHello whole again.\n"
    )
    assert (
        conflict(("| b |", "| L |"), ("| b |", "| R |")) == "<<<<<<< local\n| a | L |\n=======\n| a | R |\n"
    )
    assert (
        conflict(("nested", "mine"), ("nested", "theirs")) == "<<<<<<< local\n  - mine\n=======\n  - theirs\n"
    )


def test_an_edit_of_what_the_other_side_deleted_is_a_conflict() -> None:
    assert conflict(("Second inside.\n\n", ""), ("Second inside", "Second one inside")).endswith(
        "=======\n\nSecond one inside.\n"
    )
    assert (
        conflict(("- three", "- three more"), ("- three\n", "")) == "<<<<<<< local\n- three more\n=======\n"
    )


def test_two_cells_of_one_row_are_one_conflict() -> None:
    assert conflict(("| a | b |", "| x | y |"), ("| a | b |", "| v | w |")) == (
        "<<<<<<< local\n| x | y |\n=======\n| v | w |\n"
    )


def test_neighbouring_words_are_no_conflict() -> None:
    merged = merge(BASE, BASE.replace("Hello", "Goodbye"), BASE.replace("world", "moon"))
    assert merged.text == BASE.replace("Hello world", "Goodbye moon")


def test_both_sides_may_add_something_in_the_same_place() -> None:
    merged = merge(BASE, BASE + "\nMine.\n", BASE + "\nTheirs.\n")
    assert merged.text == BASE + "\nMine.\n\nTheirs.\n"
    same = merge(BASE, BASE + "\nBoth.\n", BASE + "\nBoth.\n")
    assert same.text == BASE + "\nBoth.\n"


def test_without_a_base_what_differs_is_a_conflict_and_what_is_equal_is_not() -> None:
    merged = merge("", "Same.\n\nMine.\n\nEnd.\n", "Same.\n\nTheirs.\n\nEnd.\n")
    assert merged.ours == "Same.\n\nMine.\n\nEnd.\n"
    assert merged.theirs == "Same.\n\nTheirs.\n\nEnd.\n"
    assert len(merged.conflicts) == 1
    assert merge("", "Same\nthing.\n", "Same thing.\n").text == "Same\nthing.\n"


def test_an_empty_file_takes_the_remote_text() -> None:
    assert merge("", "", BASE).text == BASE
    assert merge(BASE, BASE, "").text == ""


def test_a_merge_that_would_say_something_else_is_a_conflict() -> None:
    """A reader that never agrees: in the end nothing is mixed any more."""
    local, remote = BASE.replace("Hello", "Hi"), BASE.replace("Last", "Final")
    merged = merge_text(side(BASE), side(local), side(remote), labels=LABELS, read=lambda _: ())
    assert (merged.ours, merged.theirs) == (local, remote)


def test_a_long_text_is_merged_in_no_time() -> None:
    base = "".join(f"Paragraph number {n} of many says {n * 7919 % 10007}.\n\n" for n in range(3000))
    local = base.replace("number 10 ", "number ten ").replace(
        "number 2500 of many says", "number 2500 of some says"
    )
    remote = base.replace("number 1500 of", "number 1500 out of") + "End.\n"
    assert not merge(base, local, remote, check=False).conflicts


def test_a_merge_that_cannot_be_read_back_is_a_conflict() -> None:
    def refuse(_: str) -> tuple[Block, ...]:
        raise MalformedMarkdown("a directive is never closed")

    local, remote = BASE.replace("Hello", "Hi"), BASE.replace("Last", "Final")
    merged = merge_text(side(BASE), side(local), side(remote), labels=LABELS, read=refuse)
    assert (merged.ours, merged.theirs) == (local, remote)
    assert merge_text(side(BASE), side(BASE), side(remote), labels=LABELS, read=refuse).text == remote
