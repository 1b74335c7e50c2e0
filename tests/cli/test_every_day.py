"""status, diff, pull, push and sync, as they are used every day."""

from pathlib import Path

import pytest

from confsync.sandbox import SandboxServer
from tests.cli.conftest import FAQ, HOME, INSTALL, LINUX, Cli, Colleague, change, git, snapshot


def test_a_fresh_clone_has_nothing_to_send(cli: Cli, copy: Path) -> None:
    ran = cli("status")
    assert ran.code == 0
    assert "on branch main" in ran.out
    assert "Nothing to send." in ran.out
    assert "1 view-restricted page not written" in ran.out


def test_status_and_diff_ask_the_server_nothing(cli: Cli, copy: Path, server: SandboxServer) -> None:
    change("questions.md", "one question", "a good question")
    server.site.journal.reset()
    assert "update    questions.md" in cli("status").out
    assert "+Ask a good question." in cli("diff").out
    assert not server.site.journal.all()


def test_status_names_what_is_new_in_confluence(cli: Cli, copy: Path, ben: Colleague) -> None:
    ben.edit(FAQ, "Ask one", "Ask every")
    before = snapshot(copy)
    ran = cli("status", "--remote")
    assert "New in Confluence (1)" in ran.out
    assert "questions.md  v2" in ran.out
    assert "View-restricted, not written: “Secret”" in ran.out
    assert snapshot(copy) == before


def test_diff_shows_edits_and_not_formatting(cli: Cli, copy: Path) -> None:
    assert cli("diff").out == ""
    text = Path("questions.md").read_text()
    Path("questions.md").write_text(text.replace("Ask one question.", "Ask one\nquestion."))
    assert cli("diff").out == ""
    change("questions.md", "Answer another", "Answer every other")
    lines = cli("diff").out.splitlines()
    assert "-Answer another one." in lines
    assert "+Answer every other one." in lines
    assert not [line for line in lines if line[:1] in "+-" and "Ask" in line]


def test_diff_of_storage_shows_what_is_sent(cli: Cli, copy: Path) -> None:
    change("install.md", "Then start it.", "Then start it twice.")
    lines = cli("diff", "--storage", "install.md").out.splitlines()
    assert "-<p>Then start it.</p>" in lines
    assert "+<p>Then start it twice.</p>" in lines


def test_diff_of_the_remote_leaves_local_edits_out(cli: Cli, copy: Path, ben: Colleague) -> None:
    change("questions.md", "one question", "a good question")
    ben.edit(FAQ, "another one", "all of them")
    out = cli("diff", "--remote").out
    assert "+Answer all of them." in out
    assert "good" not in out.replace(" Ask a good", "")
    assert "+Ask a good question." not in out
    assert cli("diff", "--remote", "--json").json["files"]


def test_pull_merges_into_the_file_and_commits(cli: Cli, copy: Path, ben: Colleague) -> None:
    ben.edit(FAQ, "Ask one", "Ask every")
    ran = cli("pull")
    assert ran.code == 0
    assert "updated   questions.md  v2" in ran.out
    assert "Ask every question." in Path("questions.md").read_text()
    assert git("status", "--porcelain") == ""


def test_push_sends_edits_and_keeps_what_it_cannot_show(cli: Cli, copy: Path, ben: Colleague) -> None:
    before = ben.body(INSTALL)
    change("install.md", "Then start it.", "Then start it twice.")
    ran = cli("push", "-m", "Start it twice")
    assert ran.code == 0, ran.said
    assert "updated   install.md  v2" in ran.out
    assert ben.body(INSTALL) == before.replace("Then start it.", "Then start it twice.")
    assert ben.remote.read(INSTALL).row.version.message.startswith("Start it twice (git ")
    assert git("log", "-2", "--format=%s").splitlines()[1] == "Start it twice"


def test_sync_brings_both_sides_together(cli: Cli, copy: Path, ben: Colleague) -> None:
    change("questions.md", "one question", "a good question")
    change("index.md", "Welcome", "Be welcome")
    ben.edit(FAQ, "another one", "all of them")
    ben.edit(LINUX, "as ever", "as always")
    ran = cli("sync")
    assert ran.code == 0, ran.said
    assert Path("questions.md").read_text().endswith("Ask a good question.\n\nAnswer all of them.\n")
    assert ben.body(FAQ) == "<p>Ask a good question.</p><p>Answer all of them.</p>"
    assert ben.body(HOME) == "<p>Be welcome home.</p>"
    assert "as always" in Path("install/linux.md").read_text()
    assert cli("status", "--remote").out.splitlines()[-1] == "Both sides say the same."


def test_a_sync_with_nothing_to_do_writes_nothing(cli: Cli, copy: Path, server: SandboxServer) -> None:
    before = snapshot(copy)
    server.site.journal.reset()
    ran = cli("sync")
    assert (ran.code, ran.out) == (0, "Both sides say the same.\n")
    assert snapshot(copy) == before
    assert {served.method for served in server.site.journal.all()} <= {"GET"}


