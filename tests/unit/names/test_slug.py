"""Slugs: what a title becomes in a file system."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from confsync.names import fold, is_excluded, slug

TITLES = st.text(max_size=300)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Install", "install"),
        ("Getting started: a guide (v1.2)", "getting-started-a-guide-v1-2"),
        ("Größe & Maße", "größe-maße"),
        ("스크린샷 설명", "스크린샷-설명"),
        ("Что нового?", "что-нового"),
        ("हिन्दी में", "हिन्दी-में"),
        ("Cafe\u0301", "café"),
        ("soft\u00adhyphen", "softhyphen"),
        ("../../etc/passwd", "etc-passwd"),
        (".git", "git"),
        ("_private", "private"),
        ("trailing dots...", "trailing-dots"),
        ("README", "readme-page"),
        ("Contributing", "contributing-page"),
        ("CHANGELOG", "changelog-page"),
        ("License", "license-page"),
        ("Index", "index-page"),
        ("CON", "con-page"),
        ("Lpt1", "lpt1-page"),
        ("com¹", "com¹-page"),
        ("Console", "console"),
        ("🚀", "untitled"),
        ("", "untitled"),
        ("\u0301", "untitled"),
    ],
)
def test_a_title_becomes_a_slug(title: str, expected: str) -> None:
    assert slug(title) == expected


@given(TITLES)
@example("İstanbul")
@example("ﬁ" * 100)
@example("한" * 255)
def test_a_slug_is_safe_on_every_system(title: str) -> None:
    made = slug(title)
    assert made
    assert len(made.encode()) <= 120
    assert made[0] not in "._-"
    assert made[-1] not in ".- "
    assert not set(made) & set('<>:"/\\|?*~. ')
    assert all(unicodedata.category(char)[0] not in "CZ" for char in made)
    assert unicodedata.is_normalized("NFC", made)


@given(TITLES)
def test_a_slug_is_never_the_name_of_an_excluded_file(title: str) -> None:
    assert not is_excluded(f"{slug(title)}.md")
    assert not is_excluded(f"{slug(title)}/x.md")


@given(TITLES)
@example("İ")
def test_a_slug_is_its_own_slug(title: str) -> None:
    assert slug(slug(title)) == slug(title)


@given(TITLES)
def test_the_spelling_of_unicode_does_not_matter(title: str) -> None:
    assert slug(unicodedata.normalize("NFD", title)) == slug(title)


@pytest.mark.parametrize(
    ("one", "other"), [("API", "Api"), ("Straße", "STRASSE"), ("Café", "cafe\u0301"), ("Σίσυφος", "ΣΊΣΥΦΟΣ")]
)
def test_names_that_are_one_file_somewhere_fold_to_one_key(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@given(st.text())
def test_folding_twice_changes_nothing(name: str) -> None:
    assert fold(fold(name)) == fold(name)
