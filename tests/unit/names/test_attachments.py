"""Attachment files: one harmless file per attachment, computed from names alone."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from confsync.names import (
    assets_folder,
    attachment_name,
    attachment_path,
    file_names,
    fold,
    is_litter,
    safe_name,
)

NAMES = st.one_of(
    st.text(max_size=250),
    st.sampled_from(
        ["a.png", "A.png", "a.PNG", "con.txt", "a/b.png", "a_b.png", "a:b.png", ".git", "..", ""]
    ),
)


def test_the_folder_is_named_after_the_page_file() -> None:
    assert assets_folder("install.md") == "install.assets"
    assert assets_folder("install/index.md") == "install/index.assets"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("diagram.png", "diagram.png"),
        ("Screenshot 2026-11-23 at 10.15.png", "Screenshot 2026-11-23 at 10.15.png"),
        ("../../.git/config", "_._.._.git_config"),
        ("C:\\temp\\x.txt", "C__temp_x.txt"),
        ("file.txt:stream", "file.txt_stream"),
        ("nul.tar.gz", "nul_.tar.gz"),
        (".gitattributes", "_gitattributes"),
        ("GIT~1", "_IT~1"),
        ("x.\u202egnp", "x._gnp"),
        ("name. .", "name"),
        ("Thumbs.db", "Thumbs.db_"),
        ("notes.md~", "notes.md_"),
        ("~$plan.docx", "_$plan.docx_"),
        ("cafe\u0301.png", "café.png"),
        ("...", "_"),
        ("", "_"),
    ],
)
def test_an_attachment_name_becomes_a_harmless_file_name(name: str, expected: str) -> None:
    assert safe_name(name) == expected


@given(NAMES)
@example("한" * 255 + ".pptx")
@example("x.sync-conflict-1.~")
@example("~$")
@example("#x#")
def test_a_safe_name_is_one_file_in_one_folder(name: str) -> None:
    safe = safe_name(name)
    assert safe
    assert len(safe.encode()) <= 200
    assert not set(safe) & set('<>:"/\\|?*')
    assert not safe.startswith((".", " "))
    assert not safe.endswith((".", " "))
    assert all(unicodedata.category(char) not in ("Cc", "Cf", "Cs") for char in safe)
    assert not is_litter(safe), "a scan would pass it over and take the attachment for deleted"


@given(NAMES)
def test_a_safe_name_is_safe(name: str) -> None:
    assert safe_name(safe_name(name)) == safe_name(name)


@given(st.sets(NAMES, max_size=8))
def test_every_attachment_has_a_file_of_its_own(names: set[str]) -> None:
    files = file_names(names)
    assert files.keys() == names
    assert len({fold(file) for file in files.values()}) == len(names)


@given(st.sets(NAMES, max_size=8))
def test_the_file_leads_back_to_the_attachment(names: set[str]) -> None:
    for name, file in file_names(names).items():
        assert attachment_name(file, names) == name
        assert attachment_path("a/b.md", name, names) == f"a/b.assets/{file}"


def test_names_that_differ_in_case_only_get_different_files() -> None:
    files = file_names(["a.png", "A.png"])
    assert files["A.png"] == "A.png"
    assert files["a.png"].startswith("a~")
    assert files["a.png"].endswith(".png")


def test_a_file_nobody_knows_is_an_attachment_of_its_own_name() -> None:
    assert attachment_name("cafe\u0301.png", ["a.png"]) == "café.png"