@pytest.mark.parametrize("command", ["pull", "push", "sync"])
def test_a_dry_run_writes_nothing_on_either_side(
    cli: Cli, copy: Path, ben: Colleague, server: SandboxServer, command: str
) -> None:
    change("index.md", "Welcome", "Be welcome")
    ben.edit(LINUX, "as ever", "as always")
    before = snapshot(copy)
    server.site.journal.reset()
    ran = cli(command, "--dry-run", "--json")
    assert ran.code == 0
    assert ran.json["dry_run"] is True
    assert snapshot(copy) == before
    writing = {(one.method, one.path) for one in server.site.journal.all() if one.method != "GET"}
    assert writing <= {("POST", "/wiki/api/v2/users-bulk")}  # people's names, many at a time
    planned = [item["path"] for key in ("planned", "pulled") for item in ran.json[key]]  # type: ignore[attr-defined]
    assert ("index.md" in planned) == (command != "pull")
    assert ("install/linux.md" in planned) == (command != "push")


def test_push_of_named_pages_leaves_the_others(cli: Cli, copy: Path, ben: Colleague) -> None:
    change("index.md", "Welcome", "Be welcome")
    change("questions.md", "Ask", "Please ask")
    assert cli("push", "questions.md").code == 0
    assert (ben.version(HOME), ben.version(FAQ)) == (1, 2)


def test_a_page_outside_of_the_working_copy_cannot_be_named(cli: Cli, copy: Path) -> None:
    ran = cli("push", "../elsewhere.md")
    assert ran.code == 2
    assert "lies outside of the working copy" in ran.said


def test_push_leaves_a_page_that_changed_in_confluence(cli: Cli, copy: Path, ben: Colleague) -> None:
    change("questions.md", "one question", "a good question")
    ben.edit(FAQ, "another one", "all of them")
    ran = cli("push")
    assert ran.code == 1
    assert "changed in Confluence since the last pull" in ran.said
    assert "confsync sync" in ran.said
    assert "good" not in ben.body(FAQ)


def test_the_first_new_page_needs_a_word(cli: Cli, copy: Path, ben: Colleague) -> None:
    Path("install/mac.md").write_text("# Mac\n\nOn a Mac, too.\n")
    ran = cli("push", "--no-input")
    assert ran.code == 4
    assert "This push creates 1 page in Confluence" in ran.err
    assert "Mac (install/mac.md)" in ran.err
    assert "--create" in ran.err
    assert "Mac" not in ben.titles()
    assert cli("push", "--create").code == 0
    assert "Mac" in ben.titles()
    assert Path("install/mac.md").read_text().startswith("---\nid: ")


def test_deleting_a_page_needs_a_word(cli: Cli, copy: Path, ben: Colleague) -> None:
    Path("questions.md").unlink()
    assert cli("sync").code == 4
    assert "Questions" in ben.titles()
    assert cli("sync", "--delete").code == 0
    assert "Questions" not in ben.titles()


def test_a_page_comes_back_from_the_trash(cli: Cli, copy: Path, ben: Colleague) -> None:
    Path("questions.md").unlink()
    cli("sync", "--delete")
    ran = cli("restore", FAQ)
    assert ran.code == 0, ran.said
    assert "“Questions” is back in Confluence" in ran.out
    assert cli("pull").code == 0
    assert "Ask one question." in Path("questions.md").read_text()


def test_what_is_not_in_the_trash_cannot_be_restored(cli: Cli, copy: Path) -> None:
    assert cli("restore", "questions.md").code == 2
    ran = cli("restore", FAQ)
    assert ran.code == 2
    assert "is not in the trash: it is current" in ran.err


def test_without_commits_of_its_own_it_refuses_to_run(cli: Cli, copy: Path) -> None:
    change("index.md", "Welcome", "Be welcome")
    ran = cli("sync", "--no-commit")
    assert ran.code == 1
    assert "not committed" in ran.err


def test_a_plan_as_the_comment_for_a_pull_request(cli: Cli, copy: Path) -> None:
    change("index.md", "Welcome", "Be welcome")
    ran = cli("push", "--dry-run", "--format", "markdown")
    assert ran.out == "**Confluence**: merging this changes 1 page.\n\n- update `index.md` “Home”\n"
    assert cli("push", "--format", "markdown").code == 2


def test_quiet_says_nothing(cli: Cli, copy: Path) -> None:
    change("index.md", "Welcome", "Be welcome")
    ran = cli("sync", "--quiet")
    assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_json_is_one_document(cli: Cli, copy: Path, ben: Colleague) -> None:
    ben.edit(FAQ, "Ask one", "Ask every")
    change("index.md", "Welcome", "Be welcome")
    said = cli("sync", "--json").json
    assert [item["did"] for item in said["pulled"]] == ["updated"]  # type: ignore[attr-defined]
    assert [item["did"] for item in said["pushed"]] == ["updated"]  # type: ignore[attr-defined]
    assert said["exit_code"] == 0


def test_another_branch_only_looks(cli: Cli, copy: Path, ben: Colleague) -> None:
    git("switch", "--quiet", "-c", "feature")
    change("index.md", "Welcome", "Be welcome")
    assert "The space follows the branch main" in cli("status").said
    assert cli("push", "--dry-run").code == 0
    ran = cli("sync")
    assert ran.code == 1
    assert "git switch main" in ran.err
    assert ben.version(HOME) == 1
    assert cli("sync", "--this-branch").code == 0
    assert ben.version(HOME) == 2


def test_a_plan_needs_no_credentials(cli: Cli, copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    change("index.md", "Welcome", "Be welcome")
    monkeypatch.delenv("CONFSYNC_TOKEN")
    monkeypatch.delenv("CONFSYNC_USERNAME")
    assert "update    index.md" in cli("push", "--dry-run").out
    assert cli("push").code == 2
