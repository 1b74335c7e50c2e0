"""Taking over a documentation tree that other tools have published."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from confsync.convert import markdown_to_storage
from confsync.sandbox import SandboxServer
from confsync.sandbox.colleague import Colleague
from tests.cli.conftest import Cli

INSTALL = "Unpack it, then *start* it.\n\n- one\n- two\n"
LINUX = "| a | b |\n| --- | --- |\n| 1 | 2 |\n"
FAQ = "Ask one question.\n"
USAGE = "Use it with care.\n"
CHANGED = "The words in the file.\n"


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], check=True, capture_output=True, text=True).stdout


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[SandboxServer]:
    with SandboxServer() as server:
        server.add_space("DOCS", "Documentation")
        monkeypatch.setenv("CONFSYNC_USERNAME", server.username)
        monkeypatch.setenv("CONFSYNC_TOKEN", server.token)
        yield server


@pytest.fixture
def pages(site: SandboxServer) -> dict[str, str]:
    """What other tools have published, by title."""
    ben = site.colleague()
    ids: dict[str, str] = {}
    for title, text, parent in (
        ("Install", INSTALL, None),
        ("Linux", LINUX, "Install"),
        ("Questions & answers", FAQ, None),
        ("Usage", USAGE, None),
        ("Changed since", "The words on the wiki.\n", None),
        ("Only on the wiki", "Nobody has a file of this.\n", None),
    ):
        made = ben.create("DOCS", title, markdown_to_storage(text), parent=ids.get(parent or ""))
        ids[title] = str(made.id)
    return ids


@pytest.fixture
def tree(pages: dict[str, str], surroundings: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The repository that the pages were published from."""
    folder = surroundings / "docs"
    files = {
        "install.md": f"<!-- confluence-page-id: {pages['Install']} -->\n\n# Install\n\n{INSTALL}",
        "install/linux.md": f"---\nconnie-page-id: '{pages['Linux']}'\nconnie-publish: true\n---\n{LINUX}",
        "faq.md": f"<!-- Space: DOCS -->\n<!-- Title: Questions & answers -->\n\n{FAQ}",
        "usage.md": USAGE,
        "changed.md": f"---\ntitle: Changed since\n---\n\n{CHANGED}",
        "elsewhere.md": "<!-- Space: OPS -->\n<!-- Title: Usage -->\n\nAnother space's.\n",
        "new.md": "# Brand new\n\nNobody has published this.\n",
    }
    folder.mkdir()
    monkeypatch.chdir(folder)
    git("init", "-q", "-b", "main")
    for path, text in files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text)
    git("add", ".")
    git("commit", "-qm", "Documentation")
    return folder


def space_url(site: SandboxServer) -> str:
    return f"{site.url}/spaces/DOCS"


def test_a_dry_run_shows_the_table_and_writes_nothing(
    cli: Cli, site: SandboxServer, tree: Path, pages: dict[str, str]
) -> None:
    ran = cli("init", "--adopt", space_url(site), "--dry-run", "--json")
    assert ran.code == 0, ran.said
    adopted = {one["path"]: (one["page"], one["by"]) for one in ran.json["adopted"]}  # type: ignore[attr-defined]
    assert adopted == {
        "install.md": (pages["Install"], "id (md2conf)"),
        "install/linux.md": (pages["Linux"], "id (markdown-confluence)"),
        "faq.md": (pages["Questions & answers"], "title (mark)"),
        "usage.md": (pages["Usage"], "path"),
        "changed.md": (pages["Changed since"], "title"),
    }
    local = {one["path"]: one["reason"] for one in ran.json["local"]}  # type: ignore[attr-defined]
    assert local == {
        "elsewhere.md": "belongs to the space OPS",
        "new.md": "no page of this title or at this place",
    }
    assert {row["title"] for row in ran.json["missing"]} >= {"Only on the wiki"}  # type: ignore[attr-defined]
    assert git("status", "--porcelain") == ""
    assert not (tree / "confsync.toml").exists()
    words = cli("init", "--adopt", space_url(site), "--dry-run")
    assert "5 files matched, 2 local" in words.out
    assert "Nothing is written." in words.out


def test_files_get_their_ids_and_keep_everything_else(
    cli: Cli, site: SandboxServer, tree: Path, pages: dict[str, str]
) -> None:
    assert cli("init", "--adopt", space_url(site)).code == 0
    assert (tree / "install.md").read_text() == (
        f"---\nid: {pages['Install']}\n---\n\n"
        f"<!-- confluence-page-id: {pages['Install']} -->\n\n# Install\n\n{INSTALL}"
    )
    assert "connie-publish: true" in (tree / "install/linux.md").read_text()
    assert 'title: "Questions & answers"' in (tree / "faq.md").read_text()
    assert "id:" not in (tree / "new.md").read_text()


def test_what_says_the_same_is_adopted_and_what_differs_waits(
    cli: Cli, site: SandboxServer, tree: Path, pages: dict[str, str]
) -> None:
    assert cli("init", "--adopt", space_url(site)).code == 0
    ran = cli("pull", "--json")
    assert ran.code == 3, ran.said
    did = {one["path"]: one["did"] for one in ran.json["pulled"]}  # type: ignore[attr-defined]
    adopted = {path for path, what in did.items() if what == "adopted"}
    assert adopted == {"install.md", "install/linux.md", "faq.md", "usage.md"}
    assert did["changed.md"] == "conflict"
    assert did["only-on-the-wiki.md"] == "new"
    assert cli("resolve", "--ours", "changed.md").code == 0
    ben = site.colleague()
    assert cli("push", "changed.md").code == 0
    assert CHANGED.strip() in ben.body(pages["Changed since"])
    quiet = cli("sync", "--json", "--no-input", "--create")
    assert quiet.code == 0, quiet.said
    assert quiet.json["pushed"] == []  # what has no page stays local until it is taken off the list
    settings = tree / "confsync.toml"
    settings.write_text(settings.read_text().replace('    "/new.md",\n', ""))
    ran = cli("push", "--dry-run", "--json")
    assert [op["path"] for op in ran.json["planned"]] == ["new.md"]  # type: ignore[attr-defined]


def test_colleagues_edits_survive_the_adoption(
    cli: Cli, site: SandboxServer, tree: Path, pages: dict[str, str]
) -> None:
    site.colleague().edit(pages["Usage"], "<p>Use it with care, and gloves.</p>")
    cli("init", "--adopt", space_url(site))
    cli("sync", "--on-conflict", "defer", "--create")
    assert "gloves" in Colleague.body(site.colleague(), pages["Usage"])


@pytest.mark.parametrize("shape", ["two files of one page", "a page that is elsewhere"])
def test_doubtful_files_stay_local(
    cli: Cli, site: SandboxServer, tree: Path, pages: dict[str, str], shape: str
) -> None:
    marker = pages["Install"] if shape.startswith("two") else "999999"
    (tree / "twin.md").write_text(f"<!-- confluence-page-id: {marker} -->\n\nAnother text.\n")
    ran = cli("init", "--adopt", space_url(site), "--dry-run", "--json")
    local = {one["path"]: one["reason"] for one in ran.json["local"]}  # type: ignore[attr-defined]
    wanted = f"several files name page {marker}" if shape.startswith("two") else "is not in this space"
    assert wanted in local["twin.md"]
    assert ("install.md" in local) == shape.startswith("two")
