"""Webhooks: registered by API, told in the background, signed, told again when it fails."""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest

from confsync.sandbox import Colleague, Flavour, SandboxServer
from confsync.sandbox.identity.connect import ConnectApp, ConnectApps, query_hash
from confsync.sandbox.refusals import Invalid
from confsync.sandbox.webhooks.hook import EVENTS, Hook, Hooks
from tests.unit.sandbox.conftest import HOME


class Listener:
    """Somebody who wants to be told, and may be out of order."""

    def __init__(self) -> None:
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self.refusals = 0
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                listener.heard.append((dict(self.headers), body))
                listener.refusals -= 1
                self.send_response(503 if listener.refusals >= 0 else 204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook?from=test"

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def events(self) -> list[dict[str, object]]:
        return [json.loads(body) for _, body in self.heard]

    def until(self, count: int) -> list[dict[str, object]]:
        """What was heard, when there is that much of it."""
        wait(lambda: len(self.heard) >= count)
        return self.events()


def wait(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not happened():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.close()


@pytest.fixture
def server() -> Iterator[SandboxServer]:
    with SandboxServer(generate=4, flavour=Flavour.DATA_CENTER) as running:
        running.site.deliveries.pause_seconds = 0.01
        yield running


@pytest.fixture
def api(server: SandboxServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, auth=(server.username, server.token)) as client:
        yield client


def register(api: httpx.Client, url: str, *events: str, secret: str = "hush") -> dict[str, object]:
    sent = {"name": "confsync", "url": url, "events": events or EVENTS, "configuration": {"secret": secret}}
    answer = api.post("/rest/api/webhooks", json=sent)
    assert answer.status_code == 201, answer.text
    made: dict[str, object] = answer.json()
    return made


# ------------------------------------------------------------------------------------ what is told of what


def edits(robin: Colleague, page: int) -> list[str]:
    robin.edit(page, "<p>one</p>")
    robin.edit(page, "<p>two</p>")
    return ["page_updated", "page_updated"]


def creates(robin: Colleague, _: int) -> list[str]:
    robin.create("GEN", "New", "<p>new</p>")
    robin.create("GEN", "Post", "<p>post</p>", type="blogpost")
    return ["page_created", "blog_created"]


def moves(robin: Colleague, page: int) -> list[str]:
    robin.move(page, below=robin.create("GEN", "Elsewhere").id)
    return ["page_created", "page_moved"]


def trashes_and_restores_and_purges(robin: Colleague, page: int) -> list[str]:
    robin.trash(page)
    robin.store.life.restore(robin.store.contents.get(page), None, robin.person.account_id)
    robin.trash(page)
    robin.purge(page)
    return ["page_removed", "page_restored", "page_removed", "page_trashed"]


def labels(robin: Colleague, page: int) -> list[str]:
    robin.label(page, "blue")
    robin.unlabel(page, "blue")
    return ["label_added", "label_removed"]


def comments_inline(robin: Colleague, page: int) -> list[str]:
    robin.edit(page, "<p>words</p>")
    robin.comment(page, "words")
    return ["page_updated", "comment_created"]


def attaches(robin: Colleague, page: int) -> list[str]:
    robin.attach(page, "a.txt", b"1")
    robin.attach(page, "a.txt", b"2")
    robin.detach(page, "a.txt")
    return ["attachment_created", "attachment_updated", "attachment_removed"]


def archives(robin: Colleague, page: int) -> list[str]:
    robin.archive(page)
    return ["page_archived"]


@pytest.mark.parametrize(
    "deeds",
    [
        edits,
        creates,
        moves,
        trashes_and_restores_and_purges,
        labels,
        comments_inline,
        attaches,
        archives,
    ],
    ids=lambda deeds: deeds.__name__,
)
def test_each_change_is_told_once(
    api: httpx.Client, server: SandboxServer, listener: Listener, deeds: Callable[[Colleague, int], list[str]]
) -> None:
    register(api, listener.url)
    expected = deeds(server.colleague(), HOME + 1)
    assert [said["event"] for said in listener.until(len(expected))] == expected


class TestDelivery:
    def test_ids_are_told_and_signed(
        self, api: httpx.Client, server: SandboxServer, listener: Listener
    ) -> None:
        register(api, listener.url, "page_updated")
        robin = server.colleague()
        robin.edit(HOME + 1, "<p>new</p>")
        said = listener.until(1)[0]
        assert said["page"] == {"id": HOME + 1}
        assert said["userKey"] == robin.person.user_key
        assert isinstance(said["timestamp"], int)
        headers, body = listener.heard[0]
        signature = hmac.new(b"hush", body, hashlib.sha256).hexdigest()
        assert headers["X-Hub-Signature"] == f"sha256={signature}"
        assert (headers["X-Event-Key"], len(headers["X-Request-Id"])) == ("page_updated", 36)

    def test_moves_name_both_parents(
        self, api: httpx.Client, server: SandboxServer, listener: Listener
    ) -> None:
        robin = server.colleague()
        old = robin.store.contents.get(HOME + 1).parent
        new = robin.create("GEN", "Elsewhere").id
        register(api, listener.url, "page_moved")
        robin.move(HOME + 1, below=new)
        said = listener.until(1)[0]
        assert (said["oldParent"], said["newParent"]) == ({"id": old}, {"id": new})

    def test_what_is_not_taken_is_told_again_with_the_same_id(
        self, api: httpx.Client, server: SandboxServer, listener: Listener
    ) -> None:
        hook = register(api, listener.url, "page_updated")
        listener.refusals = 2
        server.colleague().edit(HOME + 1, "<p>new</p>")
        listener.until(3)
        assert len({headers["X-Request-Id"] for headers, _ in listener.heard}) == 1
        wait(lambda: len(server.site.deliveries.told()) == 3)
        assert [told.status for told in server.site.deliveries.told()] == [503, 503, 204]
        latest = api.get(f"/rest/api/webhooks/{hook['id']}/latest").json()
        assert latest["result"]["outcome"] == "SUCCESS"
        counts = api.get(f"/rest/api/webhooks/{hook['id']}/statistics").json()["counts"]
        assert counts == {"successes": 1, "failures": 2, "errors": 0}

    def test_nobody_there_is_no_trouble(self, api: httpx.Client, server: SandboxServer) -> None:
        register(api, "http://127.0.0.1:9/", "page_updated")
        server.colleague().edit(HOME + 1, "<p>new</p>")
        wait(lambda: len(server.site.deliveries.told()) == 3)
        assert {told.status for told in server.site.deliveries.told()} == {0}
        assert api.get(f"/rest/api/content/{HOME}").status_code == 200

    def test_after_it_is_removed_nothing_is_told(
        self, api: httpx.Client, server: SandboxServer, listener: Listener
    ) -> None:
        hook = register(api, listener.url, "page_updated")
        other = register(api, listener.url, "label_added")
        assert api.delete(f"/rest/api/webhooks/{hook['id']}").status_code == 204
        server.colleague().edit(HOME + 1, "<p>new</p>")
        server.colleague().label(HOME + 1, "x")
        assert [said["event"] for said in listener.until(1)] == ["label_added"]
        assert [one["id"] for one in api.get("/rest/api/webhooks").json()["results"]] == [other["id"]]

    def test_changes_by_api_are_told(self, api: httpx.Client, listener: Listener) -> None:
        register(api, listener.url, "page_created")
        sent = {"type": "page", "title": "By API", "space": {"key": "GEN"}}
        made = api.post("/rest/api/content", json=sent).json()["id"]
        assert listener.until(1)[0]["page"] == {"id": int(made)}


class TestRegistration:
    def test_it_is_shown_changed_and_tested(self, api: httpx.Client, listener: Listener) -> None:
        hook = register(api, listener.url, "page_created")
        assert api.get(f"/rest/api/webhooks/{hook['id']}").json() == hook
        changed = api.put(
            f"/rest/api/webhooks/{hook['id']}", json={"active": False, "events": ["page_moved"]}
        ).json()
        assert (changed["active"], changed["events"], changed["url"]) == (False, ["page_moved"], listener.url)
        told = api.post("/rest/api/webhooks/test", params={"url": listener.url}).json()
        assert told["result"]["outcome"] == "SUCCESS"
        assert listener.events() == [{"test": True}]
        assert listener.heard[0][0]["X-Event-Key"] == "diagnostics:ping"

    def test_only_administrators_may(self, server: SandboxServer) -> None:
        login = server.add_user("Jane Doe")
        auth = (login.username, login.token)
        assert httpx.get(f"{server.url}/rest/api/webhooks", auth=auth).status_code == 401
        assert httpx.post(f"{server.url}/rest/api/webhooks", json={}, auth=auth).status_code == 401

    @pytest.mark.parametrize(
        "url",
        [
            "http://example.com/hook",
            "http://127.0.0.1.example.com/",
            "http://user@10.0.0.1/",
            "file:///etc/passwd",
            "http:///x",
            "",
        ],
    )
    def test_other_machines_are_not_told(self, api: httpx.Client, url: str) -> None:
        sent = {"name": "x", "url": url, "events": ["page_created"]}
        assert api.post("/rest/api/webhooks", json=sent).status_code == 400
        assert api.post("/rest/api/webhooks/test", params={"url": url}).status_code == 400

    def test_other_machines_may_be_allowed_by_name(self) -> None:
        hooks = Hooks(["hooks.example.com"])
        assert hooks.add(Hook(0, "x", "https://hooks.example.com/a", ("page_created",))).id == 1
        for wrong in ("https://other.example.com/", "https://hooks.example.com.evil.example/"):
            with pytest.raises(Invalid, match="another one"):
                hooks.add(Hook(0, "x", wrong, ("page_created",)))

    def test_an_unknown_one_is_404(self, api: httpx.Client) -> None:
        assert api.get("/rest/api/webhooks/99").status_code == 404


class TestCloud:
    def test_there_is_no_route_for_them(self) -> None:
        with SandboxServer(generate=2) as server:
            answer = httpx.get(f"{server.url}/rest/api/webhooks", auth=(server.username, server.token))
        assert answer.status_code == 404

    def test_an_app_is_told_whole_objects_with_a_token(self, listener: Listener) -> None:
        with SandboxServer(generate=3) as server, httpx.Client(base_url=server.origin) as control:
            sent = {"url": listener.url, "events": ["page_updated"], "style": "connect"}
            sent["configuration"] = {"secret": "shared"}  # type: ignore[assignment]
            assert control.post("/_sandbox/webhooks", json=sent).status_code == 200
            page = server.colleague().edit(HOME + 1, "<p>new</p>")
            said = listener.until(1)[0]
            wait(lambda: bool(control.get("/_sandbox/deliveries").json()["deliveries"]))
            assert control.delete("/_sandbox/webhooks").status_code == 204
            assert control.get("/_sandbox/webhooks").json() == {"webhooks": []}
        told = said["page"]
        assert isinstance(told, dict)
        assert (told["id"], told["title"], told["version"]) == (HOME + 1, page.title, page.version.number)
        assert (told["spaceKey"], said["updateTrigger"]) == ("GEN", "edit_page")
        token = listener.heard[0][0]["Authorization"].removeprefix("JWT ")
        apps = ConnectApps()
        apps.install(ConnectApp("confsync-sandbox", "shared", "me"))
        assert apps.account(token, query_hash("POST", "/hook", [("from", "test")])) == "me"
