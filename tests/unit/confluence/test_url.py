import pytest

from confsync.confluence.credentials import Credentials
from confsync.confluence.transport import Transport
from confsync.confluence.url import SpaceUrl, is_loopback, parse_space_url
from confsync.errors import UsageError
from confsync.model.ids import PageId, SpaceKey

CLOUD = "https://example.atlassian.net/wiki"


@pytest.mark.parametrize(
    ("url", "site", "key"),
    [
        (f"{CLOUD}/spaces/ENG", CLOUD, "ENG"),
        (f"{CLOUD}/spaces/ENG/", CLOUD, "ENG"),
        (f"{CLOUD}/spaces/ENG/overview?homepageId=98309", CLOUD, "ENG"),
        (f"  {CLOUD}/spaces/ENG/pages \n", CLOUD, "ENG"),
        ("https://EXAMPLE.atlassian.net/wiki/spaces/ENG", CLOUD, "ENG"),
        ("example.atlassian.net/wiki/spaces/ENG", CLOUD, "ENG"),
        ("https://example.atlassian.net/spaces/ENG", CLOUD, "ENG"),
        (f"{CLOUD}/spaces/~712020abc/overview", CLOUD, "~712020abc"),
        (f"{CLOUD}/spaces/%7E712020abc", CLOUD, "~712020abc"),
        (f"{CLOUD}/spaces/viewspace.action?key=ENG", CLOUD, "ENG"),
        ("https://wiki.example.com/display/ENG", "https://wiki.example.com", "ENG"),
        ("https://wiki.example.com/display/ENG/Release+process", "https://wiki.example.com", "ENG"),
        (
            "https://host.example.com/confluence/display/~writer",
            "https://host.example.com/confluence",
            "~writer",
        ),
        ("https://host.example.com/a/b/spaces/ENG/pages/1/T", "https://host.example.com/a/b", "ENG"),
        (
            "https://wiki.example.com/pages/viewpage.action?spaceKey=ENG&title=Home",
            "https://wiki.example.com",
            "ENG",
        ),
        ("http://127.0.0.1:8090/wiki/spaces/DOCS", "http://127.0.0.1:8090/wiki", "DOCS"),
        ("http://[::1]:8090/wiki/spaces/DOCS", "http://[::1]:8090/wiki", "DOCS"),
    ],
)
def test_a_space_is_read_from_what_people_copy(url: str, site: str, key: str) -> None:
    found = parse_space_url(url)
    assert (found.site, found.key) == (site, key)


def test_the_page_the_url_was_copied_from_is_known() -> None:
    assert parse_space_url(f"{CLOUD}/spaces/ENG/pages/131073/Release+process").page == PageId("131073")
    assert parse_space_url(f"{CLOUD}/spaces/ENG/pages/edit-v2/131073").page == PageId("131073")
    assert parse_space_url(f"{CLOUD}/spaces/ENG/overview").page is None


def test_it_reads_its_own_writing() -> None:
    url = SpaceUrl("http://127.0.0.1:8090/wiki", SpaceKey("~me"))
    assert parse_space_url(str(url)) == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "docs",
        "ftp://example.atlassian.net/wiki/spaces/ENG",
        "https://example.atlassian.net/wiki",
        "https://example.atlassian.net/wiki/spaces",
        "https://example.atlassian.net/wiki/spaces/",
        "https://example.atlassian.net/wiki/spaces/NOT A KEY",
        "https://example.atlassian.net/wiki/x/AQAC",
        "https://wiki.example.com/pages/viewpage.action?pageId=131073",
        "https://example.com:port/wiki/spaces/ENG",
        "https:///wiki/spaces/ENG",
    ],
)
def test_anything_else_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_space_url(url)
    assert "https://example.atlassian.net/wiki/spaces/DOCS" in caught.value.hint


def test_credentials_in_a_url_are_refused_and_not_repeated() -> None:
    with pytest.raises(UsageError) as caught:
        parse_space_url("https://me:s3cret@example.atlassian.net/wiki/spaces/ENG")
    assert "s3cret" not in f"{caught.value} {caught.value.hint}"


@pytest.mark.parametrize("host", ["127.0.0.1:8090", "localhost", "[::1]", "wiki.localhost:80"])
def test_this_machine_may_be_spoken_to_in_the_clear(host: str) -> None:
    assert is_loopback(f"http://{host}/wiki")
    Transport(f"http://{host}/wiki", Credentials("me", "token")).close()


@pytest.mark.parametrize("host", ["example.com", "10.0.0.1", "localhost.example.com"])
def test_credentials_never_travel_unencrypted(host: str) -> None:
    with pytest.raises(UsageError, match="unencrypted"):
        Transport(f"http://{host}/wiki", Credentials("me", "token"))
    Transport(f"http://{host}/wiki", None).close()
