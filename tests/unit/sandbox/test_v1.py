"""REST v1: content as older clients and Data Center know it."""

from typing import Any

import httpx
import pytest

from confsync.sandbox import Colleague, SandboxServer

HOME = "100000001"


@pytest.fixture
def robin(server: SandboxServer) -> Colleague:
    return server.colleague()


@pytest.fixture
def page(robin: Colleague) -> str:
    return str(robin.create("GEN", f"V1 {robin.store.database.next_id()}", "<p>one</p>").id)


def read(api: httpx.Client, page: str, expand: str = "", **params: str) -> dict[str, Any]:
    return dict(api.get(f"/rest/api/content/{page}", params={"expand": expand, **params}).json())


def save(
    api: httpx.Client, page: str, number: int, body: str | None = "<p>two</p>", **more: object
) -> httpx.Response:
    sent: dict[str, object] = {
        "type": "page",
        "title": read(api, page)["title"],
        "version": {"number": number},
        **more,
    }
    if body is not None:
        sent["body"] = {"storage": {"value": body, "representation": "storage"}}
    return api.put(f"/rest/api/content/{page}", json=sent)


class TestShape:
    def test_what_is_not_expanded_is_named_instead(self, api: httpx.Client, page: str) -> None:
        plain = read(api, page)
        assert "version" not in plain
        assert plain["_expandable"]["version"] == ""
        assert plain["_expandable"]["space"] == "/rest/api/space/GEN"
        full = read(api, page, "version,body.storage,space,history.lastUpdated,ancestors,metadata.labels")
        assert not {"version", "body", "space", "history", "ancestors", "metadata"} & set(full["_expandable"])
        assert full["body"]["storage"]["value"] == "<p>one</p>"
        assert full["version"]["number"] == full["history"]["lastUpdated"]["number"] == 1
        assert full["metadata"]["labels"]["results"] == []
        assert isinstance(full["space"]["id"], int)

    def test_unknown_expansions_are_ignored(self, api: httpx.Client, page: str) -> None:
        assert read(api, page, "nonsense.here, version ")["version"]["number"] == 1

    def test_links_are_relative_to_the_base(
        self, api: httpx.Client, page: str, server: SandboxServer
    ) -> None:
        links = read(api, page)["_links"]
        assert (links["base"], links["context"]) == (server.url, "/wiki")
        assert links["self"] == f"{server.url}/rest/api/content/{page}"
        assert links["webui"].startswith("/spaces/GEN/pages/")
        assert api.get(links["tinyui"]).status_code == 307

    def test_views_are_html(self, api: httpx.Client, robin: Colleague, page: str) -> None:
        robin.edit(
            page,
            '<p>x<ac:structured-macro ac:name="info"><ac:rich-text-body><p>y</p></ac:rich-text-body></ac:structured-macro></p>',
        )
        view = read(api, page, "body.view")["body"]["view"]["value"]
        assert "<ac:" not in view
        assert "<p>y</p>" in view


