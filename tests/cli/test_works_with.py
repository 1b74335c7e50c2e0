"""Every kind of checkout: an edit here and one there, a sync, a second one that finds nothing, and a clean `git status`."""

import subprocess
import unicodedata
from pathlib import Path
from typing import Literal

import pytest

from confsync.sandbox import SandboxServer
from tests.cli.conftest import FAQ, INSTALL, Cli, Colleague, change, git


def type_in(commands: str) -> None:
    """What somebody types into a shell, which stops at the first failure."""
    subprocess.run(["bash", "-e", "-c", commands], check=True, capture_output=True)


def both_ways(cli: Cli, ben: Colleague, *, folder: str = "") -> None:
    """Edit a page here and another one there; all of it arrives, once, and nothing else changes."""
    change(f"{folder}questions.md", "Ask one question.", "Ask two questions.")
    ben.edit(INSTALL, "Then start it.", "Then start it twice.")
    before = {page: ben.version(page) for page in (FAQ, INSTALL)}
    ran = cli("sync")
    assert ran.code == 0, ran.said
    assert ben.body(FAQ) == "<p>Ask two questions.</p><p>Answer another one.</p>"
    install = Path(f"{folder}install.md")
    assert not install.exists() or "Then start it twice." in install.read_text(encoding="utf-8")
    assert "start it twice" in git("cat-file", "--filters", f"HEAD:./{folder}install.md")
    assert {page: ben.version(page) for page in before} == {FAQ: before[FAQ] + 1, INSTALL: before[INSTALL]}
    silent(cli)


def silent(cli: Cli) -> None:
    """A sync with nothing to do changes nothing, and git sees nothing to commit."""
    head = git("rev-parse", "HEAD")
    ran = cli("sync", "--json")
    assert (ran.code, ran.json["pulled"], ran.json["pushed"]) == (0, [], []), ran.said
    assert git("rev-parse", "HEAD") == head
    assert git("status", "--porcelain") == ""


CLONES = {
    "shallow": "--depth=1",
    "partial": "--filter=blob:none",
    "without trees": "--filter=tree:0",
    "sparse": "--sparse",
    "with windows line ends": "-c core.autocrlf=true",
    "with file modes off": "-c core.fileMode=false",
}


@pytest.mark.parametrize("options", CLONES.values(), ids=CLONES.keys())
def test_kinds_of_clones(
    cli: Cli, copy: Path, ben: Colleague, monkeypatch: pytest.MonkeyPatch, options: str
) -> None:
    git("config", "uploadpack.allowFilter", "true")
    type_in(f"git clone -q {options} file://{copy} ../clone")
    monkeypatch.chdir("../clone")
    both_ways(cli, ben)


def test_a_sparse_cone_leaves_what_is_not_checked_out_alone(cli: Cli, copy: Path, ben: Colleague) -> None:
    type_in("git sparse-checkout set --no-cone '/*' '!install*' '!.confsync/pages'")
    assert not Path("install.md").exists()
    both_ways(cli, ben)
    assert not Path("install.md").exists()


