"""Relative links and the percent-encoding of their targets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confsync.names import decode, encode, relative, resolve

NAMES = st.text(st.characters(exclude_characters="/\x00", exclude_categories=["Cs"]), min_size=1, max_size=8)
PATHS = st.lists(NAMES.filter(lambda name: name not in (".", "..")), min_size=1, max_size=4).map("/".join)


@pytest.mark.parametrize(
    ("here", "there", "link"),
    [
        ("install.md", "index.md", "index.md"),
        ("install/linux.md", "install/windows.md", "windows.md"),
        ("install/linux.md", "install.md", "../install.md"),
        ("index.md", "install/linux.md", "install/linux.md"),
        ("a/b/c.md", "a/d/e.md", "../d/e.md"),
        ("a.md", "a.md", "a.md"),
        ("a.md", "mailto:x.md", "./mailto:x.md"),
    ],
)
def test_a_link_leads_from_file_to_file(here: str, there: str, link: str) -> None:
    assert relative(here, there) == link
    assert resolve(here, link) == there


@given(PATHS, PATHS)
def test_following_a_link_arrives(here: str, there: str) -> None:
    assert resolve(here, relative(here, there)) == there


def test_a_link_out_of_the_working_copy_leads_nowhere() -> None:
    assert resolve("a/b.md", "../../c.md") is None
    assert resolve("a/b.md", "../c.md") == "c.md"
    assert resolve("a/b.md", "/c.md") == "c.md"


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("a b.png", "a%20b.png"),
        ("a(1).png", "a%281%29.png"),
        ("100%.png", "100%25.png"),
        ("스크린샷.png", "스크린샷.png"),
        ("a\u202fb\u00a0c", "a%E2%80%AFb%C2%A0c"),
        ("c#.md", "c%23.md"),
    ],
)
def test_only_what_would_break_a_target_is_encoded(path: str, target: str) -> None:
    assert encode(path) == target


@given(PATHS)
def test_decoding_undoes_encoding(path: str) -> None:
    assert decode(encode(path)) == path


def test_a_target_that_does_not_decode_is_taken_literally() -> None:
    assert decode("100%-done.md") == "100%-done.md"
    assert decode("%ff.md") == "%ff.md"
    assert decode("%EC%8A%A4.md") == "스.md"