class TestWriting:
    def test_create_answers_200_with_the_content(self, api: httpx.Client) -> None:
        sent = {
            "type": "page", "title": "Made by v1", "space": {"key": "GEN"}, "ancestors": [{"id": HOME}],
            "body": {"storage": {"value": "<p>x<br/></p>", "representation": "storage"}},
            "metadata": {"properties": {"editor": {"value": "v2"}}, "labels": [{"name": "a"}]},
        }  # fmt: skip
        answer = api.post("/rest/api/content/", json=sent)
        made = answer.json()
        assert (answer.status_code, made["version"]["number"]) == (200, 1)
        assert made["body"]["storage"]["value"] == "<p>x<br /></p>"
        assert [a["id"] for a in made["ancestors"]] == [HOME]
        shown = read(api, made["id"], "metadata.properties,metadata.labels")["metadata"]
        assert shown["properties"]["editor"]["value"] == "v2"
        assert [label["name"] for label in shown["labels"]["results"]] == ["a"]
        again = api.post("/rest/api/content", json=sent)
        assert again.status_code == 400
        assert "A page with this title already exists" in again.json()["message"]

    def test_a_stale_number_is_409_with_the_current_one(self, api: httpx.Client, page: str) -> None:
        answer = save(api, page, 1)
        assert answer.status_code == 409
        assert answer.json()["message"].endswith(
            "ConflictException: Version must be incremented on update. Current version is: 1"
        )
        assert save(api, page, 2).json()["version"]["number"] == 2

    def test_what_is_left_out_stays(self, api: httpx.Client, page: str, robin: Colleague) -> None:
        parent = str(robin.create("GEN", f"Parent of {page}").id)
        robin.move(page, below=parent)
        saved = save(api, page, 2, None, title="Renamed").json()
        assert saved["body"]["storage"]["value"] == "<p>one</p>"
        assert saved["ancestors"][-1]["id"] == parent

    def test_malformed_storage_is_400_with_the_place(self, api: httpx.Client, page: str) -> None:
        answer = save(api, page, 2, "<p>a</div>")
        assert answer.status_code == 400
        assert "Error parsing xhtml: Unexpected close tag </div>; expected </p>." in answer.json()["message"]
        assert "[row,col {unknown-source}]: [1," in answer.json()["message"]

    def test_trash_restore_and_purge(self, api: httpx.Client, page: str) -> None:
        address = f"/rest/api/content/{page}"
        assert api.delete(address).status_code == 204
        assert api.get(address).status_code == 404
        assert read(api, page, status="trashed")["status"] == "trashed"
        assert api.get("/rest/api/content", params={"status": "trashed", "limit": 1000}).json()["size"] >= 1
        restored = api.put(address, json={"type": "page", "status": "current", "version": {"number": 2}})
        assert (restored.status_code, restored.json()["version"]["number"]) == (200, 2)
        api.delete(address)
        assert api.delete(address, params={"status": "trashed"}).status_code == 204
        assert api.get(address, params={"status": "any"}).status_code == 404

    def test_old_versions_and_going_back(self, api: httpx.Client, page: str) -> None:
        save(api, page, 2)
        old = read(api, page, "body.storage,version", status="historical", version="1")
        assert (old["status"], old["version"]["number"], old["body"]["storage"]["value"]) == (
            "historical",
            1,
            "<p>one</p>",
        )
        rows = api.get(f"/rest/api/content/{page}/version", params={"expand": "content.body.storage"}).json()[
            "results"
        ]
        assert [(r["number"], r["content"]["body"]["storage"]["value"]) for r in rows] == [
            (2, "<p>two</p>"),
            (1, "<p>one</p>"),
        ]
        back = {"operationKey": "restore", "params": {"versionNumber": 1, "message": "back"}}
        assert api.post(f"/rest/api/content/{page}/version", json=back).json()["number"] == 3
        assert read(api, page, "body.storage")["body"]["storage"]["value"] == "<p>one</p>"
        assert api.delete(f"/rest/api/content/{page}/version/1").status_code == 204
        assert [v["number"] for v in api.get(f"/rest/api/content/{page}/version").json()["results"]] == [2, 1]
        assert api.delete(f"/rest/api/content/{page}/version/2").status_code == 400

    def test_archived_pages_answer_by_id_in_v2_and_are_not_found_in_v1(
        self, api: httpx.Client, page: str
    ) -> None:
        assert api.post("/rest/api/content/archive", json={"pages": [{"id": int(page)}]}).status_code == 202
        assert api.get(f"/api/v2/pages/{page}").json()["status"] == "archived"
        assert api.get(f"/rest/api/content/{page}").status_code == 404
        assert save_raw(api, page).status_code == 400


