"""REST v2: pages are created, saved, published, trashed and restored under Confluence's rules."""

import itertools
from typing import Any

import httpx
import pytest

from confsync.sandbox import SandboxServer

Row = dict[str, Any]
_titles = (f"Page {n}" for n in itertools.count())


def make(api: httpx.Client, space: str, body: str = "<p>one</p>", **fields: Any) -> Row:
    sent = {"spaceId": space, "status": "current", "title": next(_titles), **fields}
    answer = api.post("/api/v2/pages", json={**sent, "body": {"representation": "storage", "value": body}})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def put(
    api: httpx.Client, page: Row, number: int, value: str = "<p>two</p>", **fields: Any
) -> httpx.Response:
    sent = {
        "id": page["id"],
        "status": "current",
        "title": page["title"],
        "version": {"number": number},
        **fields,
    }
    return api.put(f"/api/v2/pages/{page['id']}", json={"body": {"storage": {"value": value}}, **sent})


def get(api: httpx.Client, page: Row, **params: Any) -> httpx.Response:
    return api.get(f"/api/v2/pages/{page['id']}", params={"body-format": "storage", **params})


def text_of(answer: httpx.Response) -> str:
    return str(answer.json()["body"]["storage"]["value"])


class TestCreating:
    def test_a_new_page_is_version_1_below_the_home_page(self, api: httpx.Client, space: str) -> None:
        page = make(api, space)
        assert page["version"]["number"] == 1
        assert (page["parentId"], page["parentType"]) == ("100000001", "page")
        assert page["body"]["storage"]["value"] == "<p>one</p>"

    def test_root_level_puts_it_beside_the_home_page(self, api: httpx.Client, space: str) -> None:
        sent = {"spaceId": space, "title": "Beside home", "body": {"representation": "storage", "value": ""}}
        page = api.post("/api/v2/pages", params={"root-level": "true"}, json=sent).json()
        assert page["parentId"] is None
        assert page["parentType"] is None

    @pytest.mark.parametrize("title", ["Taken", "tAKEN", "  Taken "])
    def test_a_title_is_taken_whatever_its_case(self, api: httpx.Client, space: str, title: str) -> None:
        api.post("/api/v2/pages", json={"spaceId": space, "title": "Taken"})
        answer = api.post("/api/v2/pages", json={"spaceId": space, "title": title})
        assert answer.status_code == 400
        assert "already exists" in answer.json()["errors"][0]["title"]

    def test_an_archived_page_keeps_its_title(
        self, api: httpx.Client, space: str, server: SandboxServer
    ) -> None:
        page = make(api, space)
        server.colleague().archive(page["id"])
        answer = api.post("/api/v2/pages", json={"spaceId": space, "title": page["title"]})
        assert answer.status_code == 400

    def test_trash_and_folders_keep_no_title(self, api: httpx.Client, space: str) -> None:
        page = make(api, space)
        api.delete(f"/api/v2/pages/{page['id']}")
        folder = api.post("/api/v2/folders", json={"spaceId": space, "title": page["title"]})
        assert folder.status_code == 200
        assert make(api, space, title=page["title"])["title"] == page["title"]

    def test_titles_end_at_255_characters(self, api: httpx.Client, space: str) -> None:
        assert api.post("/api/v2/pages", json={"spaceId": space, "title": "x" * 256}).status_code == 400
        assert api.post("/api/v2/pages", json={"spaceId": space, "title": "x" * 255}).status_code == 200

    def test_an_unknown_space_is_404_and_a_wrong_id_400(self, api: httpx.Client) -> None:
        assert api.post("/api/v2/pages", json={"spaceId": "1", "title": "x"}).status_code == 404
        answer = api.post("/api/v2/pages", json={"spaceId": "Docs", "title": "x"})
        assert answer.json()["errors"][0]["title"].startswith("Provided value {Docs} for 'spaceId'")


