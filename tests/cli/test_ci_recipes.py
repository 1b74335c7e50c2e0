"""The workflows of docs/ci.md, run step by step against a sandbox."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.conftest import FAQ, HOME, INSTALL, Cli, Colleague, change, git

PAGE = Path(__file__).parents[2] / "docs" / "ci.md"
NOT_HERE = re.compile(r"^(pipx? install|gh )")
"""Steps that need the world outside: getting confsync, and GitHub itself."""


def recipe(name: str) -> dict[str, Any]:
    """A workflow of the page, by the file name that stands above it."""
    found = re.search(rf"`{re.escape(name)}`:\n\n```yaml\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert found, name
    read = yaml.safe_load(found[1])
    assert isinstance(read, dict)
    return read


def github(job: str) -> list[str]:
    steps = recipe(".github/workflows/wiki.yml")["jobs"][job]["steps"]
    return [step["run"] for step in steps if "run" in step and not NOT_HERE.match(step["run"])]


def gitlab(job: str) -> list[str]:
    read = recipe(".gitlab-ci.yml")
    return ["\n".join(read[job]["script"])]


@pytest.fixture
def hub(copy: Path, surroundings: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bare repository that everybody pushes to, and `confsync` on the PATH of the jobs."""
    origin = surroundings / "hub.git"
    git("clone", "--quiet", "--bare", str(copy), str(origin))
    git("remote", "add", "origin", str(origin))
    git("fetch", "--quiet", "origin")
    git("branch", "--quiet", "--set-upstream-to", "origin/main")
    programs = surroundings / "bin"
    programs.mkdir()
    (programs / "confsync").write_text(f'#!/bin/sh\nexec {sys.executable} -m confsync "$@"\n')
    (programs / "confsync").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    return origin


def checkout(hub: Path, to: Path, *, commit: str = "", depth: int = 0) -> Path:
    git("clone", "--quiet", *([f"--depth={depth}"] if depth else []), f"file://{hub}", str(to))
    if commit:
        subprocess.run(["git", "checkout", "--quiet", "--detach", commit], cwd=to, check=True)
    return to


def job(steps: list[str], folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """Run the steps as a runner does: each by a shell that stops at the first failure."""
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(folder.with_suffix(".summary")))
    said = ""
    for step in steps:
        done = subprocess.run(
            ["bash", "-e", "-c", step], check=False, cwd=folder, capture_output=True, text=True
        )
        said += done.stdout + done.stderr
        if done.returncode:
            return done.returncode, said
    return 0, said


def test_a_pull_request_is_reviewed(
    hub: Path, copy: Path, ben: Colleague, surroundings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git("switch", "--quiet", "-c", "better")
    change("install.md", "somewhere safe", "somewhere very safe")
    change("questions.md", "Ask one question.", "Ask two questions.")
    git("commit", "--quiet", "--all", "--message", "Better words")
    git("push", "--quiet", "origin", "better")
    ben.edit(FAQ, "Ask one question.", "Ask any question.")
    there = checkout(hub, surroundings / "runner", commit="origin/better")
    code, said = job(github("review"), there, monkeypatch)
    assert code == 0, said
    plan = (there / "plan.txt").read_text()
    assert "merging this changes 2 pages" in plan
    assert "touches inline comment" in plan
    assert "`questions.md` v2" in plan
    assert "expect a conflict" in plan
    assert there.with_suffix(".summary").read_text() == plan
    assert job(gitlab("review"), there, monkeypatch)[0] == 0
    assert ben.version(INSTALL) == 1


def test_what_cannot_be_sent_fails_the_review(
    hub: Path, copy: Path, surroundings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = Path("questions.md")
    file.write_text(f"{file.read_text()}\n[dead](nowhere.md)\n")
    git("commit", "--quiet", "--all", "--message", "A dead link")
    git("push", "--quiet", "origin", "HEAD:dead")
    there = checkout(hub, surroundings / "runner", commit="origin/dead")
    code, _ = job(github("review"), there, monkeypatch)
    assert code == 1
    assert "nowhere.md" in (there / "plan.txt").read_text()


def test_main_is_published_and_the_records_come_back(
    hub: Path, ben: Colleague, surroundings: Path, monkeypatch: pytest.MonkeyPatch, cli: Cli
) -> None:
    change("install.md", "Then start it.", "Then start it twice.")
    git("commit", "--quiet", "--all", "--message", "Twice")
    git("push", "--quiet")
    there = checkout(hub, surroundings / "runner")
    code, said = job(github("publish"), there, monkeypatch)
    assert code == 0, said
    assert "start it twice" in ben.body(INSTALL)
    git("pull", "--quiet", "--rebase")
    ran = cli("sync", "--json")
    assert (ran.json["pushed"], ran.json["pulled"]) == ([], [])


def test_somebody_faster_makes_the_job_start_over(
    hub: Path, copy: Path, ben: Colleague, surroundings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change("install.md", "Then start it.", "Then start it twice.")
    git("commit", "--quiet", "--all", "--message", "Twice")
    git("push", "--quiet")
    there = checkout(hub, surroundings / "runner")
    change("index.md", "Welcome home.", "Welcome back.")
    git("commit", "--quiet", "--all", "--message", "Back")
    git("push", "--quiet")
    code, said = job(github("publish"), there, monkeypatch)
    assert code == 0, said
    assert "start it twice" in ben.body(INSTALL)
    assert "Welcome back." in ben.body(HOME)
    assert (ben.version(INSTALL), ben.version(HOME)) == (2, 2)


def test_a_job_that_cannot_write_back_never_conflicts_with_itself(
    hub: Path, copy: Path, ben: Colleague, surroundings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two pushes of one line from detached checkouts without records, then a colleague, then a human's sync."""
    for number, (old, new) in enumerate([("Then start it.", "Then start."), ("Then start.", "Start then.")]):
        change("install.md", old, new)
        git("commit", "--quiet", "--all", "--message", new)
        git("push", "--quiet")
        there = checkout(hub, surroundings / f"runner{number}", commit="origin/main")
        code, said = job(gitlab("publish"), there, monkeypatch)
        assert code == 0, said
        assert new in ben.body(INSTALL)
        out = subprocess.run(
            ["git", "rev-parse", "--verify", "refs/confsync/out"], cwd=there, capture_output=True, check=False
        )
        assert out.returncode == 0
    assert ben.version(INSTALL) == 3


def test_every_option_that_the_page_names_exists(cli: Cli) -> None:
    text = PAGE.read_text()
    for command, options in re.findall(r"confsync (\w+)((?: (?:--[\w-]+|[A-Za-z.:/]+))*)", text):
        known = cli(command, "--help").said
        for option in re.findall(r"--[\w-]+", options):
            assert option in known, f"{command} {option}"


def test_the_pages_job_and_the_test_agree() -> None:
    """The steps left out here are only those that need the world outside."""
    steps = recipe(".github/workflows/wiki.yml")["jobs"]
    left = [s["run"] for name in steps for s in steps[name]["steps"] if NOT_HERE.match(s.get("run", ""))]
    assert len(left) == 3
