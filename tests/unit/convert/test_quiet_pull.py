"""Quiet pull: a remote change rewrites the words it changed, in the file's own lines.

The file is dressed differently from what `get` writes (by mdformat, with and without wrapping, which pads
tables and spells addresses its own way) and holds a local comment. One word changes in storage; what
the pull then writes is the file with that word replaced. Only the padding of a table's cell may give way.
"""

import random
import re
from collections.abc import Iterator, Sequence

import mdformat
import pytest

from confsync.convert import blocks_of, get, put
from confsync.merge import MarkerLabels, Side, merge_text
from confsync.shipped import sample_space
from tests.unit.convert.test_corpus import FOLDER, WORD, documents

LABELS = MarkerLabels("local", "Confluence")
NEW = "Zebra"
COMMENT = "<!-- to do: ask Ann -->"
WRAPS = (60, "keep", "no")
PADDING = re.compile(r" +(?=\|)")
Page = tuple[str, str]
"""A name and a storage document."""


def samples() -> Iterator[Page]:
    """The pages that confsync brings along, as if somebody had just published them."""
    for path in sorted(sample_space().rglob("*.md")):
        yield path.name, put(path.read_text("utf-8"), None, allow_loss=True).storage


def changed(storage: str, chance: random.Random) -> tuple[str, str] | None:
    """The page with one of its unique words replaced, as `get` writes it, and the word that is gone."""
    markdown = get(storage).markdown
    words = [found for found in WORD.finditer(markdown) if markdown.count(found[0]) == 1]
    if get(storage).reason or not words:
        return None
    found = chance.choice(words)
    edited = markdown[: found.start()] + NEW + markdown[found.end() :]
    remote = get(put(edited, storage, allow_loss=True).storage).markdown
    return (remote, found[0]) if remote == edited else None


def dressed(markdown: str, chance: random.Random) -> str:
    """The file as somebody else's formatter leaves it, with a note of theirs between two blocks."""
    text = mdformat.text(
        markdown, extensions={"gfm", "frontmatter"}, options={"wrap": chance.choice(WRAPS), "number": True}
    )
    starts = [block.span[0] for block in blocks_of(text)]
    at = chance.choice([start for start in starts if text[:start].endswith("\n\n")] or [len(text)])
    return f"{text[:at]}{COMMENT}\n\n{text[at:]}"


def loud(pages: Iterator[Page], seed: int) -> tuple[int, Sequence[str]]:
    """How many pages were pulled, and those where more than the word changed."""
    chance = random.Random(seed)
    pulled, wrong = 0, []
    for name, storage in pages:
        change = changed(storage, chance)
        if change is None:
            continue
        remote, gone = change
        base = get(storage).markdown
        local = dressed(base, chance)
        sides = [Side(text, blocks_of(text)) for text in (base, local, remote)]
        result = merge_text(*sides, labels=LABELS, read=blocks_of)
        wanted = local.replace(gone, NEW)
        pulled += 1
        if result.conflicts or PADDING.sub(" ", result.text) != PADDING.sub(" ", wanted):
            wrong.append(name)
    return pulled, wrong


def test_a_changed_word_is_all_that_changes_in_the_file() -> None:
    pulled, wrong = loud(samples(), seed=1)
    assert wrong == []
    assert pulled > 8


@pytest.mark.skipif(
    not (FOLDER / "manifest.tsv").is_file(),
    reason="no corpus: let CONFSYNC_CORPUS name a folder of storage documents",
)
@pytest.mark.parametrize(
    ("every", "seed"), [(15, 1), pytest.param(1, 2, marks=pytest.mark.soak)], ids=["some", "all"]
)
def test_it_is_in_real_pages(every: int, seed: int) -> None:
    pulled, wrong = loud(documents(every, largest=60_000), seed)
    assert wrong == []
    assert pulled > 400 // every
