"""Telling: in the background, in order for each hook, tried again when it fails."""

import hashlib
import hmac
import itertools
import json
import ssl
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections import deque
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qsl, urlsplit

from confsync.sandbox.identity.connect import query_hash, signed_token
from confsync.sandbox.store import Store
from confsync.sandbox.webhooks import payloads
from confsync.sandbox.webhooks.happenings import Event, Happenings
from confsync.sandbox.webhooks.hook import Delivery, Hook, Hooks, Style

_LOOK_SECONDS = 0.05
_TIMEOUT_SECONDS = 20
_ATTEMPTS = 3
_KEPT = 1000
_TOKEN_SECONDS = 180
_AGENT = "Atlassian HttpClient 4.0.0 / Confluence-9.2.1 (9111) / Default"
TEST_EVENT = "diagnostics:ping"


class Deliveries:
    """Watches the site while there are hooks, and tells them."""

    def __init__(self, store: Store, hooks: Hooks) -> None:
        self._store = store
        self._hooks = hooks
        self.base = ""
        """The site's own address, for what is told of Cloud's pages."""
        self.pause_seconds = 1.0
        """How long to wait before telling it again, doubled each time."""
        self._happenings = Happenings(store.database)
        self._tellers: dict[int, ThreadPoolExecutor] = {}
        self._told: deque[Delivery] = deque(maxlen=_KEPT)
        self._numbers = itertools.count(1)
        self._stopped = threading.Event()
        self._watcher: threading.Thread | None = None

    def begin(self) -> None:
        """Watch from now on."""
        if self._watcher is None:
            self._happenings.watch()
            self._watcher = threading.Thread(target=self._watch, name="webhooks", daemon=True)
            self._watcher.start()

    def close(self) -> None:
        """Stop, and return when nothing is being told any more."""
        self._stopped.set()
        if self._watcher is not None:
            self._watcher.join()
        for teller in self._tellers.values():
            teller.shutdown(cancel_futures=True)

    def told(self) -> list[Delivery]:
        """What was told lately, oldest first."""
        return list(self._told)

    def ping(self, url: str, secret: str = "") -> Delivery:
        """Tell an address that this is a test, and wait for the answer."""
        self._hooks.check_address(url)
        hook = Hook(0, "test", url, (), secret)
        return self._tell(hook, TEST_EVENT, json.dumps({"test": True}), self._request_id(), 1)

    def _watch(self) -> None:
        while not self._stopped.wait(_LOOK_SECONDS):
            for event in self._happenings.take():
                for hook in self._hooks.wanting(event.name):
                    teller = self._tellers.setdefault(hook.id, ThreadPoolExecutor(max_workers=1))
                    teller.submit(self._try, hook, event.name, self._body(hook, event))

    def _body(self, hook: Hook, event: Event) -> str:
        told = (
            payloads.connect(self._store, event, self.base)
            if hook.style is Style.CONNECT
            else payloads.data_center(self._store, event)
        )
        return json.dumps(told, ensure_ascii=False)

    def _try(self, hook: Hook, event: str, body: str) -> None:
        request_id = self._request_id()
        for attempt in range(1, _ATTEMPTS + 1):
            told = self._tell(hook, event, body, request_id, attempt)
            self._told.append(told)
            if told.ok or self._stopped.wait(self.pause_seconds * 2 ** (attempt - 1)):
                return

    def _request_id(self) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self.base}/{next(self._numbers)}"))

    def _tell(self, hook: Hook, event: str, body: str, request_id: str, attempt: int) -> Delivery:
        raw = body.encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": _AGENT,
            "X-Event-Key": event,
            "X-Request-Id": request_id,
            **_proof(hook, raw),
        }
        request = urllib.request.Request(hook.url, raw, headers, method="POST")  # noqa: S310 - checked when registered
        status = _sent(request)
        return Delivery(hook.id, event, request_id, attempt, status, int(time.time() * 1000), body)


def _proof(hook: Hook, body: bytes) -> Mapping[str, str]:
    """The header that shows who is telling."""
    if not hook.secret:
        return {}
    if hook.style is Style.CONNECT:
        parts, now = urlsplit(hook.url), int(time.time())
        bound = query_hash("POST", parts.path, parse_qsl(parts.query))
        claims = {"iss": "confsync-sandbox", "iat": now, "exp": now + _TOKEN_SECONDS, "qsh": bound}
        return {"Authorization": f"JWT {signed_token(claims, hook.secret)}"}
    return {"X-Hub-Signature": f"sha256={hmac.new(hook.secret.encode(), body, hashlib.sha256).hexdigest()}"}


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """An address that sends us elsewhere has not taken what it was told."""

    def redirect_request(self, *_: object) -> None:
        """Follow nothing."""


def _sent(request: urllib.request.Request) -> int:
    """The status of the answer; 0: there was none."""
    local = ssl.create_default_context()
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=local), _NoRedirects
    )
    try:
        with opener.open(request, timeout=_TIMEOUT_SECONDS) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    except OSError:
        return 0
