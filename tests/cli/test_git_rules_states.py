"""Which command may run in which state of git, at the command line; and what else git does to pages.

Where the ten demands on the git side are kept: the exit matrix, torn markers and merge tools in
`test_git_rules_exits`; the crash between every two steps in `tests/unit/engine/test_crash`, a lock that is held, HEAD
that moved and hooks that refuse in `tests/unit/history`; the table of states and that of git operations here; records
of two branches in `tests/unit/history/test_merge_driver` and `test_observing`; sparse, linked and other checkouts in
`test_works_with`; jobs that cannot write back in `test_ci_recipes`.
"""

import subprocess
from pathlib import Path

import pytest

from confsync.history import index
from tests.cli.conftest import FAQ, INSTALL, Cli, Colleague, change, git

LOOKS = ("status", "diff", "export", "push --dry-run", "sync --dry-run")
WRITES = ("pull", "push", "sync", "watch --once-idle")
BUSY = {
    "mid-merge": ("git merge -q other", "merge"),
    "mid-rebase": ("git rebase -q other", "rebase"),
    "mid-cherry-pick": ("git cherry-pick other", "cherry-pick"),
    "mid-revert": ("git revert --no-edit HEAD~1", "revert"),
    "bisecting": ("git bisect start -q; git bisect bad HEAD; git bisect good HEAD~3", "bisect"),
    "unmerged": ("git merge -q other || git update-ref -d MERGE_HEAD", "unmerged files"),
    "another branch": ("git switch -q -c aside", "follows the branch main"),
    "detached": ("git switch -q --detach", "HEAD is detached"),
    "unborn": ("git switch -q --orphan new; git checkout -q main -- .", "no commit yet"),
}


def type_in(commands: str) -> None:
    """What somebody types into a shell; that a command stops half-way is what most of these are for."""
    subprocess.run(["bash", "-c", commands], check=False, capture_output=True)


@pytest.fixture
def crossed(copy: Path) -> Path:
    """Three edits of one page on `main`, and another one on `other` that conflicts with them."""
    git("branch", "other")
    for number, word in enumerate(("good", "better", "best")):
        before = ("one", "one good", "one better")[number]
        change("questions.md", f"{before} question", f"one {word} question")
        git("commit", "--quiet", "--all", "--message", word)
    git("switch", "--quiet", "other")
    change("questions.md", "one question", "no question")
    git("commit", "--quiet", "--all", "--message", "none")
    git("switch", "--quiet", "main")
    return copy


@pytest.mark.parametrize(("commands", "named"), BUSY.values(), ids=BUSY.keys())
def test_where_git_is_busy_one_may_look_and_nothing_is_written(
    cli: Cli, crossed: Path, ben: Colleague, commands: str, named: str
) -> None:
    type_in(commands)
    before = git("status", "--porcelain", "--branch"), git("rev-parse", "--all")
    for command in LOOKS:
        ran = cli(*command.split())
        assert "Traceback" not in ran.said
        assert ran.code in {0, 1, 3}, f"{command}: {ran.said}"
    for command in WRITES:
        ran = cli(*command.split())
        assert (ran.code, named in ran.said) == (1, True), f"{command}: {ran.said}"
    type_in("rm -rf site")
    assert (git("status", "--porcelain", "--branch"), git("rev-parse", "--all")) == before
    assert ben.version(FAQ) == 1


def test_on_the_branch_all_may_run_whatever_else_is_dirty(cli: Cli, copy: Path, ben: Colleague) -> None:
    Path("notes.txt").write_text("half\n")
    git("add", "notes.txt")
    Path("notes.txt").write_text("whole\n")
    change("install.md", "Then start it.", "Then start it twice.")
    assert [cli(*command.split()).code for command in (*LOOKS, *WRITES)] == [0] * 9
    assert git("status", "--porcelain", "--", "notes.txt") == "AM notes.txt\n"
    assert "start it twice" in ben.body(INSTALL)


