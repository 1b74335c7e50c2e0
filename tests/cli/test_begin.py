"""init, auth, sandbox and demo: how people begin."""

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend

from confsync.sandbox import SandboxServer
from tests.cli.conftest import TOKEN, Cli, git


class MemoryKeyring(KeyringBackend):
    """A keyring that forgets."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def repository(surroundings: Path) -> Path:
    git("init", "--quiet", "--initial-branch=main")
    Path("README.md").write_text("# Ours\n")
    Path("guide.md").write_text("# Guide\n")
    git("add", ".")
    git("commit", "--quiet", "-m", "Ours")
    return surroundings


def test_init_makes_a_repository_a_working_copy(cli: Cli, url: str, repository: Path) -> None:
    ran = cli("init", url)
    assert ran.code == 0, ran.said
    assert "follows DOCS" in ran.out
    assert git("status", "--porcelain") == ""
    assert cli("pull").code == 0
    assert Path("install/linux.md").is_file()
    assert Path("guide.md").read_text() == "# Guide\n"
    assert "create    guide.md" in cli("status").out
    assert "README" not in cli("status").out


def test_init_twice_or_nowhere_is_refused(cli: Cli, url: str, repository: Path) -> None:
    cli("init", url)
    assert "is a working copy already" in cli("init", url).err
    Path("../plain").mkdir()
    ran = cli("init", url, "../plain")
    assert ran.code == 1
    assert "is not in a git repository" in ran.err
    assert not list(Path("../plain").iterdir())


def test_login_keeps_the_token_in_the_keyring_and_nowhere_else(
    cli: Cli, server: SandboxServer, surroundings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CONFSYNC_TOKEN")
    monkeypatch.delenv("CONFSYNC_USERNAME")
    ring = MemoryKeyring()
    keyring.set_keyring(ring)
    ran = cli("auth", "login", server.url, "--username", server.username, "--with-token", stdin=f"{TOKEN}\n")
    assert ran.code == 0, ran.said
    assert "as You" in ran.out
    assert TOKEN in next(iter(ring.kept.values()))
    assert cli("clone", f"{server.url}/spaces/DOCS").code == 0
    assert "(from keyring)" in cli("auth", "status", server.url).out
    assert cli("auth", "status", server.url, "--json").json["source"] == "keyring"
    grep = subprocess.run(["grep", "-r", TOKEN, str(surroundings)], capture_output=True, check=False)
    assert grep.stdout == b""
    assert cli("auth", "logout", server.url).code == 0
    assert cli("auth", "status", server.url).code == 2


def test_login_with_a_wrong_token_keeps_nothing(cli: Cli, server: SandboxServer) -> None:
    ring = MemoryKeyring()
    keyring.set_keyring(ring)
    ran = cli("auth", "login", server.url, "--username", server.username, "--with-token", stdin="wrong\n")
    assert ran.code == 1
    assert not ring.kept


def test_login_without_a_keyring_says_what_else_there_is(cli: Cli, server: SandboxServer) -> None:
    from keyring.backends.fail import Keyring as FailingKeyring

    keyring.set_keyring(FailingKeyring())  # type: ignore[no-untyped-call]
    ran = cli("auth", "login", server.url, "--username", server.username, "--with-token", stdin=f"{TOKEN}\n")
    assert ran.code == 1
    assert "CONFSYNC_TOKEN" in ran.err


def test_login_without_anybody_to_ask(cli: Cli) -> None:
    ran = cli("auth", "login", "https://example.atlassian.net")
    assert ran.code == 2
    assert "--with-token" in ran.err
    assert "no site is named" in cli("auth", "login").err


def test_the_site_of_a_working_copy_is_its_own(cli: Cli, copy: Path, server: SandboxServer) -> None:
    assert cli("auth", "status", "--offline", "--json").json["site"] == server.url


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_the_sandbox_says_where_it_is_first(seed: Path) -> None:
    command = [sys.executable, "-m", "confsync", "sandbox", "--port", "0", "--json", "--seed", str(seed)]
    command += ["--generate", "3", "--token", TOKEN]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        assert said["token"] == TOKEN
        assert said["spaces"] == ["DOCS", "GEN"]
        assert said["url"].endswith("/wiki")
        control = said["url"].removesuffix("/wiki") + "/_sandbox/requests"
        with urllib.request.urlopen(control) as answer:
            assert json.load(answer) == {"requests": []}
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
    assert process.returncode == 0


def test_a_port_that_is_taken_and_a_fault_that_is_none(cli: Cli, server: SandboxServer) -> None:
    port = server.url.rpartition(":")[2].partition("/")[0]
    ran = cli("sandbox", "--port", port)
    assert ran.code == 1
    assert f"port {port} cannot be used" in ran.err
    assert cli("sandbox", "--fault", "nonsense").code == 2


def test_the_demo_tells_its_story_on_a_bare_machine(surroundings: Path, tmp_path: Path) -> None:
    """No home, no identity, no settings, no credentials; twice; and nothing of it stays running."""
    git_folder = str(Path(shutil.which("git") or "git").parent)
    env = {"PATH": f"{git_folder}:/usr/bin:/bin"}
    command = [sys.executable, "-m", "confsync", "demo"]
    first = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=100)
    assert first.returncode == 0, first.stdout + first.stderr
    said = " ".join(first.stdout.split())
    assert "<<<<<<< local" in said
    assert "the inline comment on “green” still stands" in said
    assert "all bytes, and the version, of the other" in said
    assert Path("confsync-demo/site/index.html").is_file()
    again = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert again.returncode == 2
    assert "--replace" in again.stderr


def test_the_demo_removes_nothing_but_a_demo(cli: Cli) -> None:
    Path("mine").mkdir()
    Path("mine/file").write_text("mine")
    ran = cli("demo", "mine", "--replace")
    assert ran.code == 2
    assert "no demo made it" in ran.err
    assert Path("mine/file").read_text() == "mine"
