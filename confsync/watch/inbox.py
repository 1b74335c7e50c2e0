"""Where hints from other threads wait for the loop."""

import queue
from dataclasses import dataclass
from typing import Protocol

from confsync.model.ids import RelPath

FULL = 10_000
"""More hints than this are one: everything may have changed."""


@dataclass(frozen=True, slots=True)
class Hints:
    """What was heard since the last time."""

    paths: tuple[RelPath, ...] = ()
    lost: bool = False
    """There were more than could be kept."""


class Waiting(Protocol):
    """Waits for hints."""

    def wait(self, seconds: float) -> Hints:
        """Everything heard; returns at the first hint, or after so many seconds with none."""


class Inbox:
    """Hints from any thread."""

    def __init__(self) -> None:
        self._queue: queue.Queue[RelPath] = queue.Queue(FULL)
        self._lost = False

    def put(self, path: RelPath) -> None:
        """A file may have changed; never blocks."""
        try:
            self._queue.put_nowait(path)
        except queue.Full:
            self._lost = True

    def wait(self, seconds: float) -> Hints:
        """Everything heard; returns at the first hint, or after so many seconds with none."""
        paths: set[RelPath] = set()
        try:
            if seconds > 0:
                paths.add(self._queue.get(timeout=seconds))
            while True:
                paths.add(self._queue.get_nowait())
        except queue.Empty:
            pass  # that was all
        lost, self._lost = self._lost, False
        return Hints(tuple(sorted(paths)), lost)
