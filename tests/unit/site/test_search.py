"""The search finds what pages say; its index is made of scripts that load from a disk."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confsync.site import SiteReport
from confsync.site.search.index import Index, weigh
from confsync.site.search.text import Section
from confsync.site.search.words import LONGEST, fold_text, words

Build = Callable[[Mapping[str, str]], SiteReport]


def calls(path: Path) -> list[Any]:
    """The arguments of the one call that a file of the search makes."""
    found = re.fullmatch(r"confsyncSearch\.\w+\((.*)\);\n", path.read_text(encoding="utf-8"), re.DOTALL)
    assert found, path
    arguments: list[Any] = json.loads(f"[{found[1]}]")
    return arguments


def search(out: Path, word: str) -> dict[str, str]:
    """The addresses of the pages that hold a word, with the letter of their weight."""
    store = out / "_confsync" / "search"
    pages = calls(store / "pages.js")[0]["pages"]
    for path in store.glob("*.js"):
        if path.name != "pages.js" and word in (held := calls(path)[1]):
            number, found = 0, {}
            for distance, weight in re.findall(r"([0-9a-z]+)([A-Z])", held[word]):
                number += int(distance, 36)
                found[pages[number - 1][1]] = weight
            return found
    return {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Quick-Brown fox_trot 2.0", ["the", "quick", "brown", "fox", "trot", "2", "0"]),
        ("Crème brûlée, Straße", ["creme", "brulee", "straße"]),
        ("ＦＵＬＬ width", ["full", "width"]),
        ("한국어 안내", ["한국", "국어", "어", "안내", "내"]),
        ("東京タワー go", ["東京", "京タ", "タワ", "ワー", "ー", "go"]),
        ("Приве́т мир", ["привет", "мир"]),
        ("x" * 100, ["x" * LONGEST]),
        (" – … ", []),
    ],
)
def test_words_are_folded_and_dense_scripts_come_in_pairs(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(st.text())
def test_every_word_is_found_by_itself(text: str) -> None:
    for word in words(text):
        assert word == fold_text(word)
        assert 1 <= len(word) <= LONGEST


def test_titles_weigh_more_than_labels_headings_and_text() -> None:
    text = [Section("h", "harbour", "pier " * 3 + "and much else besides " * 90)]
    weights = weigh("Lighthouse", ["crane"], text)
    assert weights["lighthouse"] > weights["crane"] > weights["pier"]
    assert weights["harbour"] > weights["pier"]
    assert all(0 <= weight <= 25 for weight in weigh("a", ["a"], [Section("a", "a", "a " * 9999)]).values())


def test_text_headings_labels_code_cells_and_raw_html_are_found(build: Build, out: Path) -> None:
    build({
        "index.md": "home",
        "a.md": "---\nlabels: [quay]\n---\n# Hello\n\n## Berth\n\n| crane |\n| --- |\n| rope |\n\n```sh\nanchor --drop\n```\n\n"
        "<table>\n<tr><td>buoy <b>x</b></td></tr>\n</table>\n\n:status[MOORED]{green} `knot`\n\n:::info[Tide]\n\nlow\n\n:::\n",
    })  # fmt: skip
    for word in re.findall(r"\w+", "hello berth quay crane rope anchor drop buoy moored knot tide low"):
        assert list(search(out, word)) == ["a.html"], word
    assert not search(out, "td")


def test_excerpts_know_their_heading(build: Build, out: Path) -> None:
    build({"index.md": "before\n\n## Deep sea\n\nfish *and* ships\nsail\n"})
    name, about, text = calls(out / "_confsync" / "search" / "text" / "index.js")
    assert (name, about) == ("index.html", ["Home", "before"])
    assert text == [["", "", "before"], ["deep-sea", "Deep sea", "fish and ships sail"]]


def test_hidden_and_private_words_are_not_in_the_index(build: Build, out: Path) -> None:
    build({
        "index.md": ":::excerpt{hidden=true}\n\nxyzzy\n\n:::\n\n<!-- xyzzy -->\n",
        "draft.md": "---\nstatus: draft\nlabels: [xyzzy]\n---\nxyzzy\n",
        "local.md": "---\ntitle: Xyzzy\nconfluence: false\n---\nxyzzy\n",
    })  # fmt: skip
    for path in out.rglob("*.js"):
        assert "xyzzy" not in path.read_text(encoding="utf-8").lower(), path


def test_a_file_of_words_that_grows_large_is_cut_by_the_third_letter() -> None:
    index = Index()
    for number in range(300):
        held = {f"ab{chr(97 + number % 26)}{number}{k}": 3 for k in range(60)} | {"ab": 1, "cd": 1}
        index.add(held)
    names = [name for name, _ in index.files()]
    assert {"61-62.js", "61-62-61.js", "61-62-7a.js", "63-64.js"} <= set(names)
    assert len(names) == 26 + 1 + 1


def test_a_word_in_every_page_costs_two_characters_a_page() -> None:
    index = Index()
    for _ in range(1000):
        index.add({"the": 0})
    content = next(text for name, text in index.files() if name == "74-68.js")
    assert len(content) < 2100
