"""Errors, redirects, secrets, sizes: everything between a request and its meaning."""

import base64
import logging
import socket
import ssl
import threading
import time
import traceback

import httpx
import pytest

from confsync import __version__
from confsync.confluence import transport as module
from confsync.confluence.credentials import Credentials
from confsync.confluence.transport import Transport
from confsync.errors import (
    AuthenticationFailed,
    Forbidden,
    NotFound,
    RateLimited,
    Rejected,
    RemoteError,
    TitleTaken,
    Unreachable,
    VersionConflict,
)
from tests.unit.confluence.wire import SITE, TOKEN, WRITER, Server, ok, refusal

# ------------------------------------------------------------------------------------------------- meaning

V1_TITLE = (
    "com.atlassian.confluence.api.service.exceptions.BadRequestException: A page with this title already "
    "exists: A page already exists with the same TITLE in this space"
)


@pytest.mark.parametrize(
    ("answer", "kind", "says"),
    [
        (httpx.Response(401, text="<html>"), AuthenticationFailed, "credentials"),
        (
            httpx.Response(
                403, json={"statusCode": 403, "message": "Current user not permitted to use Confluence"}
            ),
            AuthenticationFailed,
            "credentials",
        ),
        (refusal(403, "No permission to edit"), Forbidden, "No permission to edit"),
        (refusal(404, "Cannot find a page with id [999]"), NotFound, "Cannot find a page"),
        (refusal(409, "Version must be incremented"), VersionConflict, "incremented"),
        (refusal(400, "A page with this title already exists"), TitleTaken, "already exists"),
        (httpx.Response(400, json={"statusCode": 400, "message": V1_TITLE}), TitleTaken, "says: A page with"),
        (refusal(400, "Error parsing xhtml: Unexpected close tag"), Rejected, "parsing xhtml"),
        (httpx.Response(413, text="Request too large"), Rejected, "too large"),
        (httpx.Response(429, headers={"Retry-After": "9999"}), RateLimited, "fewer requests"),
        (httpx.Response(500, text="<html><title>Oops &c</title></html>"), RemoteError, "Oops"),
        (httpx.Response(418), RemoteError, "418"),
    ],
)
def test_every_refusal_has_its_error_and_the_servers_words(
    answer: httpx.Response, kind: type[RemoteError], says: str
) -> None:
    with Server(lambda _: answer).transport() as transport, pytest.raises(RemoteError) as caught:
        transport.put("/api/v2/pages/1", {})
    assert type(caught.value) is kind
    assert says in str(caught.value)
    assert caught.value.status == answer.status_code


def test_who_is_not_known_is_told_how_to_log_in() -> None:
    answers = [httpx.Response(401), refusal(404, "Not Found")]
    server = Server(lambda _: answers.pop())
    for _ in range(2):
        with server.transport() as transport, pytest.raises(RemoteError) as caught:
            transport.get("/api/v2/spaces")
        assert "confsync auth login" in caught.value.hint


def test_java_names_are_no_part_of_a_message() -> None:
    server = Server(lambda _: httpx.Response(400, json={"message": V1_TITLE}))
    with server.transport() as transport, pytest.raises(TitleTaken) as caught:
        transport.get("/x")
    assert "atlassian" not in str(caught.value)


def test_a_login_page_is_no_answer() -> None:
    page = httpx.Response(200, text="<html>Log in</html>", headers={"Content-Type": "text/html"})
    with (
        Server(lambda _: page).transport() as transport,
        pytest.raises(RemoteError, match="not JSON") as caught,
    ):
        transport.get("/x")
    assert "login page" in caught.value.hint


def test_torn_json_is_asked_for_again_and_never_written_again() -> None:
    torn = httpx.Response(200, content=b'{"results": [', headers={"Content-Type": "application/json"})
    answers = [torn, ok({"results": []}), torn]
    server = Server(lambda _: answers.pop(0))
    with server.transport() as transport:
        assert transport.get("/x").data == {"results": []}
        with pytest.raises(RemoteError, match="not JSON"):
            transport.put("/x", {})
    assert len(server.requests) == 3


def test_an_empty_answer_is_none() -> None:
    with Server(lambda _: httpx.Response(204)).transport() as transport:
        transport.delete("/x")
        assert transport.get("/x").data is None


def test_answers_without_end_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LARGEST_ANSWER", 1000)
    server = Server(lambda _: httpx.Response(200, content=b"[" * 2000))
    with server.transport() as transport, pytest.raises(RemoteError, match="larger than 1000 bytes"):
        transport.get("/x")


