"""Links follow the files they mean, and nothing else changes."""

import time

import pytest

from confsync.model.ids import RelPath
from confsync.plan.relink import relink

MOVED = {
    RelPath("guide/install.md"): RelPath("set up/install.md"),
    RelPath("guide/install.assets"): RelPath("set up/install.assets"),
}


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("See [it](guide/install.md).", "See [it](set%20up/install.md)."),
        ("See [it](guide/install.md#part).", "See [it](set%20up/install.md#part)."),
        ("![a](guide/install.assets/a.png)", "![a](set%20up/install.assets/a.png)"),
        ('<a href="guide/install.md">x</a>', '<a href="set%20up/install.md">x</a>'),
        ("[x](notes.md) [y](https://a/guide/install.md)", "[x](notes.md) [y](https://a/guide/install.md)"),
        ("`[it](guide/install.md)`", "`[it](guide/install.md)`"),
        ("```\n[it](guide/install.md)\n```\n", "```\n[it](guide/install.md)\n```\n"),
        ("[up](#guide/install.md)", "[up](#guide/install.md)"),
    ],
)
def test_links_of_other_files(text: str, result: str) -> None:
    assert relink(text, RelPath("index.md"), RelPath("index.md"), MOVED) == result


def test_links_of_the_moved_file_itself() -> None:
    text = "[home](../index.md) ![a](install.assets/a.png)"
    here, there = RelPath("guide/install.md"), RelPath("set up/deep/install.md")
    moved = {RelPath("guide/install.assets"): RelPath("set up/deep/install.assets"), here: there}
    assert relink(text, here, there, moved) == "[home](../../index.md) ![a](install.assets/a.png)"


def test_it_is_linear_on_hostile_text() -> None:
    start = time.process_time()
    for text in ("`" * 50_000, "](" * 50_000, "```\n" * 20_000, "` " * 50_000):
        relink(text, RelPath("a.md"), RelPath("a.md"), MOVED)
    assert time.process_time() - start < 5
