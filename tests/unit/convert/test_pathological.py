"""Edits of hostile pages cost their length: four times as much takes about four times as long, both ways."""

import contextlib
import time
from collections.abc import Callable

import pytest

from confsync.convert import get, put
from confsync.convert.lens.get import forget
from confsync.errors import ConvertError

COUNT, FACTOR = 250, 4
SLACK = 2.5
"""How much more than `FACTOR` times as long the large page may take; quadratic would be `FACTOR` times more."""
Case = tuple[Callable[[int], str], Callable[[str], str]]
"""A page of so many pieces, and an edit of its text."""
CELLS = "<tr><td>w{0}</td><td>b</td></tr>"
COMMENT = '<ac:inline-comment-marker ac:ref="r{0}">w{0} v{0}</ac:inline-comment-marker>'
CODE = '<ac:structured-macro ac:name="code"><ac:plain-text-body><![CDATA[a{0}]]></ac:plain-text-body></ac:structured-macro>'
IMAGE = '<ac:image ac:width="1"><ri:attachment ri:filename="a{0}.png" /></ac:image>'
SECTION = '<ac:layout-section ac:type="two_equal"><ac:layout-cell><p>a</p></ac:layout-cell><ac:layout-cell /></ac:layout-section>'


def many(piece: str, around: str = "{0}") -> Callable[[int], str]:
    return lambda count: around.format("".join(piece.format(number) for number in range(count)))


def turned(markdown: str) -> str:
    return "\n\n".join(markdown.split("\n\n")[::-1])


CASES: dict[str, Case] = {
    "equal paragraphs, one goes": (many("<p>x</p>"), lambda text: text[3:]),
    "equal paragraphs, all change": (many("<p>x y</p>"), lambda text: text.replace("y", "z")),
    "all change behind a new one": (many("<p>w{0} a b c</p>"), lambda text: "New.\n\n" + text.replace(" b ", " z ")),
    "all are replaced": (many("<p>w{0} a{0}</p>"), lambda text: text.replace("w", "v").replace("a", "u")),
    "all turn round": (many("<p>w{0} a{0}</p>"), turned),
    "all go into a panel": (many("<p>w{0} a{0}</p>"), lambda text: f":::info[T]\n\n{text}\n:::\n"),
    "items of a list": (many("<li>w{0} a b c</li>", "<ul>{0}</ul>"), lambda text: text.replace(" b ", " z ")),
    "cells of a table": (many(CELLS, "<table>{0}</table>"), lambda text: text.replace("| b |", "| z |")),
    "a column of a table": (
        many(CELLS, "<table>{0}</table>"),
        lambda text: text.replace("b |", "b | n |").replace("---", "--- | ---", 1).replace("|", "| |", 1),
    ),
    "one very wide row": (
        many("<td>w{0}</td>", "<table><tr>{0}</tr></table>"),
        lambda text: text.replace("<td>w7<", "<td>n</td>\n<td>w7<"),
    ),
    "comments in a paragraph": (many(COMMENT + " ", "<p>{0}</p>"), lambda text: text.replace("w5", "z5")),
    "paragraphs with comments split": (many(f"<p>a{{0}} {COMMENT}</p>"), lambda text: text.replace(" w", "\n\nw")),
    "dates come": (
        many('<p>a{0} <time datetime="2026-01-02" /></p>'),
        lambda text: text.replace("a", ":date[2026-01-02] :date[2026-01-03] a"),
    ),
    "equal placeholders": (many('<ac:macro ac:name="x" />'), lambda text: text.split("\n\n", 1)[1]),
    "bold words": (many("<strong>a</strong> b ", "<p>{0}</p>"), lambda text: text.replace(" b ", " c ")),
    "layouts": (many(SECTION, "<ac:layout>{0}</ac:layout>"), lambda text: text.replace("\na\n", "\na\n\nb\n")),
    "code": (many(CODE), lambda text: text.replace("a1", "b1")),
    "images turn round": (many(IMAGE), turned),
    "lists in lists": (
        lambda count: "<ul><li>a" * (count // 20) + "</li></ul>" * (count // 20),
        lambda text: text.replace("a", "b"),
    ),
}  # fmt: skip


def seconds(storage: str, text: str) -> float:
    best = 9e9
    for _ in range(2):
        forget()
        start = time.process_time()
        with contextlib.suppress(ConvertError):
            put(text, storage, allow_loss=True)
        best = min(best, time.process_time() - start)
    return best


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_edits_cost_the_length_of_the_page(case: Case) -> None:
    page, edit = case
    small, large = page(COUNT), page(COUNT * FACTOR)
    one = seconds(small, edit(get(small).markdown))
    many_ = seconds(large, edit(get(large).markdown))
    assert many_ < one * FACTOR * SLACK + 0.05, (one, many_)


HUGE = {
    "brackets": "[" * 100_000,
    "directives": ":::a\n" * 10_000,
    "list marks": "- " * 20_000,
    "quote marks": ">" * 50_000,
    "paragraphs": "a\n\n" * 30_000,
    "pipes": "|" * 100_000,
    "rows": "| a |\n| - |\n" + "| b |\n" * 20_000,
    "comments": "<!-- layout: two_equal -->\n\n" * 10_000,
    "placeholders": "::macro[x]{#abc123}\n\n" * 10_000,
}


@pytest.mark.parametrize("text", HUGE.values(), ids=HUGE)
def test_huge_texts_are_read_or_refused_in_time(text: str) -> None:
    start = time.process_time()
    with contextlib.suppress(ConvertError):
        put(text, None, allow_loss=True)
    assert time.process_time() - start < 6
