"""A server made of a function, for tests that look at single requests and answers."""

import json
from collections.abc import Callable

import httpx

from confsync.confluence.cloud import CloudRemote
from confsync.confluence.credentials import Credentials
from confsync.confluence.retry import Patience
from confsync.confluence.transport import Transport
from confsync.model.ids import SpaceId, SpaceKey

SITE = "https://example.atlassian.net/wiki"
TOKEN = "s3cret-token"
WRITER = Credentials("writer@example.com", TOKEN, "test")

Reply = Callable[[httpx.Request], httpx.Response]


class Time:
    """A clock that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.sleeps: list[float] = []

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.seconds += seconds


class Server:
    """Answers with what `reply` says and remembers what it was asked."""

    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self.requests: list[httpx.Request] = []
        self.time = Time()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        return self._reply(request)

    @property
    def asked(self) -> list[str]:
        """Method and path of each request, below the site."""
        return [f"{r.method} {r.url.path.removeprefix('/wiki')}" for r in self.requests]

    def transport(self, credentials: Credentials | None = WRITER, *, budget: float = 300.0) -> Transport:
        patience = Patience(budget, sleep=self.time.sleep, now=self.time.now)
        return Transport(SITE, credentials, patience=patience, http=httpx.MockTransport(self))

    def remote(self) -> CloudRemote:
        return CloudRemote(self.transport(), SpaceKey("ENG"), space_id=SpaceId("98304"))


def ok(data: object) -> httpx.Response:
    return httpx.Response(200, json=data)


def listed(*rows: object, after: str = "") -> httpx.Response:
    links = {"base": SITE, **({"next": after} if after else {})}
    return ok({"results": list(rows), "_links": links})


def refusal(status: int, title: str) -> httpx.Response:
    """An error as v2 words it."""
    return httpx.Response(
        status, json={"errors": [{"status": status, "code": "X", "title": title, "detail": None}]}
    )


def page_json(
    page: str, title: str = "Title", body: str | None = None, *, version: int = 1, **more: object
) -> dict[str, object]:
    """A page as v2 answers it."""
    stored = {} if body is None else {"storage": {"representation": "storage", "value": body}}
    return {
        "id": page,
        "status": "current",
        "title": title,
        "spaceId": "98304",
        "parentId": "98309",
        "parentType": "page",
        "position": 100,
        "authorId": "557058:me",
        "createdAt": "2026-07-01T08:00:00.000Z",
        "version": {
            "number": version,
            "message": "",
            "minorEdit": False,
            "authorId": "557058:me",
            "createdAt": "2026-07-02T08:00:00.000Z",
        },
        "body": stored,
        **more,
    }


def body_of(request: httpx.Request) -> dict[str, object]:
    data = json.loads(request.content)
    assert isinstance(data, dict)
    return data