def unreachable(cause: Exception) -> Server:
    def reply(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no", request=request) from cause

    return Server(reply)


def test_a_host_that_does_not_exist_is_not_asked_twice() -> None:
    server = unreachable(socket.gaierror(socket.EAI_NONAME, "Name or service not known"))
    with server.transport() as transport, pytest.raises(Unreachable, match="no host called example"):
        transport.get("/x")
    assert len(server.requests) == 1


def test_a_bad_certificate_is_named_for_what_it_is() -> None:
    server = unreachable(ssl.SSLCertVerificationError("self-signed"))
    with server.transport() as transport, pytest.raises(Unreachable, match="TLS") as caught:
        transport.get("/x")
    assert "SSL_CERT_FILE" in caught.value.hint
    assert len(server.requests) == 1


# ------------------------------------------------------------------------------------------------- secrets


def test_a_username_makes_basic_and_none_makes_bearer() -> None:
    server = Server(lambda _: ok({}))
    for who in (WRITER, Credentials("", TOKEN), None):
        with server.transport(who) as transport:
            transport.get("/x")
    basic = base64.b64encode(f"writer@example.com:{TOKEN}".encode()).decode()
    sent = [request.headers.get("Authorization") for request in server.requests]
    assert sent == [f"Basic {basic}", f"Bearer {TOKEN}", None]


def test_we_say_who_we_are_and_that_no_browser_is_involved() -> None:
    server = Server(lambda _: ok({}))
    with server.transport() as transport:
        transport.get("/x")
        transport.post("/x", {})
    assert server.requests[0].headers["User-Agent"] == f"confsync/{__version__}"
    assert "X-Atlassian-Token" not in server.requests[0].headers
    assert server.requests[1].headers["X-Atlassian-Token"] == "no-check"


def test_proxies_stand_before_the_world_and_not_before_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://proxy.example.com:3128")
    with Transport(SITE, WRITER) as far, Transport("http://127.0.0.1:8090/wiki", WRITER) as near:
        assert any(far._client._mounts.values())
        assert not any(near._client._mounts.values())


@pytest.mark.parametrize("answer", [httpx.Response(401), httpx.Response(500), None])
def test_neither_errors_nor_logs_carry_the_token(
    answer: httpx.Response | None, caplog: pytest.LogCaptureFixture
) -> None:
    def reply(request: httpx.Request) -> httpx.Response:
        if answer is None:
            raise httpx.ReadTimeout("late", request=request)
        return answer

    secrets = (TOKEN, base64.b64encode(f"writer@example.com:{TOKEN}".encode()).decode())
    caplog.set_level(logging.DEBUG, "confsync")
    with Server(reply).transport() as transport, pytest.raises(RemoteError) as caught:
        transport.put("/x", {})
    shown = "".join(traceback.format_exception(caught.value)) + caplog.text + repr(caught.value.__dict__)
    assert not [secret for secret in secrets if secret in shown]


# ----------------------------------------------------------------------------------------------- redirects


def test_redirects_on_the_same_host_are_followed_with_credentials() -> None:
    def reply(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/old"):
            return httpx.Response(302, headers={"Location": "/wiki/new"})
        return ok({"path": request.url.path})

    server = Server(reply)
    with server.transport() as transport:
        assert transport.get("/old").data == {"path": "/wiki/new"}
    assert "Authorization" in server.requests[1].headers


@pytest.mark.parametrize(
    "target", ["https://login.example.com/", "http://example.atlassian.net/wiki/x", "//evil.example.com/x"]
)
def test_an_api_that_sends_us_elsewhere_is_not_followed(target: str) -> None:
    server = Server(lambda _: httpx.Response(302, headers={"Location": target}))
    with server.transport() as transport, pytest.raises(RemoteError, match="sends us to"):
        transport.get("/x")
    assert len(server.requests) == 1


@pytest.mark.parametrize("method", ["post", "put"])
def test_writes_are_never_redirected(method: str) -> None:
    server = Server(lambda _: httpx.Response(307, headers={"Location": "/wiki/new"}))
    with server.transport() as transport, pytest.raises(RemoteError):
        getattr(transport, method)("/x", {})
    assert len(server.requests) == 1


def test_circles_end() -> None:
    server = Server(lambda request: httpx.Response(302, headers={"Location": str(request.url)}))
    with server.transport() as transport, pytest.raises(RemoteError, match="circles"):
        transport.get("/x")


# -------------------------------------------------------------------------------------------- side by side


def test_results_come_in_order_and_never_more_than_eight_at_once() -> None:
    running, most, lock = 0, 0, threading.Lock()

    def work(n: int) -> int:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.002)
        with lock:
            running -= 1
        return n

    with Server(lambda _: ok({})).transport() as transport:
        assert list(transport.gather(work, range(40))) == list(range(40))
    assert 1 < most <= 8


def test_work_is_not_begun_far_ahead_of_whoever_takes_it() -> None:
    begun: list[int] = []
    with Server(lambda _: ok({})).transport() as transport:
        results = transport.gather(begun.append, range(1000))
        next(results)
        time.sleep(0.05)
        assert len(begun) <= 9


def test_one_failure_stops_the_rest() -> None:
    def work(n: int) -> int:
        if n == 3:
            raise RemoteError("no")
        return n

    with Server(lambda _: ok({})).transport() as transport, pytest.raises(RemoteError, match="no"):
        list(transport.gather(work, range(1000)))


def test_the_site_is_what_requests_are_below() -> None:
    server = Server(lambda _: ok({}))
    with server.transport() as transport:
        transport.get("/api/v2/pages", [("id", "1"), ("id", "2"), ("title", "a & b")])
    assert str(server.requests[0].url) == f"{SITE}/api/v2/pages?id=1&id=2&title=a+%26+b"
