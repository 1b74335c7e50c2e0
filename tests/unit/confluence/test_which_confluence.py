"""Which dialect a site is spoken to in: Cloud lives below `/wiki`, anything else is asked."""

from contextlib import closing

import httpx
import pytest

from confsync.confluence import Credentials, SpaceRemote, connect
from confsync.errors import AuthenticationFailed
from confsync.model.ids import SpaceKey

TOKEN = Credentials("", "t")


USER = {"type": "known", "accountId": "a1", "userKey": "k1", "displayName": "Sample Writer"}


class Site:
    """A site that answers who we are, and its access mode where it has one."""

    def __init__(self, mode: httpx.Response) -> None:
        self._mode = mode
        self.asked: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        return self._mode if request.url.path.endswith("accessmode") else httpx.Response(200, json=USER)

    def remote(self, url: str) -> SpaceRemote:
        return connect(url, SpaceKey("ENG"), TOKEN, http=httpx.MockTransport(self))


def test_a_site_below_wiki_is_cloud_and_is_not_asked() -> None:
    site = Site(httpx.Response(500))
    with closing(site.remote("https://example.atlassian.net/wiki")) as remote:
        assert remote.me().id == "a1"
    assert site.asked == ["/wiki/rest/api/user/current"]


def test_a_site_that_tells_its_access_mode_is_data_center_and_is_asked_once() -> None:
    site = Site(httpx.Response(200, json="READ_WRITE"))
    with closing(site.remote("https://wiki.example.com/confluence")) as remote:
        assert site.asked == []
        assert remote.me().id == remote.me().id == "k1"
    assert site.asked.count("/confluence/rest/api/accessmode") == 1


@pytest.mark.parametrize("status", [403, 404])
def test_a_site_without_an_access_mode_is_cloud(status: int) -> None:
    site = Site(httpx.Response(status, json={"message": "no such thing"}))
    with closing(site.remote("https://wiki.example.com")) as remote:
        assert remote.me().id == "a1"


def test_a_site_that_does_not_know_us_says_so() -> None:
    site = Site(httpx.Response(401, text="<html></html>"))
    with closing(site.remote("https://wiki.example.com")) as remote, pytest.raises(AuthenticationFailed):
        remote.me()
