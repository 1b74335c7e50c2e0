"""Where every page of a space lies."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confsync.model.content import ContentType, Row, Status, Version
from confsync.model.ids import AccountId, PageId, RelPath
from confsync.names import children_folder, fold, home_path, is_excluded, lay_out, parent_path, rename

HOME = PageId("100")
Rows = dict[PageId, Row]
Paths = dict[PageId, RelPath]


def row(id_: str, title: str, parent: str | None = "100", kind: str = "page", created: str = "") -> Row:
    return Row(
        id=PageId(id_),
        type=ContentType(kind),
        title=title,
        parent=PageId(parent) if parent else None,
        parent_type=None,
        position=None,
        status=Status.CURRENT,
        version=Version(1, AccountId("u"), "2026-11-23T00:00:00.000Z"),
        created=created,
    )


def space(*rows: Row) -> Rows:
    return {r.id: r for r in (row("100", "Docs", None), *rows)}


def laid_out(
    rows: Rows, before: Rows | None = None, paths: Mapping[str, str] | None = None
) -> dict[str, str]:
    given_paths = {PageId(id_): RelPath(path) for id_, path in (paths or {}).items()}
    return {str(k): str(v) for k, v in lay_out(rows, home=HOME, before=before, paths=given_paths).items()}


SPACE = space(
    row("101", "Install"),
    row("102", "Linux", "101"),
    row("103", "Debian", "102"),
    row("104", "Beside", None),
    row("105", "Plans", kind="folder"),
    row("106", "2027", "105"),
    row("107", "Release!", None, "blogpost", "2026-11-23T09:00:00.000Z"),
)
PATHS = {
    "100": "index.md",
    "101": "install.md",
    "102": "install/linux.md",
    "103": "install/linux/debian.md",
    "104": "beside.md",
    "105": "plans",
    "106": "plans/2027.md",
    "107": "blog/2026-11-23-release.md",
}


def test_paths_come_from_titles_and_ancestors() -> None:
    assert laid_out(SPACE) == PATHS


def test_everything_lies_below_the_root() -> None:
    paths = lay_out(SPACE, home=HOME, root="docs")
    assert {str(k): str(v) for k, v in paths.items()} == {k: f"docs/{v}" for k, v in PATHS.items()}


def test_nothing_moves_while_nothing_changes() -> None:
    mine = {**PATHS, "102": "install/01-gnu.md", "103": "install/01-gnu/debian.md", "100": "home.md"}
    assert laid_out(SPACE, SPACE, mine) == mine


def test_the_newer_of_two_with_one_slug_gets_a_suffix() -> None:
    rows = space(row("12345678", "API"), row("222", "Api"), row("333", "api?", kind="folder"))
    assert laid_out(rows) == {
        "100": "index.md",
        "222": "api.md",
        "333": "api~000333",
        "12345678": "api~345678.md",
    }


def test_a_page_that_was_there_first_keeps_its_path_whatever_its_id() -> None:
    before = space(row("999", "API"))
    after = space(row("999", "API"), row("222", "Api"))
    assert laid_out(after, before, {"100": "index.md", "999": "api.md"})["999"] == "api.md"
    assert laid_out(after, before, {"100": "index.md", "999": "api.md"})["222"] == "api~000222.md"


def test_a_renamed_page_takes_its_children_along() -> None:
    after = {**SPACE, PageId("101"): row("101", "Set up")}
    assert laid_out(after, SPACE, PATHS) == {
        **PATHS,
        "101": "set-up.md",
        "102": "set-up/linux.md",
        "103": "set-up/linux/debian.md",
    }


def test_a_moved_page_takes_its_children_along() -> None:
    after = {**SPACE, PageId("102"): row("102", "Linux", "105")}
    assert laid_out(after, SPACE, PATHS) == {**PATHS, "102": "plans/linux.md", "103": "plans/linux/debian.md"}


def test_a_renamed_folder_takes_its_pages_along() -> None:
    files = {id_: path for id_, path in PATHS.items() if path.endswith(".md")}
    after = {**SPACE, PageId("105"): row("105", "Roadmap", kind="folder")}
    assert laid_out(after, SPACE, files) == {**PATHS, "105": "roadmap", "106": "roadmap/2027.md"}


def test_the_place_of_a_folder_is_seen_from_its_pages() -> None:
    rows = space(row("200", "Notes", kind="folder"), row("201", "A", "200"))
    paths = {"100": "index.md", "201": "notes~000200/a.md"}
    assert laid_out(rows, rows, paths)["200"] == "notes~000200"


def test_pages_exchange_their_titles() -> None:
    after = {**SPACE, PageId("101"): row("101", "Beside"), PageId("104"): row("104", "Install", None)}
    made = laid_out(after, SPACE, PATHS)
    assert (made["101"], made["104"], made["102"]) == ("beside.md", "install.md", "beside/linux.md")


def test_an_index_is_the_page_of_its_folder() -> None:
    paths = {**PATHS, "101": "install/index.md"}
    assert laid_out(SPACE, SPACE, paths) == paths
    after = {**SPACE, PageId("101"): row("101", "Set up")}
    made = laid_out(after, SPACE, paths)
    assert (made["101"], made["103"]) == ("set-up/index.md", "set-up/linux/debian.md")


def test_a_new_page_does_not_take_over_a_folder_of_others() -> None:
    """`guides/` has no page; its pages belong to the home page, and must go on doing so."""
    before = space(row("201", "A"))
    after = space(row("201", "A"), row("202", "Guides"))
    made = laid_out(after, before, {"100": "index.md", "201": "guides/a.md"})
    assert made == {"100": "index.md", "201": "guides/a.md", "202": "guides~000202.md"}


def test_a_page_that_appears_takes_the_folder_of_its_own_children() -> None:
    rows = space(row("201", "Guides"), row("202", "A", "201"))
    assert laid_out(rows, rows, {"100": "index.md", "202": "guides/a.md"})["201"] == "guides.md"


def test_files_that_are_nobodys_page_are_not_touched() -> None:
    paths = lay_out(space(row("201", "Notes")), home=HOME, taken=["Notes.md"])
    assert paths[PageId("201")] == "notes~000201.md"


def test_the_blog_folder_belongs_to_posts() -> None:
    assert laid_out(space(row("201", "Blog")))["201"] == "blog-page.md"


def test_a_cycle_of_parents_ends_at_the_top() -> None:
    made = laid_out(space(row("201", "A", "202"), row("202", "B", "201")))
    assert made == {"100": "index.md", "202": "b.md", "201": "b/a.md"}


def test_a_parent_nobody_knows_counts_as_the_top() -> None:
    assert laid_out(space(row("201", "A", "999")))["201"] == "a.md"


def test_deep_paths_stay_short_enough_for_windows() -> None:
    long = "word " * 40
    made = laid_out(space(row("201", long), row("202", long, "201"), row("203", long, "202")))
    assert len(made["203"]) < 240
    assert made["203"].startswith(made["202"].removesuffix(".md") + "/")


@pytest.mark.parametrize(
    ("path", "new"),
    [
        ("install.md", "set-up.md"),
        ("01-install.md", "01-set-up.md"),
        ("install-guide.md", "set-up-guide.md"),
        ("install~123456.md", "set-up.md"),
        ("getting-started.md", "getting-started.md"),
        ("reinstall.md", "reinstall.md"),
        ("install/index.md", "set-up/index.md"),
        ("install/README.md", "set-up/README.md"),
        ("blog/2026-11-23-install.md", "2026-11-23-set-up.md"),
    ],
)
def test_what_the_title_gave_a_name_follows_the_title(path: str, new: str) -> None:
    assert rename(path, old="Install", new="Set up", folder="new") == f"new/{new}"


@pytest.mark.parametrize(
    ("path", "files", "parent"),
    [
        ("index.md", ["index.md"], None),
        ("install.md", ["index.md"], "index.md"),
        ("install.md", [], None),
        ("install/linux.md", ["install.md"], "install.md"),
        ("install/linux.md", ["install/index.md"], "install/index.md"),
        ("install/linux.md", ["install/README.md"], "install/README.md"),
        ("install/linux.md", ["install.md", "install/index.md"], "install.md"),
        ("install/index.md", ["install/index.md", "index.md"], "index.md"),
        ("install/index.md", ["install/index.md", "install.md"], "install.md"),
        ("a/install/README.md", ["a/install/README.md", "a.md"], "a.md"),
        ("notes/a.md", ["index.md"], None),
    ],
)
def test_a_file_belongs_to_the_page_its_folder_is_named_after(
    path: str, files: list[str], parent: str | None
) -> None:
    assert parent_path(path, {*files, path}) == parent


def test_with_a_root_the_home_page_lies_there() -> None:
    assert home_path("docs") == "docs/index.md"
    assert parent_path("docs/a.md", {"docs/index.md", "docs/a.md"}, root="docs") == "docs/index.md"
    assert children_folder("docs/index.md", root="docs") == "docs"


TITLES = st.sampled_from(
    ["A", "a", "A!", "B", "Index", "README", "Blog", "con", "🚀", "Ünï", "Straße", "STRASSE"]
)


@st.composite
def spaces(draw: st.DrawFn, max_size: int = 12) -> Rows:
    """A valid tree of pages, folders and posts with titles that are bound to meet."""
    rows = space()
    for number in draw(st.lists(st.integers(101, 2_000_130), max_size=max_size, unique=True)):
        kind = draw(st.sampled_from(["page", "page", "page", "folder", "blogpost"]))
        above = [None, *(r.id for r in rows.values() if r.type is not ContentType.BLOGPOST)]
        parent = None if kind == "blogpost" else draw(st.sampled_from(above))
        new = row(str(number), draw(TITLES), parent, kind, "2026-01-01T00:00:00Z")
        rows[new.id] = new
    return rows


@st.composite
def evolved(draw: st.DrawFn, rows: Rows) -> Rows:
    """Another tree of the same space: some gone, some renamed, some moved, some new; cycles too."""
    other = draw(spaces())
    result = dict(other)
    for id_, old in rows.items():
        fate = draw(st.sampled_from(["keep", "keep", "rename", "top", "drop"]))
        if id_ == HOME or fate != "drop":
            title = draw(TITLES) if fate == "rename" else old.title
            parent = None if fate == "top" else old.parent
            result[id_] = row(id_, title, parent, old.type.value, old.created)
    return result


def check(rows: Rows, paths: Paths) -> None:
    assert paths.keys() == rows.keys()
    seats = [fold(path.removesuffix(".md")) for path in paths.values()]
    assert len(set(seats)) == len(seats), "two pages share a file or a folder"
    for id_, path in paths.items():
        assert path.endswith(".md") == rows[id_].type.has_text
        assert id_ == HOME or not is_excluded(
            path if path.endswith(".md") else f"{path}/x.md", files=paths.values()
        )


@given(spaces())
def test_no_two_share_a_file_or_a_folder(rows: Rows) -> None:
    check(rows, lay_out(rows, home=HOME))


@given(spaces())
def test_the_tree_is_read_back_from_the_paths(rows: Rows) -> None:
    paths = lay_out(rows, home=HOME)
    at = {path: id_ for id_, path in paths.items()}
    for id_, path in paths.items():
        above = rows[id_].parent
        if rows[id_].type is ContentType.PAGE and (above is None or rows[above].type is ContentType.PAGE):
            found = parent_path(path, at.keys())
            assert (at[found] if found else None) in {above or HOME, None if id_ == HOME else above or HOME}


@given(spaces())
def test_the_order_of_rows_does_not_matter(rows: Rows) -> None:
    shuffled = dict(reversed(rows.items()))
    assert lay_out(shuffled, home=HOME) == lay_out(rows, home=HOME)


@given(spaces())
def test_laying_out_again_changes_nothing(rows: Rows) -> None:
    first = lay_out(rows, home=HOME)
    files = {id_: path for id_, path in first.items() if path.endswith(".md")}
    again = lay_out(rows, home=HOME, before=rows, paths=files)
    assert {id_: again[id_] for id_ in files} == files


@given(spaces(), spaces())
def test_a_new_page_changes_no_other_path(rows: Rows, more: Rows) -> None:
    first = lay_out(rows, home=HOME)
    grown = {**more, **rows}
    second = lay_out(grown, home=HOME, before=rows, paths=first)
    assert {id_: second[id_] for id_ in rows} == first


@given(st.data())
def test_whatever_happens_paths_stay_unique_and_settle(data: st.DataObject) -> None:
    rows = data.draw(spaces())
    paths = lay_out(rows, home=HOME)
    for _ in range(2):
        after = data.draw(evolved(rows))
        moved = lay_out(after, home=HOME, before=rows, paths={i: p for i, p in paths.items() if i in rows})
        check(after, moved)
        assert lay_out(after, home=HOME, before=after, paths=moved) == moved
        rows, paths = after, moved


def test_ten_thousand_pages_are_laid_out_in_no_time() -> None:
    """Every page the same title in one folder of a hundred: the worst that suffixes can do."""
    rows = space(*(row(str(n), "Same", str(n // 100) if n >= 20000 else "100") for n in range(10100, 20100)))
    assert len(set(lay_out(rows, home=HOME).values())) == 10001
