"""Trouble on demand: one test for each unpleasant truth, and for each kind of fault."""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
import pytest

from confsync.sandbox import Colleague, Fault, Flavour, SandboxServer
from confsync.sandbox.faults import Trouble
from confsync.sandbox.faults.deeds import DEEDS
from confsync.sandbox.faults.effects import EFFECTS
from tests.unit.sandbox.conftest import HOME

PAGE = f"/api/v2/pages/{HOME}"


@pytest.fixture
def robin(server: SandboxServer) -> Colleague:
    return server.colleague()


@pytest.fixture
def page(robin: Colleague) -> Iterator[int]:
    """A page with text, a child, and nobody's restrictions."""
    made = robin.create("GEN", f"Page {time.monotonic_ns()}", "<p>one two three</p>")
    yield made.id
    robin.store.restrictions.clear(made.id)


def fault(api: httpx.Client, text: str) -> None:
    assert api.post("/_sandbox/faults", json=Fault.parse(text).to_json()).status_code == 200


def act(api: httpx.Client, do: str, page: int, detail: str = "") -> None:
    answer = api.post("/_sandbox/actions", json={"do": do, "page": page, "detail": detail})
    assert answer.status_code == 204, answer.text


def read(api: httpx.Client, page: int) -> dict[str, object]:
    said: dict[str, object] = api.get(f"/api/v2/pages/{page}?body-format=storage").json()
    return said


# ------------------------------------------------------------------- what a friendly server would not do

Truth = Callable[[httpx.Client, Colleague, int], None]


def inline_comment_without_a_version(api: httpx.Client, _: Colleague, page: int) -> None:
    before = read(api, page)
    act(api, "comment", page, "two")
    after = read(api, page)
    assert after["version"] == before["version"]
    assert "ac:inline-comment-marker" in json.dumps(after["body"])


def move_without_a_version(api: httpx.Client, robin: Colleague, page: int) -> None:
    before, parent = read(api, page), robin.create("GEN", f"Elsewhere {page}").id
    act(api, "move", page, str(parent))
    after = read(api, page)
    assert (after["version"], after["parentId"]) == (before["version"], str(parent))


def hidden_pages_are_404_with_all_below(api: httpx.Client, robin: Colleague, page: int) -> None:
    child = robin.create("GEN", f"Below {page}", parent=page)
    act(api, "hide", page)
    assert [api.get(f"/api/v2/pages/{i}").status_code for i in (page, child.id)] == [404, 404]
    act(api, "reveal", page)
    assert [api.get(f"/api/v2/pages/{i}").status_code for i in (page, child.id)] == [200, 200]


def sporadic_404_of_what_exists(api: httpx.Client, _: Colleague, page: int) -> None:
    fault(api, f"404,path=/pages/{page},chance=0.5,times=*")
    codes = {api.get(f"/api/v2/pages/{page}").status_code for _ in range(20)}
    assert codes == {200, 404}


def empty_current_body(api: httpx.Client, _: Colleague, page: int) -> None:
    fault(api, f"empty-body,page={page},times=2")
    both = api.get(f"/api/v2/pages?id={page}&id={HOME}&body-format=storage").json()["results"]
    values = {row["id"]: row["body"]["storage"]["value"] for row in both}
    assert values[str(page)] == ""
    assert values[str(HOME)] != ""
    v1 = api.get(f"/rest/api/content/{page}?expand=body.storage").json()
    assert v1["body"]["storage"]["value"] == ""


def missing_current_body(api: httpx.Client, _: Colleague, page: int) -> None:
    fault(api, f"missing-body,page={page}")
    assert read(api, page)["body"] == {}
    assert read(api, page)["body"] != {}


def folders_go_with_the_page_above(api: httpx.Client, robin: Colleague, page: int) -> None:
    folder = robin.create("GEN", f"Folder {page}", parent=page, type="folder")
    inside = robin.create("GEN", f"Inside {page}", parent=folder.id)
    child = robin.create("GEN", f"Child {page}", parent=page)
    assert api.delete(f"/api/v2/pages/{page}").status_code == 204
    assert api.get(f"/api/v2/pages/{inside.id}").json()["status"] == "trashed"
    assert api.get(f"/api/v2/pages/{child.id}").json()["status"] == "current"