class TestLists:
    def test_offset_paging_reaches_every_row_once(self, api: httpx.Client, server: SandboxServer) -> None:
        seen: list[str] = []
        address = "/rest/api/content?spaceKey=GEN&type=page&limit=7"
        while address:
            answer = api.get(address).json()
            assert answer["size"] == len(answer["results"])
            seen += [row["id"] for row in answer["results"]]
            address = answer["_links"].get("next", "")
            assert not address.startswith("/wiki")
        assert len(seen) == len(set(seen)) >= 30

    def test_the_limit_given_is_the_limit_applied(self, api: httpx.Client) -> None:
        for expand, cap in (("", 1000), ("version", 200), ("body.storage", 50), ("body.export_view", 25)):
            params = {"limit": "5000", "expand": expand, "spaceKey": "GEN"}
            assert api.get("/rest/api/content", params=params).json()["limit"] == cap

    def test_a_title_that_is_not_there_is_an_empty_list(self, api: httpx.Client) -> None:
        answer = api.get("/rest/api/content", params={"spaceKey": "GEN", "title": "Nope"})
        assert (answer.status_code, answer.json()["results"]) == (200, [])

    def test_search_pages_by_cursor_and_start_is_ignored(self, api: httpx.Client) -> None:
        params = {"cql": "type = page and space = GEN order by id", "limit": "4"}
        first = api.get("/rest/api/content/search", params=params).json()
        ignored = api.get("/rest/api/content/search", params={**params, "start": "4"}).json()
        assert [r["id"] for r in first["results"]] == [r["id"] for r in ignored["results"]]
        second = api.get(first["_links"]["next"]).json()
        assert not {r["id"] for r in first["results"]} & {r["id"] for r in second["results"]}

    def test_site_search_counts_and_expands_below_content(self, api: httpx.Client) -> None:
        params = {"cql": 'type=page and title="Generated Home"', "expand": "content.version", "limit": "0"}
        answer = api.get("/rest/api/search", params=params).json()
        assert (answer["totalSize"], answer["results"]) == (1, [])
        hit = api.get("/rest/api/search", params={**params, "limit": "5"}).json()["results"][0]
        assert hit["content"]["version"]["number"] >= 1
        assert hit["url"] == "/spaces/GEN/overview"

    def test_a_search_answer_carries_200_labels_at_most_without_saying_so(
        self, api: httpx.Client, robin: Colleague
    ) -> None:
        for _ in range(3):
            made = robin.create("GEN", f"Many labels {robin.store.database.next_id()}")
            robin.label(made.id, *(f"many-{n}" for n in range(90)))
        params = {"cql": "label = many-1", "expand": "metadata.labels", "limit": "10"}
        rows = api.get("/rest/api/content/search", params=params).json()["results"]
        assert [row["metadata"]["labels"]["size"] for row in rows] == [90, 90, 20]

    def test_wrong_cql_is_400(self, api: httpx.Client) -> None:
        assert api.get("/rest/api/content/search", params={"cql": "status = x"}).status_code == 400
        assert api.get("/rest/api/search").status_code == 400


