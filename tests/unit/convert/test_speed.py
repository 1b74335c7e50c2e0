"""Hostile inputs never cost more than their length, and never end in anything but an answer or a refusal."""

import contextlib
import time
from collections.abc import Callable

import pytest

from confsync.convert import get, put
from confsync.errors import ConvertError

SMALL, FACTOR = 4_000, 4
SLACK = 3.0
"""How much more than `FACTOR` times as long the large input may take; quadratic would be `FACTOR` times more."""

MARKDOWN = {
    "brackets": "[",
    "closed brackets": "[]",
    "inline directives": ":status[",
    "directive attributes": ":status[x]{a=`",
    "leaf": "::toc{a",
    "ticks": "`a",
    "dollars": "$`a",
    "emphasis": "*a **b ",
    "underscores": "_a __b ",
    "tags": "<b>",
    "open tags": "<a href='",
    "comments": "<!-- ",
    "targets": "](a(b ",
    "entities": "&amp",
    "tildes": "~~a ",
    "pipes": "| a ",
    "images": "![a](b){",
}
STORAGE = {
    "words": "a ",
    "stars": "* ",
    "brackets": "[](",
    "entities": "&nbsp;",
    "references": "&#160;&#32;",
    "marks": "<b>a</b>",
    "empty marks": "<b> </b><i/>",
    "spaced marks": "<b> a </b>",
    "breaks": "<br/> ",
    "code": "<code>`</code>",
    "colons": "::: ",
    "sections": "<![CDATA[a]]>",
    "comments": "<!-- a -->",
    "underscores": "_a_ ",
    "pipes": "|",
}


def seconds(work: Callable[[], object]) -> float:
    best = 9e9
    for _ in range(3):
        start = time.process_time()
        with contextlib.suppress(ConvertError):
            work()
        best = min(best, time.process_time() - start)
    return best


def assert_linear(small: Callable[[], object], large: Callable[[], object]) -> None:
    one, many = seconds(small), seconds(large)
    assert many < one * FACTOR * SLACK + 0.05, (one, many)


@pytest.mark.parametrize("sign", MARKDOWN.values(), ids=MARKDOWN)
def test_repeated_signs_of_markdown_cost_their_length(sign: str) -> None:
    assert_linear(
        lambda: put(sign * (SMALL // len(sign)), None, allow_loss=True),
        lambda: put(sign * (SMALL * FACTOR // len(sign)), None, allow_loss=True),
    )


@pytest.mark.parametrize("sign", STORAGE.values(), ids=STORAGE)
def test_repeated_signs_of_storage_cost_their_length(sign: str) -> None:
    def whole(size: int) -> None:
        storage = "<p>" + sign * (size // len(sign)) + "</p>"
        got = get(storage)
        assert put(f"{got.markdown}\nAdded.\n", storage).storage == f"{storage}<p>Added.</p>"

    assert_linear(lambda: whole(SMALL), lambda: whole(SMALL * FACTOR))


@pytest.mark.parametrize(
    "storage",
    ["<![CDATA[" * 20_000, "<p>" * 100_000, '<p a="', f"<p {'a ' * 50_000}>", f"<p {'a=1 ' * 50_000}/>", "&" * 100_000],
    ids=["sections", "depth", "quote", "names", "bare values", "ampersands"],
)  # fmt: skip
def test_what_is_not_well_formed_is_carried_at_once(storage: str) -> None:
    start = time.process_time()
    got = get(storage)
    assert got.reason
    assert put(got.markdown, storage).storage == storage
    assert time.process_time() - start < 2