def labels_are_cut_at_200_an_answer(api: httpx.Client, robin: Colleague, page: int) -> None:
    other = robin.create("GEN", f"Labelled {page}").id
    for one in (page, other):
        robin.label(one, *(f"l{n}" for n in range(150)))
    query = {"cql": f"id in ({page},{other})", "expand": "metadata.labels"}
    rows = api.get("/rest/api/content/search", params=query).json()["results"]
    assert sum(len(row["metadata"]["labels"]["results"]) for row in rows) == 200


def short_pages_that_go_on(api: httpx.Client, _: Colleague, page: int) -> None:
    fault(api, "short-page,path=/pages,times=1")
    first = api.get("/api/v2/pages?limit=10&sort=id")
    said = first.json()
    assert len(said["results"]) == 5
    assert "limit=10" in said["_links"]["next"]
    assert f"<{said['_links']['next']}>" in first.headers["Link"]
    origin = str(api.base_url).removesuffix("/wiki/")
    rest = api.get(origin + said["_links"]["next"]).json()["results"]
    whole = api.get("/api/v2/pages?limit=15&sort=id").json()["results"]
    assert [row["id"] for row in [*said["results"], *rest]] == [row["id"] for row in whole]


def short_searches_that_go_on(api: httpx.Client, _: Colleague, page: int) -> None:
    fault(api, "short-page,path=/search")
    said = api.get("/rest/api/content/search?cql=type=page order by id&limit=10").json()
    assert (len(said["results"]), said["limit"]) == (5, 10)
    assert "limit=10" in said["_links"]["next"]


def version_lists_with_bodies_end_at_50(api: httpx.Client, robin: Colleague, page: int) -> None:
    for number in range(60):
        robin.edit(page, f"<p>{number}</p>")
    bare = api.get(f"/api/v2/pages/{page}/versions?limit=250").json()["results"]
    full = api.get(f"/api/v2/pages/{page}/versions?limit=250&body-format=storage").json()
    assert (len(bare), len(full["results"])) == (61, 50)
    assert "next" in full["_links"]


def removed_routes_are_gone(api: httpx.Client, _: Colleague, page: int) -> None:
    fault(api, "gone,times=*")
    gone = api.get(f"/rest/api/content/{page}")
    assert (gone.status_code, "GoneException" in gone.json()["message"]) == (410, True)
    assert api.get(f"/rest/api/content/search?cql=id={page}").status_code == 200
    assert api.get(f"/api/v2/pages/{page}").status_code == 200


def titles_clash_with_archived_and_invisible_pages(api: httpx.Client, robin: Colleague, page: int) -> None:
    row = read(api, page)
    for number, hide in enumerate((robin.archive, robin.restrict)):
        taken = robin.create("GEN", f"Taken {page} {number}")
        hide(taken.id)
        sent = {"spaceId": row["spaceId"], "title": taken.title}
        answer = api.post("/api/v2/pages", json=sent)
        assert (answer.status_code, "already exists" in answer.text) == (400, True)
        assert (
            api.get("/api/v2/pages", params={"title": taken.title, "status": "current"}).json()["results"]
            == []
        )


def edit_restricted_pages_cannot_be_put(api: httpx.Client, _: Colleague, page: int) -> None:
    act(api, "lock", page)
    row = read(api, page)
    sent = {**row, "version": {"number": 2}, "body": {"representation": "storage", "value": "<p>x</p>"}}
    answer = api.put(f"/api/v2/pages/{page}", json=sent)
    assert (answer.status_code, answer.json()["errors"][0]["title"]) == (404, "Not Found")
    assert api.get(f"/api/v2/pages/{page}").status_code == 200


def system_properties_appear_by_themselves(api: httpx.Client, _: Colleague, page: int) -> None:
    fault(api, f"meanwhile,do=property,detail=editor,when=before,method=POST,path={page}/properties")
    answer = api.post(f"/api/v2/pages/{page}/properties", json={"key": "editor", "value": "v2"})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "CONFLICT")


def search_rows_with_an_old_version(api: httpx.Client, robin: Colleague, page: int) -> None:
    fault(api, "stale,times=1")
    robin.edit(page, "<p>new</p>", title=f"Renamed {page}")
    search = f"/rest/api/content/search?cql=id={page}&expand=version"
    numbers = [api.get(search).json()["results"][0]["version"]["number"] for _ in range(2)]
    assert numbers == [1, 2]


def search_that_does_not_know_new_pages(api: httpx.Client, robin: Colleague, page: int) -> None:
    fault(api, "stale,times=1")
    made = robin.create("GEN", f"Brand new {page}").id
    found = [api.get(f"/rest/api/search?cql=id={made}").json()["totalSize"] for _ in range(2)]
    assert found == [0, 1]


