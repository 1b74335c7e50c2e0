"""Which dialect a site is spoken to in: Cloud lives below `/wiki`, anything else is asked."""

import httpx
import pytest

from confsync.confluence import CloudRemote, Credentials, DataCenterRemote, connect
from confsync.errors import AuthenticationFailed
from confsync.model.ids import SpaceKey

TOKEN = Credentials("", "t")


def answering(status: int, **more: object) -> tuple[httpx.MockTransport, list[str]]:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return httpx.Response(status, **more)  # type: ignore[arg-type]

    return httpx.MockTransport(answer), asked


def test_a_site_below_wiki_is_cloud_and_is_not_asked() -> None:
    http, asked = answering(500)
    remote = connect("https://example.atlassian.net/wiki", SpaceKey("ENG"), TOKEN, http=http)
    assert isinstance(remote, CloudRemote)
    assert asked == []
    remote.close()


def test_a_site_that_tells_its_access_mode_is_data_center() -> None:
    http, asked = answering(200, json="READ_WRITE")
    remote = connect("https://wiki.example.com/confluence", SpaceKey("ENG"), TOKEN, http=http)
    assert isinstance(remote, DataCenterRemote)
    assert asked == ["/confluence/rest/api/accessmode"]
    remote.close()


@pytest.mark.parametrize("status", [403, 404])
def test_a_site_without_an_access_mode_is_cloud(status: int) -> None:
    http, _ = answering(status, json={"message": "no such thing"})
    remote = connect("https://wiki.example.com", SpaceKey("ENG"), TOKEN, http=http)
    assert isinstance(remote, CloudRemote)
    remote.close()


def test_a_site_that_does_not_know_us_says_so_at_once() -> None:
    http, _ = answering(401, text="<html></html>")
    with pytest.raises(AuthenticationFailed):
        connect("https://wiki.example.com", SpaceKey("ENG"), TOKEN, http=http)
