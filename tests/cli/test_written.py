"""What a person is told of a write at the command line, and what the server has afterwards."""

from contextlib import closing
from pathlib import Path

import pytest

from confsync.confluence import Credentials, connect
from confsync.model.ids import SpaceKey
from confsync.sandbox import SandboxServer
from confsync.sandbox.saving.normalise import Saving
from tests.cli.conftest import FAQ, INSTALL, LINUX, SECRET, TOKEN, Cli, Colleague, change


def test_what_confluence_does_not_keep_is_told_and_sent_once(
    cli: Cli, copy: Path, ben: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Saving, "_text", lambda _, text: text.replace("another", "no"))
    change("install.md", "Then start it.", "Then start another.")
    ran = cli("push")
    assert ran.code == 1
    assert "line 5 of the text is “Then start no.” there, not “Then start another.”" in ran.said
    assert "updated" not in ran.out
    assert cli("push").code == cli("sync").code == 1
    assert ben.version(INSTALL) == 2
    assert "Then start another." in Path("install.md").read_text()
    change("install.md", "Then start another.", "Then start no.")
    assert cli("sync").code == 0
    assert ben.version(INSTALL) == 2


def test_an_edit_of_a_restricted_page_leaves_its_restriction(
    cli: Cli, url: str, server: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli("clone", "--include-restricted", url, "all").code == 0
    monkeypatch.chdir("all")
    change("secret.md", "Nobody is to read this.", "Nobody is to read this at all.")
    assert cli("push").code == 0
    me = Credentials(server.username, TOKEN, "test")
    with closing(connect(server.url, SpaceKey("DOCS"), me)) as remote:
        assert "at all" in remote.read(SECRET).body
        assert remote.restricted([SECRET]) == {SECRET}


def test_parent_in_front_matter_moves_the_page(cli: Cli, copy: Path, ben: Colleague) -> None:
    change("install/linux.md", "title: Linux\n", "title: Linux\nparent: Questions\n")
    assert cli("push").code == 0
    assert ben.remote.read(LINUX).row.parent == FAQ
    change("install/linux.md", "parent: Questions", "parent: Nowhere")
    ran = cli("push")
    assert ran.code == 1
    assert "its `parent: Nowhere` is no page here" in ran.said
