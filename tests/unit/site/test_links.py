"""Where links lead, and where they must never lead."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confsync.model.ids import RelPath
from confsync.site.links import Linker
from confsync.site.model import Meta, Source
from confsync.site.surroundings import Surroundings
from confsync.site.tree import grow

Make = Callable[..., Linker]
CLOUD = "https://x.atlassian.net/wiki"


@pytest.fixture
def linker(tmp_path: Path) -> Make:
    for name in ("a/b.assets/x y.png", ".env", "a/secret.assets/s.png", "notes.md", "page.html"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", encoding="utf-8")
    (tmp_path / "out.png").symlink_to("/etc/passwd")
    paths = ["index.md", "a.md", "a/b.md", "a/größe.md", "page.md"]
    tree = grow([Source(RelPath(p), Meta(), p) for p in paths], lambda _: None, name="x")

    def make(url: str = CLOUD, origin: str = "a/b.md") -> Linker:
        around = Surroundings(
            tree,
            tmp_path,
            tmp_path,
            url,
            "DOC",
            url.removesuffix("/wiki"),
            left_out={"a/secret.md": "it is a draft"},
        )
        return Linker(around, tree.by_source[origin], RelPath(origin))

    return make


@pytest.mark.parametrize(
    ("target", "address"),
    [
        ("../a.md", "../a.html"),
        ("../a.md#part-two", "../a.html#part-two"),
        ("/index.md", "../index.html"),
        ("gr%C3%B6%C3%9Fe.md", "gr%C3%B6%C3%9Fe.html"),
        ("gro\u0308ße.md", "gr%C3%B6%C3%9Fe.html"),
        ("#setup", "#setup"),
        ("b.md#setup", "#setup"),
        ("../a", "../a.html"),
        ("b.assets/x%20y.png", "b.assets/x%20y.png"),
        ("https://example.com/?a=b#c", "https://example.com/?a=b#c"),
        ("mailto:a@b.c", "mailto:a@b.c"),
        ("confluence:page/DOC/a.md#x", "../a.html#x"),
        ("confluence:page/OPS/Some%20page", CLOUD + "/display/OPS/Some+page"),
        ("confluence:space/OPS", CLOUD + "/display/OPS"),
        ("confluence:attachment/45/a%20b.pdf", CLOUD + "/download/attachments/45/a%20b.pdf"),
        ("confluence:user/557058:ab", None),
        ("jira:PROJ-1", "https://x.atlassian.net/browse/PROJ-1"),
    ],
)
def test_a_link_leads_to(linker: Make, target: str, address: str | None) -> None:
    assert linker().link(target) == address


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("nowhere.md", "no such file"),
        ("../../etc/passwd", "out of the folder"),
        ("../.env", "dot files"),
        ("../out.png", "symlinks"),
        ("../notes.md", "not a page"),
        ("secret.assets/s.png", "draft"),
        ("Secret.Assets/S.png", "draft"),
        ("secret.md", "draft"),
        ("../page.html", "a page of the site"),
        ("javascript:alert(1)", "not a web address"),
        ("JaVaScRiPt:alert(1)", "not a web address"),
        ("data:text/html,x", "not a web address"),
        ("file:///etc/passwd", "not a web address"),
        ("../_confsync/site.js", "keeps this name"),
        ("site:nothing.html", "no such page"),
    ],
)
def test_what_leads_nowhere_stays_text_and_is_reported(linker: Make, target: str, reason: str) -> None:
    one = linker()
    assert one.link(target) is None
    assert [(link.page, link.target) for link in one.broken] == [("a/b.md", target)]
    assert reason in one.broken[0].reason


def test_without_a_server_its_links_are_text(linker: Make) -> None:
    one = linker(url="")
    assert one.link("confluence:page/OPS/x") is None
    assert one.link("jira:PROJ-1") is None
    assert not one.broken


def test_pictures_come_from_the_folder_only(linker: Make) -> None:
    one = linker()
    assert one.picture("b.assets/x%20y.png") == "b.assets/x%20y.png"
    assert one.picture("https://evil.example/x.png") is None
    assert one.picture("//evil.example/x.png") is None
    assert one.picture("data:image/png;base64,AA") is None
    assert one.files == {"a/b.assets/x y.png"}


@given(st.text(alphabet="./%25eE#?:\\~ab\u0308\x00", max_size=30))
def test_no_target_reaches_a_file_outside(target: str) -> None:
    tree = grow([Source(RelPath("index.md"), Meta(), "x")], lambda _: None, name="x")
    one = Linker(
        Surroundings(tree, Path("/nonexistent"), Path("/nonexistent")), tree.home, RelPath("index.md")
    )
    one.link(target)
    one.picture(target)
    assert not one.files
