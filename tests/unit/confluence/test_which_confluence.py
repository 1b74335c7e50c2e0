"""Which dialect a site is spoken to in: whatever it is called, it is asked."""

from collections.abc import Mapping
from contextlib import closing

import httpx
import pytest

from confsync.confluence import Credentials, Dialect, SpaceRemote, connect
from confsync.errors import AuthenticationFailed, RemoteError
from confsync.model.ids import SpaceKey

TOKEN = Credentials("", "t")
USER = {"type": "known", "accountId": "a1", "displayName": "Sample Writer"}
LIST: dict[str, object] = {"results": []}
SITES = ["https://example.atlassian.net/wiki", "https://wiki.example.com", "https://example.com/team/wiki"]

Routes = Mapping[str, tuple[int, object]]


class Site:
    """A site that has some routes; what it has not, it says with 404."""

    def __init__(self, routes: Routes) -> None:
        self._routes = routes
        self.asked: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        self.asked.append(path)
        if path.endswith("/user/current"):
            return httpx.Response(200, json=USER)
        found = [answer for route, answer in self._routes.items() if path.endswith(route)]
        if not found:
            return httpx.Response(404, text="<html><title>Oops</title></html>")
        status, data = found[0]
        return httpx.Response(status, json=data)

    def remote(self, url: str) -> SpaceRemote:
        return connect(url, SpaceKey("ENG"), TOKEN, http=httpx.MockTransport(self))


class Memory:
    """A cache."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def recall(self, name: str) -> str:
        return self.kept.get(name, "")

    def remember(self, name: str, value: str) -> None:
        self.kept[name] = value


CLOUD: Routes = {"/api/v2/spaces": (200, LIST)}
CLOUD_V1: Routes = {"/rest/api/space": (200, LIST), "/api/v2/spaces": (401, {"code": 401})}
DATA_CENTER: Routes = {"/rest/api/accessmode": (200, "READ_WRITE"), "/rest/api/space": (200, LIST)}
STRANGER = {"message": "Current user not permitted to use Confluence"}


def spoken(url: str, routes: Routes) -> str:
    memory = Memory()
    with closing(Site(routes).remote(url)) as remote:
        remote.use(memory)
        assert remote.me().id == "a1"
    return memory.kept["dialect"]


@pytest.mark.parametrize("url", SITES)
@pytest.mark.parametrize(
    ("routes", "dialect"),
    [(CLOUD, Dialect.CLOUD), (CLOUD_V1, Dialect.CLOUD_V1), (DATA_CENTER, Dialect.DATA_CENTER)],
)
def test_the_routes_of_a_site_tell_what_it_is(url: str, routes: Routes, dialect: Dialect) -> None:
    assert spoken(url, routes) == f"{dialect.value} {url} {url}"


def test_nothing_is_asked_before_the_first_call_and_one_thing_then() -> None:
    site = Site(DATA_CENTER)
    with closing(site.remote("https://wiki.example.com/confluence")) as remote:
        assert site.asked == []
        remote.me()
        remote.me()
    assert site.asked.count("/confluence/rest/api/accessmode") == 1
    assert len(site.asked) == 3


def test_what_a_site_once_said_is_not_asked_again() -> None:
    memory = Memory()
    for _ in range(2):
        site = Site(CLOUD)
        with closing(site.remote("https://wiki.example.com")) as remote:
            remote.use(memory)
            remote.me()
    assert site.asked == ["/rest/api/user/current"]


def test_what_another_site_said_does_not_count() -> None:
    memory = Memory()
    memory.remember("dialect", "cloud https://other.example.com https://other.example.com")
    site = Site(DATA_CENTER)
    with closing(site.remote("https://wiki.example.com")) as remote:
        remote.use(memory)
        remote.me()
    assert "/rest/api/accessmode" in site.asked


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("url", SITES)
def test_a_site_that_does_not_know_us_says_so(url: str, status: int) -> None:
    routes: Routes = {"/rest/api/space": (status, STRANGER), "/rest/api/accessmode": (status, STRANGER)}
    with closing(Site(routes).remote(url)) as remote, pytest.raises(AuthenticationFailed):
        remote.me()


def test_a_site_in_trouble_is_not_taken_for_another_one() -> None:
    routes = {"/api/v2/spaces": (500, {}), **DATA_CENTER}
    with (
        closing(Site(routes).remote("https://example.atlassian.net/wiki")) as remote,
        pytest.raises(RemoteError) as caught,
    ):
        remote.me()
    assert caught.value.status == 500
