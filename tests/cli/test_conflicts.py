"""Both sides changed the same words: shown, settled, and never lost."""

from pathlib import Path

import pytest

from tests.cli.conftest import FAQ, HOME, Cli, Colleague, change, git

MINE = "Ask one good question."
THEIRS = "Ask one short question."


@pytest.fixture
def torn(cli: Cli, copy: Path, ben: Colleague) -> Path:
    """A page that both sides changed: one sentence in conflict, the other one changed in Confluence only."""
    change("questions.md", "one question", "one good question")
    ben.edit(FAQ, "one question", "one short question")
    ben.edit(FAQ, "another one", "all of them")
    change("index.md", "Welcome", "Be welcome")
    return copy


def test_in_a_pipe_nothing_is_touched_and_the_rest_goes_on(cli: Cli, torn: Path, ben: Colleague) -> None:
    ran = cli("sync")
    assert ran.code == 3
    assert "conflict  questions.md" in ran.out
    assert "confsync resolve questions.md" in ran.out
    assert Path("questions.md").read_text().endswith(f"{MINE}\n\nAnswer another one.\n")
    assert THEIRS in ben.body(FAQ)
    assert ben.version(HOME) == 2
    assert git("status", "--porcelain") == ""


def test_marked_it_is_a_conflict_as_git_knows_it(cli: Cli, torn: Path) -> None:
    ran = cli("sync", "--on-conflict", "mark")
    assert ran.code == 3
    assert git("status", "--porcelain") == "UU questions.md\n"
    text = Path("questions.md").read_text()
    assert f"<<<<<<< local\n{MINE}\n=======\n{THEIRS}\n>>>>>>> Confluence v3 (Ben" in text
    assert "Answer all of them." in text


@pytest.mark.parametrize(("side", "kept"), [("--ours", MINE), ("--theirs", THEIRS)])
def test_a_side_is_taken_of_the_words_in_conflict_only(
    cli: Cli, torn: Path, ben: Colleague, side: str, kept: str
) -> None:
    cli("sync", "--on-conflict", "mark")
    ran = cli("resolve", side, "questions.md")
    assert ran.code == 0, ran.said
    assert "No conflict is left." in ran.out
    assert cli("sync").code == 0
    assert ben.body(FAQ) == f"<p>{kept}</p><p>Answer all of them.</p>"
    assert Path("questions.md").read_text().endswith(f"{kept}\n\nAnswer all of them.\n")


def test_an_edited_file_is_taken_as_it_is(cli: Cli, torn: Path, ben: Colleague) -> None:
    cli("sync", "--on-conflict", "mark")
    ran = cli("resolve", "questions.md")
    assert ran.code == 2
    assert "still holds a conflict marker" in ran.err
    front = Path("questions.md").read_text().split("<<<<<<<")[0]
    Path("questions.md").write_text(f"{front}Ask one good, short question.\n\nAnswer all of them.\n")
    assert cli("resolve", "questions.md").code == 0
    assert cli("sync").code == 0
    assert "one good, short question" in ben.body(FAQ)


def test_an_editor_is_opened_on_request(
    cli: Cli, torn: Path, ben: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli("sync")
    ran = cli("resolve", "--edit", "questions.md")
    assert ran.code == 2
    assert "no editor is named" in ran.err
    monkeypatch.setenv("EDITOR", "sed -i -e '/^[<=>]\\{7\\}/d' -e '/short/d'")
    assert cli("resolve", "--edit", "questions.md").code == 0
    assert cli("sync").code == 0
    assert MINE in ben.body(FAQ)


def test_it_can_be_put_aside_and_taken_up_again(cli: Cli, torn: Path) -> None:
    cli("sync", "--on-conflict", "mark")
    before = "good" in Path("questions.md").read_text()
    assert before
    cli("resolve", "--abort", "questions.md")
    assert "<<<<<<<" not in Path("questions.md").read_text()
    assert cli("status").code == 3
    cli("resolve", "questions.md")
    assert "<<<<<<<" in Path("questions.md").read_text()


def test_without_a_page_the_conflicts_are_listed(cli: Cli, torn: Path) -> None:
    assert cli("resolve").out == "No conflict is left.\n"
    cli("sync")
    ran = cli("resolve")
    assert ran.code == 3
    assert "questions.md" in ran.out


def test_a_page_without_a_conflict_is_named(cli: Cli, torn: Path) -> None:
    ran = cli("resolve", "--ours", "index.md")
    assert ran.code == 2
    assert "index.md has no conflict" in ran.err


def test_two_ways_at_once_make_no_sense(cli: Cli, torn: Path) -> None:
    ran = cli("resolve", "--ours", "--theirs", "questions.md")
    assert ran.code == 2
    assert "exclude each other" in ran.err


def test_gits_own_way_works_too(cli: Cli, torn: Path, ben: Colleague) -> None:
    cli("sync", "--on-conflict", "mark")
    git("checkout", "--quiet", "--theirs", "questions.md")
    git("add", "questions.md")
    git("commit", "--quiet", "-m", "Theirs is better")
    assert cli("sync").code == 0
    assert ben.body(FAQ) == f"<p>{THEIRS}</p><p>Answer all of them.</p>"


def test_json_names_the_conflict(cli: Cli, torn: Path) -> None:
    ran = cli("sync", "--json")
    waiting = ran.json["conflicts"]
    assert isinstance(waiting, list)
    (conflict,) = waiting
    assert (conflict["page"], conflict["path"], conflict["state"]) == (FAQ, "questions.md", "deferred")
    assert conflict["with"].startswith(f"Confluence v{conflict['version']} (")
    assert conflict["author"]
    assert ran.json["exit_code"] == ran.code == 3
