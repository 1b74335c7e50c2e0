"""The laws of the merge on pages of all constructs: two people in two places never meet."""

import re
from collections import Counter
from collections.abc import Iterator

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from confsync.convert import blocks_of, get
from confsync.merge import MarkerLabels, Merged, Side, merge_text
from confsync.model.block import Block
from tests.unit.convert.documents import storages

QUICK = settings(deadline=None, max_examples=20, suppress_health_check=list(HealthCheck))
LABELS = MarkerLabels("local", "Confluence")
WORD = re.compile(r"(?<= )(?:deploy|release|notes|every|team|before|friday|noon|with|care|cache|token)(?= )")
Word = tuple[int, int]
"""Where a word stands in the text."""


def leaves(blocks: tuple[Block, ...]) -> Iterator[Block]:
    for block in blocks:
        yield from leaves(block.children) if block.children else (block,)


def spots(markdown: str) -> list[list[Word]]:
    """The plain words of each leaf that has any: of paragraphs, headings, cells, items, tasks, captions."""
    found = []
    for leaf in leaves(blocks_of(markdown)):
        start, end = leaf.span
        words = [(start + one.start(), start + one.end()) for one in WORD.finditer(markdown[start:end])]
        if leaf.words and leaf.kind != "code" and words:
            found.append(words)
    return found


def replaced(text: str, *changes: tuple[Word, str]) -> str:
    for (start, end), word in sorted(changes, reverse=True):
        text = text[:start] + word + text[end:]
    return text


def merged(base: str, local: str, remote: str) -> Merged:
    sides = (Side(text, blocks_of(text)) for text in (base, local, remote))
    return merge_text(*sides, labels=LABELS, read=blocks_of)


@st.composite
def two_leaves(draw: st.DrawFn) -> tuple[str, Word, Word]:
    """A page, and a word in each of two of its leaves."""
    text = get(draw(storages())).markdown
    found = spots(text)
    assume(len(found) > 1)
    one, other = draw(st.permutations(range(len(found))))[:2]
    return text, draw(st.sampled_from(found[one])), draw(st.sampled_from(found[other]))


@QUICK
@given(two_leaves())
def test_edits_of_two_leaves_never_conflict_and_both_are_there(page: tuple[str, Word, Word]) -> None:
    text, one, other = page
    local, remote = replaced(text, (one, "mine")), replaced(text, (other, "theirs"))
    result = merged(text, local, remote)
    assert not result.conflicts
    assert result.text == replaced(text, (one, "mine"), (other, "theirs"))


@QUICK
@given(two_leaves())
def test_it_is_all_the_same_which_side_is_whose(page: tuple[str, Word, Word]) -> None:
    text, one, other = page
    local, remote = replaced(text, (one, "mine")), replaced(text, (other, "theirs"), (one, "also"))
    result, turned = merged(text, local, remote), merged(text, remote, local)
    assert len(result.conflicts) == len(turned.conflicts)
    assert result.ours == turned.theirs
    assert result.theirs == turned.ours


@QUICK
@given(two_leaves())
def test_a_change_made_on_both_sides_is_taken_once(page: tuple[str, Word, Word]) -> None:
    text, one, other = page
    local = replaced(text, (one, "both"))
    remote = replaced(text, (one, "both"), (other, "theirs"))
    result = merged(text, local, remote)
    assert not result.conflicts
    assert result.text == remote


@QUICK
@given(two_leaves())
def test_only_the_block_with_the_same_word_carries_markers(page: tuple[str, Word, Word]) -> None:
    text, one, other = page
    local, remote = replaced(text, (one, "mine")), replaced(text, (one, "theirs"), (other, "elsewhere"))
    result = merged(text, local, remote)
    assert len(result.conflicts) == 1
    conflict = result.conflicts[0]
    assert "mine" in conflict.ours
    assert "theirs" in conflict.theirs
    assert result.text == replaced(text, (one, "mine"), (other, "elsewhere"))
    lines = Counter(conflict.ours.splitlines())
    assert lines.total() <= text.count("\n", *block_of(text, one)) + 1


def block_of(text: str, word: Word) -> Word:
    """The outermost block that has to be rewritten for a word: a table's row is one line."""

    def find(blocks: tuple[Block, ...]) -> Word:
        for block in blocks:
            if block.span[0] <= word[0] < block.span[1]:
                inner = block.kind in ("layout", "column", "macro", "list", "item", "tasks", "task", "quote")
                return find(block.children) if block.children and inner else block.span
        return word

    return find(blocks_of(text))


@QUICK
@given(two_leaves())
def test_words_of_one_leaf_that_do_not_meet_are_both_taken(page: tuple[str, Word, Word]) -> None:
    text, one, _ = page
    leaf = next(words for words in spots(text) if one in words)
    apart = [word for word in leaf if abs(word[0] - one[0]) > 20]
    assume(apart)
    local, remote = replaced(text, (one, "mine")), replaced(text, (apart[0], "theirs"))
    result = merged(text, local, remote)
    assert not result.conflicts
    assert result.text == replaced(text, (one, "mine"), (apart[0], "theirs"))
