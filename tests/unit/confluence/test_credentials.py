import os
import subprocess
import sys
from pathlib import Path

import pytest

from confsync.confluence.credentials import (
    Credentials,
    erase_credentials,
    find_credentials,
    store_credentials,
)
from confsync.errors import ConfsyncError, UsageError

HOST = "example.atlassian.net"


class MemoryKeyring:
    def __init__(self) -> None:
        self.secrets: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str, /) -> str | None:
        return self.secrets.get((service, username))

    def set_password(self, service: str, username: str, password: str, /) -> None:
        self.secrets[service, username] = password

    def delete_password(self, service: str, username: str, /) -> None:
        del self.secrets[service, username]


class NoKeyring:
    """A machine without any backend."""

    def get_password(self, *_: object) -> str | None:
        raise RuntimeError("No recommended backend was available")

    def set_password(self, *_: object) -> None:
        raise RuntimeError("No recommended backend was available")

    def delete_password(self, *_: object) -> None:
        raise RuntimeError("No recommended backend was available")


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """An environment with an empty home and nothing else."""
    return {"HOME": str(tmp_path)}


def netrc(home: dict[str, str], text: str, mode: int = 0o600) -> Path:
    path = Path(home["HOME"]) / ".netrc"
    path.write_text(text)
    path.chmod(mode)
    return path


@pytest.mark.parametrize("text", [repr, str, "{0}".format, "{0!r}".format])
def test_no_text_of_credentials_shows_the_token(text: object) -> None:
    assert callable(text)
    shown = text(Credentials("me@example.com", "s3cret", "environment"))
    assert "me@example.com" in shown
    assert "s3cret" not in shown


def test_our_own_variables_come_first(home: dict[str, str]) -> None:
    env = home | {
        "CONFSYNC_USERNAME": "me",
        "CONFSYNC_TOKEN": "mine",
        "CONFLUENCE_USERNAME": "other",
        "CONFLUENCE_API_TOKEN": "theirs",
    }
    assert find_credentials(HOST, environ=env, keyring=NoKeyring()) == Credentials(
        "me", "mine", "environment"
    )


def test_a_token_alone_is_a_personal_access_token(home: dict[str, str]) -> None:
    found = find_credentials(HOST, environ=home | {"CONFSYNC_TOKEN": "pat"}, keyring=NoKeyring())
    assert (found.username, found.token) == ("", "pat")


def test_a_username_alone_is_a_mistake(home: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="CONFSYNC_TOKEN"):
        find_credentials(HOST, environ=home | {"CONFSYNC_USERNAME": "me"}, keyring=NoKeyring())


@pytest.mark.parametrize(
    ("names", "username"),
    [
        (("CONFLUENCE_USERNAME", "CONFLUENCE_API_TOKEN"), "me"),
        (("CONFLUENCE_USER_NAME", "CONFLUENCE_API_KEY"), "me"),
        (("ATLASSIAN_USER_NAME", "ATLASSIAN_API_TOKEN"), "me"),
        (("ATLASSIAN_USERNAME", "ATLASSIAN_TOKEN"), "me"),
        (("CONFLUENCE_URL_UNRELATED", "CONFLUENCE_PERSONAL_TOKEN"), ""),
    ],
)
def test_other_tools_variables_are_understood(
    home: dict[str, str], names: tuple[str, str], username: str
) -> None:
    env = home | dict(zip(names, ("me", "t"), strict=True))
    found = find_credentials(HOST, environ=env, keyring=NoKeyring())
    assert (found.username, found.token) == (username, "t")


@pytest.mark.parametrize(
    "site", ["https://other.example.com/wiki", "other.example.com", "https://u@other.example.com"]
)
def test_variables_meant_for_another_site_are_left_alone(home: dict[str, str], site: str) -> None:
    env = home | {"CONFLUENCE_URL": site, "CONFLUENCE_USERNAME": "me", "CONFLUENCE_API_TOKEN": "t"}
    with pytest.raises(UsageError, match="no credentials"):
        find_credentials(HOST, environ=env, keyring=NoKeyring())