class TestSaving:
    def test_the_next_number_makes_the_next_version(self, api: httpx.Client, space: str) -> None:
        page = make(api, space)
        saved = put(api, page, 2, version={"number": 2, "message": "why", "minorEdit": True}).json()
        assert saved["version"]["number"] == 2
        assert (saved["version"]["message"], saved["version"]["minorEdit"]) == ("why", True)
        assert text_of(get(api, page)) == "<p>two</p>"
        assert text_of(get(api, page, version=1)) == "<p>one</p>"

    @pytest.mark.parametrize("number", [0, 1, 3])
    def test_any_other_number_conflicts_and_changes_nothing(
        self, api: httpx.Client, space: str, number: int
    ) -> None:
        page = make(api, space)
        answer = put(api, page, number)
        assert answer.status_code == 409
        error = answer.json()["errors"][0]
        assert error["code"] == "CONFLICT"
        assert f"Current Version: [1]. Provided version: [{number}]" in error["title"]
        assert text_of(get(api, page)) == "<p>one</p>"

    @pytest.mark.parametrize("left_out", ["id", "status", "title", "body", "version"])
    def test_nothing_of_it_may_be_left_out(self, api: httpx.Client, space: str, left_out: str) -> None:
        page = make(api, space)
        nothing: Row = {left_out: None}
        assert put(api, page, 2, **nothing).status_code == 400

    def test_a_save_without_parent_keeps_the_parent(
        self, api: httpx.Client, space: str, server: SandboxServer
    ) -> None:
        page, other = make(api, space), make(api, space)
        server.colleague().move(page["id"], below=other["id"])
        assert put(api, page, 2).json()["parentId"] == other["id"]

    def test_a_save_with_a_parent_moves_behind_its_last_child(self, api: httpx.Client, space: str) -> None:
        parent, page = make(api, space), make(api, space)
        first = make(api, space, parentId=parent["id"])
        put(api, page, 2, parentId=parent["id"])
        rows = api.get(f"/api/v2/pages/{parent['id']}/direct-children").json()["results"]
        assert [row["id"] for row in rows] == [first["id"], page["id"]]

    def test_a_body_that_is_not_xml_is_refused_and_nothing_changes(
        self, api: httpx.Client, space: str
    ) -> None:
        page = make(api, space)
        answer = put(api, page, 2, "<p>a</div>")
        assert answer.status_code == 400
        assert "Unexpected close tag </div>; expected </p>." in answer.json()["errors"][0]["title"]
        assert get(api, page).json()["version"]["number"] == 1

    def test_a_rename_alone_takes_no_number(self, api: httpx.Client, space: str) -> None:
        page = make(api, space)
        answer = api.put(
            f"/api/v2/pages/{page['id']}/title", json={"status": "current", "title": "Renamed here"}
        )
        assert (answer.json()["title"], answer.json()["version"]["number"]) == ("Renamed here", 2)


class TestHabits:
    def test_links_follow_a_new_title_where_the_site_does_that(self) -> None:
        link = '<ac:link><ri:page ri:content-title="{}" ri:version-at-save="1" /></ac:link>'
        with SandboxServer(generate=1, rewrite_links=True) as server:
            robin = server.colleague()
            target = robin.create("GEN", "Old & known")
            page = robin.create("GEN", "Linking", link.format("Old &amp; known"))
            robin.edit(target.id, title='New "name"')
            assert robin.body(page.id) == link.format("New &quot;name&quot;")
            assert server.store.contents.get(page.id).version.number == 1

    def test_pages_below_a_trashed_one_are_archived_on_some_sites(self) -> None:
        with SandboxServer(generate=1, orphans="archive") as server:
            robin = server.colleague()
            parent = robin.create("GEN", "Parent")
            child = robin.create("GEN", "Child", parent=parent.id)
            robin.trash(parent.id)
            orphan = server.store.contents.get(child.id)
            assert (orphan.status, orphan.parent) == ("archived", None)

    def test_a_space_may_lose_its_home_page(self) -> None:
        with SandboxServer(generate=1) as server:
            server.colleague().trash(100_000_001)
            login = (server.username, server.token)
            space = httpx.get(f"{server.url}/api/v2/spaces/90000000", auth=login).json()
            assert "homepageId" not in space

    def test_a_move_to_another_space_needs_a_free_title_there(self) -> None:
        with SandboxServer(generate=1) as server:
            robin = server.colleague()
            login, headers = (server.username, server.token), {"X-Atlassian-Token": "no-check"}
            with httpx.Client(base_url=server.url, auth=login, headers=headers) as api:
                other = api.post("/rest/api/space", json={"key": "TWO", "name": "Two"}).json()["homepage"][
                    "id"
                ]
                page = robin.create("GEN", "Twin")
                robin.create("TWO", "twin", parent=other)
                address = f"/rest/api/content/{page.id}/move/append/{other}"
                assert api.put(address).status_code == 400
                robin.edit(page.id, title="Only one")
                assert api.put(address).status_code == 200
                assert api.get(f"/api/v2/pages/{page.id}").json()["parentId"] == other


