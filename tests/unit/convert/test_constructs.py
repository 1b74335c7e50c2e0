"""Every construct of storage format: kept, editable inside, deletable, and writable by hand.

One file each in constructs/. A file begins with the construct's name and has these parts:

    storage       how Confluence stores it
    markdown      how it is shown
    words         words of it that can be changed in place, and only their bytes change
    not editable  words that cannot, and why
    by hand       what somebody types to make one; the Markdown above where this part is missing
    makes         the storage that this makes where there is no base
    shown         how that is shown, where not as it was typed
    not by hand   why nobody can type it
"""

import re
from functools import cache
from pathlib import Path

import pytest

from confsync.convert import check, get, put
from confsync.convert.rules.macro import Form
from confsync.convert.rules.macros import MACROS
from confsync.convert.rules.tokens import TOKENS

FOLDER = Path(__file__).parent / "constructs"
DOCS = Path(__file__).resolve().parents[3] / "docs" / "markdown.md"
FILES = sorted(FOLDER.glob("*/*.md"))
VOCABULARY = (FOLDER / "vocabulary.txt").read_text("utf-8").splitlines()
NEW = "zebra"

TRICKY = (FOLDER / "tricky.txt").read_text("utf-8").split()
"""Those that converters between the two formats are known to lose, flatten or renumber."""

Case = dict[str, str]


@cache
def case(path: Path) -> Case:
    name, *parts = re.split(r"^=== (.*)\n", path.read_bytes().decode("utf-8"), flags=re.MULTILINE)
    found = {"name": name.strip()}
    for title, text in zip(parts[::2], parts[1::2], strict=True):
        found[title] = text.removesuffix("\n")
    return found


def having(*parts: str) -> list[object]:
    return [
        pytest.param(path, id=f"{path.parent.name}/{path.stem}")
        for path in FILES
        if all(part in case(path) for part in parts)
    ]


def markdown(found: Case, part: str = "markdown") -> str:
    return found[part] + "\n"


@pytest.mark.parametrize("path", having())
def test_it_is_shown(path: Path) -> None:
    assert get(case(path)["storage"]).markdown == markdown(case(path))


@pytest.mark.parametrize("path", having())
def test_an_edit_elsewhere_changes_none_of_its_bytes(path: Path) -> None:
    assert check(case(path)["storage"]).get_put


@pytest.mark.parametrize("path", having("words"))
def test_a_word_changes_only_its_bytes(path: Path) -> None:
    found = case(path)
    for word in found["words"].split():
        edited = markdown(found).replace(word, NEW, 1)
        storage = put(edited, found["storage"]).storage
        assert storage in {replaced(found["storage"], at, word) for at in places(found["storage"], word)}, (
            word
        )
        if "{#" not in edited:
            assert get(storage).markdown == edited, word


def places(text: str, word: str) -> list[int]:
    return [one.start() for one in re.finditer(re.escape(word), text)]


def replaced(text: str, at: int, word: str) -> str:
    return text[:at] + NEW + text[at + len(word) :]


@pytest.mark.parametrize("path", having("storage"))
def test_it_goes_and_leaves_its_neighbours(path: Path) -> None:
    storage = f"<p>before</p>{case(path)['storage']}<p>after</p>"
    without = put("before\n\nafter\n", storage, allow_loss=True).storage
    assert without.startswith("<p>before</p>")
    assert without.endswith("<p>after</p>")
    assert get(without).markdown == "before\n\nafter\n"


@pytest.mark.parametrize("path", having("makes"))
def test_it_is_made_by_hand(path: Path) -> None:
    found = case(path)
    typed = markdown(found, "by hand" if "by hand" in found else "markdown")
    assert put(typed, None).storage == found["makes"]
    assert get(found["makes"]).markdown == (markdown(found, "shown") if "shown" in found else typed)


@pytest.mark.parametrize("path", having("makes"))
def test_what_was_typed_stays_the_same_when_it_comes_back(path: Path) -> None:
    found = case(path)
    typed = markdown(found, "by hand" if "by hand" in found else "markdown")
    assert put(typed, found["makes"]).storage == found["makes"]


@pytest.mark.parametrize("path", having())
def test_the_file_says_all_that_there_is_to_say(path: Path) -> None:
    found = case(path)
    assert ("makes" in found) != ("not by hand" in found)
    assert found["words"] or "not editable" in found or not re.search("otter|river|boat", found["storage"])


def test_of_the_tricky_ones_all_are_kept_and_all_words_can_be_edited() -> None:
    found = [case(FOLDER / f"{name}.md") for name in TRICKY]
    assert len(found) == 46
    assert all(check(one["storage"]).get_put for one in found)
    assert [one["name"] for one in found if "not editable" in one] == []
    assert sum(bool(one["words"]) for one in found) == 44


@pytest.mark.parametrize("line", VOCABULARY)
def test_every_element_attribute_and_name_has_a_construct(line: str) -> None:
    kind, _, name = line.partition(" ")
    written = {
        "element": rf"<{name}[\s/>]",
        "attribute": rf'\s{name}\s*=\s*["\']',
        "macro": rf'ac:name="{name}"',
        "node": rf'type="{name}"',
        "value": rf'"{name}"',
        "lexical": name,
    }[kind]
    assert any(re.search(written, case(path)["storage"]) for path in FILES), line


def test_every_rule_has_a_construct() -> None:
    together = "".join(case(path)["storage"] for path in FILES)
    missing = [name for name in (*MACROS.by_name, *TOKENS.macros) if f'ac:name="{name}"' not in together]
    missing += [tag for tag in TOKENS.elements if f"<{tag}" not in together]
    assert missing == []


def test_every_directive_that_is_shown_is_documented() -> None:
    text = DOCS.read_text("utf-8")
    shown = {
        name
        for path in FILES
        for name in re.findall(r"(?<![\w:]):{1,5}([a-z][a-z0-9-]*)(?=[\[({\n])", markdown(case(path)))
    }
    shown -= {"status", "tooltip"}
    assert {name for name in shown if name not in text} == set()
    assert all(rule.form is Form.FENCE or rule.markdown_name in text for rule in MACROS.by_name.values())
