"""Attachments: uploaded, versioned, described, downloaded."""

import os
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from confsync.sandbox import Options, SandboxServer
from confsync.sandbox.flavour import Limits


@pytest.fixture
def page(server: SandboxServer) -> str:
    robin = server.colleague()
    return str(robin.create("GEN", f"Files {robin.store.database.next_id()}").id)


def upload(
    api: httpx.Client, page: str, name: str, data: bytes, method: str = "POST", **fields: str
) -> httpx.Response:
    files = {"file": (name, data, "application/octet-stream")}
    return api.request(method, f"/rest/api/content/{page}/child/attachment", files=files, data=fields)


def listed(api: httpx.Client, page: str, **params: str) -> list[dict[str, Any]]:
    return list(api.get(f"/api/v2/pages/{page}/attachments", params=params).json()["results"])


def test_a_file_comes_back_as_it_went(api: httpx.Client, page: str) -> None:
    data = os.urandom(700_000)
    made = upload(api, page, "Übersicht (1).png", data, comment="größer").json()["results"][0]
    assert made["id"].startswith("att")
    row = listed(api, page)[0]
    assert (row["title"], row["fileSize"], row["mediaType"]) == ("Übersicht (1).png", 700_000, "image/png")
    assert (row["comment"], row["version"]["number"]) == ("größer", 1)
    for link in (row["downloadLink"], made["_links"]["download"]):
        assert api.get(link).content == data
    rest = f"/rest/api/content/{page}/child/attachment/{made['id']}/download"
    answer = api.get(rest, headers={"Range": "bytes=699990-"})
    assert (answer.status_code, answer.content) == (206, data[699_990:])


def test_the_page_keeps_its_version(api: httpx.Client, page: str) -> None:
    upload(api, page, "a.txt", b"1")
    assert api.get(f"/api/v2/pages/{page}").json()["version"]["number"] == 1


def test_a_name_is_created_once_by_post_and_versioned_by_put(api: httpx.Client, page: str) -> None:
    assert upload(api, page, "a.txt", b"1").status_code == 200
    refused = upload(api, page, "a.txt", b"2")
    assert refused.status_code == 400
    assert "same file name as an existing attachment: a.txt" in refused.json()["message"]
    changed = upload(api, page, "a.txt", b"two", "PUT").json()["results"][0]
    assert changed["version"]["number"] == 2
    row = listed(api, page, filename="a.txt")[0]
    assert api.get(row["downloadLink"]).content == b"two"
    assert api.get(row["downloadLink"].replace("version=2", "version=1")).content == b"1"


@pytest.mark.parametrize("prefix", ["att", ""])
def test_new_bytes_go_to_data_under_either_spelling_of_the_id(
    api: httpx.Client, page: str, prefix: str
) -> None:
    made = upload(api, page, "b.bin", b"1").json()["results"][0]
    number = made["id"].removeprefix("att")
    address = f"/rest/api/content/{page}/child/attachment/{prefix}{number}/data"
    answer = api.post(address, files={"file": ("other.bin", b"22")})
    assert (answer.json()["title"], answer.json()["version"]["number"]) == ("b.bin", 2)
    assert listed(api, page)[0]["fileId"] != made["extensions"]["fileId"]


def test_name_and_comment_change_without_new_bytes(api: httpx.Client, page: str) -> None:
    made = upload(api, page, "c.txt", b"same").json()["results"][0]
    address = f"/rest/api/content/{page}/child/attachment/{made['id']}"
    sent = {"id": made["id"], "type": "attachment", "title": "d.txt", "version": {"number": 2}}
    assert api.put(address, json={**sent, "metadata": {"comment": "new"}}).status_code == 200
    row = listed(api, page)[0]
    assert (row["title"], row["comment"]) == ("d.txt", "new")
    assert api.get(row["downloadLink"]).content == b"same"
    assert api.put(address, json=sent).status_code == 409


def test_a_removed_attachment_is_listed_no_more(api: httpx.Client, page: str) -> None:
    made = upload(api, page, "e.txt", b"1").json()["results"][0]
    assert api.delete(f"/api/v2/attachments/{made['id']}").status_code == 204
    assert listed(api, page) == []
    assert upload(api, page, "e.txt", b"again").status_code == 200


def test_a_form_without_the_token_header_is_refused(api: httpx.Client, page: str) -> None:
    del api.headers["X-Atlassian-Token"]
    answer = upload(api, page, "f.txt", b"1")
    assert (answer.status_code, answer.text) == (403, "XSRF check failed")
    assert answer.headers["content-type"].startswith("text/html")
    assert listed(api, page) == []


def test_chunked_bodies_without_a_length_are_taken(api: httpx.Client, page: str) -> None:
    request = api.build_request(
        "POST", f"/rest/api/content/{page}/child/attachment", files={"file": ("g.txt", b"1")}
    )

    def parts() -> Iterator[bytes]:
        yield request.read()

    headers = {"Content-Type": request.headers["Content-Type"]}
    answer = api.put(f"/rest/api/content/{page}/child/attachment", content=parts(), headers=headers)
    assert answer.json()["results"][0]["title"] == "g.txt"


def test_a_form_without_a_file_is_400(api: httpx.Client, page: str) -> None:
    answer = api.post(f"/rest/api/content/{page}/child/attachment", files={"other": ("x", b"1")})
    assert answer.status_code == 400


def test_files_and_bodies_over_the_limit_are_413() -> None:
    options = Options(generate=1, limits=Limits(json_body=1000, attachment=1000))
    with SandboxServer(options) as small:
        login = (small.username, small.token)
        with httpx.Client(base_url=small.url, auth=login, headers={"X-Atlassian-Token": "no-check"}) as api:
            assert upload(api, "100000001", "big", b"x" * 2000).status_code == 413
            answer = api.put("/rest/api/content/100000001", json={"title": "x" * 2000})
            assert answer.status_code == 413
            assert "at most 1000 bytes" in answer.json()["message"]


def test_the_listing_of_the_site_has_all_pages_files(api: httpx.Client, page: str) -> None:
    upload(api, page, "site.txt", b"1")
    rows = api.get("/api/v2/attachments", params={"filename": "site.txt"}).json()["results"]
    assert [row["pageId"] for row in rows] == [page]
