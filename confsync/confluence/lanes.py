"""How many requests are under way at once: more while the server is well, fewer when it is not.

Additive increase, multiplicative decrease, as TCP does it. Beyond eight connections httpx becomes slower, not
faster, whatever the server could do.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

MOST: Final = 8
_FIRST = 4.0
_LESS = 0.5
_SLOW = 1.0
"""Seconds below which no answer is slow."""
_SLOWER = 4.0
"""How many times as long as the quickest answer of late an answer may take."""
_FORGETS = 1.02
"""By how much the quickest answer is forgotten with each one that follows."""


class Lanes:
    """Shared by all threads of a run.

    Args:
        most: never more than these.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._limit = min(_FIRST, most)
        self._busy = 0
        self._best = 0.0
        self._free = threading.Condition()

    @property
    def limit(self) -> int:
        """How many requests may be under way now."""
        return int(self._limit)

    @contextmanager
    def one(self) -> Iterator[None]:
        """Wait for a lane, and keep it for one exchange."""
        with self._free:
            self._free.wait_for(lambda: self._busy < self.limit)
            self._busy += 1
        try:
            yield
        finally:
            with self._free:
                self._busy -= 1
                self._free.notify_all()

    def answered(self, seconds: float) -> None:
        """The server began to answer after so long."""
        with self._free:
            self._best = min(self._best * _FORGETS, seconds) if self._best else seconds
            if seconds > max(_SLOW, _SLOWER * self._best):
                self._limit = max(1.0, self._limit * _LESS)
            else:
                self._limit = min(float(self._most), self._limit + 1 / self._limit)
                self._free.notify_all()

    def overwhelmed(self) -> None:
        """The server asked for fewer requests, or could not cope."""
        with self._free:
            self._limit = max(1.0, self._limit * _LESS)
