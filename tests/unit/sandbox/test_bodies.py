"""A body in every representation, in and out, and its parts: macros, tasks."""

import json

import httpx
import pytest

from confsync.sandbox import SandboxServer

STORAGE = (
    "<h2>Steps</h2>"
    '<ac:structured-macro ac:name="info" ac:schema-version="1" ac:macro-id="m-1">'
    "<ac:rich-text-body><p>Mind the <strong>gap</strong></p></ac:rich-text-body></ac:structured-macro>"
    '<ac:structured-macro ac:name="toc" ac:schema-version="1" ac:macro-id="m-2" />'
    '<ac:image><ri:attachment ri:filename="plan.png" /></ac:image>'
    '<p><ac:link><ri:page ri:content-title="Generated Home" /><ac:link-body>home</ac:link-body></ac:link> '
    '<ac:link><ri:page ri:content-title="Nowhere" /></ac:link></p>'
    '<ac:structured-macro ac:name="code" ac:schema-version="1" ac:macro-id="m-3">'
    '<ac:parameter ac:name="language">python</ac:parameter>'
    "<ac:plain-text-body><![CDATA[if a < b: pass]]></ac:plain-text-body></ac:structured-macro>"
    '<p><script>alert(1)</script><a href="javascript:x()">no</a></p>'
)


@pytest.fixture
def page(server: SandboxServer, request: pytest.FixtureRequest) -> str:
    robin = server.colleague()
    made = robin.create("GEN", f"Bodies {request.node.name}")
    robin.attach(made.id, "plan.png", b"1")
    robin.edit(made.id, STORAGE)
    return str(made.id)


def shown(api: httpx.Client, page: str, wanted: str) -> str:
    answer = api.get(f"/rest/api/content/{page}", params={"expand": f"body.{wanted}"}).json()
    assert answer["body"][wanted]["representation"] == wanted
    return str(answer["body"][wanted]["value"])


class TestViews:
    def test_the_view_has_no_trace_of_storage_and_no_scripts(self, api: httpx.Client, page: str) -> None:
        view = shown(api, page, "view")
        assert "<ac:" not in view
        assert "<ri:" not in view
        assert "<script" not in view
        assert "javascript:" not in view

    def test_macros_look_as_on_the_real_site(self, api: httpx.Client, page: str) -> None:
        view = shown(api, page, "view")
        assert 'class="confluence-information-macro confluence-information-macro-information' in view
        assert 'data-syntaxhighlighter-params="brush: python;' in view
        assert "if a &lt; b: pass</pre>" in view
        assert '<a href="#Steps">Steps</a>' in view
        assert '<h2 id="Steps">Steps</h2>' in view

    def test_links_and_pictures_lead_somewhere(self, api: httpx.Client, page: str) -> None:
        view = shown(api, page, "view")
        assert '<a href="/wiki/spaces/GEN/overview" data-linked-resource-id="100000001"' in view
        assert '<a class="createlink"' in view
        source = view.partition('<img class="confluence-embedded-image"')[2].partition('src="')[2]
        address = source.partition('"')[0].replace("&amp;", "&").removeprefix("/wiki")
        assert api.get(address).content == b"1"

    def test_an_export_has_absolute_links(self, api: httpx.Client, page: str) -> None:
        assert f'<a href="{api.base_url}spaces/GEN/overview"'.replace("wiki//", "wiki/") in shown(
            api, page, "export_view"
        )
        assert shown(api, page, "styled_view").startswith("<!DOCTYPE html>")

    def test_pages_include_each_other_without_end_being_reached(
        self, api: httpx.Client, server: SandboxServer
    ) -> None:
        include = (
            '<ac:structured-macro ac:name="include"><ac:parameter ac:name="">'
            '<ac:link><ri:page ri:content-title="{}" /></ac:link></ac:parameter></ac:structured-macro>'
        )
        robin = server.colleague()
        one = robin.create("GEN", "Snake", "<p>head</p>" + include.format("Tail"))
        robin.create("GEN", "Tail", "<p>tail</p>" + include.format("Snake"))
        view = shown(api, str(one.id), "view")
        assert view.count("<p>head</p>") == 2
        assert "could not be found" in view


class TestWriting:
    def test_a_document_of_the_editor_becomes_storage(self, api: httpx.Client, space: str) -> None:
        document = {
            "type": "doc",
            "version": 1,
            "content": [{"type": "paragraph", "content": [{"type": "text", "text": "hi"}]}],
        }
        sent = {
            "spaceId": space,
            "status": "current",
            "title": "From a document",
            "body": {"representation": "atlas_doc_format", "value": json.dumps(document)},
        }
        made = api.post("/api/v2/pages", json=sent).json()
        assert made["body"]["storage"]["value"] == "<p>hi</p>"
        back = api.get(f"/api/v2/pages/{made['id']}", params={"body-format": "atlas_doc_format"}).json()
        assert json.loads(back["body"]["atlas_doc_format"]["value"]) == document

    def test_wiki_markup_becomes_storage(self, api: httpx.Client) -> None:
        markup = "h2. One\n\nA *b* _c_ [d|https://e.example]\n\n||A||B||\n|1|2|\n\n{code:python}\nx\n{code}"
        sent = {
            "type": "page",
            "title": "From wiki",
            "space": {"key": "GEN"},
            "body": {"wiki": {"value": markup, "representation": "wiki"}},
        }
        made = api.post("/rest/api/content", json=sent).json()
        value = made["body"]["storage"]["value"]
        assert value.startswith("<h2>One</h2><p>A <strong>b</strong> <em>c</em> ")
        assert "<tr><th><p>A</p></th><th><p>B</p></th></tr>" in value
        assert '<ac:parameter ac:name="language">python</ac:parameter>' in value

    @pytest.mark.parametrize("given", ["view", "export_view", "bogus"])
    def test_what_cannot_be_written_is_refused(self, api: httpx.Client, space: str, given: str) -> None:
        body = {"representation": given, "value": "<p>x</p>"}
        sent = {"spaceId": space, "status": "current", "title": f"No {given}", "body": body}
        answer = api.post("/api/v2/pages", json=sent)
        assert answer.status_code == 400
        assert "cannot be converted" in answer.json()["errors"][0]["title"]


