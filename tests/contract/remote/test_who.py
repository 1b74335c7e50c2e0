"""All the ways to say who one is, on a running Confluence; each only where it is meant for."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import keyring
import pytest
from keyring.backend import KeyringBackend

from confsync.confluence import (
    Credentials,
    connect,
    find_credentials,
    host_of,
    log_in_by_browser,
    store_credentials,
    verify,
)
from confsync.confluence.credentials import kept_grant
from confsync.errors import AuthenticationFailed, ConfsyncError, UsageError
from confsync.model.ids import SpaceKey
from confsync.sandbox import Flavour, SandboxServer

SCOPES = (
    "read:page:confluence",
    "read:space:confluence",
    "read:content-details:confluence",
    "read:user:confluence",
    "search:confluence",
)


class Drawer(KeyringBackend):
    """A keyring in memory."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[str, str] = {}
        self.broken = False

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get(service)

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.broken:
            raise OSError("locked")
        self.kept[service] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service]


@pytest.fixture(autouse=True)
def drawer() -> Iterator[Drawer]:
    before, made = keyring.get_keyring(), Drawer()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


@pytest.fixture(scope="module")
def cloud() -> Iterator[SandboxServer]:
    with SandboxServer(generate=3) as server:
        yield server


@pytest.fixture(scope="module")
def data_center() -> Iterator[SandboxServer]:
    with SandboxServer(generate=3, flavour=Flavour.DATA_CENTER, context="/confluence") as server:
        yield server


def titles(server: SandboxServer, credentials: Credentials) -> set[str]:
    with closing(connect(server.url, SpaceKey("GEN"), credentials)) as remote:
        return {row.title for row in remote.listing().rows.values()}


def consenting(url: str) -> None:
    """A person who agrees."""
    threading.Thread(
        target=httpx.get, args=(url,), kwargs={"follow_redirects": True, "trust_env": False}
    ).start()


def by_browser(server: SandboxServer, **more: object) -> Credentials:
    app = server.oauth_app
    wanted: dict[str, object] = {"port": 0, "show": consenting, "seconds": 10.0} | more
    return log_in_by_browser(server.url, app.client_id, app.client_secret, **wanted)  # type: ignore[arg-type]


# ------------------------------------------------------------------------------------------------ tokens


def test_a_token_with_scopes_works_at_the_gateway_and_is_found_to(cloud: SandboxServer) -> None:
    login = cloud.add_token(cloud.username, SCOPES)
    scoped = Credentials(login.username, login.token)
    assert verify(cloud.url, scoped).name
    cloud.site.journal.reset()
    assert len(titles(cloud, scoped)) >= 3


def test_a_wrong_token_is_told_from_one_with_scopes(cloud: SandboxServer) -> None:
    with pytest.raises(AuthenticationFailed):
        verify(cloud.url, Credentials(cloud.username, "wrong"))


def test_a_personal_access_token_needs_no_name(data_center: SandboxServer) -> None:
    assert len(titles(data_center, Credentials("", data_center.token))) >= 3


# ------------------------------------------------------------------------------------------------- OAuth


def test_consent_in_the_browser_gives_credentials(cloud: SandboxServer) -> None:
    credentials = by_browser(cloud)
    assert verify(cloud.url, credentials).name
    assert len(titles(cloud, credentials)) >= 3
    assert "OAuth" in str(credentials)


def test_consent_works_on_data_center_too(data_center: SandboxServer) -> None:
    assert len(titles(data_center, by_browser(data_center, scopes=("WRITE", "READ", "offline_access")))) >= 3


def test_tokens_are_renewed_and_the_new_ones_kept(cloud: SandboxServer) -> None:
    host = host_of(cloud.url)
    store_credentials(host, by_browser(cloud))
    first = find_credentials(host, environ={})
    cloud.site.doors.oauth.expire()
    assert len(titles(cloud, first)) >= 3
    second = kept_grant(host)
    assert first.grant is not None
    assert second is not None
    assert second.refresh_token != first.grant.refresh_token
    cloud.site.doors.oauth.expire()
    assert len(titles(cloud, find_credentials(host, environ={}))) >= 3


