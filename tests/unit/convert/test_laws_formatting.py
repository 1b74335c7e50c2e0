"""Formatting is no edit: what Prettier and mdformat do to a file changes no storage."""

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import mdformat
import pytest

from bench.pages import PageMaker
from confsync.convert import blocks_of, get, put
from confsync.shipped import sample_space

SAMPLE = (Path(__file__).parent / "fixtures" / "sample.md").read_text(encoding="utf-8")
PRETTIER = ("npx", "--yes", "prettier@3.3.3", "--no-config", "--embedded-language-formatting=off")


@cache
def prettier() -> str:
    """Why Prettier cannot be run; empty where it can."""
    if shutil.which("npx") is None:
        return "install Node.js (node and npx) to check Prettier"
    tried = subprocess.run([*PRETTIER, "--version"], capture_output=True, check=False, timeout=60)
    return (
        "" if tried.returncode == 0 else "let npx fetch prettier@3.3.3 (a network, or its cache) to check it"
    )


def constructs() -> list[str]:
    """Every construct of storage format as it is shown."""
    files = sorted((Path(__file__).parent / "constructs").glob("*/*.md"))
    storages = (re.split(r"^=== .*\n", path.read_text("utf-8"), flags=re.MULTILINE)[1] for path in files)
    return [get(storage.removesuffix("\n")).markdown for storage in storages]


def texts() -> list[str]:
    """The sample of all forms, every page of sample-space, and made pages."""
    pages = [path.read_text(encoding="utf-8") for path in sorted(sample_space().rglob("*.md"))]
    made = [get(PageMaker(seed).page(4_000)).markdown for seed in range(10)]
    return [SAMPLE, *pages, *made]


def assert_same(text: str, formatted: str) -> None:
    storage = put(text, None, allow_loss=True).storage
    assert put(formatted, storage, allow_loss=True).storage == put(text, storage, allow_loss=True).storage
    assert [block.key for block in blocks_of(formatted)] == [block.key for block in blocks_of(text)]


def test_mdformat_is_no_edit() -> None:
    for text in [*texts(), *constructs()]:
        assert_same(text, mdformat.text(text, extensions={"gfm", "frontmatter"}))


@pytest.mark.parametrize("wrap", ["preserve", "always"])
def test_prettier_is_no_edit(wrap: str, tmp_path: Path) -> None:
    if reason := prettier():
        pytest.skip(reason)
    files = []
    # Half of the constructs each, because every file costs time.
    some = constructs()[wrap == "always" :: 2]
    for number, text in enumerate([*texts(), *some]):
        path = tmp_path / f"{number}.md"
        path.write_text(text, encoding="utf-8")
        files.append((path, text))
    command = [*PRETTIER, "--prose-wrap", wrap, "--write", *(str(path) for path, _ in files)]
    subprocess.run(command, capture_output=True, check=True, timeout=110)
    for path, text in files:
        assert_same(text, path.read_text(encoding="utf-8"))
