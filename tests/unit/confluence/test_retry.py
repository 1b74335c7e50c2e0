"""What is repeated, what never is, and how long we wait."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from confsync.confluence.answers import retry_after
from confsync.confluence.transport import Transport
from confsync.errors import RateLimited, RemoteError, Unreachable
from tests.unit.confluence.wire import SITE, WRITER, Server, ok

Do = Callable[[Transport], object]

READS: list[Do] = [lambda t: t.get("/x"), lambda t: t.ask("/x", {})]
WRITES: list[Do] = [lambda t: t.post("/x", {}), lambda t: t.put("/x", {}), lambda t: t.delete("/x")]


def flaky(times: int, failure: Callable[[httpx.Request], httpx.Response]) -> Server:
    """A server that fails some times and then answers."""
    left = [times]

    def reply(request: httpx.Request) -> httpx.Response:
        left[0] -= 1
        return failure(request) if left[0] >= 0 else ok({"done": True})

    return Server(reply)


def status(code: int, headers: dict[str, str] | None = None) -> Callable[[httpx.Request], httpx.Response]:
    return lambda _: httpx.Response(code, headers=headers)


def cut(kind: type[httpx.TransportError]) -> Callable[[httpx.Request], httpx.Response]:
    def fail(request: httpx.Request) -> httpx.Response:
        raise kind("cut", request=request)

    return fail


@pytest.mark.parametrize("do", READS)
@pytest.mark.parametrize(
    "failure",
    [
        status(429),
        status(502),
        status(503),
        status(504),
        status(404, {"X-Cache": "Error from cloudfront"}),
        cut(httpx.ConnectError),
        cut(httpx.ConnectTimeout),
        cut(httpx.ReadTimeout),
        cut(httpx.ReadError),
        cut(httpx.RemoteProtocolError),
    ],
)
def test_reading_is_repeated_after_anything_passing(do: Do, failure: Callable[..., httpx.Response]) -> None:
    server = flaky(2, failure)
    with server.transport() as transport:
        do(transport)
    assert len(server.requests) == 3
    assert len(server.time.sleeps) == 2


@pytest.mark.parametrize("do", WRITES)
@pytest.mark.parametrize("failure", [status(429), cut(httpx.ConnectError), cut(httpx.ConnectTimeout)])
def test_writing_is_repeated_where_nothing_was_done(do: Do, failure: Callable[..., httpx.Response]) -> None:
    server = flaky(2, failure)
    with server.transport() as transport:
        do(transport)
    assert len(server.requests) == 3


@pytest.mark.parametrize("do", WRITES)
@pytest.mark.parametrize(
    "failure",
    [
        status(500),
        status(502),
        status(503, {"Retry-After": "1"}),
        cut(httpx.ReadTimeout),
        cut(httpx.ReadError),
        cut(httpx.WriteError),
        cut(httpx.RemoteProtocolError),
    ],
)
def test_writing_is_never_repeated_where_it_may_have_happened(
    do: Do, failure: Callable[..., httpx.Response]
) -> None:
    server = flaky(1, failure)
    with server.transport() as transport, pytest.raises(RemoteError):
        do(transport)
    assert len(server.requests) == 1
    assert server.time.sleeps == []


@pytest.mark.parametrize("code", [400, 401, 403, 404, 409, 413, 500])
def test_an_answer_is_an_answer(code: int) -> None:
    server = flaky(1, status(code))
    with server.transport() as transport, pytest.raises(RemoteError):
        transport.get("/x")
    assert len(server.requests) == 1


def test_retry_after_is_honoured_and_spread_a_little() -> None:
    server = flaky(1, status(429, {"Retry-After": "17"}))
    with server.transport() as transport:
        transport.get("/x")
    assert 17 < server.time.sleeps[0] < 18


def test_waits_grow() -> None:
    server = flaky(4, status(503))
    with server.transport() as transport:
        transport.get("/x")
    assert all(0.25 * 2**n <= wait <= 0.5 * 2**n for n, wait in enumerate(server.time.sleeps))


def test_a_server_that_stays_busy_is_given_up_with_its_own_error() -> None:
    server = flaky(99, status(503))
    with server.transport() as transport, pytest.raises(RemoteError) as caught:
        transport.get("/x")
    assert caught.value.status == 503
    assert len(server.requests) == 5


def test_a_host_that_is_not_there_is_given_up_soon() -> None:
    server = flaky(99, cut(httpx.ConnectError))
    with server.transport() as transport, pytest.raises(Unreachable, match="No connection"):
        transport.get("/x")
    assert len(server.requests) == 3
    assert sum(server.time.sleeps) < 2


def test_nobody_waits_longer_than_the_runs_budget() -> None:
    server = flaky(99, status(429, {"Retry-After": "3600"}))
    with server.transport() as transport, pytest.raises(RateLimited) as caught:
        transport.get("/x")
    assert server.time.sleeps == []
    assert "3600 s" in caught.value.hint


def test_the_budget_is_shared_by_all_requests_of_a_run() -> None:
    server = flaky(99, status(429, {"Retry-After": "20"}))
    with server.transport(budget=50) as transport:
        for _ in range(3):
            with pytest.raises(RateLimited):
                transport.get("/x")
    assert len(server.time.sleeps) == 2


def test_when_one_is_told_to_slow_down_all_do() -> None:
    told = threading.Event()

    def reply(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/first") and not told.is_set():
            told.set()
            return httpx.Response(429, headers={"Retry-After": "10"})
        return ok({})

    server = Server(reply)
    began: list[float] = []
    with server.transport() as transport:
        real_sleep = server.time.sleep

        def sleep(seconds: float) -> None:
            if not began:
                began.append(seconds)
                # While the first waits, the second comes: it has to wait as well.
                transport.get("/second")
            real_sleep(seconds)

        server.time.sleep = sleep  # type: ignore[method-assign]
        transport.patience._sleep = sleep
        transport.get("/first")
    assert [path.rpartition("/")[2] for path in server.asked] == ["first", "second", "first"]
    # The second waited the first one's pause, then the first its own.
    assert len(server.time.sleeps) == 2
    assert server.time.sleeps[0] > 9


@pytest.mark.parametrize(("value", "seconds"), [("17", 17), ("0.5", 0.5), ("", None), ("soon", None)])
def test_retry_after_in_seconds(value: str, seconds: float | None) -> None:
    assert retry_after(value) == seconds


def test_retry_after_as_a_date() -> None:
    soon = retry_after(format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True))
    assert soon is not None
    assert 55 < soon <= 60
    assert retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0


def test_closing_ends_every_wait() -> None:
    server = flaky(99, status(429, {"Retry-After": "60"}))
    transport = Transport(SITE, WRITER, http=httpx.MockTransport(server))
    begun = time.monotonic()
    threading.Timer(0.1, transport.close).start()
    with pytest.raises(RemoteError):
        transport.get("/x")
    assert time.monotonic() - begun < 5
    assert len(server.requests) == 1
