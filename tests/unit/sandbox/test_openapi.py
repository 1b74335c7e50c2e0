"""Every operation of Atlassian's own API descriptions, where these are at hand: served, or said not to be.

What an answer must look like is judged for every test of this folder (see tests/described); here every
reading operation is asked once, so that none goes unjudged.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest
from starlette.routing import Match

from confsync.sandbox import Flavour, SandboxServer
from confsync.sandbox.routes import all_routes, beyond
from confsync.sandbox.webhooks.hook import Hook
from tests.described.descriptions import SPECS, operations

DOCS = Path(__file__).parents[3] / "docs" / "sandbox.md"

needs_descriptions = pytest.mark.skipif(
    not SPECS.is_dir(), reason="no API descriptions: put Atlassian's OpenAPI files into ../shared/specs"
)


@needs_descriptions
@pytest.mark.parametrize("flavour", list(Flavour))
def test_no_operation_is_unknown(flavour: Flavour) -> None:
    routes = all_routes(flavour)
    unknown = [
        f"{method} {path}"
        for method, path in operations(data_center=flavour is Flavour.DATA_CENTER)
        if not any(
            route.matches(
                {"type": "http", "path": path.replace("{}", "1"), "method": method, "root_path": ""}
            )[0]
            is Match.FULL
            for route in routes
        )
    ]
    assert unknown == []


@pytest.mark.parametrize("flavour", list(Flavour))
def test_what_is_not_served_is_documented(flavour: Flavour) -> None:
    text = DOCS.read_text(encoding="utf-8")
    assert [area for area, _ in beyond.areas(flavour) if area not in text] == []


def test_what_is_not_served_says_so(api: httpx.Client) -> None:
    answer = api.get("/api/v2/custom-content", params={"type": "x"})
    assert answer.status_code == 501
    assert answer.json()["errors"][0]["title"] == "The sandbox does not have custom content"
    assert api.get("/rest/api/audit").json()["message"] == "The sandbox does not have the audit log"


# ------------------------------------------------------------------------------------ asking everything


@pytest.fixture(scope="module")
def things(server: SandboxServer) -> Mapping[str, str]:
    """One of everything, by the last fixed word of the address before its id."""
    return furnish(server)


def furnish(server: SandboxServer) -> Mapping[str, str]:
    robin = server.colleague()
    store = robin.store
    page = robin.create(
        "GEN",
        "Described",
        "<p>one</p><ac:task-list><ac:task><ac:task-status>incomplete</ac:task-status>"
        "<ac:task-body>ship</ac:task-body></ac:task></ac:task-list>"
        '<ac:structured-macro ac:name="toc" ac:schema-version="1" ac:macro-id="m-1" />',
    )
    child = robin.create("GEN", "Described below", parent=page.id)
    robin.edit(page.id, title="Described again")
    kinds = {kind: robin.create("GEN", f"A {kind}", parent=page.id, type=kind).id for kind in _KINDS}
    post = robin.create("GEN", "News", "<p>new</p>", type="blogpost")
    file = robin.attach(page.id, "a.txt", b"1")
    robin.attach(page.id, "a.txt", b"2")
    robin.label(page.id, "x", "y")
    robin.comment(page.id, "one")
    inline = store.comments.of(page.id, ("inline",))[0]
    footer = store.comments.add(page, "<p>good</p>", robin.person.account_id)
    store.comments.reply(footer, "<p>yes</p>", robin.person.account_id)
    mine = store.people.all()[0].account_id
    found = {
        **{f"{kind}s": str(number) for kind, number in kinds.items()},
        "pages": str(page.id), "children": str(child.id), "blogposts": str(post.id), "attachments": f"att{file.id}",
        "footer-comments": str(footer.id), "inline-comments": str(inline.id), "comments": str(footer.id),
        "labels": str(store.labels.named("x").id), "spaces": "90000000", "space": "GEN", "content": str(page.id),
        "tasks": str(store.todos.all([page.id])[0].id), "versions": "1", "version": "1", "history": "1", "id": "m-1",
        "attachment": f"att{file.id}", "byOperation": "read", "child": "page", "descendant": "comment",
        "convert": "view", "label": "x", "user": mine, "group": "confluence-users", "byGroupId": "confluence-users",
        "longtask": store.tasks.finished("pages.copy"), "from": "user", "to": "content", "relation": "favourite",
        "inlinetasks": str(store.todos.all([page.id])[0].id), "user-of-relation": mine, "watchers": str(page.id),
    }  # fmt: skip
    for kind, owner in [("content", page.id), ("content", post.id), ("content", file.id), ("content", footer.id),
                        ("space", 90000000), *(("content", number) for number in kinds.values())]:  # fmt: skip
        store.properties.create(kind, owner, "k", {"a": 1}, mine)
    store.properties.create("user", store.people.number(mine), "k", {"a": 1}, mine)
    hook = server.site.add_hook(Hook(0, "described", "http://127.0.0.1:9/", ("space_removed",)))
    return {**found, "webhooks": str(hook.id)}


_KINDS = ("folder", "whiteboard", "database", "embed")
_QUERIES = {
    "/rest/api/search": "cql=type=page",
    "/rest/api/content/search": "cql=space=GEN",
    "/rest/api/search/user": "cql=user.fullname~You",
    "/rest/api/label": "name=x",
    "/rest/api/group/by-id": "id=confluence-users",
    "/rest/api/group/by-name": "name=confluence-users",
    "/rest/api/group/member": "name=confluence-users",
    "/rest/api/space/{}/state/content": "state-id=1",
}
_NEEDS_A_START = {
    "/rest/api/contentbody/convert/async/{}", "/rest/api/contentbody/convert/async/bulk/tasks",
    "/rest/api/template/{}", "/rest/api/content-states/task/{}", "/rest/api/content/{}/child/attachment/{}/download",
    "/rest/api/relation/{}/from/{}/{}/to/{}/{}", "/rest/api/webhooks/{}/latest",
}  # fmt: skip
"""What must be made before it can be asked for; tests of their own ask for these."""
_ABSENT = {
    "/rest/api/content/{}/restriction/byOperation/{}/user",
    "/rest/api/content/{}/restriction/byOperation/{}/byGroupId/{}",
    "/rest/api/content/{}/restriction/byOperation/{}/group/{}",
}
"""Questions whose answer no is a 404."""


def filled(path: str, things: Mapping[str, str]) -> str:
    """A path with real ids; what a parameter means is the fixed word before it."""
    said: list[str] = []
    if path == "/rest/api/space/{}/labels/{}/related":
        return "/rest/api/space/GEN/labels/x/related"
    for part in path.split("/"):
        word = next((one for one in reversed(said) if one in things), "") if part == "{}" else ""
        before = said[-1] if said else ""
        said.append(
            {"property": "k", "properties": "k"}.get(before, things.get(before, things.get(word, "1")))
            if word or before in ("property", "properties")
            else part
        )
    return "/".join(said)


def asked(flavour: Flavour) -> list[str]:
    """Every reading operation that is served."""
    if not SPECS.is_dir():
        return []
    away = beyond.routes(flavour)
    paths = [
        path for method, path in operations(data_center=flavour is Flavour.DATA_CENTER) if method == "GET"
    ]
    return [
        path
        for path in paths
        if path not in _NEEDS_A_START
        and not any(
            route.matches(
                {"type": "http", "path": path.replace("{}", "1"), "method": "GET", "root_path": ""}
            )[0]
            is Match.FULL
            for route in away
        )
    ]


@pytest.mark.parametrize("path", asked(Flavour.CLOUD))
def test_cloud_reads(api: httpx.Client, things: Mapping[str, str], path: str) -> None:
    person = things["user"]
    query = _QUERIES.get(
        path, f"accountId={person}&include-labels=true&include-properties=true&include-versions=true"
    )
    body = "" if "/versions" in path and "attachments" in path else "&body-format=atlas_doc_format"
    answer = api.get(f"{filled(path, things)}?{query}{body}", follow_redirects=True)
    assert answer.status_code == (404 if path in _ABSENT else 200), answer.text


@pytest.fixture(scope="module")
def data_center() -> Iterator[tuple[httpx.Client, Mapping[str, str]]]:
    with SandboxServer(generate=5, flavour=Flavour.DATA_CENTER) as running:
        things = furnish(running)
        headers = {"Authorization": f"Bearer {running.token}"}
        with httpx.Client(base_url=running.url, headers=headers, trust_env=False) as client:
            yield client, things


@pytest.mark.parametrize("path", asked(Flavour.DATA_CENTER))
def test_data_center_reads(data_center: tuple[httpx.Client, Mapping[str, str]], path: str) -> None:
    client, things = data_center
    query = _QUERIES.get(path, "username=you")
    answer = client.get(f"{filled(path, things)}?{query}")
    assert answer.status_code == (404 if path in _ABSENT else 200), answer.text
