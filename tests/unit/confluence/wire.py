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
        return [_named(request) for request in self.requests]

    def transport(self, credentials: Credentials | None = WRITER, *, budget: float = 300.0) -> Transport:
        patience = Patience(budget, sleep=self.time.sleep, now=self.time.now)
        return Transport(SITE, credentials, patience=patience, http=httpx.MockTransport(self))

    def remote(self) -> CloudRemote:
        return CloudRemote(self.transport(), SpaceKey("ENG"), space_id=SpaceId("98304"))


def _named(request: httpx.Request) -> str:
    return f"{request.method} {request.url.path.removeprefix('/wiki')}"


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


class Routes(Server):
    """A server that knows some routes: the rest is 404. Keys are `METHOD /path` below the site.

    A value is an answer, a list of answers to give one after the other (the last for good), or a function.
    """

    def __init__(self) -> None:
        super().__init__(self._route)
        self.routes: dict[str, Route] = {}

    def on(self, route: str, *answers: object) -> None:
        """Answer a route: with JSON, with a whole response, or with what a function makes of the request."""
        self.routes[route] = Route(list(answers))

    def _route(self, request: httpx.Request) -> httpx.Response:
        route = self.routes.get(_named(request))
        return refusal(404, f"No {_named(request)}") if route is None else route.reply(request)

    def count(self, start: str) -> int:
        return sum(one.startswith(start) for one in self.asked)


class Route:
    def __init__(self, answers: list[object]) -> None:
        self._answers = answers

    def reply(self, request: httpx.Request) -> httpx.Response:
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if callable(answer):
            made = answer(request)
            return made if isinstance(made, httpx.Response) else ok(made)
        if not isinstance(answer, httpx.Response):
            return ok(answer)
        # A response can be read once only.
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


def rows(*items: object) -> dict[str, object]:
    return {"results": list(items), "_links": {"base": SITE}}
