"""The small ports of a run: what must survive a crash, what may be lost, time, and somebody who watches."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol


class Journal(Protocol):
    """Intentions that have to survive a crash, as JSON objects, each with a unique `key`."""

    def open(self) -> Sequence[Mapping[str, object]]:
        """Intentions not yet closed, oldest first. A torn last line is passed over."""

    def intend(self, entry: Mapping[str, object]) -> None:
        """Write an intention (or a later state of one) down, durably, before acting on it."""

    def done(self, key: str) -> None:
        """Close an intention."""


class Cache(Protocol):
    """Small facts about one clone that save time or questions; losing them costs no more than that."""

    def recall(self, name: str) -> str:
        """What was remembered under a name; empty where nothing was."""

    def remember(self, name: str, value: str) -> None:
        """Remember something, durably enough."""


class Clock(Protocol):
    """Time, so that tests own it."""

    def now(self) -> str:
        """The time in UTC, ISO 8601 with milliseconds and `Z`, as Confluence writes it."""

    def sleep(self, seconds: float) -> None:
        """Wait."""


class Reporter(Protocol):
    """Somebody who wants to know what is going on."""

    def task(self, title: str, total: int | None) -> AbstractContextManager[Callable[[int], None]]:
        """Show progress while the context is open; call the value with how many more are done."""

    def note(self, message: str) -> None:
        """Say something worth knowing."""

    def warn(self, message: str, *, page: str = "") -> None:
        """Say something worth worrying about."""
