"""Hostile inputs never cost more than their length, and never end in anything but an answer or a refusal."""

import contextlib
import time
from collections.abc import Callable

import pytest

from confsync.convert import get, put
from confsync.errors import ConvertError

CODE = '<ac:structured-macro ac:name="code"><ac:plain-text-body><![CDATA['
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
    "open images": "![",
    "links": "[a](b",
    "open comments in a block": "<!--",
    "open sections": "<![CDATA[",
    "cells of HTML": "<td>",
    "open cells": "<td ",
    "breaks": "<br>",
    "nested marks that never close": "<b>*a ",
    "escapes": "\\*",
    "closing colons": ":::\n\n",
    "hard breaks": "a  \n",
    "quoted lines": "> a\n",
    "checkboxes": "- [ ] a\n",
    "rows": "| a | b |\n",
    "autolinks": "<http://a>",
    "no-break spaces": "a&nbsp; ",
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
    "macros that are alike": '<ac:structured-macro ac:name="drawio"><ac:parameter ac:name="a">1</ac:parameter></ac:structured-macro>',
    "unknown elements": "<ac:foo/> ",
    "directives": ":a[",
}
CONTAINERS = {
    "cells": ("<table><tbody><tr>", "<td>a</td>", "</tr></tbody></table>"),
    "rows": ("<table><tbody>", "<tr><td>a</td><td>b</td></tr>", "</tbody></table>"),
    "items": ("<ul>", "<li>a</li>", "</ul>"),
    "paragraphs in a cell": ("<table><tbody><tr><td>", "<p>a</p>", "</td></tr></tbody></table>"),
    "lines of code": (f"{CODE}", "\n", "]]></ac:plain-text-body></ac:structured-macro>"),
    "ticks of code": (f"{CODE}", "`", "]]></ac:plain-text-body></ac:structured-macro>"),
    "empty paragraphs": ("", "<p />", "<p>a</p>"),
    "white space": ("<p>a</p>", "\n", "<p>b</p>"),
}
NESTED = {
    "quotes": ("> ", "a", ""),
    "lists": ("- ", "a", ""),
    "numbered lists": ("1. ", "a", ""),
    "directives": (":::info\n\n", "a", "\n\n:::"),
    "details": ("<details>\n\n", "a", "\n\n</details>"),
    "tables": ("<table><tr><td>\n\n", "a", "\n\n</td></tr></table>"),
    "layouts": ("<!-- layout: two_equal -->\n\n", "a", "\n\n<!-- /layout -->"),
    "lists in a cell": ("<ul><li>", "a", "</li></ul>"),
    "alerts": ("> [!NOTE]\n> ", "a", ""),
    "emphasis": ("*a ", "a", " a*"),
    "marks": ("<u>", "a", "</u>"),
    "excerpts": (":excerpt[", "a", "]"),
    "brackets": ("[", "a", "](b)"),
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


@pytest.mark.parametrize("parts", CONTAINERS.values(), ids=CONTAINERS)
def test_long_containers_cost_their_length(parts: tuple[str, str, str]) -> None:
    def whole(size: int) -> None:
        storage = parts[0] + parts[1] * (size // len(parts[1])) + parts[2]
        got = get(storage)
        assert put(f"{got.markdown}\nAdded.\n", storage).storage == f"{storage}<p>Added.</p>"

    assert_linear(lambda: whole(4 * SMALL), lambda: whole(4 * SMALL * FACTOR))


@pytest.mark.parametrize("depth", [40, 400, 4000])
@pytest.mark.parametrize("parts", NESTED.values(), ids=NESTED)
def test_nesting_is_kept_or_refused_at_any_depth(parts: tuple[str, str, str], depth: int) -> None:
    opened, inside, closed = parts
    start = time.process_time()
    try:
        said = put(opened * depth + inside + closed * depth, None).storage
    except ConvertError as refused:
        said = refused.message
    assert "nest more than 100 deep" in said or (inside in said and not get(said).reason)
    assert time.process_time() - start < 3


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
