"""A small folder of Markdown, and ways to look at what a site makes of it."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from confsync.site import SiteReport, build_site

Write = Callable[[Mapping[str, str]], Path]
Show = Callable[..., str]


@pytest.fixture
def folder(tmp_path: Path) -> Write:
    """Write files into a source folder and return it."""

    def write(files: Mapping[str, str]) -> Path:
        top = tmp_path / "source"
        top.mkdir(exist_ok=True)
        for name, text in files.items():
            path = top / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return top

    return write


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def build(folder: Write, out: Path) -> Callable[[Mapping[str, str]], SiteReport]:
    """Write files and build the site of them."""
    return lambda files: build_site(folder(files), out)


@pytest.fixture
def show(folder: Write, out: Path) -> Show:
    """The text of a page made of one Markdown body, with other files around it."""

    def render(body: str, **others: str) -> str:
        files = {"index.md": "home\n", "page.md": body} | {
            name.replace("__", "/") + ".md": text for name, text in others.items()
        }
        build_site(folder(files), out)
        html = (out / "page.html").read_text(encoding="utf-8")
        return html.partition('<article class="text">')[2].partition("</article>")[0]

    return render
