"""HTTP to one site: who we are, how long we wait, how many at once, what failures mean.

Knows nothing of Confluence's routes; the dialects stand on it.
"""

import itertools
import json
import logging
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, Self, TypeVar
from urllib.parse import urlsplit

import httpx

from confsync import __version__
from confsync.confluence import answers
from confsync.confluence.credentials import Credentials
from confsync.confluence.identity import Identity
from confsync.confluence.lanes import MOST
from confsync.confluence.reach import Reach, find_reach
from confsync.confluence.retry import READING, WRITING, Failed, Patience, Stage
from confsync.confluence.url import host_of, is_loopback
from confsync.errors import RemoteError, Unreachable, UsageError

S = TypeVar("S")
T = TypeVar("T")

Query = Sequence[tuple[str, str]]

CONNECTIONS: Final = MOST
_LARGEST_ANSWER = 64 * 1024 * 1024
_LARGEST_ERROR = 64 * 1024
_MOST_REDIRECTS = 5
_CARRIED = ("accept", "accept-encoding", "range")
"""Headers that a redirect takes along; who we are is not among them."""
_TRACES = ("atl-traceid", "x-arequestid", "x-trace-id", "atl-request-id")
"""Headers by which the server's people find a request in their logs."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """A JSON answer and what it cost."""

    data: object
    """The parsed JSON; None for an empty answer."""
    size: int
    """In bytes, unpacked."""
    seconds: float


class Transport:
    """One site over HTTP; safe to use from many threads. All its methods raise `RemoteError`.

    Args:
        site: scheme, host and context path, no trailing slash.
        credentials: None for anonymous.
        patience: the retry budget, shared by everything that goes through here.
        timeout: seconds without a sign of life before a request counts as lost.
        reach: how to get there; None: as this machine says.
        http: stands in for the network in tests.

    Raises:
        UsageError: the credentials would travel unencrypted.
        ConfigError: a certificate or a cookie file cannot be used.
    """

    def __init__(
        self,
        site: str,
        credentials: Credentials | None,
        *,
        patience: Patience | None = None,
        timeout: float = 60.0,
        reach: Reach | None = None,
        http: httpx.BaseTransport | None = None,
    ) -> None:
        if credentials is not None and urlsplit(site).scheme != "https" and not is_loopback(site):
            raise UsageError(
                f"Credentials for {host_of(site)} would travel unencrypted", hint="use an https:// URL"
            )
        self.site = site.rstrip("/")
        self.patience = patience or Patience()
        self._numbers = itertools.count(1)
        self.left: int | None = None
        """Requests or points that the server still allowed for when it last said so."""
        reach = reach or (Reach() if http else find_reach(host_of(site)))
        self._client = httpx.Client(
            headers={"User-Agent": f"confsync/{__version__}", "Accept": "application/json"},
            timeout=httpx.Timeout(timeout, connect=min(timeout, 15.0), pool=None),
            limits=httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS),
            follow_redirects=False,
            transport=http,
            verify=reach.context() or True,
            proxy=reach.proxy or None,
            cookies=reach.jar(),
            # Proxies of the environment stand between us and the world, never between us and ourselves.
            trust_env=not is_loopback(site),
        )
        self.who = Identity(self.site, credentials, self._client)
        self._closed = threading.Event()
        self._pool = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="confluence")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of connections and threads; what has not begun is dropped, what waits gives up."""
        self._closed.set()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._client.close()

    # --------------------------------------------------------------------------------------- JSON

    def get(self, path: str, query: Query = (), *, tries: int | None = None) -> Answer:
        """Read, at most `tries` times."""
        return self._json("GET", path, query, READING, tries=tries)

    def ask(self, path: str, data: object) -> Answer:
        """A POST that only reads, and may be repeated like a GET."""
        return self._json("POST", path, (), READING, data=data)

    def post(self, path: str, data: object, query: Query = ()) -> Answer:
        """Write; never repeated unless the server did nothing."""
        return self._json("POST", path, query, WRITING, data=data)

    def put(self, path: str, data: object = None) -> Answer:
        """Write; never repeated unless the server did nothing."""
        return self._json("PUT", path, (), WRITING, data=data)

    def delete(self, path: str, query: Query = ()) -> None:
        """Delete; never repeated unless the server did nothing."""
        self._json("DELETE", path, query, WRITING)

    def _json(
        self,
        method: str,
        path: str,
        query: Query,
        repeat: frozenset[Stage],
        *,
        data: object = None,
        tries: int | None = None,
    ) -> Answer:
        def once() -> Answer:
            start = time.monotonic()
            request = self.request(method, self.base + path, query, data=data)
            with self.sent(request) as response:
                body = _bounded(response, _LARGEST_ANSWER)
            return Answer(_parsed(response, body), len(body), time.monotonic() - start)

        return self.attempt(once, repeat, tries=tries)

    def attempt(self, once: Callable[[], T], repeat: frozenset[Stage], *, tries: int | None = None) -> T:
        """Call `once`, which may raise `Failed`, with this site's patience."""
        return self.patience.run(once, repeat, tries=tries, stop=self._closed)

    # ------------------------------------------------------------------------------- one exchange

    @property
    def base(self) -> str:
        """What paths are below: the site, or the gateway that it is reached by."""
        return self.who.base

    def request(
        self, method: str, url: str, query: Query = (), *, data: object = None, **more: object
    ) -> httpx.Request:
        """Build a request; `data` goes as JSON, `more` to httpx as it is."""
        if data is not None:
            more["json"] = data
        url = f"{url}?{httpx.QueryParams(list(query))}" if query else url
        # Confluence checks writes for forgery unless told not to; no browser is involved here.
        headers = {"X-Atlassian-Token": "no-check"} if method != "GET" else {}
        return self._client.build_request(method, url, headers=headers, **more)  # type: ignore[arg-type]

    @contextmanager
    def sent(self, request: httpx.Request, *, elsewhere: bool = False) -> Iterator[httpx.Response]:
        """Send one request and hand out its open, successful answer.

        Redirects are followed for GET only, and to another host only where `elsewhere` is set: then without
        credentials.

        Raises:
            Failed: for `Patience` to judge.
        """
        with self.patience.lanes.one():
            for _ in range(_MOST_REDIRECTS):
                response = self._answer(request)
                try:
                    if response.has_redirect_location and request.method == "GET":
                        request = self._redirected(response, elsewhere=elsewhere)
                        continue
                    if not response.is_success:
                        raise self._refused(response)
                    yield response
                except httpx.HTTPError as error:
                    raise _lost(error, request) from None
                else:
                    return
                finally:
                    response.close()
        raise Failed(RemoteError("The server redirects in circles", hint="check the URL"), Stage.FINAL)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        """The beginning of an answer. The log has a number for each request, and the server's own."""
        number, start = next(self._numbers), time.monotonic()
        what = f"#{number} {request.method} {request.url.host}{request.url.path}"
        try:
            response = self._client.send(request, stream=True, auth=self.who.auth_for(request))
        except httpx.HTTPError as error:
            _log.debug("%s -> %s", what, type(error).__name__)
            raise _lost(error, request) from None
        seconds = time.monotonic() - start
        trace = next((response.headers[name] for name in _TRACES if name in response.headers), "-")
        _log.debug("%s -> %d after %.3f s, trace %s", what, response.status_code, seconds, trace)
        self.patience.lanes.answered(seconds)
        left = answers.allowance(response.headers)
        self.left = self.left if left is None else left
        return response

    def _refused(self, response: httpx.Response) -> Failed:
        failed = _refused(response)
        if failed.stage in (Stage.REFUSED, Stage.BUSY):
            self.patience.lanes.overwhelmed()
        ended = response.status_code == HTTPStatus.UNAUTHORIZED and "scope" not in failed.error.message
        if ended and self.who.renewed_after(response.request):
            return Failed(failed.error, Stage.REFUSED, 0.0)
        return failed

    def _redirected(self, response: httpx.Response, *, elsewhere: bool) -> httpx.Request:
        target = response.url.join(response.headers["location"])
        if not self.who.is_home(target):
            downgrade = target.scheme != "https" and not is_loopback(str(target))
            if not elsewhere or downgrade:
                raise Failed(
                    RemoteError(
                        f"The server sends us to {target.host}",
                        status=response.status_code,
                        hint="a login page or a moved site: check the URL and the credentials",
                    ),
                    Stage.FINAL,
                )
        asked = response.request.headers
        kept = {name: asked[name] for name in _CARRIED if name in asked}
        return self._client.build_request("GET", target, headers=kept)

    # -------------------------------------------------------------------------------- side by side

    def beside(self, work: Callable[[], T]) -> Future[T]:
        """Start `work` and go on; it must not call `beside` or `gather` itself."""
        return self._pool.submit(work)

    def gather(self, work: Callable[[S], T], items: Iterable[S]) -> Iterator[T]:
        """Results of `work` in the order of `items`, side by side, never far ahead of whoever consumes them.

        `work` must not call `gather` itself: its threads could wait for each other.
        """
        waiting: deque[Future[T]] = deque()
        try:
            for item in items:
                waiting.append(self._pool.submit(work, item))
                if len(waiting) >= CONNECTIONS:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _bounded(response: httpx.Response, most: int) -> bytes:
    body = bytearray()
    for piece in response.iter_bytes():
        body += piece
        if len(body) > most:
            raise Failed(RemoteError(f"The answer is larger than {most} bytes", status=413), Stage.FINAL)
    return bytes(body)


