"""Children, ancestors, moves: order matters, versions do not change."""

from typing import Any

import httpx
import pytest

from confsync.sandbox import Colleague, SandboxServer


@pytest.fixture
def robin(server: SandboxServer) -> Colleague:
    return server.colleague()


@pytest.fixture
def family(robin: Colleague) -> dict[str, str]:
    """A parent with the children a, b, c."""
    parent = str(robin.create("GEN", f"Parent {robin.store.database.next_id()}").id)
    made = {name: str(robin.create("GEN", f"{name} {parent}", parent=parent).id) for name in "abc"}
    return {"parent": parent, **made}


def children(api: httpx.Client, parent: str) -> list[str]:
    rows = api.get(f"/api/v2/pages/{parent}/direct-children").json()["results"]
    v1 = api.get(f"/rest/api/content/{parent}/child/page").json()["results"]
    assert [row["id"] for row in rows if row["type"] == "page"] == [row["id"] for row in v1]
    return [row["id"] for row in rows]


def move(api: httpx.Client, page: str, position: str, target: str) -> httpx.Response:
    return api.put(f"/rest/api/content/{page}/move/{position}/{target}")


@pytest.mark.parametrize(
    ("asked", "order"),
    [("c before a", "cab"), ("a after b", "bac"), ("a append parent", "bca"), ("b before c", "abc")],
)
def test_a_move_changes_the_order_and_no_version(
    api: httpx.Client, family: dict[str, str], asked: str, order: str
) -> None:
    page, position, target = asked.split()
    answer = move(api, family[page], position, family[target])
    assert answer.json() == {"pageId": family[page]}
    assert children(api, family["parent"]) == [family[name] for name in order]
    assert api.get(f"/api/v2/pages/{family[page]}").json()["version"]["number"] == 1


def test_positions_in_listings_give_the_same_order(api: httpx.Client, family: dict[str, str]) -> None:
    move(api, family["c"], "before", family["b"])
    rows = [api.get(f"/api/v2/pages/{family[name]}").json() for name in "abc"]
    assert sorted("abc", key=lambda n: rows["abc".index(n)]["position"]) == ["a", "c", "b"]


def test_beside_the_home_page_is_the_top_of_the_space(api: httpx.Client, family: dict[str, str]) -> None:
    move(api, family["a"], "after", "100000001")
    assert api.get(f"/api/v2/pages/{family['a']}").json()["parentId"] is None


def test_a_page_cannot_go_below_itself(api: httpx.Client, family: dict[str, str]) -> None:
    for target in (family["parent"], family["a"]):
        answer = move(api, family["parent"], "append", target)
        assert answer.status_code == 400
        assert "its own parent" in answer.json()["message"]


def test_ancestors_come_from_the_top_down(api: httpx.Client, family: dict[str, str]) -> None:
    expected = [{"id": "100000001", "type": "page"}, {"id": family["parent"], "type": "page"}]
    assert api.get(f"/api/v2/pages/{family['a']}/ancestors").json()["results"] == expected
    shown = api.get(f"/rest/api/content/{family['a']}", params={"expand": "ancestors"}).json()["ancestors"]
    assert [row["id"] for row in shown] == ["100000001", family["parent"]]


def test_descendants_come_breadth_first_and_end_at_the_depth(
    api: httpx.Client, family: dict[str, str], robin: Colleague
) -> None:
    deep = str(robin.create("GEN", f"deep {family['a']}", parent=family["a"]).id)
    address = f"/api/v2/pages/{family['parent']}/descendants"
    rows = api.get(address).json()["results"]
    assert [(row["id"], row["depth"]) for row in rows] == [(family[n], 1) for n in "abc"] + [(deep, 2)]
    assert len(api.get(address, params={"depth": 1}).json()["results"]) == 3
    assert api.get(address, params={"depth": 11}).status_code == 400


def test_folders_hold_pages_and_are_not_pages(api: httpx.Client, robin: Colleague) -> None:
    folder = str(robin.create("GEN", "Guides", type="folder").id)
    page = str(robin.create("GEN", f"In {folder}", parent=folder).id)
    assert api.get(f"/api/v2/pages/{page}").json()["parentType"] == "folder"
    assert api.get(f"/api/v2/folders/{page}").status_code == 404
    assert api.get(f"/api/v2/pages/{folder}").status_code == 404
    shown = api.get(f"/api/v2/folders/{folder}").json()
    assert isinstance(shown["createdAt"], int)
    assert api.get(f"/rest/api/content/{folder}").json()["type"] == "folder"
    assert api.get("/rest/api/content", params={"type": "folder"}).status_code == 501
    rows = api.get(f"/api/v2/folders/{folder}/direct-children").json()["results"]
    assert [row["id"] for row in rows] == [page]


def test_ids_tell_their_types(api: httpx.Client, family: dict[str, str]) -> None:
    answer = api.post("/api/v2/content/convert-ids-to-types", json={"contentIds": [family["a"], "999"]})
    assert answer.json() == {"results": {family["a"]: "page", "999": None}}


def test_a_tree_goes_to_the_trash_whole(api: httpx.Client, family: dict[str, str]) -> None:
    answer = api.delete(f"/rest/api/content/{family['parent']}/pageTree")
    assert answer.status_code == 202
    task: dict[str, Any] = api.get(answer.json()["links"]["status"]).json()
    assert (task["finished"], task["successful"]) == (True, True)
    assert {api.get(f"/api/v2/pages/{page}").json()["status"] for page in family.values()} == {"trashed"}


def test_the_old_move_page_action_works_too(api: httpx.Client, family: dict[str, str]) -> None:
    params = {"pageId": family["a"], "targetId": family["c"], "position": "below"}
    assert api.post("/pages/movepage.action", params=params).status_code == 200
    assert children(api, family["parent"]) == [family[name] for name in "bca"]
