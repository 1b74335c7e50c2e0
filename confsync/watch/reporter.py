"""A run's reporter inside a watch: no progress, no notes, and warnings as news."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from confsync.watch.news import Happened, News, Say


class NewsReporter:
    """The Reporter port for a watch."""

    def __init__(self, say: Say) -> None:
        self._say = say

    @contextmanager
    def task(self, title: str, total: int | None) -> Iterator[Callable[[int], None]]:  # noqa: ARG002 - the port's
        """Rounds are short and many: their progress is not shown."""
        yield lambda _: None

    def note(self, message: str) -> None:
        """What a person who typed a command would like to know is not news."""

    def warn(self, message: str, *, page: str = "") -> None:
        """Something worth worrying about."""
        self._say(News(Happened.WARNING, page=page, detail=message))