class TestLabels:
    @pytest.mark.parametrize(
        "sent", [{"prefix": "global", "name": "Run-Book"}, [{"name": "run-book"}, {"name": "RUN-BOOK"}]]
    )
    def test_labels_are_added_by_object_or_list_in_lower_case(
        self, api: httpx.Client, page: str, sent: object
    ) -> None:
        answer = api.post(f"/rest/api/content/{page}/label", json=sent).json()
        assert [label["name"] for label in answer["results"]] == ["run-book"]
        assert [label["name"] for label in api.get(f"/api/v2/pages/{page}/labels").json()["results"]] == [
            "run-book"
        ]
        assert read(api, page, "version")["version"]["number"] == 1

    def test_labels_are_removed_by_path_or_query(self, api: httpx.Client, page: str) -> None:
        address = f"/rest/api/content/{page}/label"
        api.post(address, json=[{"name": "a"}, {"name": "b/c"}])
        assert api.delete(f"{address}/a").status_code == 204
        assert api.delete(address, params={"name": "b/c"}).status_code == 204
        assert api.delete(f"{address}/a").status_code == 404

    @pytest.mark.parametrize("sent", [{}, [], [{"name": "two words"}], {"name": "x", "prefix": "odd"}])
    def test_labels_that_cannot_be_are_refused(self, api: httpx.Client, page: str, sent: object) -> None:
        answer = api.post(f"/rest/api/content/{page}/label", json=sent)
        assert answer.status_code == 400
        assert "Could not parse Labels" in answer.json()["message"]

    def test_pages_are_listed_by_label(
        self, api: httpx.Client, page: str, robin: Colleague, space: str
    ) -> None:
        robin.label(page, "rare-one")
        label = api.get("/rest/api/label", params={"name": "rare-one"}).json()
        assert [row["contentId"] for row in label["associatedContents"]["results"]] == [int(page)]
        rows = api.get(f"/api/v2/labels/{label['label']['id']}/pages", params={"space-id": space}).json()[
            "results"
        ]
        assert [row["id"] for row in rows] == [page]
        names = [row["name"] for row in api.get("/rest/api/space/GEN/label").json()["results"]]
        assert "rare-one" in names


class TestComments:
    def test_an_inline_comment_marks_the_body_and_makes_no_version(
        self, api: httpx.Client, page: str
    ) -> None:
        sent = {
            "pageId": page, "body": {"representation": "storage", "value": "<p>why?</p>"},
            "inlineCommentProperties": {"textSelection": "one", "textSelectionMatchCount": 1, "textSelectionMatchIndex": 0},
        }  # fmt: skip
        answer = api.post("/api/v2/inline-comments", json=sent)
        assert answer.status_code == 201
        ref = answer.json()["properties"]["inlineMarkerRef"]
        shown = read(api, page, "body.storage,version")
        marked = f'<p><ac:inline-comment-marker ac:ref="{ref}">one</ac:inline-comment-marker></p>'
        assert (shown["body"]["storage"]["value"], shown["version"]["number"]) == (marked, 1)
        row = api.get(f"/api/v2/pages/{page}/inline-comments").json()["results"][0]
        assert (row["resolutionStatus"], row["properties"]["inlineOriginalSelection"]) == ("open", "one")

    def test_a_comment_is_resolved_and_answered(self, api: httpx.Client, page: str, robin: Colleague) -> None:
        robin.comment(page, "one")
        row = api.get(f"/api/v2/pages/{page}/inline-comments").json()["results"][0]
        resolved = {
            "version": {"number": 2},
            "body": {"representation": "storage", "value": "<p>x</p>"},
            "resolved": True,
        }
        assert (
            api.put(f"/api/v2/inline-comments/{row['id']}", json=resolved).json()["resolutionStatus"]
            == "resolved"
        )
        open_ = api.get(f"/api/v2/pages/{page}/inline-comments", params={"resolution-status": "open"})
        assert open_.json()["results"] == []
        reply = {"parentCommentId": row["id"], "body": {"representation": "storage", "value": "<p>so</p>"}}
        assert api.post("/api/v2/inline-comments", json=reply).json()["parentCommentId"] == row["id"]
        assert len(api.get(f"/api/v2/inline-comments/{row['id']}/children").json()["results"]) == 1

    def test_a_comment_whose_marker_somebody_deleted_dangles(
        self, api: httpx.Client, page: str, robin: Colleague
    ) -> None:
        ref = robin.comment(page, "one")
        address = f"/api/v2/pages/{page}/inline-comments"
        marked = robin.body(page)
        robin.edit(page, "<p>one</p>")
        assert api.get(address).json()["results"][0]["resolutionStatus"] == "dangling"
        robin.edit(page, marked)
        row = api.get(address).json()["results"][0]
        assert (row["resolutionStatus"], row["properties"]["inlineMarkerRef"]) == ("open", ref)

    def test_words_that_are_not_there_cannot_be_commented(self, api: httpx.Client, page: str) -> None:
        sent = {"pageId": page, "body": {}, "inlineCommentProperties": {"textSelection": "absent"}}
        assert api.post("/api/v2/inline-comments", json=sent).status_code == 400

    def test_footer_comments_come_by_both_apis(self, api: httpx.Client, page: str) -> None:
        sent = {
            "type": "comment",
            "container": {"id": page, "type": "page"},
            "body": {"storage": {"value": "<p>hi</p>"}},
        }
        made = api.post("/rest/api/content", json=sent).json()
        rows = api.get(f"/api/v2/pages/{page}/footer-comments", params={"body-format": "storage"}).json()[
            "results"
        ]
        assert [(r["id"], r["body"]["storage"]["value"]) for r in rows] == [(made["id"], "<p>hi</p>")]
        listed = api.get(f"/rest/api/content/{page}/child/comment", params={"location": "footer"}).json()[
            "results"
        ]
        assert [r["id"] for r in listed] == [made["id"]]
        assert api.delete(f"/api/v2/footer-comments/{made['id']}").status_code == 204
        assert api.get(f"/api/v2/footer-comments/{made['id']}").status_code == 404