@pytest.mark.parametrize("site", [f"https://{HOST}/wiki", HOST, f"https://{HOST.upper()}"])
def test_variables_meant_for_this_site_are_used(home: dict[str, str], site: str) -> None:
    env = home | {"CONFLUENCE_URL": site, "CONFLUENCE_USERNAME": "me", "CONFLUENCE_API_TOKEN": "t"}
    assert find_credentials(HOST, environ=env, keyring=NoKeyring()).token == "t"


def test_our_own_variables_can_be_bound_to_a_site(home: dict[str, str]) -> None:
    env = home | {"CONFSYNC_USERNAME": "me", "CONFSYNC_TOKEN": "mine", "CONFSYNC_URL": f"https://{HOST}/wiki"}
    assert find_credentials(HOST, environ=env, keyring=NoKeyring()).token == "mine"
    with pytest.raises(UsageError, match="no credentials"):
        find_credentials("evil.example", environ=env, keyring=NoKeyring())


def test_the_keyring_keeps_one_login_per_host(home: dict[str, str]) -> None:
    keyring = MemoryKeyring()
    store_credentials(HOST, Credentials("me", "t"), keyring=keyring)
    store_credentials("127.0.0.1:8090", Credentials("you", "u"), keyring=keyring)
    assert find_credentials(HOST, environ=home, keyring=keyring) == Credentials("me", "t", "keyring")
    assert {service for service, _ in keyring.secrets} == {f"confsync:{HOST}", "confsync:127.0.0.1:8090"}
    assert erase_credentials(HOST, keyring=keyring)
    assert not erase_credentials(HOST, keyring=keyring)
    with pytest.raises(UsageError):
        find_credentials(HOST, environ=home, keyring=keyring)


def test_a_damaged_keyring_entry_is_told_without_its_content(home: dict[str, str]) -> None:
    keyring = MemoryKeyring()
    keyring.set_password(f"confsync:{HOST}", "login", "s3cret, but no JSON")
    with pytest.raises(UsageError) as caught:
        find_credentials(HOST, environ=home, keyring=keyring)
    assert "s3cret" not in str(caught.value)


def test_no_keyring_is_no_obstacle_for_looking_and_an_error_for_storing(home: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="no credentials") as caught:
        find_credentials(HOST, environ=home, keyring=NoKeyring())
    assert "auth login" in caught.value.hint
    with pytest.raises(ConfsyncError, match="keyring"):
        store_credentials(HOST, Credentials("me", "t"), keyring=NoKeyring())


def test_netrc_comes_last(home: dict[str, str]) -> None:
    path = netrc(home, f"machine {HOST} login me password t\nmachine other login x password y\n")
    assert find_credentials(HOST, environ=home, keyring=NoKeyring()) == Credentials("me", "t", str(path))


def test_netrc_may_lie_elsewhere(home: dict[str, str], tmp_path: Path) -> None:
    path = netrc(home, f"machine {HOST} login me password t\n").rename(tmp_path / "elsewhere")
    env = home | {"NETRC": str(path)}
    assert find_credentials(HOST, environ=env, keyring=NoKeyring()).source == str(path)


def test_netrcs_default_entry_is_not_sent_to_anybody(home: dict[str, str]) -> None:
    netrc(home, "default login me password t\n")
    with pytest.raises(UsageError, match="no credentials"):
        find_credentials(HOST, environ=home, keyring=NoKeyring())


@pytest.mark.skipif(os.name != "posix", reason="permissions of files are POSIX")
def test_a_netrc_that_others_can_read_is_refused(home: dict[str, str]) -> None:
    netrc(home, f"machine {HOST} login me password t\n", mode=0o644)
    with pytest.raises(UsageError) as caught:
        find_credentials(HOST, environ=home, keyring=NoKeyring())
    assert "chmod 600" in caught.value.hint


def test_a_broken_netrc_is_told_without_its_content(home: dict[str, str]) -> None:
    netrc(home, f"machine {HOST} login me passwort s3cret\n")
    with pytest.raises(UsageError) as caught:
        find_credentials(HOST, environ=home, keyring=NoKeyring())
    assert "s3cret" not in str(caught.value)


def test_looking_for_credentials_in_the_environment_does_not_load_the_keyring() -> None:
    code = (
        "import sys; from confsync.confluence.credentials import find_credentials; "
        "find_credentials('h', environ={'CONFSYNC_TOKEN': 't'}); print('keyring' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
