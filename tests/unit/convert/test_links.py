"""Links between the pages of a working copy are relative paths, whatever storage names the target by."""

import pytest

from confsync.convert import Links, get, put
from confsync.model.content import ContentType
from confsync.model.ids import PageId
from confsync.model.links import LinkTarget

BRIDGE = LinkTarget(
    PageId("7"), "On a bridge", "../install/on-a-bridge.md", attachments="../install/on-a-bridge.assets",
    headings={"what-you-need": "What you need"},
)  # fmt: skip
POST = LinkTarget(
    PageId("8"),
    "Otter 2.0 swims",
    "../blog/otter.md",
    ContentType.BLOGPOST,
    "2026/10/29",
    "../blog/otter.assets",
)
TWIN = LinkTarget(PageId("9"), "Otter 2.0 swims", "../blog/otter-2.md", ContentType.BLOGPOST, "2027/01/01")
LINKS = Links(pages=(BRIDGE, POST), space="DOCS", attachments="here.assets", folder="docs")


def link(resource: str, *, anchor: str = "") -> str:
    named = f' ac:anchor="{anchor}"' if anchor else ""
    return f"<p><ac:link{named}>{resource}<ac:link-body>it</ac:link-body></ac:link></p>"


@pytest.mark.parametrize(
    ("resource", "target"),
    [
        ('<ri:page ri:content-title="On a bridge" />', "../install/on-a-bridge.md"),
        ('<ri:page ri:content-title="on A Bridge" ri:space-key="DOCS" />', "../install/on-a-bridge.md"),
        ('<ri:page ri:content-id="7" />', "../install/on-a-bridge.md"),
        ('<ri:content-entity ri:content-id="7" />', "../install/on-a-bridge.md"),
        ('<ri:content-entity ri:content-id="70" />', "confluence:content/70"),
        (
            '<ri:blog-post ri:content-title="Otter 2.0 swims" ri:posting-day="2026/10/28" />',
            "../blog/otter.md",
        ),
        ('<ri:page ri:content-title="Otter 2.0 swims" />', "confluence:page/DOCS/Otter%202.0%20swims"),
        (
            '<ri:attachment ri:filename="a b.png"><ri:page ri:content-title="On a bridge" /></ri:attachment>',
            "../install/on-a-bridge.assets/a%20b.png",
        ),
        (
            '<ri:attachment ri:filename="a.png"><ri:content-entity ri:content-id="8" /></ri:attachment>',
            "../blog/otter.assets/a.png",
        ),
        ('<ri:attachment ri:filename="a.png" />', "here.assets/a.png"),
    ],
)
def test_the_target_of_a_link(resource: str, target: str) -> None:
    storage = link(resource)
    markdown = get(storage, LINKS).markdown
    assert markdown == f"[it]({target})\n"
    assert put(f"{markdown}\nMore.\n", storage, LINKS).storage == f"{storage}<p>More.</p>"


@pytest.mark.parametrize(
    ("target", "resource"),
    [
        ("../install/on-a-bridge.md", '<ri:page ri:content-title="On a bridge" />'),
        ("../docs/../install/on-a-bridge.md", '<ri:page ri:content-title="On a bridge" />'),
        ("/install/on-a-bridge.md", '<ri:page ri:content-title="On a bridge" />'),
        ("../blog/otter.md", '<ri:content-entity ri:content-id="8" />'),
        (
            "../install/on-a-bridge.assets/a%20b.png",
            '<ri:attachment ri:filename="a b.png"><ri:page ri:content-title="On a bridge" /></ri:attachment>',
        ),
        ("here.assets/a.png", '<ri:attachment ri:filename="a.png" />'),
    ],
)
def test_a_new_link(target: str, resource: str) -> None:
    assert put(f"[it]({target})\n", None, LINKS).storage == link(resource)


def test_two_posts_of_one_title_are_told_apart_by_their_day() -> None:
    links = Links(pages=(POST, TWIN), space="DOCS")
    storage = link('<ri:blog-post ri:content-title="Otter 2.0 swims" ri:posting-day="2027/01/01" />')
    assert get(storage, links).markdown == "[it](../blog/otter-2.md)\n"


def test_an_image_of_another_page() -> None:
    storage = (
        '<ac:image ac:width="9"><ri:attachment ri:filename="m.png"><ri:page ri:content-title="On a bridge" />'
        "</ri:attachment></ac:image>"
    )
    markdown = get(storage, LINKS).markdown
    assert markdown == "![](../install/on-a-bridge.assets/m.png)\n"
    assert put(markdown.replace("m.png", "n.png"), storage, LINKS).storage == storage.replace(
        "m.png", "n.png"
    )


def test_the_heading_that_a_link_means_is_named_as_confluence_names_it() -> None:
    new = put("[it](../install/on-a-bridge.md#what-you-need)\n", None, LINKS).storage
    assert new == link('<ri:page ri:content-title="On a bridge" />', anchor="What-you-need")
    assert get(new, LINKS).markdown == "[it](../install/on-a-bridge.md#what-you-need)\n"


def test_a_heading_that_nobody_knows_is_named_by_its_slug() -> None:
    new = put("[it](../install/on-a-bridge.md#more)\n", None, LINKS).storage
    assert new == link('<ri:page ri:content-title="On a bridge" />', anchor="more")


def test_a_heading_of_the_page_itself() -> None:
    new = put("## First `steps`\n\n[it](#first-steps)\n", None).storage
    assert 'ac:anchor="First-steps"' in new
    assert get(new).markdown == "## First `steps`\n\n[it](#first-steps)\n"


def test_another_spelling_of_the_same_target_changes_no_byte() -> None:
    storage = link('<ri:page ri:content-title="On a bridge" ri:version-at-save="3" />')
    assert put("[it](/install/on-a-bridge.md)\n", storage, LINKS).unchanged
    assert put("[it](confluence:page/On%20a%20bridge)\n", storage, LINKS).unchanged


def test_links_to_files_that_no_page_is_are_reported() -> None:
    base = '<p><a href="old.md">it</a></p>'
    done = put("[it](old.md) [y](new.md#z) [z](../install/on-a-bridge.md)\n", base, LINKS)
    assert done.unresolved == ("new.md#z",)
    assert put("[it](old.md) y\n", base, LINKS).unresolved == ()
