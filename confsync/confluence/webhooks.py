"""Hearing a Data Center's webhooks: somebody saved something, so that it is worth looking now.

A webhook is a hint and never the truth: it may be late, doubled or lost, and whoever knows the secret could
send one. So nothing of it is believed but that there may be news, and which page it may be about.

Only Data Center sends them to whom an administrator named (`POST /rest/api/webhooks`). Cloud has no public
way to register one outside of Forge and Connect apps: there, looking every now and then is all there is.
"""

import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Final, Self

from confsync.errors import UsageError
from confsync.model.ids import PageId

PATH: Final = "/confsync"
_LONGEST = 256 * 1024
"""Bytes of a payload; those of Data Center hold ids only."""
_PATIENCE = 5.0
"""Seconds for a sender to say what it has to say: senders wait for one another."""
_SUBJECTS = ("page", "blogpost", "labeled", "blog")


@dataclass(frozen=True, slots=True)
class Hint:
    """What a webhook is about."""

    event: str
    """`page_updated`, `label_added`, …"""
    page: PageId | None
    """None where it names no page: an attachment or a comment by its own id, a space."""


class Webhooks:
    """Listens as long as it is entered, in a thread of its own.

    Args:
        secret: the one that the webhook was registered with.
        heard: takes each hint; called from the listening thread.
        address: where to listen; loopback, unless somebody says otherwise.
        port: 0 for any free one.
        hosts: names by which we may be called (`sync.example.com`), besides the address itself.

    Raises:
        UsageError: there is no secret, or the address cannot be listened on.
    """

    def __init__(
        self,
        secret: str,
        heard: Callable[[Hint], None],
        *,
        address: str = "127.0.0.1",
        port: int = 0,
        hosts: Collection[str] = (),
    ) -> None:
        if not secret:
            raise UsageError(
                "Webhooks need a secret: without, anybody could send them",
                hint="choose one, and name it when you register the webhook in Confluence",
            )
        try:
            self._server = _Server((address, port), _Handler)
        except OSError as error:
            raise UsageError(
                f"{address}:{port} cannot be listened on: {error.strerror}",
                hint="choose another address or port",
            ) from None
        self._server.secret = secret.encode()
        self._server.heard = heard
        self._server.names = frozenset({address.lower(), "localhost", *(name.lower() for name in hosts)})
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, name="webhooks", daemon=True
        )

    @property
    def url(self) -> str:
        """Where it listens."""
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}{PATH}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(HTTPServer):
    secret: bytes
    heard: Callable[[Hint], None]
    names: frozenset[str]


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = _PATIENCE

    def do_POST(self) -> None:
        """One delivery."""
        body = self._body()
        if isinstance(body, HTTPStatus):
            self._say(body)
        elif not self._is_signed(body):
            self._say(HTTPStatus.UNAUTHORIZED)
        else:
            self._say(HTTPStatus.NO_CONTENT)
            hint = _hint(body)
            if hint is not None:
                self.server.heard(hint)

    def _body(self) -> bytes | HTTPStatus:
        name = self.headers.get("Host", "").rpartition("]")[2].partition(":")[0].lower()
        if name not in self.server.names:
            return HTTPStatus.MISDIRECTED_REQUEST
        if self.path.partition("?")[0] != PATH:
            return HTTPStatus.NOT_FOUND
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()):
            return HTTPStatus.LENGTH_REQUIRED
        if len(length) > len(str(_LONGEST)) or int(length) > _LONGEST:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        return self.rfile.read(int(length))

    def _is_signed(self, body: bytes) -> bool:
        """Whether who sent this knows the secret; compared in constant time."""
        expected = f"sha256={hmac.new(self.server.secret, body, hashlib.sha256).hexdigest()}"
        given = self.headers.get("X-Hub-Signature", "")
        return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())

    def _say(self, status: HTTPStatus) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Nothing: what strangers send is not for our log."""


def _hint(body: bytes) -> Hint | None:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return None
    event = said.get("event") if isinstance(said, dict) else None
    if not isinstance(event, str) or not event.replace("_", "").isalnum():
        return None  # the test that Confluence sends when asked to
    found = [said[name].get("id") for name in _SUBJECTS if isinstance(said.get(name), dict)]
    ids = [str(one) for one in found if isinstance(one, int | str) and str(one).isdigit()]
    return Hint(event, PageId(ids[0]) if ids else None)
