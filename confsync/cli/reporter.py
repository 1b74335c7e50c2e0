"""The Reporter port: progress bars on a terminal, nothing in a pipe."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.text import Text

from confsync.cli.terminal import Terminal


class TerminalReporter:
    """Says on standard error how far the work is; bars vanish when they are full."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal

    @contextmanager
    def task(self, title: str, total: int | None) -> Iterator[Callable[[int], None]]:
        """Show progress while the context is open; an empty task shows nothing."""
        if total == 0 or not self._terminal.shows_progress:
            yield lambda _: None
            return
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=self._terminal.err, transient=True) as progress:
            task = progress.add_task(title, total=total)
            yield lambda done: progress.advance(task, done)

    def note(self, message: str) -> None:
        """Say something worth knowing."""
        self._terminal.note(Text(message))

    def warn(self, message: str, *, page: str = "") -> None:
        """Say something worth worrying about."""
        self._terminal.warn(f"{page}: {message}" if page else message)
