"""The ways out of a conflict that git offers, each followed by `confsync sync`.

The law: no line that another author wrote in Confluence disappears unless the user's resolved text or an explicit
`--ours` dropped it. A way out either resolves the conflict, or the conflict is still there afterwards.
"""

import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.cli.conftest import FAQ, INSTALL, Cli, Colleague, change, git

PAGE = "questions.md"
MINE, THEIRS = "Ask one good question.", "Ask one short question."
MERGED = "Answer all of them."
"""What the colleague changed besides: no conflict, so that no way out may cost it."""


@pytest.fixture
def marked(cli: Cli, copy: Path, ben: Colleague) -> Path:
    """A page whose first sentence both changed, its second one only the colleague; markers are in the file."""
    change(PAGE, "one question", "one good question")
    ben.edit(FAQ, "one question", "one short question")
    ben.edit(FAQ, "another one", "all of them")
    assert cli("sync", "--on-conflict", "mark").code == 3
    assert git("status", "--porcelain") == f"UU {PAGE}\n"
    return copy


def type_in(commands: str) -> None:
    """What somebody types into a shell, line by line; it stops at the first failure."""
    subprocess.run(["bash", "-e", "-c", commands], check=True, capture_output=True)


BY_HAND = f"sed -i -e '/^[<=>]\\{{7\\}}/d' -e '/short/d' -e 's/good/good, short/' {PAGE}"
STILL_OPEN = {
    "git's own hint": f"git restore --staged {PAGE}; git restore {PAGE}",
    "checkout HEAD": f"git checkout HEAD -- {PAGE}",
    "restore both": f"git restore --source=HEAD -SW {PAGE}",
    "reset, then checkout": f"git reset -q; git checkout {PAGE}",
    "the hint, then an unrelated commit": (
        f"git restore --staged {PAGE}; git restore {PAGE};"
        "echo mine > notes.txt; git add notes.txt; git commit -qm 'my notes'"
    ),
    "reset --hard": "git reset -q --hard",
    "reset --merge": "git reset --merge",
    "switch -f": "git switch -q -f main",
    "commit -a with the markers": "git commit -qam 'oops'",
    "add with the markers": f"git add {PAGE}",
    "the file removed": f"git rm -qf {PAGE}",
    "the file removed and committed": f"git rm -qf {PAGE}; git commit -qm 'Gone'",
    "removed here, and nothing told to git": f"rm {PAGE}",
}


@pytest.mark.parametrize("commands", STILL_OPEN.values(), ids=STILL_OPEN.keys())
def test_what_resolves_nothing_leaves_a_conflict(
    cli: Cli, marked: Path, ben: Colleague, surroundings: Path, commands: str
) -> None:
    type_in(commands)
    others_push(cli, marked, surroundings)
    ran = cli("sync")
    assert (ran.code, PAGE in ran.said) == (3, True), ran.said
    assert ben.body(FAQ) == f"<p>{THEIRS}</p><p>{MERGED}</p>"
    assert cli("resolve", "--theirs", PAGE).code == 0
    assert cli("sync").code == 0
    assert ben.body(FAQ) == f"<p>{THEIRS}</p><p>{MERGED}</p>"
    assert Path(PAGE).read_text().endswith(f"{THEIRS}\n\n{MERGED}\n")
    assert git("status", "--porcelain") == ""


def others_push(cli: Cli, copy: Path, surroundings: Path) -> None:
    """A push from a clone, which knows HEAD and nothing of a pending conflict: HEAD alone must be safe."""
    other = surroundings / "other"
    git("clone", "--quiet", str(copy), str(other))
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(other)
        cli("push")


GONE_BACK = {
    "reset --hard to before the edit": "git reset -q --hard HEAD~1",
    "the page checked out from before the edit": f"git checkout -q HEAD~1 -- {PAGE}",
    "the same, committed": f"git checkout -q HEAD~1 -- {PAGE}; git commit -qm Back",
    "restored from before the edit": f"git restore --source=HEAD~1 {PAGE}",
    "the edit reverted": "git reset -q --hard; git revert --no-edit HEAD",
}


@pytest.mark.parametrize("commands", GONE_BACK.values(), ids=GONE_BACK.keys())
def test_an_older_text_takes_the_own_edit_back_and_not_the_colleagues(
    cli: Cli, marked: Path, ben: Colleague, surroundings: Path, commands: str
) -> None:
    type_in(commands)
    others_push(cli, marked, surroundings)
    ran = cli("sync")
    assert ran.code == 0, ran.said
    assert ben.body(FAQ) == f"<p>{THEIRS}</p><p>{MERGED}</p>"
    assert Path(PAGE).read_text().endswith(f"{THEIRS}\n\n{MERGED}\n")
    assert git("status", "--porcelain") == ""


def test_a_resolution_staged_by_halves_waits(cli: Cli, marked: Path, ben: Colleague) -> None:
    type_in(f"{BY_HAND}; git add {PAGE}; echo More. >> {PAGE}")
    ran = cli("sync")
    assert ran.code == 3
    assert f"git add {PAGE}" in ran.said
    assert cli("resolve", PAGE).code == 0
    assert cli("sync").code == 0
    assert "More." in ben.body(FAQ)


@dataclass(frozen=True, slots=True)
class Resolved:
    """A way out that says what the text is to be."""

    commands: str
    says: str = MINE
    gone: tuple[str, ...] = field(default=(THEIRS,))