class TestDrafts:
    def test_a_draft_is_seen_by_id_only_and_published_as_version_1(
        self, api: httpx.Client, space: str
    ) -> None:
        draft = make(api, space, status="draft")
        assert draft["status"] == "draft"
        assert get(api, draft).status_code == 404
        assert get(api, draft, **{"get-draft": "true"}).json()["status"] == "draft"
        assert draft["id"] not in _ids(api, space)
        published = put(api, draft, 1, "<p>out</p>").json()
        assert (published["status"], published["version"]["number"]) == ("current", 1)
        assert draft["id"] in _ids(api, space)

    def test_publishing_twice_needs_the_next_number(self, api: httpx.Client, space: str) -> None:
        draft = make(api, space, status="draft")
        put(api, draft, 1)
        assert put(api, draft, 1).status_code == 409

    def test_drafts_take_no_title_but_publishing_does(self, api: httpx.Client, space: str) -> None:
        page = make(api, space)
        draft = make(api, space, status="draft", title=page["title"])
        assert put(api, draft, 1).status_code == 400
        assert get(api, draft, **{"get-draft": "true"}).json()["status"] == "draft"

    def test_unpublished_changes_do_not_show(self, api: httpx.Client, space: str) -> None:
        page = make(api, space)
        assert put(api, page, 1, "<p>later</p>", status="draft").status_code == 200
        assert text_of(get(api, page)) == "<p>one</p>"
        assert text_of(get(api, page, **{"get-draft": "true"})) == "<p>later</p>"

    def test_a_discarded_draft_is_gone(self, api: httpx.Client, space: str) -> None:
        draft = make(api, space, status="draft")
        assert api.delete(f"/api/v2/pages/{draft['id']}", params={"draft": "true"}).status_code == 204
        assert get(api, draft, **{"get-draft": "true"}).status_code == 404


class TestTrash:
    def test_a_trashed_page_still_answers_without_a_place(self, api: httpx.Client, space: str) -> None:
        page = make(api, space)
        assert api.delete(f"/api/v2/pages/{page['id']}").status_code == 204
        seen = get(api, page).json()
        assert (seen["status"], seen["version"]["number"]) == ("trashed", 1)
        assert (seen["parentId"], seen["parentType"], seen["position"]) == (None, None, None)
        assert page["id"] in _ids(api, space, status="trashed")
        assert page["id"] not in _ids(api, space)

    def test_restoring_keeps_the_old_text_and_takes_the_next_number(
        self, api: httpx.Client, space: str
    ) -> None:
        page = make(api, space)
        api.delete(f"/api/v2/pages/{page['id']}")
        restored = put(api, page, 2, "<p>ignored</p>", title="Ignored").json()
        assert (restored["status"], restored["title"], restored["version"]["number"]) == (
            "current",
            page["title"],
            2,
        )
        assert text_of(get(api, page)) == "<p>one</p>"

    def test_a_page_whose_title_was_taken_stays_in_the_trash(self, api: httpx.Client, space: str) -> None:
        page = make(api, space)
        api.delete(f"/api/v2/pages/{page['id']}")
        make(api, space, title=page["title"])
        assert put(api, page, 2).status_code == 400
        assert get(api, page).json()["status"] == "trashed"

    def test_only_the_trash_is_purged(self, api: httpx.Client, space: str) -> None:
        page = make(api, space)
        assert api.delete(f"/api/v2/pages/{page['id']}", params={"purge": "true"}).status_code == 400
        api.delete(f"/api/v2/pages/{page['id']}")
        assert api.delete(f"/api/v2/pages/{page['id']}", params={"purge": "true"}).status_code == 204
        assert get(api, page).status_code == 404

    def test_pages_below_move_up_but_folders_go_along(self, api: httpx.Client, space: str) -> None:
        top = make(api, space)
        parent = make(api, space, parentId=top["id"])
        child = make(api, space, parentId=parent["id"])
        folder = api.post(
            "/api/v2/folders", json={"spaceId": space, "title": "F", "parentId": parent["id"]}
        ).json()
        inside = make(api, space, parentId=folder["id"])
        api.delete(f"/api/v2/pages/{parent['id']}")
        assert get(api, child).json()["parentId"] == top["id"]
        assert get(api, inside).json()["status"] == "trashed"

    def test_archived_pages_are_listed_unless_asked_otherwise(
        self, api: httpx.Client, space: str, server: SandboxServer
    ) -> None:
        page = make(api, space)
        server.colleague().archive(page["id"])
        assert get(api, page).json()["status"] == "archived"
        assert page["id"] in _ids(api, space)
        assert page["id"] not in _ids(api, space, status="current")


