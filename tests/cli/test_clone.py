"""Cloning a space, and everything that can be wrong with it: then nothing is left behind."""

import subprocess
from pathlib import Path

import pytest

from confsync.engine import runs
from confsync.errors import WriteFailed
from confsync.sandbox import SandboxServer
from confsync.worktree import FolderTree
from tests.cli.conftest import Cli, git


def test_a_clone_has_every_page_and_says_so(cli: Cli, url: str, surroundings: Path) -> None:
    ran = cli("clone", url)
    assert ran.code == 0
    assert "Cloned DOCS" in ran.out
    assert "4 pages" in ran.out
    copy = surroundings / "docs"
    assert sorted(path.relative_to(copy).as_posix() for path in copy.rglob("*.md")) == [
        "index.md",
        "install.md",
        "install/linux.md",
        "questions.md",
    ]
    assert git("-C", "docs", "status", "--porcelain") == ""
    assert git("-C", "docs", "branch", "--show-current").strip() == "main"


def test_a_clone_says_how_much_can_be_edited(cli: Cli, url: str) -> None:
    assert "4 pages: 3 editable whole, 1 with parts kept as they are (drawio ×1)" in cli("clone", url).said


def test_private_pages_are_counted_and_not_written(cli: Cli, url: str, surroundings: Path) -> None:
    ran = cli("clone", url)
    assert "1 view-restricted page not written" in ran.said
    assert not list((surroundings / "docs").rglob("secret*"))
    assert "Nobody is to read this" not in git("-C", "docs", "grep", "-I", "", "HEAD")


def test_private_pages_are_written_on_request_and_it_is_recorded(cli: Cli, url: str) -> None:
    assert cli("clone", url, "all", "--include-restricted").code == 0
    assert Path("all/secret.md").is_file()
    assert "include-restricted = true" in Path("all/confsync.toml").read_text()


def test_json_is_one_document_and_the_rest_is_silence(cli: Cli, url: str) -> None:
    said = cli("clone", url, "here", "--json").json
    assert said["branch"] == "main"
    assert said["contents"] == {"page": 4, "attachment": 0}
    assert said["restricted"] == ["Secret"]
    assert said["exit_code"] == 0


def test_inside_a_repository_it_follows_the_branch_and_commits_once(cli: Cli, url: str) -> None:
    git("init", "--quiet", "--initial-branch=trunk")
    Path("code.py").write_text("print()\n")
    git("add", ".")
    git("commit", "--quiet", "-m", "Code")
    assert cli("clone", url, "wiki").code == 0
    settings = Path("wiki/confsync.toml").read_text()
    assert 'branch = "trunk"' in settings
    assert 'history = "squash"' in settings
    assert len(git("log", "--oneline").splitlines()) == 3
    assert not Path("wiki/.git").exists()


def test_the_history_has_who_wrote_what(cli: Cli, url: str) -> None:
    cli("clone", url)
    assert "First words" in git("-C", "docs", "log", "--format=%s")


def test_a_folder_that_is_not_empty_is_refused_and_left_alone(cli: Cli, url: str) -> None:
    Path("docs").mkdir()
    Path("docs/mine.txt").write_text("mine")
    ran = cli("clone", url)
    assert ran.code == 2
    assert "docs is not empty" in ran.err
    assert [path.name for path in Path("docs").iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("wrong", "code", "said"),
    [
        ("not-a-url", 2, "not the URL of a Confluence space"),
        ("https://example.atlassian.net/jira/browse/X-1", 2, "does not name a space"),
        ("https://ann:secret@example.atlassian.net/wiki/spaces/DOCS", 2, "must not carry credentials"),
        ("http://127.0.0.1:9/wiki/spaces/DOCS", 1, "No connection to 127.0.0.1"),
    ],
)
def test_a_wrong_url_is_named_and_leaves_nothing(  # noqa: PLR0917 - fixtures
    cli: Cli, server: SandboxServer, surroundings: Path, wrong: str, code: int, said: str
) -> None:
    ran = cli("clone", wrong)
    assert ran.code == code
    assert said in ran.err
    assert "hint:" in ran.err
    assert "secret" not in ran.err
    assert not list(surroundings.iterdir())


def test_a_wrong_space_key_leaves_nothing(cli: Cli, server: SandboxServer, surroundings: Path) -> None:
    ran = cli("clone", f"{server.url}/spaces/NOPE")
    assert ran.code == 1
    assert "There is no space NOPE" in ran.err
    assert not list(surroundings.iterdir())


def test_a_wrong_token_says_whose_fault_it_is(
    cli: Cli, url: str, surroundings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONFSYNC_TOKEN", "wrong")
    ran = cli("clone", url)
    assert ran.code == 1
    assert "CONFSYNC_TOKEN" in ran.err
    assert not list(surroundings.iterdir())


def test_without_credentials_it_says_how_to_get_some(
    cli: Cli, url: str, surroundings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CONFSYNC_TOKEN")
    monkeypatch.delenv("CONFSYNC_USERNAME")
    ran = cli("clone", url)
    assert ran.code == 2
    assert "confsync auth login" in ran.err
    assert not list(surroundings.iterdir())


def test_without_a_git_identity_nothing_is_left(
    cli: Cli, url: str, surroundings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path(surroundings.parent / "home" / "gitconfig").write_text("[user]\n\tuseConfigOnly = true\n")
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "EMAIL"):
        monkeypatch.delenv(name, raising=False)
    ran = cli("clone", url)
    assert ran.code == 1
    assert "git does not know who you are" in ran.err
    assert "git config user.email" in ran.err
    assert not list(surroundings.iterdir())


def test_ctrl_c_leaves_nothing(
    cli: Cli, url: str, surroundings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(runs, "pull", stopped)
    ran = cli("clone", url)
    assert ran.code == 130
    assert "Nothing is left behind" in ran.err
    assert "Traceback" not in ran.err
    assert not list(surroundings.iterdir())


def test_a_full_disk_leaves_nothing(
    cli: Cli, url: str, surroundings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise WriteFailed("cannot be written: No space left on device", page="index.md", hint="Make room.")

    monkeypatch.setattr(FolderTree, "apply", full)
    ran = cli("clone", url)
    assert ran.code == 1
    assert "No space left on device" in ran.err
    assert not list(surroundings.iterdir())


def test_an_empty_repository_that_is_there_already_is_used(cli: Cli, url: str) -> None:
    git("init", "--quiet", "--initial-branch=wiki", "docs")
    assert cli("clone", url).code == 0
    assert 'branch = "wiki"' in Path("docs/confsync.toml").read_text()
    assert (
        subprocess.run(["git", "-C", "docs", "status", "--porcelain"], capture_output=True, check=True).stdout
        == b""
    )