RESOLVED = {
    "ours, add, commit": Resolved(f"git checkout -q --ours {PAGE}; git add {PAGE}; git commit -qm Mine"),
    "ours and add": Resolved(f"git checkout -q --ours {PAGE}; git add {PAGE}"),
    "ours alone": Resolved(f"git checkout -q --ours {PAGE}"),
    "theirs, add, commit": Resolved(
        f"git checkout -q --theirs {PAGE}; git add {PAGE}; git commit -qm Theirs", THEIRS, (MINE,)
    ),
    "by hand, add, commit": Resolved(
        f"{BY_HAND}; git add {PAGE}; git commit -q --no-edit", "Ask one good, short question."
    ),
    "by hand, reset, commit of the text only": Resolved(
        f"{BY_HAND}; git reset -q; git commit -qm Done {PAGE}", "Ask one good, short question."
    ),
    "by hand and nothing told to git": Resolved(BY_HAND, "Ask one good, short question."),
    "by hand, commit -a": Resolved(f"{BY_HAND}; git commit -qam Done", "Ask one good, short question."),
    "by hand, stashed and back": Resolved(
        f"{BY_HAND}; git add {PAGE}; git stash -q; git stash pop -q", "Ask one good, short question."
    ),
    "a merge tool": Resolved(
        'git -c mergetool.t.cmd=\'cp "$LOCAL" "$MERGED"\' -c mergetool.t.trustExitCode=true'
        f" mergetool -y -t t {PAGE}"
    ),
}


@pytest.mark.parametrize("way", RESOLVED.values(), ids=RESOLVED.keys())
def test_what_resolves_costs_the_words_in_conflict_only(
    cli: Cli, marked: Path, ben: Colleague, way: Resolved
) -> None:
    type_in(way.commands)
    ran = cli("sync")
    assert ran.code == 0, ran.said
    assert ben.body(FAQ) == f"<p>{way.says}</p><p>{MERGED}</p>"
    assert all(lost not in Path(PAGE).read_text() for lost in way.gone)
    assert git("status", "--porcelain", "--untracked-files=no") == ""
    ran = cli("sync", "--json")
    assert (ran.json["pulled"], ran.json["pushed"]) == ([], [])


def test_git_says_that_no_merge_is_under_way(marked: Path) -> None:
    done = subprocess.run(["git", "merge", "--abort"], check=False, capture_output=True, text=True)
    assert "There is no merge to abort" in done.stderr
    assert git("status", "--porcelain") == f"UU {PAGE}\n"


REFUSED = (
    "echo a > notes.txt; git add notes.txt; git commit -qm Notes",
    "git stash",
    "git branch other; git switch other",
    f"git mv {PAGE} faq.md",
)


def test_what_git_refuses_meanwhile_harms_nothing(cli: Cli, marked: Path, ben: Colleague) -> None:
    for commands in REFUSED:
        with pytest.raises(subprocess.CalledProcessError):
            type_in(commands)
    assert cli("sync").code == 3
    assert cli("resolve", "--ours", PAGE).code == 0
    assert cli("sync").code == 0
    assert ben.body(FAQ) == f"<p>{MINE}</p><p>{MERGED}</p>"


def test_other_pages_and_another_branch_go_on(cli: Cli, marked: Path, ben: Colleague) -> None:
    git("switch", "--quiet", "-c", "aside")
    assert cli("sync").code == 1
    git("symbolic-ref", "HEAD", "refs/heads/main")
    change("install.md", "Then start it.", "Then start it twice.")
    ran = cli("sync")
    assert ran.code == 3
    assert "start it twice" in ben.body(INSTALL)
    assert git("status", "--porcelain") == f"UU {PAGE}\n"


def test_a_newer_version_waits_until_the_older_is_settled(cli: Cli, marked: Path, ben: Colleague) -> None:
    before = Path(PAGE).read_text()
    ben.edit(FAQ, "all of them", "each of them")
    assert cli("sync", "--on-conflict", "mark").code == 3
    assert Path(PAGE).read_text() == before
    type_in(BY_HAND)
    assert cli("sync").code == 0
    assert ben.body(FAQ) == "<p>Ask one good, short question.</p><p>Answer each of them.</p>"


TORN_BY_FORMATTERS = {
    "mdformat": (
        r"s/^<<<<<<< local$/# \\<<\\<<\\<<\\< local/; s/^=======$/ /; s/^>>>>>>> /> > > > > > > /",
        f"git add {PAGE}",
    ),
    "prettier": (r"s/^>>>>>>> /> > > > > > > /", "git commit -qam formatted"),
    "markers half removed": (r"/^=======$/d; /^<<<<<<< /d", "true"),
}


@pytest.mark.parametrize(("script", "then"), TORN_BY_FORMATTERS.values(), ids=TORN_BY_FORMATTERS.keys())
def test_markers_that_a_formatter_tore_are_still_markers(
    cli: Cli, marked: Path, ben: Colleague, script: str, then: str
) -> None:
    type_in(f"sed -i -e '{script}' {PAGE}; {then}")
    ran = cli("sync")
    assert ran.code == 3, ran.said
    assert ben.body(FAQ) == f"<p>{THEIRS}</p><p>{MERGED}</p>"
