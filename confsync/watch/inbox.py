"""Where hints from other threads wait for the loop."""

import queue
from dataclasses import dataclass
from typing import Protocol

from confsync.model.ids import RelPath

FULL = 10_000
"""More hints than this are one: everything may have changed."""
_BELL = None


@dataclass(frozen=True, slots=True)
class Hints:
    """What was heard since the last time."""

    paths: tuple[RelPath, ...] = ()
    lost: bool = False
    """There were more than could be kept."""
    rung: bool = False
    """Confluence said that something has changed, or somebody wants the loop to look up."""


class Waiting(Protocol):
    """Waits for hints."""

    def wait(self, seconds: float) -> Hints:
        """Everything heard; returns at the first hint, or after so many seconds with none."""


class Inbox:
    """Hints from any thread."""

    def __init__(self) -> None:
        self._queue: queue.Queue[RelPath | None] = queue.Queue(FULL)
        self._lost = False

    def put(self, path: RelPath) -> None:
        """A file may have changed; never blocks."""
        self._put(path)

    def ring(self) -> None:
        """Confluence may have changed; never blocks."""
        self._put(_BELL)

    def _put(self, hint: RelPath | None) -> None:
        try:
            self._queue.put_nowait(hint)
        except queue.Full:
            self._lost = True

    def wait(self, seconds: float) -> Hints:
        """Everything heard; returns at the first hint, or after so many seconds with none."""
        heard: set[RelPath | None] = set()
        try:
            if seconds > 0:
                heard.add(self._queue.get(timeout=seconds))
            while True:
                heard.add(self._queue.get_nowait())
        except queue.Empty:
            pass  # that was all
        lost, self._lost = self._lost, False
        paths = tuple(sorted(path for path in heard if path is not None))
        return Hints(paths, lost, rung=_BELL in heard)
