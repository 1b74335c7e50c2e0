"""What `--help` says, how commands are found, and what a pipe gets."""

from pathlib import Path

import pytest

from confsync import __version__
from confsync.cli.registry import COMMANDS
from tests.cli.conftest import Cli, change


def test_every_command_is_in_the_help(cli: Cli) -> None:
    ran = cli("--help")
    assert ran.code == 0
    shown = set(COMMANDS) - {"merge-record"}
    assert {name for name in shown if f" {name} " in ran.out} == shown
    assert "merge-record" not in ran.out
    assert "3 conflicts left" in ran.said


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_has_help_of_its_own(cli: Cli, command: str) -> None:
    ran = cli(command, "--help")
    assert ran.code == 0
    assert f"confsync {command}" in ran.out
    assert "Usage" in ran.out


def test_a_command_that_does_not_exist_is_wrong_usage(cli: Cli) -> None:
    ran = cli("stauts")
    assert ran.code == 2
    assert "Did you mean 'status'" in ran.said
    assert cli("sync", "--nonsense").code == 2


def test_the_version(cli: Cli) -> None:
    assert cli("--version").out == f"confsync {__version__}\n"


def test_another_folder_can_be_named(cli: Cli, copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    assert "Space DOCS" in cli("-C", str(copy), "status").out


def test_a_pipe_gets_plain_text(cli: Cli, copy: Path) -> None:
    change("index.md", "Welcome", "Be welcome")
    assert "\x1b" not in cli("diff").out + cli("status").out + cli("sync").out
