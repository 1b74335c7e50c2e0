"""The sandbox's answers against Atlassian's own API descriptions, where these are at hand.

Where the real service is known to depart from its description, so does the sandbox; those places are named.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from confsync.sandbox import Flavour, SandboxServer

SPECS = Path(os.environ.get("CONFSYNC_SPECS", Path(__file__).parents[4] / "shared" / "specs"))
NULLED = {
    "position", "childPosition", "parentId", "parentType", "lastOwnerId", "mediaTypeDescription", "description",
    "icon", "personalSpaceId", "timeZone",
}  # fmt: skip
BEYOND = {
    "_links",
    "inline-marker-ref",
    "inline-original-selection",
    "subtype",
    "alias",
    "currentActiveAlias",
    "username",
    "userKey",
    "externalCollaborator",
}

pytestmark = pytest.mark.skipif(
    not SPECS.is_dir(), reason="no API descriptions: put Atlassian's OpenAPI files into ../shared/specs"
)


class Description:
    """One OpenAPI document, able to say what is wrong with an answer."""

    def __init__(self, name: str) -> None:
        self.document: dict[str, Any] = json.loads((SPECS / name).read_text(encoding="utf-8"))

    def answer(self, path: str, method: str = "get", status: str = "200") -> dict[str, Any]:
        content = self.document["paths"][path][method]["responses"][status]["content"]
        return dict(content["application/json"]["schema"])

    def faults(self, schema: dict[str, Any], value: object, where: str = "$") -> Iterator[str]:
        schema = self._whole(schema)
        name = where.rpartition(".")[2]
        if value is None:
            if not (schema.get("nullable") or name in NULLED):
                yield f"{where} is null"
            return
        if "oneOf" in schema or "anyOf" in schema:
            options = schema.get("oneOf") or schema["anyOf"]
            if all(any(self.faults(option, value, where)) for option in options):
                yield f"{where} is none of the shapes allowed"
            return
        yield from self._typed(schema, value, where)

    def _whole(self, schema: dict[str, Any]) -> dict[str, Any]:
        """A schema with its reference followed and its parts put together."""
        if "$ref" in schema:
            schema = self.document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        for part in map(self._whole, schema.get("allOf", ())):
            members = {**schema.get("properties", {}), **part.get("properties", {})}
            schema = {**part, **schema, "properties": members}
        return schema

    def _typed(self, schema: dict[str, Any], value: object, where: str) -> Iterator[str]:
        kinds: dict[str, Any] = {
            "string": str,
            "integer": int,
            "boolean": bool,
            "number": (int, float),
            "array": list,
            "object": dict,
        }
        kind = schema.get("type", "object" if "properties" in schema else "")
        if kind and not isinstance(value, kinds[kind]):
            yield f"{where} is {type(value).__name__}, not {kind}"
            return
        if "enum" in schema and value not in schema["enum"]:
            yield f"{where} is {value!r}"
        if isinstance(value, list):
            for index, item in enumerate(value):
                yield from self.faults(schema.get("items", {}), item, f"{where}[{index}]")
        if isinstance(value, dict) and "properties" in schema:
            yield from self._members(schema, value, where)

    def _members(self, schema: dict[str, Any], value: dict[str, Any], where: str) -> Iterator[str]:
        for key in schema.get("required", ()):
            if key not in value:
                yield f"{where}.{key} is missing"
        for key, member in value.items():
            if key in schema["properties"] and key != "_links":
                yield from self.faults(schema["properties"][key], member, f"{where}.{key}")
            elif key not in BEYOND and "additionalProperties" not in schema and not where.endswith("_links"):
                yield f"{where}.{key} is not in the description"


@pytest.fixture(scope="module")
def v2() -> Description:
    return Description("confluence-cloud-v2-2026-07.json")


@pytest.fixture(scope="module")
def page(server: SandboxServer) -> str:
    robin = server.colleague()
    page = str(robin.create("GEN", "Described", "<p>one</p>").id)
    robin.create("GEN", "Described below", parent=page)
    robin.attach(page, "a.txt", b"1")
    robin.label(page, "x")
    robin.comment(page, "one")
    robin.store.properties.create("content", int(page), "k", {"a": 1}, robin.person.account_id)
    return page


@pytest.mark.parametrize(
    ("described", "asked"),
    [
        ("/spaces", "/spaces"),
        ("/spaces/{id}", "/spaces/{space}"),
        ("/spaces/{id}/pages", "/spaces/{space}/pages?limit=3"),
        ("/pages", "/pages?id={page}&body-format=storage"),
        ("/pages/{id}", "/pages/{page}?body-format=storage&include-labels=true&include-properties=true"),
        ("/pages/{id}/labels", "/pages/{page}/labels"),
        ("/pages/{id}/attachments", "/pages/{page}/attachments"),
        ("/pages/{id}/versions", "/pages/{page}/versions?body-format=storage"),
        ("/pages/{page-id}/versions/{version-number}", "/pages/{page}/versions/1"),
        ("/pages/{page-id}/properties", "/pages/{page}/properties"),
        ("/pages/{id}/direct-children", "/pages/{page}/direct-children"),
        ("/pages/{id}/descendants", "/pages/{page}/descendants"),
        ("/pages/{id}/ancestors", "/pages/{page}/ancestors"),
        ("/pages/{id}/inline-comments", "/pages/{page}/inline-comments?body-format=storage"),
        ("/pages/{id}/footer-comments", "/pages/{page}/footer-comments"),
        ("/blogposts", "/blogposts"),
        ("/attachments", "/attachments"),
    ],
)
def test_v2_answers_are_as_described(
    api: httpx.Client, v2: Description, page: str, *, described: str, asked: str
) -> None:
    answer = api.get("/api/v2" + asked.format(page=page, space="90000000"))
    assert answer.status_code == 200, answer.text
    assert list(v2.faults(v2.answer(described), answer.json())) == []


def test_users_in_bulk_are_as_described(api: httpx.Client, v2: Description, server: SandboxServer) -> None:
    ids = [person.account_id for person in server.store.people.all()]
    answer = api.post("/api/v2/users-bulk", json={"accountIds": ids}).json()
    assert len(answer["results"]) == len(ids)
    assert list(v2.faults(v2.answer("/users-bulk", "post"), answer)) == []


def test_every_v2_get_route_of_pages_is_served_or_known_to_be_missing(
    api: httpx.Client, v2: Description, page: str
) -> None:
    missing = {
        "/pages/{id}/custom-content", "/pages/{id}/likes/users", "/pages/{page-id}/properties/{property-id}",
        "/pages/{id}/classification-level", "/pages/{id}/redactions",
    }  # fmt: skip
    for path, methods in v2.document["paths"].items():
        if path.startswith("/pages/{") and "get" in methods and path not in missing:
            asked = path.replace("{id}", page).replace("{page-id}", page).replace("{version-number}", "1")
            answer = api.get(f"/api/v2{asked}")
            assert answer.status_code == 200 or answer.json()["errors"], path


@pytest.mark.parametrize(
    ("described", "asked"),
    [
        ("/wiki/rest/api/content/{id}/label", "/content/{page}/label"),
        ("/wiki/rest/api/content/{id}/child/attachment", "/content/{page}/child/attachment"),
        ("/wiki/rest/api/content/{id}/history", "/content/{page}/history"),
        ("/wiki/rest/api/content/{id}/version", "/content/{page}/version"),
        (
            "/wiki/rest/api/content/{id}",
            "/content/{page}?expand=version,ancestors,body.storage,metadata.labels",
        ),
        ("/wiki/rest/api/content", "/content?spaceKey=GEN&limit=2&expand=version"),
        ("/wiki/rest/api/search", "/search?cql=type=page&limit=2"),
        ("/wiki/rest/api/space", "/space"),
        ("/wiki/rest/api/user/current", "/user/current"),
    ],
)
def test_v1_answers_have_what_is_required(
    api: httpx.Client, page: str, *, described: str, asked: str
) -> None:
    v1 = Description("confluence-cloud-v1-2024-01.json")
    answer = api.get("/rest/api" + asked.format(page=page))
    assert answer.status_code == 200, answer.text
    said = [f for f in v1.faults(v1.answer(described), answer.json()) if f.endswith("is missing")]
    assert said == []


@pytest.fixture(scope="module")
def data_center() -> Iterator[httpx.Client]:
    with SandboxServer(generate=5, flavour=Flavour.DATA_CENTER) as running:
        robin = running.colleague()
        robin.label("100000002", "x")
        robin.attach("100000002", "a.txt", b"1")
        headers = {"Authorization": f"Bearer {running.token}"}
        with httpx.Client(base_url=running.url, headers=headers, trust_env=False) as client:
            yield client


@pytest.mark.parametrize(
    ("described", "asked"),
    [
        ("/rest/api/content", "/content?spaceKey=GEN&limit=2&expand=version,ancestors,body.storage"),
        (
            "/rest/api/content/{id}",
            "/content/100000002?expand=version,ancestors,space,history,metadata.labels",
        ),
        ("/rest/api/content/{id}/label", "/content/100000002/label"),
        ("/rest/api/content/{id}/history", "/content/100000002/history"),
        ("/rest/api/content/{id}/child/{type}", "/content/100000001/child/page"),
        ("/rest/api/content/search", "/content/search?cql=type=page&limit=2"),
        ("/rest/api/space/{spaceKey}", "/space/GEN"),
        ("/rest/api/user/current", "/user/current"),
    ],
)
def test_data_center_answers_have_the_types_described(
    data_center: httpx.Client, *, described: str, asked: str
) -> None:
    description = Description("confluence-dc-10.0.3.json")
    answer = data_center.get("/rest/api" + asked)
    assert answer.status_code == 200, answer.text
    said = list(description.faults(description.answer(described), answer.json()))
    assert [fault for fault in said if not fault.endswith("is not in the description")] == []