def test_a_linked_work_tree(
    cli: Cli, copy: Path, ben: Colleague, surroundings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    type_in(f"git switch -q -c aside; git worktree add -q {surroundings}/linked main")
    assert cli("sync").code == 1
    monkeypatch.chdir(surroundings / "linked")
    both_ways(cli, ben)


def test_a_submodule(
    cli: Cli, copy: Path, ben: Colleague, surroundings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    type_in(
        f"git init -q -b main {surroundings}/outer; cd {surroundings}/outer;"
        f" git -c protocol.file.allow=always submodule -q add {copy} wiki; git commit -qm Wiki"
    )
    monkeypatch.chdir(surroundings / "outer" / "wiki")
    both_ways(cli, ben)


ATTRIBUTES = {
    "eol=crlf": ("* text eol=crlf", "true"),
    "a filter": (
        "*.md filter=turn",
        "git config filter.turn.clean 'rev'; git config filter.turn.smudge 'rev'",
    ),
    "idents": ("*.md ident", "true"),
}


@pytest.mark.parametrize(("attributes", "setting"), ATTRIBUTES.values(), ids=ATTRIBUTES.keys())
def test_what_git_does_to_files_on_their_way_is_no_edit(
    cli: Cli, copy: Path, ben: Colleague, attributes: str, setting: str
) -> None:
    Path(".gitattributes").write_text(f"{attributes}\n")
    type_in(
        f"{setting}; git add .gitattributes; git add --renormalize .; git commit -qm Attributes;"
        " git rm -rq --cached .; git reset -q --hard"
    )
    both_ways(cli, ben)


@pytest.mark.skipif(
    subprocess.run(["git", "lfs", "version"], check=False, capture_output=True).returncode != 0,
    reason="git-lfs is not installed; with it on the PATH this runs",
)
def test_large_file_storage(cli: Cli, copy: Path, ben: Colleague) -> None:
    type_in("git lfs install --local; git lfs track '*.png' '*.page'; git add .; git commit -qm Large")
    both_ways(cli, ben)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_both_spellings_of_a_letter(
    cli: Cli, copy: Path, ben: Colleague, form: Literal["NFC", "NFD"]
) -> None:
    ben.edit(FAQ, "Ask one", "Ask one", title="Fragen übers Öl")
    assert cli("sync").code == 0
    (named,) = (path for path in git("ls-files", "-z").split("\0") if "bers" in path)
    spelt = unicodedata.normalize(form, named)
    Path(named).rename(spelt)
    change(spelt, "Ask one question.", "Ask two questions.")
    ran = cli("sync")
    assert ran.code == 0, ran.said
    assert ben.body(FAQ) == "<p>Ask two questions.</p><p>Answer another one.</p>"
    assert "Fragen übers Öl" in ben.titles()
    silent(cli)


@pytest.mark.parametrize("titles", [("Same name", "Same: NAME"), ("CON", "aux.txt"), ("a:b*c?", 'q"<>|.')])
def test_names_that_other_systems_cannot_tell_apart_or_have(
    cli: Cli, copy: Path, ben: Colleague, titles: tuple[str, str]
) -> None:
    ben.edit(FAQ, "Ask one", "Ask one", title=titles[0])
    ben.edit(INSTALL, "Then start", "Then start", title=titles[1])
    ran = cli("sync")
    assert ran.code == 0, ran.said
    paths = [path for path in git("ls-files", "-z").split("\0") if path.endswith(".md")]
    assert len({path.casefold() for path in paths}) == len(paths) == 4
    stems = {part.partition(".")[0].casefold() for path in paths for part in path.split("/")}
    assert not stems & {"con", "aux", "nul", "prn"}
    assert not any(set(path) & set('<>:"\\|?*') for path in paths)
    silent(cli)


def test_a_file_typed_in_during_the_run_is_sent_by_the_next(
    cli: Cli, copy: Path, ben: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    ben.edit(FAQ, "another one", "all of them")
    Path(".git/hooks").mkdir(exist_ok=True)
    hook = Path(".git/hooks/post-commit")
    hook.write_text("#!/bin/sh\nsed -i 's/Ask one question/Ask any question/' questions.md\n")
    hook.chmod(0o755)
    change("index.md", "Welcome", "Be welcome")
    cli("sync")
    hook.unlink()
    assert cli("sync").code == 0
    assert ben.body(FAQ) == "<p>Ask any question.</p><p>Answer all of them.</p>"
    silent(cli)


def test_several_spaces_in_one_repository(
    cli: Cli, url: str, server: SandboxServer, ben: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.add_space("OPS", "Operations")
    server.colleague().create("OPS", "About", "<p>All of it.</p>")
    type_in("git init -q -b main; echo mine > notes.txt; git add .; git commit -qm Start")
    for key in ("DOCS", "OPS"):
        assert cli("clone", url.replace("DOCS", key), key.lower(), "--quiet").code == 0
    change("ops/about.md", "All of it.", "Much of it.")
    monkeypatch.chdir("docs")
    change("questions.md", "Ask one question.", "Ask two questions.")
    assert cli("sync").code == 0
    assert git("status", "--porcelain") == " M ops/about.md\n"
    monkeypatch.chdir("../ops")
    assert cli("sync").code == 0
    silent(cli)
    monkeypatch.chdir("../docs")
    silent(cli)
    assert "two questions" in ben.body(FAQ)


def test_pages_below_a_folder_of_their_own(cli: Cli, copy: Path, ben: Colleague) -> None:
    type_in("mkdir docs; git mv index.md install.md install questions.md docs/")
    with Path("confsync.toml").open("a") as settings:
        settings.write('[sync]\nroot = "docs"\n' if "[sync]" not in Path("confsync.toml").read_text() else "")
    text = Path("confsync.toml").read_text()
    if 'root = "docs"' not in text:
        Path("confsync.toml").write_text(text.replace("[sync]\n", '[sync]\nroot = "docs"\n'))
    Path("README.md").write_text("# Of the repository\n")
    type_in("git add -A; git commit -qm 'Into docs'")
    before = ben.titles()
    both_ways(cli, ben, folder="docs/")
    assert ben.titles() == before


def test_what_is_excluded_by_path_stays_here(cli: Cli, copy: Path, ben: Colleague) -> None:
    text = Path("confsync.toml").read_text()
    table = "" if "[sync]" in text else "[sync]\n"
    line = f'{table}exclude = ["drafts/*"]\n'
    Path("confsync.toml").write_text(
        text.replace("[sync]\n", f"[sync]\n{line}") if not table else text + line
    )
    Path("drafts").mkdir()
    Path("drafts/idea.md").write_text("# Idea\n")
    type_in("git add -A; git commit -qm Drafts")
    before = ben.titles()
    both_ways(cli, ben)
    assert ben.titles() == before
