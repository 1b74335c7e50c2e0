"""PutGet for bundles of edits, and locality, on pages made of all constructs and on real ones."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.pages import PageMaker
from confsync.convert import blocks_of, get, put
from confsync.convert.storage.parse import parse

PAGES = st.integers(0, 10_000).map(lambda seed: PageMaker(seed).page(2_500))
QUICK = settings(max_examples=60, deadline=None)
WORD = re.compile(r"(?<= )[a-z]{4,}(?= )")
STRUCTURE = re.compile(r"^```(?:.|\n)*?^```|^<!--.*|^:::.*|\]\([^)]*\)", re.MULTILINE)
"""Where a word is no word of the page."""
IDENTITY = re.compile(r'(?:ac:macro-id|local-id)="([^"]*)"')
OPERATIONS = ("insert", "delete", "duplicate", "swap", "word", "split", "join", "retype", "indent", "nest")


def blocks(markdown: str) -> list[str]:
    """The text of the top-level blocks."""
    return [markdown[slice(*block.span)] for block in blocks_of(markdown)]


def edited(parts: list[str], operation: str, at: int, other: int) -> list[str]:
    """One edit of a person; what cannot be done here leaves the page alone."""
    out = list(parts)
    part = out[at]
    prose = part[0].isalpha() and "\n" not in part
    match operation:
        case "insert":
            out.insert(at, f"New words {other}.")
        case "delete":
            del out[at]
        case "duplicate":
            out.insert(other, part)
        case "swap":
            out[at], out[other] = out[other], out[at]
        case "word":
            out[at] = WORD.sub("zebra", part, count=1)
        case "split" if prose and (found := WORD.search(part)):
            out[at : at + 1] = [part[: found.start()].rstrip(), part[found.start() :]]
        case "join" if prose and at + 1 < len(out) and out[at + 1][0].isalpha() and "\n" not in out[at + 1]:
            out[at : at + 2] = [f"{part} {out[at + 1]}"]
        case "retype" if prose:
            out[at] = f"## {part}"
        case "indent" if prose:
            out[at] = f"- {part}\n- more"
        case "nest" if prose:
            out[at] = f"> {part}"
        case _:
            pass
    return out


@QUICK
@given(
    PAGES,
    st.lists(st.tuples(st.sampled_from(OPERATIONS), st.integers(0), st.integers(0)), min_size=1, max_size=6),
)
def test_what_the_markdown_says_is_what_the_page_then_says(
    storage: str, bundle: list[tuple[str, int, int]]
) -> None:
    parts = blocks(get(storage).markdown)
    for operation, at, other in bundle:
        if parts:
            parts = edited(parts, operation, at % len(parts), other % len(parts))
    text = "\n\n<!-- apart -->\n\n".join(parts) + "\n"
    made = put(text, storage, allow_loss=True).storage
    parse(made)
    assert [one.key for one in get(made).blocks] == [one.key for one in blocks_of(text)]
    identities = IDENTITY.findall(made)
    assert len(identities) == len(set(identities))


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
    ],
    ids=["dressed item", "bare item", "row", "column"],
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
