"""Conflict markers that people, or their formatters, left behind."""

import pytest

from confsync.merge import find_markers

MARKED = "A\n<<<<<<< local\nmine\n=======\ntheirs\n>>>>>>> Confluence v3 (Ann, 2026-11-23)\nB\n"


def test_markers_are_found_with_their_lines() -> None:
    assert [(m.line, m.text) for m in find_markers(MARKED)] == [
        (2, "<<<<<<< local"),
        (6, ">>>>>>> Confluence v3 (Ann, 2026-11-23)"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        r"# \<<\<<\<<\<<< local alpha LOCAL",
        r"# \<<\<<\<<< local alpha LOCAL",
        "> > > > > > > Confluence v3",
        r"\<<<<<<< local",
        "  <<<<<<< local",
        ">>>>>>> Confluence v3",
    ],
)
def test_formatters_damage_markers_and_they_are_found_all_the_same(line: str) -> None:
    assert [m.line for m in find_markers(f"A\n\n{line}\n")] == [3]


@pytest.mark.parametrize(
    "line", ["Title\n=======", "> > quoted twice", "a << b", ">>>>> five", "=======", "<b>x</b>"]
)
def test_ordinary_lines_are_no_markers(line: str) -> None:
    assert not find_markers(f"A\n\n{line}\n")


def test_what_the_base_says_too_is_content() -> None:
    assert not find_markers(MARKED, MARKED)


def test_markers_in_fenced_code_are_content_unless_the_page_is_in_conflict() -> None:
    page = f"How git does it:\n\n```text\n{MARKED}```\n"
    assert not find_markers(page)
    assert len(find_markers(page, in_conflict=True)) == 2
    assert len(find_markers(page + "\n" + MARKED)) == 4


def test_a_fence_ends_with_its_own_kind_only() -> None:
    assert not find_markers(f"~~~\n```\n{MARKED}~~~\n")
    assert len(find_markers(f"```\ncode\n```\n{MARKED}")) == 2
