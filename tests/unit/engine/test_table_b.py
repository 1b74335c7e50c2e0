"""Decision table B: one field of a page that base, files and Confluence all have.

Each field is changed here only, there only, in the same way on both sides, and differently on both sides.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from confsync.model.ids import RelPath
from confsync.ports import Place
from tests.unit.engine.stage import TEXT, Stage, stage


@dataclass(frozen=True)
class Field:
    """How to change a field to one of two values, and how to read it on either side."""

    here: Callable[[Stage, str], object]
    there: Callable[[Stage, str], object]
    read_here: Callable[[Stage], str]
    read_there: Callable[[Stage], str]
    values: tuple[str, str]
    both: str
    """What comes of two different ones: `theirs`, `merged`, `conflict`, `kept beside`, or the value itself."""


def _middle(text: str) -> str:
    return (
        "Two here." if "Two here." in text else "Two there." if "Two there." in text else "Two in the middle."
    )


def _attachment_here(s: Stage) -> str:
    return s.world.tree.files[RelPath("guide/page.assets/a.txt")].decode()


def _order_there(s: Stage) -> str:
    return " ".join(s.children()).lower()


def _arrange(s: Stage, titles: list[str]) -> None:
    for title in titles:
        s.site.move(s.site.by_title(title.capitalize()), Place.APPEND, s.site.by_title("Guide"))


FIELDS = {
    "body": Field(
        lambda s, v: s.replace("guide/page.md", "Two in the middle.", v),
        lambda s, v: s.site.edit(s.page, TEXT.replace("Two in the middle.", v)),
        lambda s: _middle(s.text),
        lambda s: _middle(s.site.body(s.page)),
        ("Two here.", "Two there."),
        "conflict",
    ),
    "title": Field(
        lambda s, v: s.keys("guide/page.md", title=v),
        lambda s, v: s.site.edit(s.page, title=v),
        lambda s: s.text.partition("title: ")[2].partition("\n")[0],
        lambda s: s.site.row(s.page).title,
        ("Mine", "Theirs"),
        "theirs",
    ),
    "parent": Field(
        lambda s, v: s.rename("guide/page", f"{v}/page"),
        lambda s, v: s.site.move(s.page, Place.APPEND, s.site.by_title(v.capitalize())),
        lambda s: s.file.partition("/")[0],
        lambda s: s.site.row(s.site.row(s.page).parent or s.page).title.lower(),
        ("notes", "attic"),
        "theirs",
    ),
    "order": Field(
        lambda s, v: s.keys("guide.md", children=tuple(v.split())),
        lambda s, v: _arrange(s, v.split()),
        _order_there,
        _order_there,
        ("last first page", "page last first"),
        "last page first",
    ),
    "labels": Field(
        lambda s, v: s.keys("guide/page.md", labels=("old", v)),
        lambda s, v: s.site.label(s.page, v),
        lambda s: (
            s.text.partition("labels: [")[2].partition("]")[0].replace(", old", "").replace("old, ", "")
        ),
        lambda s: ", ".join(sorted(s.site.entry(s.page).labels - {"old"})),
        ("mine", "theirs"),
        "merged",
    ),
    "attachment": Field(
        lambda s, v: s.world.tree.write("guide/page.assets/a.txt", v.encode()),
        lambda s, v: s.site.attach(s.page, "a.txt", v.encode()),
        _attachment_here,
        lambda s: s.site.entry(s.page).files["a.txt"].data[-1].decode(),
        ("my own", "their own"),
        "kept beside",
    ),
}

_EVERY = pytest.mark.parametrize("name", FIELDS)


def _writes(s: Stage) -> list[str]:
    return [call.name for call in s.calls]


@_EVERY
def test_changed_here_only_it_is_pushed(name: str) -> None:
    s, field = stage(), FIELDS[name]
    field.here(s, field.values[0])
    s.sync()
    assert field.read_there(s) == field.read_here(s) == field.values[0]
    assert s.calls
    assert s.settled()


@_EVERY
def test_changed_there_only_it_is_pulled(name: str) -> None:
    s, field = stage(), FIELDS[name]
    field.there(s, field.values[1])
    s.sync()
    assert field.read_here(s) == field.read_there(s) == field.values[1]
    assert not s.calls
    assert s.settled()


@_EVERY
def test_changed_alike_on_both_sides_it_is_taken(name: str) -> None:
    s, field = stage(), FIELDS[name]
    field.here(s, field.values[1])
    field.there(s, field.values[1])
    outcome = s.sync()
    assert field.read_here(s) == field.read_there(s) == field.values[1]
    assert not s.calls
    assert (outcome.exit_code, s.said()) == (0, "")
    assert s.settled()


@_EVERY
def test_changed_differently_on_both_sides(name: str) -> None:
    s, field = stage(), FIELDS[name]
    mine, theirs = field.values
    field.here(s, mine)
    field.there(s, theirs)
    outcome = s.sync()
    if field.both == "conflict":
        assert outcome.exit_code == 3
        assert mine in s.text
        assert theirs in s.text
        assert field.read_there(s) == theirs
        return
    if field.both == "theirs":
        assert field.read_here(s) == field.read_there(s) == theirs
        assert not s.calls
    elif name == "order":
        assert field.read_there(s) == field.both
    elif field.both == "merged":
        assert field.read_here(s) == field.read_there(s) == f"{mine}, {theirs}"
    else:
        beside = next(data for path, data in s.world.tree.files.items() if ".local-" in path)
        assert beside.decode() == mine
        assert field.read_here(s) == field.read_there(s) == theirs
        assert _writes(s) == ["upload"]
    assert s.settled()


@pytest.mark.parametrize("deleted", ["here", "there"])
def test_an_attachment_edited_on_one_side_and_deleted_on_the_other_is_kept(deleted: str) -> None:
    s = stage()
    path = "guide/page.assets/a.txt"
    if deleted == "here":
        s.world.tree.delete(path)
        s.site.attach(s.page, "a.txt", b"edited")
    else:
        s.site.detach(s.page, "a.txt")
        s.world.tree.write(path, b"edited")
    s.sync()
    s.sync()
    assert s.world.tree.files[RelPath(path)] == b"edited"
    assert s.site.entry(s.page).files["a.txt"].data[-1] == b"edited"


class TestOpaqueParts:
    """What Markdown does not show is byte-identical in every write, and never written by itself."""

    MACRO = (
        '<ac:structured-macro ac:name="roadmap" ac:macro-id="4-2"><ac:parameter ac:name="x">&eacute; 1'
        "</ac:parameter></ac:structured-macro>"
    )

    def _edited(self) -> Stage:
        s = stage()
        s.site.edit(s.page, TEXT + self.MACRO)
        self.ref = s.site.comment(s.page, "middle")
        s.site.restrict(s.page)
        s.site.entry(s.page).properties["status"] = {"value": 1}
        s.sync()
        s.replace("guide/page.md", "One by one.", "One at a time.")
        s.sync()
        return s

    def test_macros_keep_their_bytes(self) -> None:
        assert self.MACRO in self._edited().site.body(self._edited().page)

    def test_inline_comments_stay_where_they_are(self) -> None:
        s = self._edited()
        assert f'ac:ref="{self.ref}">middle</ac:inline-comment-marker>' in s.site.body(s.page)

    def test_restrictions_and_properties_are_left_alone(self) -> None:
        s = self._edited()
        assert s.site.entry(s.page).restricted
        assert s.site.entry(s.page).properties == {"status": {"value": 1}}
        assert _writes(s) == ["update"]

    def test_a_macro_edited_there_is_pulled_raw(self) -> None:
        s = self._edited()
        s.site.edit(s.page, s.site.body(s.page).replace("&eacute; 1", "&eacute; 2"))
        s.sync()
        s.replace("guide/page.md", "Three at the end.", "Three.")
        s.sync()
        assert "&eacute; 2</ac:parameter>" in s.site.body(s.page)
