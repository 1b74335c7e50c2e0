"""Front matter is read as strings and edited in place."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from confsync.convert.markdown.front_matter import FrontMatter, edit, read, split
from confsync.errors import FrontMatterError
from confsync.model.content import ContentType, Status


def test_a_file_without_front_matter_is_all_body() -> None:
    found = split("# Title\n\n---\n")
    assert (found.front, found.body) == (None, "# Title\n\n---\n")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_bom_and_line_ends_do_not_matter(newline: str) -> None:
    text = f"\ufeff---{newline}id: 7{newline}---{newline}Body"
    found = split(text)
    assert found.front == f"id: 7{newline}"
    assert text[found.body_offset :] == found.body == "Body"
    assert found.body_line == 3


def test_front_matter_may_end_the_file() -> None:
    assert split("---\nid: 7\n---").front == "id: 7\n"


def test_every_scalar_stays_the_string_it_is() -> None:
    found = read("---\nid: 0012\ntitle: 2026-01-02\nanswer: no\ntime: 12:30:45\nlabels: [no, 1_000]\n---\n")
    assert (found.id, found.title, found.labels) == ("0012", "2026-01-02", ("no", "1_000"))
    assert found.extra == {"answer": "no", "time": "12:30:45"}


def test_an_absent_key_is_not_an_empty_one() -> None:
    assert read("---\nid: 1\n---\n").labels is None
    assert read("---\nlabels: []\n---\n").labels == ()


def test_somebody_elses_keys_are_left_alone() -> None:
    found = read("---\nid: my-slug\nstatus: published\ntype: post\n---\n")
    assert found == FrontMatter()


def test_our_own_values() -> None:
    found = read(
        "---\ntype: blogpost\nstatus: draft\nparent: none\nchildren: [B, A]\nconfluence: false\n---\n"
    )
    assert (found.type, found.status, found.parent) == (ContentType.BLOGPOST, Status.DRAFT, "none")
    assert (found.children, found.confluence) == (("B", "A"), False)


def test_names_can_be_mapped() -> None:
    found = read("---\ntags: [a]\nid: x\nconfluence-id: 12\n---\n", {"labels": "tags", "id": "confluence-id"})
    assert (found.id, found.labels, found.extra) == ("12", ("a",), {"id": "x"})


@pytest.mark.parametrize(
    ("text", "line"),
    [("---\nid: 1\ntitle: a: b\n---\n", 3), ("---\nid: 1\nid: 2\n---\n", 3), ("---\n- a\n---\n", 2)],
)
def test_broken_front_matter_names_the_line(text: str, line: int) -> None:
    with pytest.raises(FrontMatterError, match=f"line {line}"):
        read(text)


def test_an_edit_changes_one_value_and_nothing_else() -> None:
    text = "---\n# ours\ntitle: 'Old'   # shown\nid: 7\nauthor:  me\nlabels:\n  - a\n  - b\n---\nBody\n"
    new = edit(text, {"title": "It's new", "labels": ("a", "c")})
    assert new == (
        "---\n# ours\ntitle: 'It''s new'   # shown\nid: 7\nauthor:  me\nlabels:\n  - a\n  - c\n---\nBody\n"
    )


def test_new_keys_come_in_order() -> None:
    text = "---\r\ntitle: T\r\nother: x\r\n---\r\nBody"
    assert edit(text, {"id": "12", "status": "draft", "labels": ("a", "b")}) == (
        "---\r\nid: 12\r\ntitle: T\r\nlabels: [a, b]\r\nstatus: draft\r\nother: x\r\n---\r\nBody"
    )


def test_a_key_is_removed_with_its_lines() -> None:
    text = "---\nid: 7\nlabels:\n  - a\n  - b\ntitle: T\n---\n"
    assert edit(text, {"labels": None}) == "---\nid: 7\ntitle: T\n---\n"


def test_front_matter_is_made_where_there_is_none() -> None:
    assert edit("Body\n", {"id": "7", "title": "A: b"}) == '---\nid: 7\ntitle: "A: b"\n---\n\nBody\n'


def test_an_empty_value_is_filled_in() -> None:
    assert edit("---\nid:\ntitle: T\n---\n", {"id": "7"}) == "---\nid: 7\ntitle: T\n---\n"


def test_an_equal_value_keeps_its_spelling() -> None:
    text = "---\nid: \"7\"\ntitle: 'T'\n---\n"
    assert edit(text, {"id": "7", "title": "T"}) == text


TITLES = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1).filter(str.strip)


@given(TITLES, st.lists(TITLES).map(tuple))
def test_whatever_is_written_reads_back(title: str, labels: tuple[str, ...]) -> None:
    text = edit("---\nx: 1 # c\n---\nBody", {"title": title, "labels": labels, "id": "12"})
    found = read(text)
    assert (found.title, found.labels, found.id, found.extra) == (title, labels, "12", {"x": "1"})
    assert split(text).body == "Body"


@given(TITLES, TITLES)
def test_a_title_can_be_changed_again_and_again(first: str, second: str) -> None:
    text = edit(edit("", {"title": first}), {"title": second})
    assert read(text).title == second


@given(TITLES)
def test_other_yaml_readers_see_the_same_title(title: str) -> None:
    front = split(edit("", {"title": title})).front or ""
    assert str(yaml.safe_load(front)["title"]) == title
