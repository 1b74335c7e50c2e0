"""The examples of docs/markdown.md are what the lens writes and reads."""

from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from confsync.convert import Links, get, put
from confsync.convert.rules.macro import Form
from confsync.convert.rules.macros import MACROS

DOCS = Path(__file__).resolve().parents[3] / "docs" / "markdown.md"
LINKS = Links(users={"557058:ab-cd": "Jane Doe"})
TEXT = DOCS.read_text(encoding="utf-8")


def examples(info: str) -> list[object]:
    tokens = MarkdownIt("commonmark").parse(TEXT)
    found = [tok for tok in tokens if tok.type == "fence" and tok.info == info]
    return [pytest.param(tok.content, id=f"line {tok.map[0] + 1 if tok.map else 0}") for tok in found]


@pytest.mark.parametrize("markdown", examples("markdown"))
def test_an_example_is_in_the_form_that_the_lens_writes(markdown: str) -> None:
    storage = put(markdown, None).storage
    got = get(storage, LINKS)
    assert put(markdown, storage).unchanged
    assert lines(got.markdown) == lines(markdown)
    assert not got.opaque


@pytest.mark.parametrize("markdown", examples("markdown by hand"))
def test_an_example_that_is_only_written_by_hand_is_good_storage(markdown: str) -> None:
    storage = put(markdown, None).storage
    shown = get(storage)
    assert not shown.reason
    assert put(shown.markdown + "\nMore.\n", storage).storage == storage + "<p>More.</p>"


def test_every_macro_with_a_name_is_named() -> None:
    missing = [
        rule.markdown_name
        for rule in MACROS.by_name.values()
        if rule.form is not Form.FENCE and rule.markdown_name not in TEXT
    ]
    assert missing == []


def lines(markdown: str) -> str:
    """Soft breaks in a paragraph are the writer's own."""
    return markdown.replace(",\n", ", ")