class TestProperties:
    def test_a_property_lives_under_a_key_with_versions_of_its_own(
        self, api: httpx.Client, page: str
    ) -> None:
        address = f"/api/v2/pages/{page}/properties"
        made = api.post(address, json={"key": "k", "value": {"a": [1, None]}}).json()
        assert api.post(address, json={"key": "k", "value": 1}).status_code == 409
        wrong = {"key": "k", "value": 2, "version": {"number": 5}}
        assert api.put(f"{address}/{made['id']}", json=wrong).status_code == 409
        changed = api.put(f"{address}/{made['id']}", json={**wrong, "version": {"number": 2}}).json()
        assert (changed["value"], changed["version"]["number"]) == (2, 2)
        assert api.get(address, params={"key": "k"}).json()["results"][0]["value"] == 2
        assert api.get(f"/rest/api/content/{page}/property/k").json()["value"] == 2
        assert read(api, page, "version")["version"]["number"] == 1
        assert api.delete(f"{address}/{made['id']}").status_code == 204
        assert api.get(f"/rest/api/content/{page}/property/k").status_code == 404

    def test_v1_creates_by_put_of_version_1(self, api: httpx.Client, page: str) -> None:
        address = f"/rest/api/content/{page}/property/p"
        assert api.put(address, json={"value": 1, "version": {"number": 2}}).status_code == 404
        assert api.put(address, json={"value": 1, "version": {"number": 1}}).json()["version"]["number"] == 1
        assert api.put(address, json={"value": 2, "version": {"number": 2}}).json()["value"] == 2
        assert (
            api.post(f"/rest/api/content/{page}/property", json={"key": "p", "value": 1}).status_code == 400
        )

    def test_values_over_32_kilobytes_are_refused(self, api: httpx.Client, page: str) -> None:
        sent = {"key": "big", "value": "x" * 33000}
        assert api.post(f"/api/v2/pages/{page}/properties", json=sent).status_code == 400


class TestRestrictions:
    def test_a_page_restricted_to_somebody_is_404_for_me(
        self, api: httpx.Client, page: str, robin: Colleague
    ) -> None:
        robin.restrict(page)
        assert api.get(f"/api/v2/pages/{page}").status_code == 404
        assert api.get(f"/rest/api/content/{page}").status_code == 404
        assert save_raw(api, page).status_code == 404

    def test_an_edit_restriction_is_403_on_saving_only(
        self, api: httpx.Client, page: str, robin: Colleague
    ) -> None:
        sent = [{"operation": "update", "restrictions": {"user": [{"accountId": robin.person.account_id}]}}]
        assert api.put(f"/rest/api/content/{page}/restriction", json=sent).status_code == 200
        assert api.get(f"/api/v2/pages/{page}").status_code == 200
        assert save(api, page, 2).status_code == 403
        shown = api.get(f"/rest/api/content/{page}/restriction/byOperation/update").json()
        assert shown["restrictions"]["user"]["results"][0]["displayName"] == robin.person.name
        assert api.delete(f"/rest/api/content/{page}/restriction").status_code == 200
        assert save(api, page, 2).status_code == 200

    def test_a_denied_permission_is_a_plain_answer(
        self, api: httpx.Client, page: str, robin: Colleague
    ) -> None:
        robin.store.restrictions.put(
            int(page), "read", [("user", "557058:00000000-0000-4000-8000-000000000001")]
        )
        sent = {"subject": {"type": "user", "identifier": robin.person.account_id}, "operation": "read"}
        answer = api.post(f"/rest/api/content/{page}/permission/check", json=sent)
        assert (answer.status_code, answer.json()["hasPermission"]) == (200, False)


