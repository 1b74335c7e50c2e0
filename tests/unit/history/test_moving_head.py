"""Files first, then HEAD, then the index; and after a crash anywhere in between, nothing is reverted.

A base newer than its text would be read as "the user deleted what the colleague wrote". So HEAD never says
more than the files do, and the index never says less than HEAD.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from confsync.errors import HeadMoved, HistoryError, HookRefused
from confsync.history import GitHistory
from confsync.history.index import HeldIndex
from confsync.history.move import Move
from confsync.model.ids import RelPath
from tests.unit.history.repositories import ANN, PAGE, RECORD, User, new_repository


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture
def user(tmp_path: Path) -> User:
    made = new_repository(tmp_path / "repo")
    made.commit({PAGE: b"v1\n", RECORD: b"record v1", "notes.txt": b"mine\n"})
    return made


PULL = {PAGE: b"v2\n", RECORD: b"record v2"}


def test_the_index_is_locked_from_prepare_to_publish(user: User) -> None:
    move = user.history().prepare(PULL, "pull")
    user.save("notes.txt", b"staged meanwhile\n")
    assert "index.lock" in user.git("add", "notes.txt", check=False)
    assert user.status() == [" M notes.txt"]  # looking is not disturbed
    user.write_all(PULL)
    move.publish()
    assert user.status() == [" M notes.txt"]
    user.git("add", "notes.txt")


def test_the_reflog_says_who_moved_the_branch(user: User) -> None:
    user.pull(user.history(), PULL, "Ann: install (v2)\n\nlong story")
    assert "confsync: Ann: install (v2)" in user.git("reflog", "-1")


def test_partially_staged_files_elsewhere_stay_so(user: User) -> None:
    user.save("notes.txt", b"staged\n")
    user.git("add", "notes.txt")
    user.save("notes.txt", b"edited on\n")
    user.pull(user.history(), PULL)
    assert user.status() == ["MM notes.txt"]


def _no_move(self: Move) -> None:
    raise Killed


def _no_install(self: HeldIndex) -> None:
    raise Killed


def _killed(user: User, *, files_written: bool) -> None:
    move = user.history().prepare(PULL, "pull")
    if files_written:
        user.write_all(PULL)
    with pytest.raises(Killed):
        move.publish()


def _leave_lock(user: User) -> None:
    """What a process that was really killed cannot clean up."""
    (user.top / ".git" / "index.lock").write_text("confsync 4242 elsewhere\nDOCS\n")


def test_killed_before_head_moved_the_old_base_stands(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    before = user.head()
    with monkeypatch.context() as doomed:
        doomed.setattr(Move, "_move_head", _no_move)
        _killed(user, files_written=True)
    _leave_lock(user)
    user.history().recover()
    assert user.head() == before
    assert user.status() == [f" M {RECORD}", f" M {PAGE}"]
    user.pull(user.history(), PULL)  # the same again: harmless
    assert user.status() == []


@pytest.fixture
def crashed(user: User, monkeypatch: pytest.MonkeyPatch) -> User:
    """HEAD is at the pull, the index still at its parent: git shows the pull as staged for removal."""
    with monkeypatch.context() as doomed:
        doomed.setattr(HeldIndex, "install", _no_install)
        _killed(user, files_written=True)
    _leave_lock(user)
    assert f"MM {PAGE}" in user.status()
    return user


def test_killed_between_head_and_index_the_index_follows(crashed: User) -> None:
    crashed.history().recover()
    assert crashed.status() == []
    crashed.commit({"notes.txt": b"my notes\n"})
    assert crashed.at_head(PAGE) == b"v2\n"


def test_what_the_user_staged_after_the_crash_is_kept(crashed: User) -> None:
    (crashed.top / ".git" / "index.lock").unlink()
    crashed.save(PAGE, b"v2 and mine\n")
    crashed.git("add", PAGE)
    crashed.history().recover()
    assert crashed.status() == [f"M  {PAGE}"]


def test_a_head_that_somebody_moved_after_the_crash_is_left_alone(crashed: User) -> None:
    (crashed.top / ".git" / "index.lock").unlink()
    crashed.commit({"other.md": b"x\n"})
    before = crashed.status()
    crashed.history().recover()
    assert crashed.status() == before


def test_recovering_twice_is_recovering_once(crashed: User) -> None:
    crashed.history().recover()
    crashed.save(PAGE, b"v3\n")
    crashed.git("add", PAGE)
    crashed.history().recover()
    assert crashed.status() == [f"M  {PAGE}"]


def test_killed_after_git_commit_the_edit_is_not_staged_for_removal(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    user.save(PAGE, b"v1 and mine\n")
    monkeypatch.setattr(HeldIndex, "install", _no_install)
    with pytest.raises(Killed):
        user.history().commit_edits([PAGE], "mine")
    monkeypatch.undo()
    _leave_lock(user)
    assert user.status() == [f"MM {PAGE}"]
    user.history().recover()
    assert user.status() == []
    assert user.at_head(PAGE) == b"v1 and mine\n"


@pytest.mark.parametrize("content", ["", "4242\n", "confsync 4242 elsewhere\nOTHER\n"])
def test_somebody_elses_lock_is_left_alone(user: User, content: str) -> None:
    lock = user.top / ".git" / "index.lock"
    lock.write_text(content)
    user.history().recover()
    assert lock.exists()


def test_an_unreadable_note_is_an_error_that_says_what_to_do(user: User) -> None:
    note = user.top / ".git" / "confsync" / "moving.json"
    note.parent.mkdir()
    note.write_text("{")
    with pytest.raises(HistoryError, match=r"moving\.json"):
        user.history().recover()


def _commit(user: User) -> None:
    user.git("update-ref", "HEAD", user.git("commit-tree", "HEAD^{tree}", "-p", "HEAD", "-m", "x").strip())


def _switch(user: User) -> None:
    user.git("branch", "other")
    user.git("symbolic-ref", "HEAD", "refs/heads/other")


def _detach(user: User) -> None:
    user.git("update-ref", "--no-deref", "HEAD", user.head())
    (user.top / ".git" / "HEAD").write_text(f"{user.head()}\n")


@pytest.mark.parametrize("meanwhile", [_commit, _switch, _detach])
def test_a_head_that_moved_meanwhile_is_never_overwritten(
    user: User, meanwhile: Callable[[User], None]
) -> None:
    move = user.history().prepare(PULL, "pull")
    meanwhile(user)
    before = user.git("for-each-ref"), user.head()
    with pytest.raises(HeadMoved):
        move.publish()
    assert (user.git("for-each-ref"), user.head()) == before
    assert user.status() == []
    assert not (user.top / ".git" / "index.lock").exists()
    user.history().recover()
    assert user.status() == []


def test_a_reference_transaction_hook_that_refuses_is_a_head_that_moved(user: User) -> None:
    user.hook("reference-transaction", 'test "$1" != prepared || ! grep -q refs/heads/main')
    before = user.head()
    move = user.history().prepare(PULL, "pull")
    with pytest.raises(HeadMoved, match="would not move HEAD"):
        move.publish()
    (user.top / ".git" / "hooks" / "reference-transaction").unlink()
    user.history().recover()
    assert (user.head(), user.status()) == (before, [])


def test_a_hook_that_refuses_everything_stops_before_the_files_are_written(user: User) -> None:
    user.hook("reference-transaction", "test $1 != prepared || { echo closed >&2; exit 1; }")
    with pytest.raises(HookRefused, match="reference-transaction"):
        user.history().prepare(PULL, "pull")
    assert not (user.top / ".git" / "index.lock").exists()


def test_git_reset_merge_works_afterwards(user: User) -> None:
    user.pull(user.history(), PULL)
    user.git("reset", "--merge", "HEAD~1")
    assert user.read(PAGE) == b"v1\n"


def test_a_file_gives_way_to_a_folder_and_back(user: User) -> None:
    name, inner = RelPath("guide"), RelPath("guide/linux.md")
    user.pull(user.history(), {name: b"1"})
    (user.copy / name).unlink()
    for files, gone in (({inner: b"2", name: None}, None), ({name: b"3", inner: None}, inner)):
        move = user.history().prepare(files, "pull")
        if gone:
            (user.copy / gone).unlink()
            (user.copy / gone).parent.rmdir()
        user.write_all({path: content for path, content in files.items() if content is not None})
        move.publish()
        assert user.status() == []


def test_an_executable_file_stays_one(user: User) -> None:
    (user.copy / PAGE).chmod(0o755)
    user.commit({})
    user.pull(user.history(), {PAGE: b"v2\n"})
    assert user.status() == []


def test_confsyncs_own_commits_need_no_identity_and_run_no_hooks(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.delenv(f"GIT_{role}_NAME")
        monkeypatch.delenv(f"GIT_{role}_EMAIL")
    user.git("config", "user.useConfigOnly", "true")
    user.hook("pre-commit", "exit 1")
    move = user.history().prepare(PULL, "pull", author=ANN)
    user.write_all(PULL)
    move.publish()
    people = user.git("log", "-1", "--format=%an <%ae> %ai, %cn <%ce>").strip()
    assert (
        people == "Ann <ann@example.com> 2023-11-14 23:13:20 +0100, confsync <noreply@example.atlassian.net>"
    )


def test_signing_is_asked_for_where_the_user_wants_it(user: User) -> None:
    signer = user.top.parent / "signer"
    signer.write_text("#!/bin/sh\ncat >/dev/null\necho '[GNUPG:] SIG_CREATED ' >&2\necho 'a signature'\n")
    signer.chmod(0o755)
    user.git("config", "gpg.program", str(signer))
    user.git("config", "commit.gpgsign", "true")
    user.pull(user.history(), PULL)
    assert "a signature" in user.git("cat-file", "commit", "HEAD")


def test_a_calling_hooks_variables_do_not_lead_astray(
    user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = new_repository(tmp_path / "other")
    monkeypatch.setenv("GIT_DIR", str(other.top / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other.top / "index"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other.top))
    history: GitHistory = user.history()
    user.pull(history, PULL)
    commit = history.state().head
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"):
        monkeypatch.delenv(name)
    assert user.head() == commit
    assert not (other.top / "index").exists()