def test_a_page_staged_by_halves_is_left_alone_and_no_other(cli: Cli, copy: Path, ben: Colleague) -> None:
    change("questions.md", "one question", "half a question")
    git("add", "questions.md")
    change("questions.md", "half a question", "half written")
    change("install.md", "Then start it.", "Then start it twice.")
    ran = cli("sync")
    assert "staged and unstaged changes" in ran.said
    assert (ben.version(FAQ), ben.version(INSTALL)) == (1, 2)
    assert git("status", "--porcelain") == "MM questions.md\n"


def test_a_held_index_stops_before_anything_is_written(
    cli: Cli, copy: Path, ben: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "WAIT", 0.1)
    change("questions.md", "one question", "two questions")
    ben.edit(INSTALL, "Then start it.", "Then start.")
    lock = Path(".git/index.lock")
    lock.touch()
    head = git("rev-parse", "HEAD")
    for command in ("pull", "push", "sync"):
        ran = cli(command)
        assert (ran.code, "index.lock" in ran.said) == (1, True), ran.said
    assert cli("status").code == 0
    assert (git("rev-parse", "HEAD"), ben.version(FAQ)) == (head, 1)
    lock.unlink()
    assert cli("sync").code == 0
    assert git("status", "--porcelain") == ""


def test_a_bare_repository_and_none_are_named(cli: Cli, copy: Path, surroundings: Path) -> None:
    git("config", "core.bare", "true")
    for command in ("status", "sync", "push --dry-run"):
        ran = cli(*command.split())
        assert (ran.code, "bare" in ran.said) == (1, True), ran.said
    Path(".git").rename(surroundings / "gone")
    ran = cli("sync")
    assert (ran.code, "not in a git repository" in ran.said) == (1, True), ran.said


OPERATIONS = {
    "the pull reverted": ("git revert --no-edit HEAD~0 || git revert --no-edit -m1 HEAD", ("two", "Bens")),
    "reset --hard to before the pull": ("git reset -q --hard start", ("two", "Bens")),
    "an old commit's pages": ("git checkout -q start -- '*.md'", ("one", "start it")),
    "an old commit's records": ("git checkout -q start -- .confsync", ("two", "Bens")),
    "the edit reverted": ("git revert --no-edit $(git log --format=%h -1 --grep='^Two')", ("one", "Bens")),
    "the records reverted": (
        "git revert --no-edit $(git log --format=%h -1 --grep='^Record')",
        ("two", "Bens"),
    ),
    "all squashed": ("git reset -q --soft start; git commit -qm Squashed", ("two", "Bens")),
    "on a branch, merged back": (
        "git switch -qc x; git commit -q --allow-empty -m x; git switch -q main; git merge -q --no-ff x",
        ("two", "Bens"),
    ),
}


@pytest.mark.parametrize(("commands", "says"), OPERATIONS.values(), ids=OPERATIONS.keys())
def test_what_git_does_to_pages_and_records(
    cli: Cli, copy: Path, ben: Colleague, commands: str, says: tuple[str, str]
) -> None:
    """An edit was pushed and the colleague's edit pulled; only what takes a text back by name takes it back."""
    git("tag", "start")
    change("questions.md", "one question", "two questions")
    git("commit", "--quiet", "--all", "--message", "Two")
    assert cli("push").code == 0
    ben.edit(INSTALL, "start it", "start Bens way")
    assert cli("pull").code == 0
    type_in(commands)
    ran = cli("sync")
    assert ran.code == 0, ran.said
    faq, install = says
    texts = Path("questions.md").read_text(), Path("install.md").read_text()
    assert (f"Ask {faq} question" in ben.body(FAQ), f"Ask {faq} question" in texts[0]) == (True, True)
    assert (install in ben.body(INSTALL), install in texts[1]) == (True, True)
    assert git("status", "--porcelain", "--", "*.md") == ""
    ran = cli("sync", "--json")
    assert (ran.json["pulled"], ran.json["pushed"]) == ([], [])