def _parsed(response: httpx.Response, body: bytes) -> object:
    if not body.strip():
        return None
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        # What calls itself JSON and is not was cut on the way; anything else is a page for people.
        torn = "json" in response.headers.get("content-type", "")
        problem = RemoteError(
            f"{response.url.host} answered with something that is not JSON",
            status=response.status_code,
            hint="a login page or a proxy in between? open the URL in a browser and check it",
        )
        raise Failed(problem, Stage.UNKNOWN if torn else Stage.FINAL) from None


def _refused(response: httpx.Response) -> Failed:
    body = b""
    for piece in response.iter_bytes():
        body += piece
        if len(body) > _LARGEST_ERROR:
            break
    what = f"{response.request.method} {response.url.path}"
    headers: Mapping[str, str] = response.headers
    return answers.failed(response.status_code, headers, body, what)


def _lost(error: httpx.HTTPError, request: httpx.Request) -> Failed:
    """No answer. Only kinds of errors are told, never what they carry: requests hold credentials."""
    host = request.url.host
    causes = list(_causes(error))
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        hint = "where a private certificate authority signs it, name its file in SSL_CERT_FILE"
        return Failed(Unreachable(f"{host} cannot prove who it is (TLS)", hint=hint), Stage.FINAL)
    if any(isinstance(cause, socket.gaierror) and cause.errno == socket.EAI_NONAME for cause in causes):
        return Failed(Unreachable(f"There is no host called {host}", hint="check the URL"), Stage.FINAL)
    unreached = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)
    kind = "No connection to" if unreached else "No whole answer from"
    problem = Unreachable(f"{kind} {host} ({type(error).__name__})", hint="check the network, then try again")
    return Failed(problem, Stage.UNREACHED if unreached else Stage.UNKNOWN)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
