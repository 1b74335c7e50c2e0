"""Whatever goes wrong gets a line that says what, where and what next, and everything is still there."""

import errno
import os
import threading
from pathlib import Path

import pytest

from confsync.cli.main import run
from confsync.confluence import CloudRemote
from confsync.engine import runs
from confsync.errors import WriteFailed
from confsync.history import open_history
from confsync.sandbox import Fault, SandboxServer
from confsync.sandbox.faults import Trouble
from confsync.worktree import FolderTree
from tests.cli.conftest import COMMENT, FAQ, HOME, INSTALL, LINUX, Cli, Colleague, change, git, snapshot

COMMANDS = ("status", "diff", "pull", "push", "sync", "resolve", "export", "doctor")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_folder_that_is_no_working_copy(cli: Cli, surroundings: Path, command: str) -> None:
    ran = cli(command)
    assert ran.code == 2
    assert "is no working copy" in ran.err
    assert "confsync clone URL" in ran.err
    assert not list(surroundings.iterdir())


def test_settings_that_cannot_be_read(cli: Cli, copy: Path) -> None:
    Path("confsync.toml").write_text("[space\n")
    ran = cli("status")
    assert ran.code == 2
    assert "confsync.toml cannot be read" in ran.err


def test_settings_with_a_misspelt_key(cli: Cli, copy: Path) -> None:
    text = Path("confsync.toml").read_text()
    Path("confsync.toml").write_text(text.replace("branch =", "brunch ="))
    ran = cli("status")
    assert ran.code == 2
    assert "unknown key sync.brunch" in ran.err
    assert "branch" in ran.err


def test_broken_front_matter_stops_that_page_only(cli: Cli, copy: Path, ben: Colleague) -> None:
    change("questions.md", "title: Questions", 'title: "Questions')
    change("questions.md", "Ask one", "Ask every")
    change("index.md", "Welcome", "Be welcome")
    broken = Path("questions.md").read_bytes()
    ran = cli("sync")
    assert ran.code == 1
    assert "questions.md" in ran.said
    assert Path("questions.md").read_bytes() == broken
    assert (ben.version(FAQ), ben.version(HOME)) == (1, 2)


def test_a_broken_directive_names_its_line(cli: Cli, copy: Path, ben: Colleague) -> None:
    text = Path("questions.md").read_text()
    Path("questions.md").write_text(f"{text}\n:::expand[Never closed]\n\nText.\n")
    ran = cli("sync")
    assert ran.code == 1
    assert "questions.md" in ran.said
    assert "line" in ran.said
    assert ben.version(FAQ) == 1


def test_a_body_that_is_not_xml_is_carried_whole(cli: Cli, url: str, server: SandboxServer) -> None:
    server.store.contents.overwrite_body(int(FAQ), "<p>Ask <b>one</p> & another")
    ran = cli("clone", url)
    assert ran.code == 0
    assert "1 read-only" in ran.out
    assert "cannot be read" in Path("docs/questions.md").read_text()
    assert Path("docs/install.md").is_file()


def test_an_edit_that_takes_a_comment_away_is_refused(cli: Cli, copy: Path, ben: Colleague) -> None:
    change("install.md", "Unpack it somewhere safe.", "")
    ran = cli("sync")
    assert ran.code == 1
    assert "install.md" in ran.said
    assert "the inline comment on “somewhere safe”" in ran.said
    assert "--allow-loss" in ran.said
    assert ben.version(INSTALL) == 1
    assert cli("sync", "--allow-loss").code == 0
    assert COMMENT not in ben.body(INSTALL)


def test_a_macro_that_goes_is_named_before_it_goes(cli: Cli, copy: Path) -> None:
    text = Path("install.md").read_text()
    Path("install.md").write_text(
        "".join(line for line in text.splitlines(keepends=True) if "drawio" not in line)
    )
    assert "loses drawio: flow" in cli("status").said


def test_a_page_deleted_in_confluence(cli: Cli, copy: Path, ben: Colleague) -> None:
    ben.remote.trash(FAQ)
    ran = cli("sync")
    assert ran.code == 0
    assert "removed   questions.md" in ran.out
    assert not Path("questions.md").exists()
    assert "Ask one question." in git("show", "HEAD~1:questions.md")


def test_a_page_deleted_in_confluence_and_edited_here_stays(cli: Cli, copy: Path, ben: Colleague) -> None:
    change("questions.md", "one question", "a good question")
    ben.remote.trash(FAQ)
    ran = cli("sync")
    assert "questions.md" in ran.said
    assert "Ask a good question." in Path("questions.md").read_text()