class TestConversions:
    @pytest.mark.parametrize(
        ("given", "value", "to", "expected"),
        [
            ("storage", "<p>x</p>", "view", "<p>x</p>"),
            ("storage", "<p>x</p>", "editor", "<p>x</p>"),
            ("wiki", "*x*", "storage", "<p><strong>x</strong></p>"),
            ("wiki", "# a\n## b\n# c", "storage", "<ol><li>a<ol><li>b</li></ol></li><li>c</li></ol>"),
        ],
    )
    def test_at_once(self, api: httpx.Client, *, given: str, value: str, to: str, expected: str) -> None:
        sent = {"value": value, "representation": given}
        assert api.post(f"/rest/api/contentbody/convert/{to}", json=sent).json()["value"] == expected

    def test_later_and_only_for_the_one_who_asked(self, api: httpx.Client, server: SandboxServer) -> None:
        sent = {"value": "<p>x</p>", "representation": "storage"}
        asked = api.post("/rest/api/contentbody/convert/async/export_view", json=sent).json()
        address = f"/rest/api/contentbody/convert/async/{asked['asyncId']}"
        done = api.get(address).json()
        assert (done["status"], done["value"]) == ("COMPLETED", "<p>x</p>")
        other = server.add_user("Kim Kern")
        assert api.get(address, auth=(other.username, other.token)).status_code == 404

    def test_later_what_fails_says_so(self, api: httpx.Client) -> None:
        sent = {"value": "<p>x", "representation": "storage"}
        asked = api.post("/rest/api/contentbody/convert/async/view", json=sent).json()
        done = api.get(f"/rest/api/contentbody/convert/async/{asked['asyncId']}").json()
        assert done["status"] == "FAILED"
        assert "Error parsing xhtml" in done["error"]

    def test_many_at_once(self, api: httpx.Client) -> None:
        one = {"to": "view", "body": {"value": "<p>x</p>", "representation": "storage"}}
        asked = api.post(
            "/rest/api/contentbody/convert/async/bulk/tasks", json={"conversionInputs": [one, one]}
        )
        ids = ",".join(task["asyncId"] for task in asked.json())
        done = api.get("/rest/api/contentbody/convert/async/bulk/tasks", params={"ids": ids}).json()
        assert [task["value"] for task in done] == ["<p>x</p>", "<p>x</p>"]

    def test_one_macro_of_a_page(self, api: httpx.Client, page: str) -> None:
        address = f"/rest/api/content/{page}/history/0/macro/id/m-1"
        macro = api.get(address).json()
        assert (macro["name"], macro["body"]) == ("info", "<p>Mind the <strong>gap</strong></p>")
        assert "Mind the" in api.get(f"{address}/convert/view").json()["value"]
        assert api.get(f"/rest/api/content/{page}/history/0/macro/id/none").status_code == 404


class TestTasks:
    @pytest.fixture
    def to_do(self, server: SandboxServer, request: pytest.FixtureRequest) -> str:
        tasks = "".join(
            f"<ac:task><ac:task-status>{status}</ac:task-status><ac:task-body>{words}</ac:task-body></ac:task>"
            for status, words in [("incomplete", '<time datetime="2026-07-01" /> ship'), ("complete", "plan")]
        )
        body = f"<ac:task-list>{tasks}</ac:task-list>"
        return str(server.colleague().create("GEN", f"To do {request.node.name}", body).id)

    def test_a_ticked_task_is_ticked_on_its_page_without_a_new_version(
        self, api: httpx.Client, to_do: str
    ) -> None:
        asked = {"page-id": to_do, "status": "incomplete", "body-format": "storage"}
        (task,) = api.get("/api/v2/tasks", params=asked).json()["results"]
        assert task["dueAt"] == "2026-07-01T00:00:00.000Z"
        done = api.put(f"/api/v2/tasks/{task['id']}", json={"status": "complete"}).json()
        assert (done["status"], done["completedAt"] is not None) == ("complete", True)
        page = api.get(f"/api/v2/pages/{to_do}", params={"body-format": "storage"}).json()
        assert page["body"]["storage"]["value"].count("<ac:task-status>complete") == 2
        assert page["version"]["number"] == 1
        assert api.get("/api/v2/tasks", params=asked).json()["results"] == []

    def test_the_older_api_ticks_the_same_tasks(self, api: httpx.Client, to_do: str) -> None:
        found = api.get("/rest/api/inlinetasks/search", params={"pageId": to_do}).json()["results"]
        assert [(task["id"], task["status"]) for task in found] == [(1, "incomplete"), (2, "complete")]
        api.put(f"/rest/api/inlinetasks/{found[1]['globalId']}", json={"status": "incomplete"})
        again = api.get("/rest/api/inlinetasks/search", params={"pageId": to_do, "status": "complete"})
        assert again.json()["results"] == []

    def test_a_status_nobody_knows_is_refused(self, api: httpx.Client, to_do: str) -> None:
        (task, _) = api.get("/api/v2/tasks", params={"page-id": to_do}).json()["results"]
        assert api.put(f"/api/v2/tasks/{task['id']}", json={"status": "maybe"}).status_code == 400
