"""Holds every answer of every sandbox in a test run to the descriptions, whoever asked."""

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from confsync.sandbox import Flavour
from confsync.sandbox.routes import all_routes
from tests.described.descriptions import operations, plain


@dataclass(slots=True)
class Judge:
    """What has been found wrong, and which operations have been asked for."""

    faults: list[str] = field(default_factory=list)
    asked: set[tuple[str, str]] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def routes(self, flavour: Flavour = Flavour.CLOUD) -> Sequence[BaseRoute]:
        """The sandbox's routes, each with an ear at its door."""
        found = all_routes(flavour)
        for one in found:
            if isinstance(one, Route):
                one.app = _Ear(one.app, self, one.path, data_center=flavour is Flavour.DATA_CENTER)
        return found

    def hear(self, method: str, path: str, status: int, answer: object, *, data_center: bool) -> None:
        """Judge one successful answer."""
        key = (method, plain(path))
        operation = operations(data_center=data_center).get(key)
        with self.lock:
            self.asked.add(key)
            if operation is not None:
                self.faults += [f"{method} {path}: {fault}" for fault in operation.faults(status, answer)]

    def verdict(self) -> list[str]:
        """What was wrong since the last verdict, each once."""
        with self.lock:
            found = list(dict.fromkeys(self.faults))
            self.faults.clear()
        return found


class _Ear:
    """Listens to one route's answers."""

    def __init__(self, app: ASGIApp, judge: Judge, path: str, *, data_center: bool) -> None:
        self._app = app
        self._judge = judge
        self._path = path
        self._data_center = data_center

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the answer on as it is."""
        status, media, body = 0, "", bytearray()

        async def heard(message: Message) -> None:
            nonlocal status, media
            if message["type"] == "http.response.start":
                status = message["status"]
                media = dict(message["headers"]).get(b"content-type", b"").decode("latin-1")
            elif message["type"] == "http.response.body" and media.startswith("application/json"):
                body.extend(message.get("body", b""))
            await send(message)

        await self._app(scope, receive, heard)
        if 200 <= status < 300:
            answer = json.loads(bytes(body)) if body else None
            method = "GET" if scope["method"] == "HEAD" else scope["method"]
            self._judge.hear(method, self._path, status, answer, data_center=self._data_center)
