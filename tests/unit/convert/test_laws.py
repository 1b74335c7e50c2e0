"""Locality: what is edited changes its own bytes, and what is added looks like its neighbours."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.pages import PageMaker
from confsync.convert import get, put

PAGES = st.integers(0, 10_000).map(lambda seed: PageMaker(seed).page(2_500))
QUICK = settings(max_examples=60, deadline=None)
WORD = re.compile(r"(?<= )[a-z]{4,}(?= )")
STRUCTURE = re.compile(r"^```(?:.|\n)*?^```|^<!--.*|^:::.*|\]\([^)]*\)", re.MULTILINE)
"""Where a word is no word of the page."""


@QUICK
@given(PAGES, st.integers(0))
def test_one_word_changes_the_bytes_of_one_word(storage: str, chosen: int) -> None:
    markdown = get(storage).markdown
    hidden = [found.span() for found in STRUCTURE.finditer(markdown)]
    words = [
        found
        for found in WORD.finditer(markdown)
        if not any(start <= found.start() < end for start, end in hidden)
    ]
    found = words[chosen % len(words)]
    text = markdown[: found.start()] + "zebra" + markdown[found.end() :]
    made = put(text, storage).storage
    at = made.index("zebra")
    assert made[:at] + found[0] + made[at + 5 :] == storage


TABLE = (
    '<table data-layout="wide" ac:local-id="t"><colgroup><col style="width: 10px;" /><col style="width: 20px;" />'
    '</colgroup><tbody><tr><th class="h"><p>a</p></th><th><p>b</p></th></tr>'
    '<tr><td class="x"><p>c</p></td><td class="y"><p>d</p></td></tr></tbody></table>'
)


TASK = (
    "<ac:task{0}><ac:task-status>incomplete</ac:task-status>"
    '<ac:task-body><span class="placeholder-inline-tasks">{1}</span></ac:task-body></ac:task>'
)
TASK_A = TASK.format(' ac:local-id="t"', "a")
HEADED = (
    '<table ac:local-id="t"><colgroup><col style="width: 1px;" /><col style="width: 2px;" /></colgroup><tbody>'
    '<tr><th>x</th><th>y</th></tr><tr><th class="x">a</th><td class="y">c</td></tr></tbody></table>'
)
SPANNED = (
    '<table data-layout="wide"><tbody><tr><td><p>a</p></td><td><p>b</p></td></tr>'
    '<tr><td colspan="2">wide</td></tr></tbody></table>'
)


@pytest.mark.parametrize(
    ("storage", "old", "new", "becomes"),
    [
        ("<ul><li><p>a</p></li></ul>", "- a", "- a\n- b", "<ul><li><p>a</p></li><li><p>b</p></li></ul>"),
        ("<ul><li>a</li></ul>", "- a", "- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        (
            TABLE,
            "| c | d |",
            "| c | d |\n| e | f |",
            TABLE.replace(
                "</tbody>", '<tr><td class="x"><p>e</p></td><td class="y"><p>f</p></td></tr></tbody>'
            ),
        ),
        (
            TABLE,
            "| a | b |\n| --- | --- |\n| c | d |",
            "| a |\n| --- |\n| c |",
            TABLE.replace('<col style="width: 20px;" />', "")
            .replace("<th><p>b</p></th>", "")
            .replace('<td class="y"><p>d</p></td>', ""),
        ),
        (
            f"<ac:task-list>{TASK_A}</ac:task-list>",
            "- [ ] a",
            "- [ ] a\n- [ ] b",
            f"<ac:task-list>{TASK_A}{TASK.format('', 'b')}</ac:task-list>",
        ),
        (
            HEADED,
            "| x | y |\n| --- | --- |\n| a | c |",
            "| x | z | y |\n| --- | --- | --- |\n| a | n | c |",
            HEADED.replace('<td class="y">', '<td class="y">n</td><td class="y">')
            .replace("<th>y</th>", "<th>z</th><th>y</th>")
            .replace('<col style="width: 1px;" />', '<col style="width: 1px;" />' * 2),
        ),
        (
            SPANNED,
            '<td colspan="2">wide</td>',
            '<td colspan="2">wide</td>\n<td>new</td>',
            SPANNED.replace("wide</td>", "wide</td><td>new</td>"),
        ),
    ],
    ids=[
        "dressed item",
        "bare item",
        "row",
        "column",
        "task",
        "column beside a header column",
        "column of HTML",
    ],
)
def test_what_is_added_looks_like_its_neighbours(storage: str, old: str, new: str, becomes: str) -> None:
    markdown = get(storage).markdown
    assert old in markdown
    assert put(markdown.replace(old, new), storage).storage == becomes


@pytest.mark.parametrize(
    "storage",
    [
        "<p><code>a</code><code>b</code></p>",
        "<p><code>`</code><code>`</code></p>",
        "<p>a&#32;<b>b&#32;c</b></p>",
        "<p>a&#9;&#32;b</p>",
    ],
    ids=["code beside code", "ticks beside ticks", "a space as a number in a mark", "spaces as numbers"],
)
def test_what_fuzzing_found_survives_an_edit_elsewhere(storage: str) -> None:
    markdown = get(storage).markdown
    assert put(f"<!-- local -->\n\n{markdown}", storage).unchanged
    assert put(f"{markdown}\nAdded.\n", storage).storage == f"{storage}<p>Added.</p>"
