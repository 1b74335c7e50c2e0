"""Groups, marks, templates, states, copies, and tasks that take their time."""

import httpx
import pytest

from confsync.sandbox import SandboxServer, Store
from confsync.sandbox.store.store import Habits


class TestGroups:
    def test_a_restriction_to_a_group_lets_its_members_in(
        self, api: httpx.Client, server: SandboxServer
    ) -> None:
        kim = server.add_user("Kim Kern")
        login = (kim.username, kim.token)
        page = str(server.colleague().create("GEN", "For editors").id)
        made = api.post("/rest/api/group", json={"name": "editors"})
        assert made.status_code == 201
        group = made.json()
        mine = api.get("/rest/api/user/current").json()["accountId"]
        subjects = {
            "user": [{"type": "known", "accountId": mine}],
            "group": [{"type": "group", "id": group["id"]}],
        }
        sent = [{"operation": "read", "restrictions": subjects}]
        api.put(f"/rest/api/content/{page}/restriction", json=sent)
        assert api.get(f"/api/v2/pages/{page}", auth=login).status_code == 404
        body = {"accountId": kim.account_id}
        api.post("/rest/api/group/userByGroupId", params={"groupId": group["id"]}, json=body)
        assert api.get(f"/api/v2/pages/{page}", auth=login).status_code == 200
        named = f"/rest/api/content/{page}/restriction/byOperation/read/byGroupId/{group['id']}"
        assert api.get(named).status_code == 200
        api.delete(named)
        assert api.get(named).status_code == 404
        assert api.get(f"/api/v2/pages/{page}", auth=login).status_code == 404

    def test_everybody_is_a_user_and_a_group_has_one_name(self, api: httpx.Client) -> None:
        members = api.get("/rest/api/group/confluence-users/member").json()["results"]
        assert "You" in [one["displayName"] for one in members]
        assert api.post("/rest/api/group", json={"name": "twice"}).status_code == 201
        assert api.post("/rest/api/group", json={"name": "twice"}).status_code == 400
        api.delete("/rest/api/group", params={"name": "twice"})
        assert api.get("/rest/api/group/by-name", params={"name": "twice"}).status_code == 404


class TestMarks:
    @pytest.mark.parametrize("what", ["content/100000001", "space/GEN", "label/howto"])
    def test_watching(self, api: httpx.Client, what: str) -> None:
        address = f"/rest/api/user/watch/{what}"
        assert api.get(address).json() == {"watching": False}
        assert api.post(address).status_code == 204
        assert api.get(address).json() == {"watching": True}
        assert api.delete(address).status_code == 204
        assert api.get(address).json() == {"watching": False}

    def test_favourites_are_found_by_query(self, api: httpx.Client) -> None:
        address = "/rest/api/relation/favourite/from/user/current/to/content/100000002"
        assert api.get(address).status_code == 404
        assert api.put(address).json()["target"]["id"] == "100000002"
        found = api.get("/rest/api/content/search", params={"cql": "favourite = currentUser()"}).json()
        assert [one["id"] for one in found["results"]] == ["100000002"]
        status = {"include-favorited-by-current-user-status": "true"}
        assert api.get("/api/v2/pages/100000002", params=status).json()["isFavoritedByCurrentUser"] is True
        assert api.delete(address).status_code == 204


def test_templates_are_kept_per_space(api: httpx.Client) -> None:
    body = {"storage": {"value": "<p>t</p>", "representation": "storage"}}
    sent = {"name": "Plan", "templateType": "page", "body": body, "space": {"key": "GEN"}}
    made = api.post("/rest/api/template", json=sent).json()
    listed = api.get("/rest/api/template/page", params={"spaceKey": "GEN"}).json()["results"]
    assert [one["name"] for one in listed] == ["Plan"]
    assert api.get("/rest/api/template/page").json()["results"] == []
    api.put("/rest/api/template", json={**sent, "templateId": made["templateId"], "name": "Better plan"})
    assert api.get(f"/rest/api/template/{made['templateId']}").json()["name"] == "Better plan"
    assert api.delete(f"/rest/api/template/{made['templateId']}").status_code == 204
    assert api.get(f"/rest/api/template/{made['templateId']}").status_code == 404


def test_states_of_the_space_and_of_ones_own(api: httpx.Client) -> None:
    address = "/rest/api/content/100000003/state"
    api.put(address, json={"id": 4})
    assert api.get(address).json()["contentState"]["name"] == "Verified"
    found = api.get("/rest/api/space/GEN/state/content", params={"state-id": 4}).json()["results"]
    assert [one["id"] for one in found] == ["100000003"]
    api.put(address, json={"name": "Odd", "color": "#123456"})
    assert [one["name"] for one in api.get("/rest/api/content-states").json()] == ["Odd"]
    assert api.get("/rest/api/space/GEN/state/content", params={"state-id": 4}).json()["results"] == []


def test_a_long_task_is_seen_going_on_as_often_as_told() -> None:
    store = Store(habits=Habits(looks_at_tasks=2))
    task = store.tasks.finished("copy", {"totalPageNeedToCopy": 4})
    seen = [store.tasks.get(task) for _ in range(3)]
    assert [(one.percentage, one.finished) for one in seen] == [(0, False), (50, False), (100, True)]
    assert seen[-1].details == {"totalPageNeedToCopy": 4}
    store.close()


def test_a_branch_is_copied_with_all_that_was_asked_for(api: httpx.Client, server: SandboxServer) -> None:
    robin = server.colleague()
    page = robin.create("GEN", "Original", "<p>x</p>")
    robin.create("GEN", "Original below", parent=page.id)
    robin.label(page.id, "kept")
    robin.attach(page.id, "a.txt", b"1")
    server.store.properties.create("content", page.id, "mark", {"rev": 1}, robin.person.account_id)
    takes = {f"copy{what}": True for what in ("Labels", "Attachments", "Properties", "Descendants")}
    sent = {"destinationPageId": "100000001", "titleOptions": {"prefix": "Copy of "}, **takes}
    task = api.post(f"/rest/api/content/{page.id}/pagehierarchy/copy", json=sent).json()
    details = api.get(task["links"]["status"]).json()["additionalDetails"]
    copy = int(details["destinationId"])
    assert details["totalPageNeedToCopy"] == 2
    assert [child.title for child in server.store.tree.children(copy)] == ["Copy of Original below"]
    assert [row.name for row in server.store.labels.of(copy)] == ["kept"]
    assert [file.title for file in server.store.files.of(copy)] == ["a.txt"]
    assert [row.key for row in server.store.properties.of("content", copy)] == ["mark"]


def test_a_page_can_be_purged_once(api: httpx.Client, server: SandboxServer) -> None:
    page = server.colleague().create("GEN", "Once").id
    address = f"/api/v2/pages/{page}"
    assert api.delete(address, params={"purge": "true"}).status_code == 400
    assert api.delete(address).status_code == 204
    assert api.get(address).json()["status"] == "trashed"
    assert api.delete(address, params={"purge": "true"}).status_code == 204
    assert api.delete(address, params={"purge": "true"}).status_code == 500
    assert api.delete("/api/v2/pages/999999999", params={"purge": "true"}).status_code == 404
