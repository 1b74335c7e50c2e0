"""The search index: a while behind the site, where that is wanted."""

import time
from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from confsync.sandbox.gates.mount import CONTROL
from confsync.sandbox.store import Store

_SEARCHES = ("/rest/api/search", "/rest/api/content/search")
_READS = ("GET", "HEAD", "OPTIONS")


class IndexGate:
    """Answers searches from the site as it was before the last writing, until so long nothing was written."""

    def __init__(
        self, app: ASGIApp, store: Store, lag_ms: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._app = app
        self._store = store
        self._lag = lag_ms / 1000
        self._clock = clock
        self._index: Store | None = None
        self._written = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, a search with the index in its state."""
        if self._lag and scope["type"] == "http" and not scope["path"].startswith(CONTROL):
            self._catch_up()
            if scope["method"] not in _READS:
                self._written = self._clock()
                self._index = self._index or self._store.frozen()
            elif self._index is not None and scope["path"].startswith(_SEARCHES):
                scope["state"].setdefault("store", self._index)
        await self._app(scope, receive, send)

    def close(self) -> None:
        """Let go of the index."""
        if self._index is not None:
            self._index.close()
        self._index = None

    def _catch_up(self) -> None:
        if self._clock() - self._written >= self._lag:
            self.close()
