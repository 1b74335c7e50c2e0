"""Which page a file was published as: the markers of other tools, row by row."""

import pytest

from confsync.model.content import ContentType, Row, Status, Version
from confsync.model.ids import AccountId, PageId, RelPath, SpaceKey
from confsync.plan.adopt import Shelf, match, read_marks

HOME, GUIDE, SETUP = PageId("1"), PageId("22"), PageId("33")


def row(page: PageId, title: str, parent: PageId | None) -> Row:
    version = Version(1, AccountId("ann"), "2026-11-01T10:00:00.000Z")
    return Row(page, ContentType.PAGE, title, parent, None, None, Status.CURRENT, version)


SHELF = Shelf(
    SpaceKey("DOCS"),
    {
        HOME: row(HOME, "Home", None),
        GUIDE: row(GUIDE, "The guide", HOME),
        SETUP: row(SETUP, "Set up a gateway", GUIDE),
    },
    HOME,
)


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("<!-- confluence-page-id: 22 -->\nText", "id (md2conf)"),
        ("<!--confluence_page_id: 22-->\nText", "id (md2conf)"),
        ("---\nconfluence_page_id: 22\n---\nText", "id (md2conf)"),
        ("---\npage_id: '22'\nspace_key: DOCS\n---\nText", "id (md2conf)"),
        ("---\nconnie-page-id: '22'\n---\nText", "id (markdown-confluence)"),
        ("---\nid: 22\n---\nText", "id (confsync)"),
        ("<!-- Space: DOCS -->\n<!-- Parent: Home -->\n<!-- Title: the Guide -->\nText", "title (mark)"),
        ("---\nconnie-title: The guide\n---\nText", "title (markdown-confluence)"),
        ("---\ntitle: The guide\n---\nText", "title"),
        ("# The guide\n\nText", "title"),
        ("<!-- a note -->\n\n# The guide\n", "title"),
    ],
)
def test_what_names_a_page(text: str, by: str) -> None:
    (found,) = match({RelPath("any.md"): text}, SHELF).matches
    assert (found.page, found.by) == (GUIDE, by)


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("the-guide.md", GUIDE),
        ("The_Guide.md", GUIDE),
        ("the-guide/index.md", GUIDE),
        ("the-guide/README.md", GUIDE),
        ("the-guide/set-up-a-gateway.md", SETUP),
        ("index.md", HOME),
    ],
)
def test_its_place_where_nothing_names_it(path: str, page: PageId) -> None:
    (found,) = match({RelPath(path): "Text"}, SHELF).matches
    assert (found.page, found.by) == (page, "path")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<!-- confluence-page-id: 99 -->\n# The guide", "names page 99, which is not in this space"),
        ("<!-- Space: OPS -->\n<!-- Title: The guide -->\n", "belongs to the space OPS"),
        ("---\nspace_key: OPS\n---\n# The guide", "belongs to the space OPS"),
        ("# Nobody knows this", "no page of this title or at this place"),
        ("---\n: [\n---\n# The guide", "line"),
    ],
)
def test_what_stays_local(text: str, reason: str) -> None:
    adoption = match({RelPath("any.md"): text}, SHELF)
    assert not adoption.matches
    assert reason in adoption.local[0].reason


def test_a_page_that_two_files_name_belongs_to_neither() -> None:
    named = "<!-- confluence-page-id: 22 -->\n"
    adoption = match({RelPath("a.md"): named, RelPath("b.md"): named}, SHELF)
    assert not adoption.matches
    assert {one.reason for one in adoption.local} == {"several files name page 22"}


def test_of_two_files_of_one_title_the_one_at_its_place_is_the_page() -> None:
    files = {RelPath("the-guide.md"): "# The guide\n", RelPath("old/notes.md"): "# The guide\n"}
    adoption = match(files, SHELF)
    assert [(one.path, one.by) for one in adoption.matches] == [("the-guide.md", "path")]
    assert [one.path for one in adoption.local] == ["old/notes.md"]


def test_labels_of_mark_are_read() -> None:
    marks = read_marks("<!-- Label: howto -->\n<!-- Label: api -->\n<!-- Title: T -->\n")
    assert marks.labels == {"howto", "api"}


def test_a_head_of_comments_without_end_is_read_quickly() -> None:
    text = "<!-- a: b\n" * 20_000
    assert match({RelPath("any.md"): text}, SHELF).local
