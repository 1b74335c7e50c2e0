"""The laws on real documents; the whole corpus only in soak runs."""

import csv
import os
import random
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import mdformat
import pytest

from confsync.convert import blocks_of, check, get, put
from confsync.errors import MalformedMarkdown
from confsync.model.block import Block
from tests.unit.convert.edits import EDITS
from tests.unit.convert.test_laws_edits import IDENTITY, edited, says
from tests.unit.convert.test_laws_formatting import PRETTIER, prettier

FOLDER = Path(
    os.environ.get("CONFSYNC_CORPUS", Path(__file__).resolve().parents[3].parent / "shared" / "corpus")
)
pytestmark = pytest.mark.skipif(
    not (FOLDER / "manifest.tsv").is_file(),
    reason="no corpus: let CONFSYNC_CORPUS name a folder of storage documents",
)
WORD = re.compile(r"(?<![\w#:/{\[(=`<&;-])[A-Za-z가-힣]{4,}(?![\w\](}=:/`>.;-])")
CODE_ENDS_BLANK = re.compile(r"[ \t]\n[ >]*```")
"""Prettier trims the end of code in a fence."""
STRUCTURE = (":::", "::", "```", "<", "|", "!")


def documents(every: int, largest: int = 40_000) -> Iterator[tuple[str, str]]:
    with (FOLDER / "manifest.tsv").open(encoding="utf-8", newline="") as manifest:
        rows = [row for row in csv.DictReader(manifest, delimiter="\t") if int(row["bytes"]) <= largest]
    for row in rows[::every]:
        yield row["file"], (FOLDER / row["file"]).read_bytes().decode("utf-8")


def fails_get_put(every: int, largest: int) -> list[str]:
    return [name for name, storage in documents(every, largest) if not check(storage).get_put]


def test_an_edit_elsewhere_changes_no_byte() -> None:
    assert fails_get_put(every=5, largest=40_000) == []


@pytest.mark.soak
def test_an_edit_elsewhere_changes_no_byte_in_the_whole_corpus() -> None:
    assert fails_get_put(every=1, largest=10_000_000) == []


def test_what_is_written_reads_back_as_the_same_blocks() -> None:
    for name, storage in documents(every=5):
        got = get(storage)
        if got.reason:
            continue
        assert put(got.markdown + "\n<!-- a local note -->\n", storage).unchanged, name


def test_a_word_changes_only_its_bytes() -> None:
    chance = random.Random(7)
    edits = 0
    for name, storage in documents(every=7):
        markdown = get(storage).markdown
        lines = markdown.splitlines(keepends=True)
        chosen = [
            i
            for i, line in enumerate(lines)
            if not line.lstrip("> -").startswith(STRUCTURE) and "](" not in line
        ]
        if not chosen or get(storage).reason:
            continue
        index = chance.choice(chosen)
        found = WORD.search(lines[index])
        if found is None or "{" in lines[index] or "ac:adf" in storage:
            continue
        old = found[0]
        lines[index] = lines[index][: found.start()] + "Zebra" + lines[index][found.end() :]
        edited = "".join(lines)
        new = put(edited, storage, allow_loss=True).storage
        start = next(i for i, (a, b) in enumerate(zip(storage, new, strict=False)) if a != b)
        tail = len(storage) - start - len(old)
        assert any(
            new[s : s + 5] == "Zebra"
            and new[:s] == storage[:s]
            and new[s + 5 :] == storage[len(storage) - len(new) + s + 5 :]
            for s in range(max(0, start - 5), start + 1)
        ), (name, lines[index], tail)
        assert get(new).markdown == edited, name
        edits += 1
    assert edits > 20


def broken_bundles(every: int, seed: int) -> list[str]:
    """Documents where a random bundle of edits does not say on the page what it says in the text."""
    chance = random.Random(seed)
    broken = []
    for name, storage in documents(every, largest=60_000):
        got = get(storage)
        if got.reason:
            continue
        bundle = [
            (chance.choice(EDITS), chance.randrange(10**6), chance.randrange(10**6))
            for _ in range(chance.randint(1, 5))
        ]
        text = edited(got.markdown, bundle)
        try:
            made = put(text, storage, allow_loss=True).storage
        except MalformedMarkdown:
            continue
        new = Counter(IDENTITY.findall(made)) - Counter(IDENTITY.findall(storage))
        if new or says(get(made).markdown) != says(text) or put(text, made, allow_loss=True).storage != made:
            broken.append(name)
    return broken


def test_bundles_of_edits_say_on_the_page_what_they_say_in_the_text() -> None:
    assert broken_bundles(every=17, seed=1) == []


@pytest.mark.soak
def test_they_do_in_the_whole_corpus() -> None:
    """All but four: three cut options out of a fence's first line, which then keep what the base has, and one
    joins a paragraph to another that says `<code>` where it has a code span."""
    assert len(broken_bundles(every=1, seed=7)) <= 4  # measured; fewer is better


def test_mdformat_is_no_edit() -> None:
    for name, storage in documents(every=23, largest=15_000):
        got = get(storage)
        if got.reason:
            continue
        formatted = mdformat.text(got.markdown, extensions={"gfm", "frontmatter"})
        assert put(formatted, storage).unchanged, name


@pytest.mark.parametrize("wrap", ["preserve", "always"])
def test_prettier_is_no_edit(wrap: str, tmp_path: Path) -> None:
    if reason := prettier():
        pytest.skip(reason)
    pages = {}
    for number, (name, storage) in enumerate(documents(every=37, largest=15_000)):
        text = get(storage).markdown
        if not get(storage).reason and not CODE_ENDS_BLANK.search(text):
            pages[tmp_path / f"{number}.md"] = (name, storage)
            (tmp_path / f"{number}.md").write_bytes(text.encode())
    command = [*PRETTIER, "--prose-wrap", wrap, "--write", *map(str, pages)]
    subprocess.run(command, capture_output=True, check=True, timeout=110)
    for path, (name, storage) in pages.items():
        assert put(path.read_bytes().decode(), storage).unchanged, name


def test_the_neutral_trees_of_both_sides_agree() -> None:
    for name, storage in documents(every=11):
        got = get(storage)
        blocks = got.blocks
        assert [block.key for block in blocks] == [block.key for block in blocks_of(got.markdown)], name
        for block in blocks:
            text = got.markdown[slice(*block.span)]
            assert text, name
            assert not text.endswith("\n"), name
            assert_nested(block, name)


def assert_nested(block: Block, name: str) -> None:
    at = block.span[0]
    for child in block.children:
        assert at <= child.span[0] <= child.span[1] <= block.span[1], (name, block.kind, child)
        at = child.span[1]
        assert_nested(child, name)
    assert not (block.words and block.children), name
