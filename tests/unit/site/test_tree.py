"""Who is whose child, in which order, under which address."""

import pytest

from confsync.model.ids import PageId, RelPath
from confsync.site.model import Kind, Meta, Source
from confsync.site.tree import Above, Tree, grow


def source(path: str, title: str = "", **meta: object) -> Source:
    return Source(RelPath(path), Meta(**meta), title or path.removesuffix(".md").rpartition("/")[2])  # type: ignore[arg-type]


def tree(*sources: Source, above: dict[str, Above] | None = None) -> Tree:
    return grow(sources, lambda one: (above or {}).get(one.path), name="Docs")


def trail(grown: Tree, out: str) -> list[str]:
    return [node.out for node in grown.trail(grown.nodes[out])]


@pytest.mark.parametrize("page", ["install.md", "install/index.md", "install/README.md"])
def test_a_folders_page_is_the_parent_of_what_lies_in_it(page: str) -> None:
    grown = tree(source("index.md"), source(page), source("install/linux.md"))
    above = "install.html" if page == "install.md" else "install/index.html"
    assert trail(grown, "install/linux.html") == ["index.html", above]


def test_the_file_beside_the_folder_wins_over_the_file_in_it() -> None:
    grown = tree(source("index.md"), source("a/index.md"), source("a.md"), source("a/b.md"))
    assert trail(grown, "a/b.html") == ["index.html", "a.html"]
    assert trail(grown, "a/index.html") == ["index.html", "a.html"]


def test_a_folder_without_a_page_becomes_a_listing() -> None:
    grown = tree(source("index.md"), source("release-notes/a/b.md"))
    assert trail(grown, "release-notes/a/b.html") == [
        "index.html",
        "release-notes/index.html",
        "release-notes/a/index.html",
    ]
    node = grown.nodes["release-notes/index.html"]
    assert (node.kind, node.title) == (Kind.FOLDER, "Release notes")


def test_a_folder_without_a_page_keeps_the_parent_that_the_base_knows() -> None:
    above = {"x/b.md": Above(PageId("7"), "Install")}
    grown = tree(source("index.md"), source("install.md", id=PageId("7")), source("x/b.md"), above=above)
    assert trail(grown, "x/b.html") == ["index.html", "install.html"]
    assert "x/index.html" not in grown.nodes


def test_a_folder_of_confluence_lends_its_title_to_the_listing() -> None:
    grown = tree(source("index.md"), source("x/b.md"), above={"x/b.md": Above(PageId("9"), "Our Folder")})
    assert grown.nodes["x/index.html"].title == "Our Folder"


def test_pages_that_the_base_puts_in_a_circle_go_to_the_top() -> None:
    above = {"x/a.md": Above(PageId("2"), "B"), "y/b.md": Above(PageId("1"), "A")}
    grown = tree(
        source("index.md"), source("x/a.md", id=PageId("1")), source("y/b.md", id=PageId("2")), above=above
    )
    assert {node.out for node in grown.walk()} == {"index.html", "x/a.html", "y/b.html"}


def test_children_stand_as_listed_and_then_by_title() -> None:
    grown = tree(
        source("index.md", children=("Zebra", "third", "8")),
        source("a.md", "Apple"),
        source("b.md", "banana"),
        source("z.md", "Zebra"),
        source("third.md", "Something"),
        source("q.md", "Quite", id=PageId("8")),
    )
    titles = [node.title for node in grown.children["index.html"]]
    assert titles == ["Zebra", "Something", "Quite", "Apple", "banana"]


def test_reading_order_goes_down_before_it_goes_on() -> None:
    grown = tree(
        source("index.md"), source("a.md"), source("a/b.md"), source("c.md"), source("z.md", beside_home=True)
    )
    assert [node.out for node in grown.walk()] == ["index.html", "a.html", "a/b.html", "c.html", "z.html"]


def test_posts_stand_in_the_blog_newest_first() -> None:
    posts = [source(f"blog/2026-0{month}-01-x.md", blogpost=True) for month in (3, 9, 6)]
    grown = tree(source("index.md"), *posts)
    assert [post.date for post in grown.posts] == ["2026-09-01", "2026-06-01", "2026-03-01"]
    assert trail(grown, "blog/2026-03-01-x.html") == ["index.html", "blog/index.html"]


def test_addresses_differ_even_where_case_does_not_count() -> None:
    grown = tree(source("index.md"), source("Ab.md"), source("ab.md"), source("aB.md"))
    outs = [out.casefold() for out in grown.nodes]
    assert len(set(outs)) == len(outs) == 4


def test_a_folder_without_a_home_page_gets_one() -> None:
    assert tree(source("a.md")).home.title == "Docs"
