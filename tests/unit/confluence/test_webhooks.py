"""Hearing webhooks: only those that are signed, only as hints."""

import hashlib
import hmac
import json
import queue
import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import httpx
import pytest

from confsync.confluence import Credentials, connect
from confsync.confluence.webhooks import Hint, Webhooks
from confsync.errors import UsageError
from confsync.model.ids import PageId, SpaceKey
from confsync.sandbox import Flavour, SandboxServer

SECRET = "s3cr3t"
UPDATED = {"timestamp": 1784539860000, "event": "page_updated", "userKey": "k", "page": {"id": 131073}}

Heard = queue.Queue[Hint]


@pytest.fixture
def heard() -> Heard:
    return queue.Queue()


@pytest.fixture
def hooks(heard: Heard) -> Iterator[Webhooks]:
    with Webhooks(SECRET, heard.put, hosts=["sync.example.com"]) as listening:
        yield listening


def send(url: str, said: object, *, secret: str = SECRET, **headers: str) -> int:
    body = json.dumps(said).encode()
    signed = {"X-Hub-Signature": f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"}
    return httpx.post(url, content=body, headers=signed | headers, trust_env=False).status_code


def test_a_signed_webhook_is_a_hint(hooks: Webhooks, heard: Heard) -> None:
    assert send(hooks.url, UPDATED) == 204
    assert heard.get(timeout=5) == Hint("page_updated", PageId("131073"))


@pytest.mark.parametrize(
    ("said", "page"),
    [
        ({"event": "label_added", "label": {"id": 1, "name": "x"}, "labeled": {"id": 131073}}, "131073"),
        ({"event": "blogpost_created", "blogpost": {"id": "7"}}, "7"),
        ({"event": "comment_created", "comment": {"id": 262145}}, None),
        ({"event": "page_updated", "page": {"id": "../../x"}}, None),
        ({"event": "page_updated", "page": 7}, None),
    ],
)
def test_hints_name_a_page_where_the_webhook_does(
    hooks: Webhooks, heard: Heard, said: object, page: str | None
) -> None:
    assert send(hooks.url, said) == 204
    assert heard.get(timeout=5).page == page


@pytest.mark.parametrize("said", [{"test": True}, [], {"event": 7}, {"event": "a\nb"}, "x"])
def test_what_is_no_event_is_taken_and_forgotten(hooks: Webhooks, heard: Heard, said: object) -> None:
    assert send(hooks.url, said) == 204
    assert send(hooks.url, UPDATED) == 204
    assert heard.get(timeout=5).event == "page_updated"


def test_a_wrong_signature_is_refused(hooks: Webhooks, heard: Heard) -> None:
    assert send(hooks.url, UPDATED, secret="guess") == 401
    assert send(hooks.url, UPDATED, **{"X-Hub-Signature": "sha1=00"}) == 401
    assert httpx.post(hooks.url, json=UPDATED, trust_env=False).status_code == 401
    assert heard.empty()


def test_other_names_of_this_machine_are_not_answered_to(hooks: Webhooks, heard: Heard) -> None:
    assert send(hooks.url, UPDATED, Host="evil.example") == 421
    assert send(hooks.url, UPDATED, Host="sync.example.com:443") == 204
    assert heard.get(timeout=5).page == "131073"


def test_other_paths_and_methods_have_nothing(hooks: Webhooks) -> None:
    assert send(f"{hooks.url}/more", UPDATED) == 404
    assert httpx.get(hooks.url, trust_env=False).status_code == 501


def test_what_is_too_large_is_not_read(hooks: Webhooks) -> None:
    port = int(httpx.URL(hooks.url).port or 0)
    for length, status in (("9999999", b"413"), ("-1", b"411"), ("", b"411"), ("9" * 5000, b"413")):
        with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
            line.sendall(
                f"POST /confsync HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n".encode()
            )
            assert line.recv(100).split()[1] == status


def test_without_a_secret_nothing_listens(heard: Heard) -> None:
    with pytest.raises(UsageError, match="secret"):
        Webhooks("", heard.put)


def test_an_address_that_is_taken_is_said(hooks: Webhooks, heard: Heard) -> None:
    port = int(httpx.URL(hooks.url).port or 0)
    with pytest.raises(UsageError, match="cannot be listened on"):
        Webhooks(SECRET, heard.put, port=port)


def test_a_data_center_is_heard(hooks: Webhooks, heard: Heard) -> None:
    with SandboxServer(generate=1, flavour=Flavour.DATA_CENTER) as server:
        wanted = {
            "name": "confsync",
            "url": hooks.url,
            "events": ["page_updated"],
            "configuration": {"secret": SECRET},
            "active": True,
        }
        auth = (server.username, server.token)
        made = httpx.post(f"{server.url}/rest/api/webhooks", json=wanted, auth=auth, trust_env=False)
        assert made.status_code == 201, made.text
        with closing(connect(server.url, SpaceKey("GEN"), Credentials(*auth))) as remote:
            page = next(iter(remote.listing().rows))
            now = remote.read(page).row
            remote.update(
                replace(now, version=replace(now.version, number=now.version.number + 1)), "", message=""
            )
        assert heard.get(timeout=10) == Hint("page_updated", page)
