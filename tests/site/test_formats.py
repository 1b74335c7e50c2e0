"""Source trees for MkDocs, Docusaurus and Hugo: their own tools build them, and hostile text stays text."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from confsync.site import Request, SiteReport, export_tree

SPACE = Path(__file__).parent / "fixtures" / "space"
FORMATS = ("mkdocs", "docusaurus", "hugo")
PEERS = Path(__file__).parents[2] / ".cache" / "site-peers" / "bin"
Export = Callable[[str, str], str]


def tool(name: str) -> str | None:
    return shutil.which(name) or shutil.which(name, path=str(PEERS))


@pytest.fixture
def export(tmp_path: Path) -> Export:
    """The file that one page becomes."""

    def make(form: str, text: str) -> str:
        for name, said in {
            "index.md": "home",
            "a.md": text,
            "b.md": "## There\n",
            "d.md": "---\nstatus: draft\n---\nx",
        }.items():
            (tmp_path / "in").mkdir(exist_ok=True)
            (tmp_path / "in" / name).write_text(said, encoding="utf-8")
        export_tree(Request(tmp_path / "in", tmp_path / form), form)
        folder = "content" if form == "hugo" else "docs"
        return (tmp_path / form / folder / "a.md").read_text(encoding="utf-8").partition("---\n\n")[2]

    return make


def space(tmp_path: Path, form: str) -> tuple[Path, SiteReport]:
    out = tmp_path / form
    return out, export_tree(Request(SPACE, out), form)


def test_panels_take_each_generators_form(export: Export) -> None:
    text = "> [!CAUTION]\n>\n> Wet.\n\n:::info[Bring]\n\n- a towel\n  - dry\n\n:::\n"
    assert '!!! danger\n\n    Wet.\n\n!!! info "Bring"\n\n    -   a towel\n        -   dry\n' in export(
        "mkdocs", text
    )
    assert ":::danger\n\nWet.\n\n:::\n\n:::info[Bring]\n\n- a towel\n  - dry\n\n:::\n" in export(
        "docusaurus", text
    )
    assert "> [!CAUTION]\n> Wet.\n\n> [!INFO]" not in export("hugo", text)
    assert "> [!NOTE]\n> **Bring**\n>\n> - a towel\n>   - dry\n" in export("hugo", text)


@pytest.mark.parametrize("form", FORMATS)
def test_links_lead_to_pages_and_never_to_drafts(export: Export, form: str) -> None:
    end = ".html" if form == "hugo" else ".md"
    said = export(form, "[b](b.md#there) [d](d.md) `[x](b.md)` [n][n]\n\n::children\n\n[n]: b.md\n")
    assert f"[b](b{end}#there) d `[x](b.md)` [n][n]" in said
    assert f"[n]: b{end}" in said


@pytest.mark.parametrize("form", FORMATS)
def test_lists_that_macros_make_are_markdown(export: Export, form: str) -> None:
    end = "html" if form == "hugo" else "md"
    said = export(form, "::contentbylabel{type=page}\n")
    assert f"- [A](a.{end})\n- [B](b.{end})\n" in said


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "x <img src=x onerror=alert(1)> y",
        "<details ontoggle=alert(1) open>x</details>",
        "[x](javascript:alert(1))",
        "<javascript:alert(1)>",
        "[x][y]\n\n[y]: javascript:alert(1)",
        "[x]( javascript:alert(1) 'title')",
        "[a [b](javascript:alert(1)) c](b.md)",
        "- <svg onload=alert(1)>",
        "| <b onclick=alert(1)>x</b> |\n| --- |\n| <iframe srcdoc=x> |",
    ],
)
def test_hostile_text_stays_text(export: Export, form: str, hostile: str) -> None:
    said = export(form, hostile)
    assert not re.search(
        r"<(script|img|svg|iframe|b )|<[^>]* on[a-z]+=|\(javascript:|<javascript:|\]: javascript:", said
    )


def test_the_same_folder_gives_the_same_tree(tmp_path: Path) -> None:
    space(tmp_path, "hugo")
    assert space(tmp_path, "hugo")[1].written == 0


@pytest.mark.skipif(not tool("mkdocs"), reason="mkdocs is missing: make site-peers installs it")
def test_mkdocs_builds_it_and_warns_of_nothing(tmp_path: Path) -> None:
    out, report = space(tmp_path, "mkdocs")
    command = [str(tool("mkdocs")), "build", "--strict", "--site-dir", str(tmp_path / "built")]
    done = subprocess.run(command, cwd=out, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    html = (tmp_path / "built" / "everything.html").read_text(encoding="utf-8")
    assert '<div class="admonition danger">' in html
    assert "<script>alert" not in html
    built = {path.relative_to(tmp_path / "built").as_posix() for path in (tmp_path / "built").rglob("*.html")}
    assert {"index.html", "install/linux/arm.html", "blog/2026-11-02-release.html", "한국어.html"} <= built
    nav = yaml.safe_load((out / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]
    assert {"Getting started": "getting-started.md"} in nav
    assert report.pages == 9


@pytest.mark.skipif(not tool("hugo"), reason="hugo is missing: make site-peers installs it")
def test_hugo_builds_it_and_every_link_leads_somewhere(tmp_path: Path) -> None:
    out, _ = space(tmp_path, "hugo")
    command = [str(tool("hugo")), "--panicOnWarning", "--destination", str(tmp_path / "built")]
    env = {**os.environ, "HUGO_CACHEDIR": str(tmp_path / "cache")}
    done = subprocess.run(command, cwd=out, capture_output=True, text=True, timeout=100, check=False, env=env)
    assert done.returncode == 0, done.stdout + done.stderr
    page = tmp_path / "built" / "install" / "linux.html"
    html = page.read_text(encoding="utf-8")
    for target in re.findall(r'<a href="([^"#:]+)["#]', html.partition("<main>")[2]):
        assert (page.parent / target).exists(), target
    everything = (tmp_path / "built" / "everything.html").read_text(encoding="utf-8")
    assert "<script>alert" not in everything
    assert 'src="everything.assets/ship.png"' in everything
    assert (tmp_path / "built" / "everything.assets" / "ship.png").is_file()
