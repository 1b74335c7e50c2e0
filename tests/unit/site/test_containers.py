"""Directive paragraphs pair up by their colons, whatever people write."""

import time

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from confsync.site.rules.containers import CLOSE, LEAF, OPEN, Containers


def read(text: str) -> tuple[list[Token], list[str]]:
    tokens = MarkdownIt("commonmark").parse(text)
    containers = Containers()
    return containers.read(tokens), containers.complaints


def shape(text: str) -> str:
    signs = {OPEN: "<", CLOSE: ">", LEAF: "."}
    return "".join(signs.get(token.type, "p" if token.type == "inline" else "") for token in read(text)[0])


def test_an_outer_container_has_more_colons() -> None:
    assert shape("::::a\n\n:::b\n\nx\n\n:::\n\ny\n\n::::\n") == "<<p>p>"


def test_closing_the_outer_one_closes_the_inner_one_and_says_so() -> None:
    assert shape("::::a\n\n:::b\n\nx\n\n::::\n\ny\n") == "<<p>>p"
    assert read("::::a\n\n:::b\n\nx\n\n::::\n")[1] == ["line 3: :::b is never closed"]


def test_a_container_ends_with_the_quote_it_began_in() -> None:
    assert shape("> :::a\n>\n> x\n\ny\n") == "<p>p"


def test_a_close_without_an_open_is_reported() -> None:
    assert read("x\n\n:::\n")[1] == ["line 3: these 3 colons close nothing"]


def test_a_close_joined_to_the_last_paragraph_closes() -> None:
    assert shape(":::a\n\nx :::\n\ny\n") == "<p>p"


def test_leaves_need_no_close() -> None:
    assert shape("::toc\n\nx\n") == ".p"


LINES = st.sampled_from(
    [
        ":::a",
        "::::b",
        ":::",
        "::::",
        ":::::",
        "::leaf",
        "text",
        "- item",
        "> quote",
        "  indented",
        ":::a x :::",
        "::: ",
    ]
)


@given(st.lists(LINES, max_size=20).map("\n\n".join))
def test_whatever_is_written_opens_and_closes_pair_up(text: str) -> None:
    depth = 0
    for token in read(text)[0]:
        depth += token.nesting
        assert depth >= 0
    assert depth == 0


@given(st.lists(LINES, max_size=20).map("\n\n".join))
def test_containers_nest_properly_with_everything_else(text: str) -> None:
    stack: list[str] = []
    for token in read(text)[0]:
        if token.nesting > 0:
            stack.append(token.type.removesuffix("_open"))
        elif token.nesting < 0:
            assert stack.pop() == token.type.removesuffix("_close")


def test_hostile_nesting_costs_no_quadratic_time() -> None:
    tokens = MarkdownIt("commonmark").parse(":::a\n\n" * 10_000 + "::::\n\n" * 10_000)
    started = time.process_time()
    Containers().read(tokens)
    assert time.process_time() - started < 3
