"""A first H1 equal to the title is the title."""

import pytest

from confsync.plan.heading import first_heading, retitled, without_title


def test_the_title_as_a_heading_is_not_sent() -> None:
    assert without_title("\n# Install\n\nRun it.\n", "Install") == "Run it.\n"


def test_another_heading_is_text() -> None:
    assert without_title("# Overview\n\nRun it.\n", "Install") == "# Overview\n\nRun it.\n"


def test_a_heading_further_down_is_text() -> None:
    text = "Run it.\n\n# Install\n"
    assert without_title(text, "Install") == text


def test_a_rename_renames_it_too() -> None:
    assert retitled("# Install\n\nx\n", "Install", "Set *up*") == "# Set \\*up\\*\n\nx\n"


def test_a_rename_leaves_other_headings_alone() -> None:
    assert retitled("# Overview\n", "Install", "Set up") == "# Overview\n"


@pytest.mark.parametrize(
    ("body", "title"),
    [("# A\n", "A"), ("#  A #\n", "A"), ("# \\*A\n", "*A"), ("text\n", None), ("## A\n", None)],
)
def test_reading_it(body: str, title: str | None) -> None:
    assert first_heading(body) == title
