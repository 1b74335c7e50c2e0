"""The journal of requests, and the faults that strike them."""

import asyncio
from collections.abc import Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from confsync.sandbox.faults.exchange import Answer, Cut, Exchange
from confsync.sandbox.faults.force import Faults, Live
from confsync.sandbox.flavour import Flavour
from confsync.sandbox.gates.mount import CONTROL
from confsync.sandbox.gates.refusal import drain
from confsync.sandbox.journal import Journal, Served
from confsync.sandbox.options import Options
from confsync.sandbox.store import Store

_PIECES = 8


class TroubleGate:
    """Writes the journal and lets faults strike. Control requests pass untouched."""

    def __init__(
        self, app: ASGIApp, store: Store, journal: Journal, faults: Faults, options: Options
    ) -> None:
        self._app = app
        self._store = store
        self._journal = journal
        self._faults = faults
        self._latency_ms = options.latency_ms
        self._data_center = options.flavour is Flavour.DATA_CENTER

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request, whole or hurt."""
        if scope["type"] != "http" or scope["path"].startswith(CONTROL):
            await self._app(scope, receive, send)
            return
        exchange = Exchange(scope, self._store, self._data_center)
        struck = self._faults.strike(exchange)
        entry = _Entry(self._journal, exchange, struck)
        recorder = _Recorder(send, entry, holds=any(live.effect.holds for live in struck))
        try:
            await self._served(exchange, receive, recorder, struck)
        except Cut:
            entry.write(0)
            await _cut(scope)
        finally:
            entry.write(0)
            self._faults.settle(struck)

    async def _served(
        self, exchange: Exchange, receive: Receive, recorder: "_Recorder", struck: list[Live]
    ) -> None:
        delay = self._latency_ms + sum(live.effect.delay_ms(live, exchange) for live in struck)
        if delay:
            await asyncio.sleep(delay / 1000)
        for live in struck:
            refused = live.effect.before(live, exchange)
            if refused is not None:
                await drain(receive)
                await refused(exchange.scope, receive, recorder)
                break
        else:
            await self._answered(exchange, receive, recorder)
        held = recorder.answer()
        if held is None:
            _after(struck, exchange)
            return
        for live in struck:
            if live.effect.holds:
                held = live.effect.alter(live, exchange, held)
        _after(struck, exchange)
        await recorder.release(held)

    async def _answered(self, exchange: Exchange, receive: Receive, recorder: "_Recorder") -> None:
        watching = self._faults.watching and exchange.method == "POST"
        before = self._store.database.last_id() if watching else 0
        await self._app(exchange.scope, receive, recorder)
        if watching:
            self._faults.created(range(before + 1, self._store.database.last_id() + 1))


def _after(struck: Iterable[Live], exchange: Exchange) -> None:
    for live in struck:
        live.effect.after(live, exchange)


class _Entry:
    """A request's line in the journal, written once: before the end of its answer goes out."""

    def __init__(self, journal: Journal, exchange: Exchange, struck: Iterable[Live]) -> None:
        self._journal = journal
        self._method, self._asked = exchange.method, str(exchange.scope["state"]["asked"])
        self._query = exchange.scope["query_string"].decode("latin-1")
        self._kinds = tuple(str(live.fault.trouble) for live in struck)
        self._written = False

    def write(self, status: int) -> None:
        """Write it with this status, unless it is written."""
        if not self._written:
            self._written = True
            self._journal.add(Served(self._method, self._asked, self._query, status, self._kinds))


class _Recorder:
    """Passes an answer on, or holds it back until it is altered; its end is entered in the journal."""

    def __init__(self, send: Send, entry: _Entry, *, holds: bool) -> None:
        self._send = send
        self._entry = entry
        self._holds = holds
        self._start: Message | None = None
        self._body = bytearray()
        self._status = 0

    async def __call__(self, message: Message) -> None:
        """Take one ASGI message of the answer."""
        if message["type"] == "http.response.start":
            self._status = message["status"]
            if self._holds:
                self._start = message
                return
        elif self._holds:
            self._body += message.get("body", b"")
            return
        elif not message.get("more_body", False):
            self._entry.write(self._status)
        await self._send(message)

    def answer(self) -> Answer | None:
        """The answer held back; None: it went through."""
        if self._start is None:
            return None
        return Answer(self._status, tuple(self._start["headers"]), bytes(self._body))

    async def release(self, answer: Answer) -> None:
        """Send an answer after all.

        Raises:
            Cut: half of it is sent, and the connection is to break.
        """
        headers = [(k, v) for k, v in answer.headers if k.lower() != b"content-length"]
        headers.append((b"content-length", str(len(answer.body)).encode()))
        self._entry.write(0 if answer.cut else answer.status)
        await self._send({"type": "http.response.start", "status": answer.status, "headers": headers})
        body = answer.body[: len(answer.body) // 2] if answer.cut else answer.body
        step = max(1, -(-len(body) // _PIECES)) if answer.pause_ms else max(1, len(body))
        for begin in range(0, len(body), step):
            await self._piece(body[begin : begin + step], more=True)
            await asyncio.sleep(answer.pause_ms / 1000)
        if answer.cut:
            raise Cut
        await self._piece(b"", more=False)

    async def _piece(self, body: bytes, *, more: bool) -> None:
        await self._send({"type": "http.response.body", "body": body, "more_body": more})


async def _cut(scope: Scope) -> None:
    """End the connection, and let the server notice before it tries to answer."""
    cut = scope["state"].get("cut")
    if cut is None:
        raise Cut
    cut()
    await asyncio.sleep(0)