def test_a_full_disk_during_a_pull(
    cli: Cli, copy: Path, ben: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    ben.edit(FAQ, "Ask one", "Ask every")
    before = snapshot(copy)

    def full(*_: object) -> None:
        raise WriteFailed(
            "cannot be written: No space left on device", page="questions.md", hint="Make room."
        )

    with monkeypatch.context() as patched:
        patched.setattr(FolderTree, "apply", full)
        ran = cli("pull")
    assert ran.code == 1
    assert "error: questions.md: cannot be written: No space left on device" in ran.err
    assert "hint: Make room." in ran.err
    assert snapshot(copy) == before
    assert cli("pull").code == 0
    assert "Ask every" in Path("questions.md").read_text()


def test_a_disk_that_refuses_anywhere_else(cli: Cli, copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "somewhere")

    monkeypatch.setattr(runs, "sync", full)
    ran = cli("sync")
    assert ran.code == 1
    assert "somewhere: No space left on device" in ran.err
    assert "bug" not in ran.err


def test_a_second_run_at_the_same_time(cli: Cli, copy: Path) -> None:
    history = open_history(copy, "DOCS", "host")
    change("index.md", "Welcome", "Be welcome")
    before = snapshot(copy)
    with FolderTree(copy, lock_path=history.lock_path, staging=history.staging_path).lock():
        ran = cli("sync")
        assert cli("status").code == 0
    assert ran.code == 1
    assert "another run holds this working copy" in ran.err
    assert snapshot(copy) == before


def test_a_missing_git_identity(
    cli: Cli, copy: Path, ben: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    change("index.md", "Welcome", "Be welcome")
    before = snapshot(copy)
    Path(os.environ["GIT_CONFIG_GLOBAL"]).write_text("[user]\n\tuseConfigOnly = true\n")
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "EMAIL"):
        monkeypatch.delenv(name, raising=False)
    ran = cli("sync")
    assert ran.code == 1
    assert "git config user.name" in ran.err
    assert snapshot(copy) == before
    assert ben.version(HOME) == 1


def test_a_merge_under_way(cli: Cli, copy: Path) -> None:
    (copy / ".git" / "MERGE_HEAD").write_text(git("rev-parse", "HEAD"))
    assert cli("status").code == 0
    ran = cli("sync")
    assert ran.code == 1
    assert "git is in the middle of a merge" in ran.err
    assert "git merge --abort" in ran.err


def test_a_token_that_has_expired(cli: Cli, copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    change("index.md", "Welcome", "Be welcome")
    monkeypatch.setenv("CONFSYNC_TOKEN", "expired")
    text = Path("index.md").read_bytes()
    ran = cli("sync", "--json")
    assert ran.code == 1
    said = ran.json
    assert said["exit_code"] == 1
    assert "CONFSYNC_TOKEN" in str(said["error"])
    assert Path("index.md").read_bytes() == text


def test_a_server_that_breaks_down_in_the_middle(
    cli: Cli, copy: Path, ben: Colleague, server: SandboxServer
) -> None:
    change("index.md", "Welcome", "Be welcome")
    change("questions.md", "Ask one", "Ask every")
    server.site.faults.add(Fault(Trouble.STATUS, 400, method="PUT", path=f"/pages/{HOME}", times=None))
    ran = cli("sync")
    assert ran.code == 1
    assert "index.md" in ran.said
    assert (ben.version(HOME), ben.version(FAQ)) == (1, 2)
    server.site.faults.clear()
    assert cli("sync").code == 0
    assert "Be welcome" in ben.body(HOME)


def test_a_hook_that_refuses(cli: Cli, copy: Path, ben: Colleague) -> None:
    hook = copy / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho no secrets please >&2\nexit 1\n")
    hook.chmod(0o755)
    change("index.md", "Welcome", "Be welcome")
    ran = cli("sync")
    assert "no secrets please" in ran.said or "hook" in ran.said
    assert ben.version(HOME) == 1
    assert "Be welcome" in Path("index.md").read_text()


@pytest.mark.parametrize("command", ["pull", "push", "sync"])
def test_ctrl_c_says_what_state_things_are_in(
    cli: Cli, copy: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    before = snapshot(copy)
    monkeypatch.setattr(runs, command, stopped)
    ran = cli(command)
    assert ran.code == 130
    assert f"confsync {command}" in ran.err
    assert "Traceback" not in ran.err
    assert snapshot(copy) == before


def test_ctrl_c_between_two_pages_loses_neither(
    cli: Cli, copy: Path, ben: Colleague, server: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    change("index.md", "Welcome", "Be welcome")
    change("questions.md", "Ask one", "Ask every")
    change("install/linux.md", "as ever", "as always")
    real, calls = CloudRemote.update, []

    def update(self: CloudRemote, *arguments: object, **named: object) -> object:
        calls.append(arguments)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(self, *arguments, **named)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(CloudRemote, "update", update)
        assert cli("sync").code == 130
    assert sorted(ben.version(page) for page in (HOME, FAQ, LINUX)) == [1, 1, 2]
    assert cli("sync").code == 0
    assert [ben.version(page) for page in (HOME, FAQ, LINUX)] == [2, 2, 2]
    assert cli("status", "--remote").out.splitlines()[-1] == "Both sides say the same."


def test_a_bug_is_called_one_and_shows_no_traceback(
    cli: Cli, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr(runs, "sync", broken)
    ran = cli("sync")
    assert ran.code == 1
    assert "ZeroDivisionError: by nothing" in ran.err
    assert "This is a bug" in ran.err
    assert "Traceback" not in ran.err
    monkeypatch.setenv("CONFSYNC_DEBUG", "1")
    assert "Traceback" in cli("sync").err


def test_no_thread_is_left_behind(cli: Cli, copy: Path) -> None:
    before = threading.active_count()
    assert run(["sync", "--quiet"]) == 0
    assert threading.active_count() <= before
