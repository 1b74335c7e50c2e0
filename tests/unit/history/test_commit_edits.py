"""The user's words are committed as the user would: hooks see exactly them, and nothing else goes along."""

from pathlib import Path

import pytest

from confsync.errors import HistoryError, HookRefused, RepositoryBusy
from confsync.history import index
from confsync.model.ids import RelPath
from tests.unit.history.repositories import PAGE, RECORD, User, conflict, new_repository

OTHER = "other.md"


@pytest.fixture
def user(tmp_path: Path) -> User:
    made = new_repository(tmp_path / "repo", "docs")
    made.commit({PAGE: b"one\n", OTHER: b"one\n", RECORD: b"record v1"})
    made.save("../unrelated.c", b"int main;\n")
    made.git("add", ".")
    return made


def test_hooks_see_the_pages_and_nothing_else(user: User) -> None:
    user.hook("pre-commit", "git diff --cached --name-only > ../seen")
    user.save(PAGE, b"two\n")
    user.history().commit_edits([PAGE], "edit")
    assert (user.top.parent / "seen").read_text() == f"docs/{PAGE}\n"
    assert user.status() == ["A  unrelated.c"]


def test_the_message_may_be_changed_by_hooks_as_ever(user: User) -> None:
    user.hook("commit-msg", 'echo "Ticket: 7" >> "$1"')
    user.save(PAGE, b"two\n")
    user.history().commit_edits([PAGE], "# a heading as a message\n\nbody")
    assert user.git("log", "-1", "--format=%B").split("\n")[0] == "# a heading as a message"
    assert "Ticket: 7" in user.git("log", "-1", "--format=%B")


def test_a_hook_may_change_and_add_files(user: User) -> None:
    user.hook("pre-commit", f"echo fixed > docs/{PAGE}; echo new > docs/{RECORD}; git add docs")
    user.save(PAGE, b"to fix\n")
    user.history().commit_edits([PAGE], "edit")
    assert user.at_head(PAGE) == b"fixed\n"
    assert user.at_head(RECORD) == b"new\n"
    assert user.status() == ["A  unrelated.c"]


@pytest.mark.parametrize("name", ["pre-commit", "commit-msg", "prepare-commit-msg"])
def test_a_refusal_says_which_hook_and_what_it_said(user: User, name: str) -> None:
    user.hook(name, "echo 'a secret in line 3' >&2; exit 7")
    user.save(PAGE, b"secret\n")
    before = user.head()
    with pytest.raises(HookRefused, match=name) as caught:
        user.history().commit_edits([PAGE], "edit")
    assert "a secret in line 3" in caught.value.hint
    assert user.head() == before
    assert user.status() == [f" M docs/{PAGE}", "A  unrelated.c"]
    user.git("add", ".")  # the index is free again


def test_hooks_elsewhere_are_found(user: User) -> None:
    user.git("config", "core.hooksPath", "my-hooks")
    user.hook("pre-commit", "exit 1")
    user.save(PAGE, b"two\n")
    with pytest.raises(HookRefused):
        user.history().commit_edits([PAGE], "edit")


def test_signing_that_fails_is_not_taken_for_a_hook(user: User) -> None:
    user.git("config", "commit.gpgsign", "true")
    user.git("config", "gpg.program", "false")
    user.hook("pre-commit", "exit 0")
    user.save(PAGE, b"two\n")
    with pytest.raises(HistoryError, match="could not be signed"):
        user.history().commit_edits([PAGE], "edit")


def test_the_users_own_merge_message_survives(user: User) -> None:
    message = user.top / ".git" / "MERGE_MSG"
    message.write_text("my words\n")
    user.save(PAGE, b"two\n")
    user.history().commit_edits([PAGE], "edit")
    assert message.read_text() == "my words\n"


def test_a_deletion_staged_while_the_file_is_back_is_half_staged(user: User) -> None:
    user.git("rm", "--quiet", "--cached", f"docs/{PAGE}")
    assert user.history().state().half_staged == {PAGE}


def test_a_file_only_announced_is_a_new_file(user: User) -> None:
    user.save("new.md", b"new\n")
    user.git("add", "--intent-to-add", "docs/new.md")
    history = user.history()
    assert "new.md" in history.edited()
    history.commit_edits([RelPath("new.md")], "new")
    assert user.at_head("new.md") == b"new\n"
    assert user.status() == ["A  unrelated.c"]


def test_a_touched_file_is_not_edited(user: User) -> None:
    user.save(PAGE, b"staged\n")
    user.git("add", ".")
    (user.copy / PAGE).touch()
    assert user.history().state().half_staged == frozenset()


def test_while_a_conflict_waits_other_pages_are_committed(user: User) -> None:
    history = user.history()
    history.hold(conflict())
    user.save(OTHER, b"two\n")
    user.git("reset", "--quiet", "unrelated.c")
    assert "unmerged" in user.git("commit", "-m", "git itself refuses", check=False)
    assert history.commit_edits([PAGE, RelPath(OTHER)], "edit").commit is not None
    assert user.at_head(OTHER) == b"two\n"
    assert user.status() == [f"UU docs/{PAGE}", "?? unrelated.c"]


def test_an_index_that_is_held_stops_before_the_commit(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "WAIT", 0.1)
    (user.top / ".git" / "index.lock").touch()
    user.save(PAGE, b"two\n")
    before = user.head()
    with pytest.raises(RepositoryBusy, match=r"index\.lock") as caught:
        user.history().commit_edits([PAGE], "edit")
    assert "remove that file" in caught.value.hint
    assert user.head() == before


def test_names_that_look_like_patterns_or_options_are_just_names(user: User) -> None:
    names = [RelPath(name) for name in ("-m.md", "*.md", "[a].md", ":(top)x.md", 'q"\\.md', "ü\u2028\n.md")]
    for name in names:
        user.save(name, b"x\n")
    history = user.history()
    assert history.edited() == set(names)
    history.commit_edits(names, "odd names")
    assert history.files().keys() == {PAGE, OTHER, RECORD, *names}
    assert user.status() == ["A  unrelated.c"]
