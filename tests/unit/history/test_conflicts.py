"""A conflict is git's own, and no way out of it that git offers loses the other side.

The record of the new version is withheld: whatever the user types, HEAD's record stays the old one, and
the pending file remembers both sides until the engine settles it.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from confsync.errors import HistoryError
from confsync.model.ids import RelPath
from confsync.ports import ConflictState
from tests.unit.history.records import record
from tests.unit.history.repositories import PAGE, RECORD, User, conflict, new_repository


@pytest.fixture
def user(tmp_path: Path) -> User:
    """A page with an edit of the user's in HEAD, in conflict with version 3."""
    made = new_repository(tmp_path / "repo")
    made.commit({PAGE: conflict().base_text, RECORD: record(number=2), "other.md": b"other\n"})
    made.commit({PAGE: conflict().head_text}, "my edit")
    return made


@pytest.fixture
def marked(user: User) -> User:
    user.history().hold(conflict())
    user.save(PAGE, conflict().marked)
    return user


def test_git_shows_the_conflict(marked: User) -> None:
    assert marked.status() == [f"UU {PAGE}"]
    assert "both modified" in marked.git("status")
    assert marked.git("ls-files", "-u").count("\t") == 3


@pytest.mark.parametrize(("side", "text"), [("--ours", conflict().ours), ("--theirs", conflict().theirs)])
def test_taking_a_side_costs_only_the_conflicting_block(marked: User, side: str, text: bytes) -> None:
    marked.git("checkout", side, "--", PAGE)
    assert marked.read(PAGE) == text
    assert b"omega REMOTE" in text


def test_a_merge_tool_gets_all_three_sides(marked: User) -> None:
    marked.git("config", "mergetool.copy.cmd", 'cat "$BASE" "$LOCAL" "$REMOTE" > "$MERGED"')
    marked.git("config", "mergetool.copy.trustExitCode", "true")
    marked.git("mergetool", "--no-prompt", "--tool=copy", PAGE)
    one = conflict()
    assert marked.read(PAGE) == one.base_text + one.ours + one.theirs


EXITS = {
    "git's own hint": [["restore", "--staged", PAGE], ["restore", PAGE]],
    "checkout HEAD": [["checkout", "HEAD", "--", PAGE]],
    "restore both": [["restore", "--source=HEAD", "--staged", "--worktree", PAGE]],
    "reset and checkout": [["reset", "--quiet"], ["checkout", "--", PAGE]],
    "reset --hard": [["reset", "--quiet", "--hard"]],
    "reset --merge": [["reset", "--merge"]],
    "keep mine": [["checkout", "--ours", "--", PAGE], ["add", PAGE], ["commit", "-qm", "mine"]],
    "take theirs": [["checkout", "--theirs", "--", PAGE], ["add", PAGE], ["commit", "-qm", "theirs"]],
    "add the markers": [["commit", "-qam", "oops"]],
    "then an unrelated commit": [
        ["restore", "--staged", PAGE],
        ["restore", PAGE],
        ["commit", "-qm", "my notes", "--allow-empty"],
    ],
    "remove": [["rm", "--quiet", "--force", PAGE], ["commit", "-qm", "gone"]],
    "force another branch": [["switch", "--quiet", "--force", "-c", "x", "HEAD"]],
}


@pytest.mark.parametrize("commands", EXITS.values(), ids=EXITS.keys())
def test_no_exit_advances_the_base_or_forgets_the_other_side(marked: User, commands: list[list[str]]) -> None:
    for command in commands:
        marked.git(*command)
    history = marked.history()
    assert marked.at_head(RECORD) == record(number=2)
    assert history.pending() == {conflict().page: conflict()}
    history.settle(conflict().page)
    assert history.state().unmerged == frozenset()
    assert history.pending() == {}
    assert "U" not in "".join(line[:2] for line in marked.status())


def test_nothing_of_it_depends_on_objects_that_gc_may_prune(marked: User) -> None:
    marked.git("reset", "--quiet", "--hard")
    marked.git("reflog", "expire", "--expire=now", "--all")
    marked.git("gc", "--quiet", "--prune=now")
    assert marked.history().pending() == {conflict().page: conflict()}


def test_stages_survive_gc(marked: User) -> None:
    marked.git("gc", "--quiet", "--prune=now")
    marked.git("checkout", "--theirs", "--", PAGE)
    assert marked.read(PAGE) == conflict().theirs


def test_git_commit_offers_a_message_and_makes_an_ordinary_commit(user: User) -> None:
    user.history().hold(replace(conflict(), record=record(number=3)))
    user.save(PAGE, b"resolved\n")
    user.git("add", PAGE)
    user.git("commit", "--quiet", "--no-edit")
    assert user.git("log", "-1", "--format=%s (%P)").strip() == (
        f"Resolve {PAGE} with Confluence v3 ({user.git('rev-parse', 'HEAD~1').strip()})"
    )


def test_a_message_of_the_users_own_is_kept(user: User) -> None:
    message = user.top / ".git" / "MERGE_MSG"
    message.write_text("mine\n")
    history = user.history()
    history.hold(conflict())
    history.settle(conflict().page)
    assert message.read_text() == "mine\n"


def test_settling_takes_our_message_away(marked: User) -> None:
    assert (marked.top / ".git" / "MERGE_MSG").exists()
    marked.history().settle(conflict().page)
    assert not (marked.top / ".git" / "MERGE_MSG").exists()


def test_deferring_touches_nothing_that_git_shows(user: User) -> None:
    user.history().hold(conflict(ConflictState.DEFERRED))
    assert user.status() == []
    assert not (user.top / ".git" / "MERGE_MSG").exists()


def test_what_else_is_staged_stays_staged(user: User) -> None:
    user.save("other.md", b"staged\n")
    user.git("add", "other.md")
    history = user.history()
    history.hold(conflict())
    assert user.status() == [f"UU {PAGE}", "M  other.md"]
    history.settle(conflict().page)
    assert user.status() == ["M  other.md"]


def test_settling_a_conflict_of_a_file_that_head_does_not_have(user: User) -> None:
    history = user.history()
    new = conflict(path=RelPath("new.md"))
    history.hold(new)
    history.settle(new.page)
    assert user.status() == []


def test_a_file_that_cannot_be_read_says_what_to_do(marked: User) -> None:
    path = marked.top / ".git" / "confsync" / "conflicts" / "12345.json"
    path.write_text(path.read_text()[:100])
    with pytest.raises(HistoryError, match=r"12345\.json") as caught:
        marked.history().pending()
    assert "found again" in caught.value.hint