class TestListing:
    def test_a_cursor_walks_through_every_page_once(self, api: httpx.Client, space: str) -> None:
        seen: list[str] = []
        address: str | None = f"/wiki/api/v2/spaces/{space}/pages?limit=7&status=current&sort=-modified-date"
        while address:
            answer = api.get(str(api.base_url.copy_with(raw_path=address.encode()))).json()
            seen += [row["id"] for row in answer["results"]]
            assert answer["_links"]["base"].endswith("/wiki")
            address = answer["_links"].get("next")
            assert address is None or address.startswith("/wiki/api/v2/")
        assert len(seen) == len(set(seen)) >= 30

    def test_deletions_and_creations_between_two_pages_shift_nothing(
        self, api: httpx.Client, space: str
    ) -> None:
        first = api.get(f"/api/v2/spaces/{space}/pages?limit=5&status=current").json()
        rest = [i for i in _ids(api, space, status="current") if i not in {r["id"] for r in first["results"]}]
        cursor = first["_links"]["next"].partition("cursor=")[2]
        gone = make(api, space)
        api.delete(f"/api/v2/pages/{gone['id']}")
        later = api.get(f"/api/v2/spaces/{space}/pages?limit=250&status=current&cursor={cursor}").json()
        assert [row["id"] for row in later["results"]] == rest

    def test_the_link_header_says_the_same(self, api: httpx.Client, space: str) -> None:
        answer = api.get(f"/api/v2/spaces/{space}/pages?limit=1")
        assert f'<{answer.json()["_links"]["next"]}>; rel="next"' in answer.headers["link"]

    def test_rows_carry_neither_labels_nor_bodies_unasked(self, api: httpx.Client, space: str) -> None:
        row = api.get(f"/api/v2/spaces/{space}/pages?limit=1").json()["results"][0]
        assert set(row) == {
            "id", "status", "title", "spaceId", "parentId", "parentType", "position", "authorId", "ownerId",
            "lastOwnerId", "createdAt", "version", "body", "_links",
        }  # fmt: skip
        assert row["body"] == {}

    def test_bodies_come_many_at_a_time_by_id(self, api: httpx.Client, space: str) -> None:
        pages = [make(api, space, f"<p>{n}</p>") for n in range(3)]
        params = [("id", p["id"]) for p in pages] + [("body-format", "storage"), ("limit", "250")]
        rows = api.get("/api/v2/pages", params=params).json()["results"]
        assert [row["body"]["storage"]["value"] for row in rows] == ["<p>0</p>", "<p>1</p>", "<p>2</p>"]
        joined = {"id": ",".join(p["id"] for p in pages)}
        assert len(api.get("/api/v2/pages", params=joined).json()["results"]) == 3

    @pytest.mark.parametrize(
        "query", ["limit=0", "limit=251", "sort=colour", "cursor=x", "status=draft", "id=abc"]
    )
    def test_nonsense_is_400(self, api: httpx.Client, query: str) -> None:
        answer = api.get(f"/api/v2/pages?{query}")
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["code"] == "INVALID_REQUEST_PARAMETER"

    def test_a_title_is_found_whatever_its_case(self, api: httpx.Client, space: str) -> None:
        page = make(api, space, title="Über Alles")
        for title, found in (("über alles", [page["id"]]), ("Über", []), ("", [])):
            rows = api.get("/api/v2/pages", params={"title": title, "space-id": space}).json()["results"]
            assert [row["id"] for row in rows] == found

    def test_version_lists_with_bodies_end_at_50(
        self, api: httpx.Client, space: str, server: SandboxServer
    ) -> None:
        page = make(api, space)
        robin = server.colleague()
        for n in range(60):
            robin.edit(page["id"], f"<p>{n}</p>")
        address = f"/api/v2/pages/{page['id']}/versions"
        assert len(api.get(address, params={"limit": 250}).json()["results"]) == 61
        answer = api.get(address, params={"limit": 250, "body-format": "storage"}).json()
        assert len(answer["results"]) == 50
        assert "next" in answer["_links"]
        assert answer["results"][0]["page"]["body"]["storage"]["value"] == "<p>59</p>"


def _ids(api: httpx.Client, space: str, **params: str) -> list[str]:
    rows = api.get(f"/api/v2/spaces/{space}/pages", params={"limit": "250", **params}).json()["results"]
    return [row["id"] for row in rows]