def test_a_renewal_by_another_process_is_used(cloud: SandboxServer) -> None:
    host = host_of(cloud.url)
    store_credentials(host, by_browser(cloud))
    mine = find_credentials(host, environ={})
    theirs = by_browser(cloud)
    store_credentials(host, theirs)
    cloud.site.doors.oauth.expire()
    assert theirs.grant is not None
    titles(cloud, theirs)
    before = kept_grant(host)
    assert len(titles(cloud, mine)) >= 3
    assert kept_grant(host) == before


def test_a_new_token_that_cannot_be_kept_ends_the_run(cloud: SandboxServer, drawer: Drawer) -> None:
    host = host_of(cloud.url)
    store_credentials(host, by_browser(cloud))
    cloud.site.doors.oauth.expire()
    drawer.broken = True
    with pytest.raises(ConfsyncError, match="keyring"):
        titles(cloud, find_credentials(host, environ={}))


def test_an_app_that_speaks_for_itself_needs_no_person(cloud: SandboxServer) -> None:
    app, cloud_id = cloud.oauth_app, cloud.gateway.split("/")[-2]
    environ = {
        "CONFSYNC_CLIENT_ID": app.client_id,
        "CONFSYNC_CLIENT_SECRET": app.client_secret,
        "CONFSYNC_CLOUD_ID": cloud_id,
    }
    credentials = find_credentials(host_of(cloud.url), environ=environ)
    assert len(titles(cloud, credentials)) >= 3


def test_a_person_may_say_no(cloud: SandboxServer) -> None:
    with pytest.raises(AuthenticationFailed, match="No consent"):
        by_browser(cloud, show=lambda url: consenting(f"{url}&consent=denied"))


def test_an_answer_to_another_question_is_refused(cloud: SandboxServer) -> None:
    def attack(url: str) -> None:
        back = httpx.URL(url).params["redirect_uri"]
        consenting(f"{back}?code=stolen&state=guessed")

    with pytest.raises(AuthenticationFailed, match="another question"):
        by_browser(cloud, show=attack)


def test_answers_under_another_name_of_this_machine_are_not_heard(cloud: SandboxServer) -> None:
    def attack(url: str) -> None:
        question = httpx.URL(url).params
        back = f"{question['redirect_uri']}?code=stolen&state={question['state']}"
        threading.Thread(
            target=lambda: httpx.get(back, headers={"Host": "evil.example"}, trust_env=False)
        ).start()

    started = time.monotonic()
    with pytest.raises(AuthenticationFailed, match="Nobody answered"):
        by_browser(cloud, show=attack, seconds=0.5)
    assert time.monotonic() - started < 5


def test_half_an_app_is_refused(cloud: SandboxServer) -> None:
    with pytest.raises(UsageError, match="app of your own"):
        log_in_by_browser(cloud.url, "id", "", port=0, show=consenting)


def test_no_secret_is_in_any_text(cloud: SandboxServer) -> None:
    credentials = by_browser(cloud)
    assert credentials.grant is not None
    for secret in (
        cloud.oauth_app.client_secret,
        credentials.grant.access_token,
        credentials.grant.refresh_token,
    ):
        assert secret not in repr(credentials) + str(credentials)


# ------------------------------------------------------------------------------------------- cookies, TLS


@pytest.mark.parametrize(("kind", "name"), [("cloud", "cloud.session.token"), ("data_center", "JSESSIONID")])
def test_a_browsers_session_can_be_lent(
    kind: str, name: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server: SandboxServer = request.getfixturevalue(kind)
    cookies = tmp_path / "cookies.txt"
    value = server.open_session(server.username)
    cookies.write_text(f"# Netscape HTTP Cookie File\n127.0.0.1\tFALSE\t/\tFALSE\t0\t{name}\t{value}\n")
    cookies.chmod(0o600)
    monkeypatch.setenv("CONFSYNC_COOKIES", str(cookies))
    credentials = find_credentials(host_of(server.url), environ={"CONFSYNC_COOKIES": str(cookies)})
    assert len(titles(server, credentials)) >= 3
    assert value not in repr(credentials) + str(credentials)