def save_raw(api: httpx.Client, page: str) -> httpx.Response:
    return api.put(f"/rest/api/content/{page}", json={"type": "page", "title": "x", "version": {"number": 2}})


class TestSpacesAndPeople:
    def test_keys_are_compared_without_case_and_unknown_ones_are_no_error(self, api: httpx.Client) -> None:
        assert api.get("/api/v2/spaces", params={"keys": "gen"}).json()["results"][0]["key"] == "GEN"
        assert api.get("/api/v2/spaces", params={"keys": "NOPE"}).json()["results"] == []
        answer = api.get("/rest/api/space/NOPE")
        assert (answer.status_code, "No space with key : NOPE" in answer.json()["message"]) == (404, True)

    def test_a_new_space_has_a_home_page(self, api: httpx.Client) -> None:
        made = api.post("/rest/api/space", json={"key": "NEW", "name": "New"}).json()
        assert made["homepage"]["title"] == "New Home"
        assert api.post("/rest/api/space", json={"key": "new", "name": "New"}).status_code == 400
        assert api.get("/rest/api/space", params={"limit": 1}).json()["_links"]["next"]

    def test_people_are_found_by_name(self, api: httpx.Client, robin: Colleague) -> None:
        found = api.get(
            "/rest/api/search/user", params={"cql": f'user.fullname ~ "{robin.person.name}"'}
        ).json()
        assert [hit["user"]["accountId"] for hit in found["results"]] == [robin.person.account_id]
        one = api.get("/rest/api/user", params={"accountId": robin.person.account_id}).json()
        assert one["displayName"] == robin.person.name
        assert api.get("/rest/api/user", params={"accountId": "nobody"}).status_code == 404


class TestSiteSearch:
    """`/search` finds more than content, and marks the words it looked for."""

    def test_spaces_and_people_are_found_by_type(self, api: httpx.Client) -> None:
        (space,) = api.get("/rest/api/search", params={"cql": 'type = space and title ~ "generated"'}).json()[
            "results"
        ]
        assert (space["entityType"], space["space"]["key"]) == ("space", "GEN")
        (me,) = api.get("/rest/api/search", params={"cql": 'type = user and user.fullname ~ "you"'}).json()[
            "results"
        ]
        assert (me["entityType"], me["user"]["displayName"]) == ("user", "You")

    def test_words_are_marked_in_titles_unless_refused(self, api: httpx.Client) -> None:
        asked = {"cql": 'title ~ "generated home"'}
        (hit,) = api.get("/rest/api/search", params=asked).json()["results"]
        assert hit["title"] == "@@@hl@@@Generated@@@endhl@@@ @@@hl@@@Home@@@endhl@@@"
        assert hit["content"]["title"] == "Generated Home"
        (plain,) = api.get("/rest/api/search", params={**asked, "excerpt": "none"}).json()["results"]
        assert (plain["title"], plain["excerpt"]) == ("Generated Home", "")

    def test_an_empty_quick_search_makes_it_stumble(self, api: httpx.Client) -> None:
        assert api.get("/rest/api/search", params={"cql": 'siteSearch ~ ""'}).status_code == 500
