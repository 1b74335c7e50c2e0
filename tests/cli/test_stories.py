"""Whole stories of teams, as the manual would tell them."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from confsync.sandbox import SandboxServer
from tests.cli.conftest import FAQ, HOME, INSTALL, LINUX, Cli, Colleague, change, git


@contextmanager
def desk(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Sit down at somebody's desk."""
    with monkeypatch.context() as there:
        there.chdir(folder)
        yield folder


def test_two_writers_and_a_reviewer(
    cli: Cli, copy: Path, ben: Colleague, surroundings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ann and Carla edit one page on branches, Ben edits it in the browser; the reviewer merges and syncs."""
    page = "questions.md"
    Path(page).write_text(f"{Path(page).read_text()}\nA third paragraph.\n")
    assert cli("sync").code == 0
    hub = surroundings / "hub.git"
    git("clone", "--quiet", "--bare", str(copy), str(hub))
    desks = {name: surroundings / name for name in ("ann", "carla", "reviewer")}
    for folder in desks.values():
        git("clone", "--quiet", str(hub), str(folder))

    for name, old, new in (
        ("ann", "Ask one", "Ask just one"),
        ("carla", "Answer another", "Answer yet another"),
    ):
        with desk(desks[name], monkeypatch):
            git("switch", "--quiet", "-c", name)
            change(page, old, new)
            git("commit", "--quiet", "--all", "--message", new)
            assert cli("push", "--dry-run").code == 0
            assert cli("sync").code == 1  # not from a branch that is still being reviewed
            git("push", "--quiet", "origin", name)
    ben.edit(FAQ, "A third paragraph.", "A third and last paragraph.")

    with desk(desks["reviewer"], monkeypatch):
        git("fetch", "--quiet")
        git("merge", "--quiet", "--no-edit", "origin/ann")
        git("merge", "--quiet", "--no-edit", "origin/carla")
        ran = cli("sync")
        assert ran.code == 0, ran.said
        git("push", "--quiet")
    body = ben.body(FAQ)
    for words in ("Ask just one", "Answer yet another", "third and last"):
        assert words in body
    assert ben.version(FAQ) == 4

    for name in ("ann", "carla"):
        with desk(desks[name], monkeypatch):
            git("switch", "--quiet", "main")
            git("pull", "--quiet")
            assert "third and last" in Path(page).read_text()
            said = cli("sync", "--json").json
            assert (said["pulled"], said["pushed"]) == ([], [])
    assert ben.version(FAQ) == 4


def test_a_colleague_renames_a_whole_section_while_somebody_writes_in_it(
    cli: Cli, copy: Path, ben: Colleague
) -> None:
    change(
        "index.md", "Welcome home.", "Welcome home. [Install](install.md) it, on [Linux](install/linux.md)."
    )
    assert cli("sync").code == 0
    change("install/linux.md", "as ever", "as always")
    ben.edit(INSTALL, "Then start it.", "Then begin.", title="Set-up and first steps")
    ran = cli("sync")
    assert ran.code == 0, ran.said
    assert not Path("install").exists()
    assert "as always" in Path("set-up-and-first-steps/linux.md").read_text()
    assert "as always" in ben.body(LINUX)
    text = Path("index.md").read_text()
    assert "[Install](set-up-and-first-steps.md)" in text
    assert "(set-up-and-first-steps/linux.md)" in text
    assert 'ri:content-title="Set-up and first steps"' in ben.body(HOME)
    said = cli("sync", "--json").json
    assert (said["pulled"], said["pushed"]) == ([], [])


def test_a_nightly_backup_brings_back_what_somebody_deleted(
    cli: Cli, server: SandboxServer, surroundings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli("clone", "--all", server.url, "wiki").code == 0
    with desk(surroundings / "wiki", monkeypatch):
        robin = server.colleague()
        robin.edit(FAQ, "<p>The last good words.</p>")
        assert cli("pull", "--all", "--no-input").code == 0
    with desk(surroundings / "wiki/docs", monkeypatch):
        good = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=True).stdout
    for page in (LINUX, INSTALL, FAQ):
        robin.trash(page)
    robin.purge(FAQ)
    with desk(surroundings / "wiki", monkeypatch):
        assert cli("pull", "--all", "--no-input").code in (0, 1)
    with desk(surroundings / "wiki/docs", monkeypatch):
        assert cli("restore", good.strip(), "--to", "sandbox").code == 0
        ran = cli("restore", good.strip())
        assert ran.code == 0, ran.said
        titles = {
            row["title"]
            for row in server.store.database.all("SELECT title FROM content WHERE status = 'current'")
        }
        assert {"Install", "Linux", "Questions"} <= titles
        assert "The last good words." in Path("questions.md").read_text()
        said = cli("sync", "--json").json
        assert (said["pulled"], said["pushed"]) == ([], [])