def positions_that_are_null(api: httpx.Client, _: Colleague, page: int) -> None:
    fault(api, "null-position,times=2")
    assert read(api, page)["position"] is None
    rows = api.get("/api/v2/pages?limit=5").json()["results"]
    assert {row["position"] for row in rows} == {None}
    assert read(api, page)["position"] is not None


def positions_that_change_with_a_neighbours_move(api: httpx.Client, robin: Colleague, page: int) -> None:
    one, two, three = (robin.create("GEN", f"{n} below {page}", parent=page).id for n in range(3))
    before = read(api, two)
    robin.move_beside(three, one, before=True)
    rows = api.get(f"/api/v2/pages/{page}/direct-children").json()["results"]
    assert [row["id"] for row in rows] == [str(three), str(one), str(two)]
    assert read(api, two)["version"] == before["version"]


def attachments_of_the_whole_site(api: httpx.Client, robin: Colleague, page: int) -> None:
    robin.attach(page, f"{page}.txt", b"x")
    space = read(api, page)["spaceId"]
    other = api.get(f"/api/v2/attachments?space-id={int(str(space)) + 1}&filename={page}.txt").json()[
        "results"
    ]
    assert [row["title"] for row in other] == [f"{page}.txt"]


def not_found_right_after_it_was_made(api: httpx.Client, _: Colleague, page: int) -> None:
    fault(api, "not-yet,times=*,reads=2")
    sent = {"spaceId": read(api, page)["spaceId"], "title": f"Soon {page}"}
    made = api.post("/api/v2/pages", json=sent).json()["id"]
    answers = [api.get(f"/api/v2/pages/{made}") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [404, 404, 200]
    assert answers[0].json()["errors"][0]["title"] == f"Cannot find a page with id [{made}]"


def pages_that_change_between_two_requests(api: httpx.Client, _: Colleague, page: int) -> None:
    fault(api, f"meanwhile,do=edit,detail=theirs,method=GET,path=/pages/{page}")
    first, second = read(api, page), read(api, page)
    assert "theirs" not in json.dumps(first)
    assert "theirs" in json.dumps(second)


def pages_that_change_just_before_they_are_written(api: httpx.Client, _: Colleague, page: int) -> None:
    fault(api, "meanwhile,do=edit,when=before,method=PUT")
    row = read(api, page)
    sent = {**row, "version": {"number": 2}, "body": {"representation": "storage", "value": "<p>x</p>"}}
    assert api.put(f"/api/v2/pages/{page}", json=sent).status_code == 409


def cursors_that_stand_still(api: httpx.Client, _: Colleague, page: int) -> None:
    fault(api, "repeat-page")
    origin = str(api.base_url).removesuffix("/wiki/")
    first = api.get("/api/v2/pages?limit=3&sort=id").json()
    again = api.get(origin + first["_links"]["next"]).json()
    assert again["results"] == first["results"]
    on = api.get(origin + again["_links"]["next"]).json()
    assert on["results"] != first["results"]


def rows_that_a_page_lacks(api: httpx.Client, _: Colleague, page: int) -> None:
    fault(api, "lost-row,path=content")
    query = "/rest/api/content?type=page&limit=10"
    first, second = api.get(query).json(), api.get(query).json()
    assert (first["size"], second["size"]) == (9, 10)


def answers_of_the_network_in_front(api: httpx.Client, _: Colleague, page: int) -> None:
    fault(api, "edge,status=403")
    answer = api.get(PAGE)
    assert (answer.status_code, answer.headers["X-Cache"]) == (403, "Error from cloudfront")
    assert answer.headers["Content-Type"].startswith("text/html")


def login_pages_that_look_like_success(api: httpx.Client, _: Colleague, page: int) -> None:
    fault(api, "login-page")
    answer = api.get(PAGE)
    assert (answer.status_code, "<form" in answer.text) == (200, True)


def json_that_is_cut_and_looks_whole(api: httpx.Client, _: Colleague, page: int) -> None:
    fault(api, "garbage")
    answer = api.get(PAGE)
    assert answer.status_code == 200
    with pytest.raises(ValueError, match=r"\w"):
        answer.json()


def answers_that_drip(api: httpx.Client, _: Colleague, page: int) -> None:
    fault(api, "slow,delay-ms=10")
    begin = time.perf_counter()
    assert api.get(PAGE).json()["id"] == str(HOME)
    assert time.perf_counter() - begin >= 0.05


def a_date_to_come_back_at(api: httpx.Client, _: Colleague, page: int) -> None:
    fault(api, "503,retry-after=60,dated=true")
    when = parsedate_to_datetime(api.get(PAGE).headers["Retry-After"])
    assert 50 < when.timestamp() - time.time() <= 61


def errors_whose_status_is_text(api: httpx.Client, _: Colleague, page: int) -> None:
    fault(api, "text-status")
    assert api.get("/api/v2/pages/1").json()["errors"][0]["status"] == "404"
    assert api.get("/api/v2/pages/1").json()["errors"][0]["status"] == 404


def quotas_that_are_spent(api: httpx.Client, _: Colleague, page: int) -> None:
    fault(api, "429,retry-after=17,reason=quota")
    headers = api.get(PAGE).headers
    assert (headers["Retry-After"], headers["RateLimit-Reason"]) == ("17", "confluence-quota-global-based")
    assert headers["Beta-RateLimit"] == '"global-app-quota";r=0;t=17'
    assert headers["X-RateLimit-Reset"].endswith("Z")


TRUTHS: tuple[Truth, ...] = (
    inline_comment_without_a_version,
    move_without_a_version,
    hidden_pages_are_404_with_all_below,
    sporadic_404_of_what_exists,
    empty_current_body,
    missing_current_body,
    folders_go_with_the_page_above,
    labels_are_cut_at_200_an_answer,
    short_pages_that_go_on,
    short_searches_that_go_on,
    version_lists_with_bodies_end_at_50,
    removed_routes_are_gone,
    titles_clash_with_archived_and_invisible_pages,
    edit_restricted_pages_cannot_be_put,
    system_properties_appear_by_themselves,
    search_rows_with_an_old_version,
    search_that_does_not_know_new_pages,
    positions_that_are_null,
    positions_that_change_with_a_neighbours_move,
    attachments_of_the_whole_site,
    not_found_right_after_it_was_made,
    pages_that_change_between_two_requests,
    pages_that_change_just_before_they_are_written,
    cursors_that_stand_still,
    rows_that_a_page_lacks,
    answers_of_the_network_in_front,
    login_pages_that_look_like_success,
    json_that_is_cut_and_looks_whole,
    answers_that_drip,
    quotas_that_are_spent,
    a_date_to_come_back_at,
    errors_whose_status_is_text,
)


@pytest.mark.parametrize("truth", TRUTHS, ids=lambda truth: truth.__name__)
def test_the_sandbox_can_show(truth: Truth, api: httpx.Client, robin: Colleague, page: int) -> None:
    truth(api, robin, page)


# --------------------------------------------------------------------------------------------- the rules


class TestRules:
    def test_every_kind_has_an_effect(self) -> None:
        assert set(EFFECTS) == set(Trouble)

    @pytest.mark.parametrize("kind", Trouble)
    def test_a_fault_can_be_written_told_and_read_again(self, kind: Trouble) -> None:
        more = {"status": ",status=503", "meanwhile": ",do=edit"}.get(kind, "")
        given = Fault.parse(f"{kind}{more},times=*,skip=2,path=/pages")
        assert Fault.from_json(given.to_json()) == given

    @pytest.mark.parametrize(
        "wrong",
        [
            "meanwhile",
            "meanwhile,do=dance",
            "429,reason=mood",
            "drop,chance=2",
            "drop,every=0",
            "meanwhile,do=edit,when=later",
            "drop,times=often",
            "drop,path=*",
        ],
    )
    def test_what_means_nothing_is_refused(self, wrong: str) -> None:
        with pytest.raises(ValueError, match=r"\w"):
            Fault.parse(wrong)

    def test_some_are_spared_first(self, api: httpx.Client) -> None:
        fault(api, "503,skip=2,times=1")
        assert [api.get(PAGE).status_code for _ in range(4)] == [200, 200, 503, 200]

    def test_faults_in_force_are_told_with_their_strikes(self, api: httpx.Client) -> None:
        fault(api, "503,times=2")
        api.get(PAGE)
        told = api.get("/_sandbox/faults").json()["faults"]
        assert told == [{"kind": "status", "status": 503, "times": 2, "struck": 1}]
        assert api.get("/_sandbox/requests").json()["requests"][-1]["faults"] == ["status"]

    def test_waiting_and_refusing_may_come_together(self, api: httpx.Client) -> None:
        fault(api, "latency,delay-ms=30,jitter-ms=10")
        fault(api, "503")
        begin = time.perf_counter()
        assert api.get(PAGE).status_code == 503
        assert time.perf_counter() - begin >= 0.03

    def test_a_stale_reading_may_be_of_anything(self, api: httpx.Client, robin: Colleague, page: int) -> None:
        fault(api, f"stale,path={page}/labels,times=1")
        robin.label(page, "fresh")
        names = [api.get(f"/api/v2/pages/{page}/labels").json()["results"] for _ in range(2)]
        assert [len(found) for found in names] == [0, 1]

    def test_faults_of_the_command_line_see_the_seeded_site(self) -> None:
        with SandboxServer(generate=3, faults=(Fault.parse("stale,times=1"),)) as server:
            server.colleague().create("GEN", "Later")
            auth = (server.username, server.token)
            search = f"{server.url}/rest/api/search?cql=type=page"
            sizes = [httpx.get(search, auth=auth).json()["totalSize"] for _ in range(2)]
        assert sizes[1] == sizes[0] + 1 > 1

    def test_data_center_says_it_in_its_own_words(self) -> None:
        with SandboxServer(generate=3, flavour=Flavour.DATA_CENTER) as server:
            auth = (server.username, server.token)
            server.site.faults.add(Fault.parse("not-yet"))
            sent = {"type": "page", "title": "New", "space": {"key": "GEN"}}
            made = httpx.post(f"{server.url}/rest/api/content", json=sent, auth=auth).json()["id"]
            answers = [httpx.get(f"{server.url}/rest/api/content/{made}", auth=auth) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [404, 200]
        assert answers[0].json()["reason"] == "Not Found"


class TestSeeds:
    @staticmethod
    def log(seed: int) -> list[tuple[str, str, int, tuple[str, ...]]]:
        """What happens to a client that asks the same every time."""
        rules = (
            "503,chance=0.3,times=*",
            "meanwhile,do=edit,chance=0.3,times=*",
            "lost-row,chance=0.5,times=*",
        )
        faults = tuple(Fault.parse(rule) for rule in rules)
        with SandboxServer(generate=5, chance_seed=seed, faults=faults) as server:
            with httpx.Client(base_url=server.url, auth=(server.username, server.token)) as client:
                for turn in range(12):
                    client.get("/api/v2/pages")
                    client.get(f"/api/v2/pages/{HOME + turn % 3}")
            versions = [str(server.store.contents.get(HOME + n).version.number) for n in range(3)]
            log = [(s.method, s.path, s.status, s.faults) for s in server.site.journal.all()]
            return [*log, ("versions", " ".join(versions), 0, ())]

    def test_the_same_seed_makes_the_same_trouble(self) -> None:
        assert self.log(7) == self.log(7)

    def test_it_does_so_whatever_else_goes_on_at_the_same_time(self) -> None:
        def outcomes() -> Counter[tuple[str, int]]:
            faults = (Fault.parse("503,chance=0.3,times=*"),)
            with SandboxServer(generate=10, chance_seed=7, faults=faults) as server:
                auth = (server.username, server.token)
                with httpx.Client(base_url=server.url, auth=auth) as client, ThreadPoolExecutor(6) as threads:
                    list(threads.map(lambda turn: client.get(f"/api/v2/pages/{HOME + turn % 5}"), range(40)))
                return Counter((served.path, served.status) for served in server.site.journal.all())

        first = outcomes()
        assert first == outcomes()
        assert {status for _, status in first} == {200, 503}

    def test_another_seed_makes_other_trouble(self) -> None:
        assert self.log(7) != self.log(8)


class TestDeeds:
    @pytest.mark.parametrize("do", DEEDS)
    def test_somebody_can_do_it_from_outside(
        self, api: httpx.Client, robin: Colleague, page: int, do: str
    ) -> None:
        if do == "unlabel":
            robin.label(page, "meanwhile")
        if do == "restore":
            robin.trash(page)
        act(api, do, page)

    @pytest.mark.parametrize(
        "sent", [{}, {"do": "dance", "page": 1}, {"do": "edit"}, {"do": "edit", "page": 1}]
    )
    def test_what_cannot_be_done_is_said(self, api: httpx.Client, sent: dict[str, object]) -> None:
        answer = api.post("/_sandbox/actions", json=sent)
        assert (answer.status_code, bool(answer.json()["error"])) == (400, True)

    def test_a_deed_that_fails_leaves_the_request_alone(self, api: httpx.Client, page: int) -> None:
        fault(api, f"meanwhile,do=comment,page={page},detail=not on the page")
        assert api.get(PAGE).status_code == 200


class TestControl:
    def test_the_site_can_go_back(self, api: httpx.Client, robin: Colleague, page: int) -> None:
        assert api.post("/_sandbox/rollback").status_code in (204, 400)
        assert api.post("/_sandbox/snapshot").status_code == 204
        robin.trash(page)
        assert api.post("/_sandbox/rollback").status_code == 204
        assert api.get(f"/api/v2/pages/{page}").json()["status"] == "current"

    def test_a_site_in_a_file_can_go_back_too(self, tmp_path: Path) -> None:
        with SandboxServer(generate=3, data=tmp_path / "site.db") as server:
            httpx.post(f"{server.origin}/_sandbox/snapshot")
            server.colleague().trash(HOME + 1)
            httpx.post(f"{server.origin}/_sandbox/rollback")
            assert server.store.contents.get(HOME + 1).status == "current"

    def test_people_and_tokens_are_made_while_it_runs(self, api: httpx.Client, server: SandboxServer) -> None:
        jane = api.post("/_sandbox/users", json={"name": "Jane Doe", "token": "t0"}).json()
        assert jane == {
            "username": "jane.doe@example.com",
            "token": "t0",
            "accountId": "557058:jane.doe@example.com",
        }
        sent = {"username": jane["username"], "scopes": ["read:page:confluence"]}
        scoped = api.post("/_sandbox/tokens", json=sent).json()
        answer = httpx.get(server.gateway + PAGE, auth=(scoped["username"], scoped["token"]))
        assert answer.status_code == 200
        cookie = api.post("/_sandbox/sessions", json={"username": jane["username"]}).json()["cookie"]
        answer = httpx.get(server.url + PAGE, headers={"Cookie": f"cloud.session.token={cookie}"})
        assert answer.status_code == 200
        users = api.get("/_sandbox/users").json()["users"]
        assert "t0" not in json.dumps(users)
        assert api.post("/_sandbox/sessions", json={"username": "nobody"}).status_code == 400

    def test_apps_are_made_known_while_it_runs(self, api: httpx.Client, server: SandboxServer) -> None:
        for app in (
            {"client_id": "mine", "client_secret": "s", "redirects": ["https://app.example/cb"]},
            {"key": "app.key", "secret": "s", "username": server.username},
        ):
            assert api.post("/_sandbox/apps", json=app).status_code == 204
        query = {"client_id": "mine", "response_type": "code", "scope": "read:me"}
        sent_on = httpx.get(
            f"{server.origin}/authorize", params={**query, "redirect_uri": "https://app.example/cb"}
        )
        assert sent_on.headers["Location"].startswith("https://app.example/cb?code=")
        assert server.site.doors.connect.apps["app.key"].secret == "s"
        for wrong in ({}, {"key": "x"}, {"key": "x", "secret": "s", "username": "nobody"}):
            assert api.post("/_sandbox/apps", json=wrong).status_code == 400

    def test_a_body_may_not_be_endless(self, api: httpx.Client) -> None:
        headers = {"Content-Type": "application/json"}
        assert api.post("/_sandbox/faults", content=b" " * 200_000, headers=headers).status_code == 413


class TestIndex:
    def test_searches_are_behind_until_nothing_was_written_for_a_while(self) -> None:
        now = [0.0]
        with SandboxServer(generate=3, search_lag_ms=500) as server:
            server.site.index._clock = lambda: now[0]
            with httpx.Client(base_url=server.url, auth=(server.username, server.token)) as client:
                spaces = client.get("/api/v2/spaces").json()["results"]

                def create(title: str) -> None:
                    client.post("/api/v2/pages", json={"spaceId": spaces[0]["id"], "title": title})

                def found() -> int:
                    size: int = client.get("/rest/api/search?cql=title~fresh").json()["totalSize"]
                    return size

                now[0] = 10
                create("fresh one")
                before = found()
                now[0] = 10.4
                create("fresh two")
                now[0] = 10.8
                still = found()
                listed = client.get("/api/v2/pages?title=fresh two").json()["results"]
                now[0] = 10.9
                after = found()
        assert (before, still, after) == (0, 0, 2)
        assert len(listed) == 1
