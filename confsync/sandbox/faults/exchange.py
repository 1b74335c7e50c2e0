"""A request and its answer, as a fault sees them."""

import hashlib
import json
import re
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import MutableHeaders
from starlette.types import Scope

from confsync.sandbox.store import Store

_ID = re.compile(r"/(?:att)?(\d{1,18})(?=/|$)")
_NO_LISTS = ("operations", "count", "current", "download", "tenant_info", "status", "history")
_CURSORS = ("/rest/api/search", "/rest/api/content/search")


class Cut(Exception):
    """The connection ends here, without an answer or in the middle of one."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request on its way in."""

    scope: Scope
    """A fault may change it before it is served."""
    store: Store
    data_center: bool
    notes: dict[str, str] = field(default_factory=dict)
    """What an effect has to remember from the request to its answer."""

    @property
    def method(self) -> str:
        """The HTTP method."""
        return str(self.scope["method"])

    @property
    def path(self) -> str:
        """The path below the context."""
        return str(self.scope["path"])

    @property
    def asked(self) -> str:
        """Path and query as the client sent them."""
        query = self.scope["query_string"].decode("latin-1")
        asked = str(self.scope["state"]["asked"])
        return f"{asked}?{query}" if query else asked

    @property
    def v2(self) -> bool:
        """Whether it is one of REST v2."""
        return self.path.startswith("/api/v2/")

    @property
    def searches(self) -> bool:
        """Whether an index answers it."""
        return self.path.startswith(_CURSORS)

    @property
    def collection(self) -> bool:
        """Whether it asks for a list of something."""
        last = self.path.rpartition("/")[2]
        return self.method == "GET" and not (last.removeprefix("att").isdigit() or last in _NO_LISTS)

    @property
    def lists(self) -> bool:
        """Whether it asks for a list that goes on by cursor."""
        return self.collection and (self.v2 or (self.searches and not self.data_center))

    @property
    def ids(self) -> list[int]:
        """The ids of content in the path."""
        return [int(found) for found in _ID.findall(self.path)]

    @property
    def query(self) -> list[tuple[str, str]]:
        """The query's parameters."""
        return parse_qsl(self.scope["query_string"].decode("latin-1"), keep_blank_values=True)

    def ask(self, query: list[tuple[str, str]]) -> None:
        """Let the route see another query."""
        self.scope["query_string"] = urlencode(query).encode()


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    cut: bool = False
    """Whether the connection breaks behind what there is of the body."""
    pause_ms: float = 0
    """How long to wait between pieces of it; 0: it is sent at once."""

    def json(self) -> object:
        """The body as JSON; None where it is none."""
        try:
            value: object = json.loads(self.body)
        except ValueError:
            return None
        return value

    def saying(self, value: object) -> "Answer":
        """The same with another JSON body."""
        return replace(self, body=json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())

    def with_header(self, name: str, value: str) -> "Answer":
        """The same with a header set."""
        headers = MutableHeaders(raw=list(self.headers))
        headers[name] = value
        return replace(self, headers=tuple(headers.raw))


def drawn(*parts: object) -> float:
    """A number from 0 to 1 that depends on the parts alone."""
    digest = hashlib.sha256("\x00".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64
