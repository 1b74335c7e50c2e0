"""The requests served so far, for tests and benchmarks that count them."""

import threading
from collections import deque
from dataclasses import dataclass

_KEPT = 100_000


@dataclass(frozen=True, slots=True)
class Served:
    """One request; `status` is 0 where the connection was cut instead."""

    method: str
    path: str
    """As the client sent it, without the query."""
    query: str
    status: int
    faults: tuple[str, ...] = ()
    """The kinds of trouble it met."""


class Journal:
    """Safe to use from several threads; the oldest requests are forgotten."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._served: deque[Served] = deque(maxlen=_KEPT)

    def add(self, served: Served) -> None:
        """Remember a request."""
        with self._lock:
            self._served.append(served)

    def all(self) -> list[Served]:
        """Every request since the last reset, in the order of their answers."""
        with self._lock:
            return list(self._served)

    def reset(self) -> None:
        """Forget them."""
        with self._lock:
            self._served.clear()
