"""The sandbox as a Data Center: REST v1 alone, other users, other errors, another place."""

from collections.abc import Iterator

import httpx
import pytest

from confsync.sandbox import Flavour, SandboxServer


@pytest.fixture(scope="module")
def server() -> Iterator[SandboxServer]:
    with SandboxServer(generate=5, flavour=Flavour.DATA_CENTER, context="/confluence") as running:
        yield running


@pytest.fixture
def api(server: SandboxServer) -> Iterator[httpx.Client]:
    headers = {"X-Atlassian-Token": "no-check", "Authorization": f"Bearer {server.token}"}
    with httpx.Client(base_url=server.url, headers=headers, trust_env=False) as client:
        yield client


def test_it_lives_under_its_context_path(server: SandboxServer, api: httpx.Client) -> None:
    assert server.url.endswith("/confluence")
    listed = api.get("/rest/api/space").json()
    assert listed["_links"]["context"] == "/confluence"
    assert listed["_links"]["base"] == server.url


@pytest.mark.parametrize("path", ["/api/v2/spaces", "/rest/api/search/user?cql=x", "/_edge/tenant_info"])
def test_what_cloud_alone_has_is_not_there(api: httpx.Client, path: str) -> None:
    answer = api.get(path)
    assert answer.status_code == 404
    assert "html" in answer.headers["content-type"]


def test_a_wrong_token_is_401(server: SandboxServer) -> None:
    answer = httpx.get(
        f"{server.url}/rest/api/space", headers={"Authorization": "Bearer wrong"}, trust_env=False
    )
    assert answer.status_code == 401
    assert answer.headers["X-Seraph-LoginReason"] == "AUTHENTICATED_FAILED"


def test_errors_carry_the_reason_phrase_and_no_java_names(api: httpx.Client) -> None:
    answer = api.get("/rest/api/content/999").json()
    assert answer["reason"] == "Not Found"
    assert answer["message"] == "No content found with id: ContentId{id=999}"


def test_people_have_keys_and_no_account_ids(api: httpx.Client) -> None:
    me = api.get("/rest/api/user/current").json()
    assert me["username"] == "you"
    assert "accountId" not in me
    assert api.get("/rest/api/user", params={"key": me["userKey"]}).json()["displayName"] == me["displayName"]


def test_a_page_without_a_parent_lies_at_the_top(api: httpx.Client) -> None:
    body = {"storage": {"value": "<p>x</p>", "representation": "storage"}}
    sent = {"type": "page", "title": "Beside home", "space": {"key": "GEN"}, "body": body}
    assert api.post("/rest/api/content", json=sent).json()["ancestors"] == []


def test_scanning_goes_by_cursor(api: httpx.Client) -> None:
    query = {"spaceKey": "GEN", "limit": "2"}
    first = api.get("/rest/api/content/scan", params=query).json()
    second = api.get("/rest/api/content/scan", params={**query, "cursor": first["nextCursor"]}).json()
    assert [row["id"] for row in first["results"]] < [row["id"] for row in second["results"]]


def test_search_pages_by_offset(api: httpx.Client) -> None:
    found = api.get("/rest/api/content/search", params={"cql": "type = page", "limit": "2"}).json()
    assert "cursor" not in found["_links"]["next"]
    assert "start=2" in found["_links"]["next"]
