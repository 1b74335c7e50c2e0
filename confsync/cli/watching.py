"""Watching one working copy in the foreground, or several side by side."""

import random
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from confsync.cli.news import NewsDesk
from confsync.cli.opening import opened, read_settings
from confsync.cli.terminal import Terminal, tidy
from confsync.confluence import Patience
from confsync.engine.session import Session
from confsync.errors import ConfsyncError
from confsync.watch import FolderEvents, Happened, Inbox, Manner, News, Pace, Surroundings, Watch


@dataclass(frozen=True, slots=True)
class Wish:
    """How to watch."""

    pace: Pace
    manner: Manner
    once: bool = False
    listeners: tuple[Inbox, ...] = ()
    """Who else wants to hear of changed files."""


@dataclass(frozen=True, slots=True)
class Seat:
    """One working copy under watch."""

    folder: Path
    label: str
    """Its folder where several are watched, else empty."""
    inbox: Inbox
    watch: Watch


@contextmanager
def seated(folders: Sequence[Path], wish: Wish, desk: NewsDesk, terminal: Terminal) -> Iterator[list[Seat]]:
    """Open every working copy; those of one site share its rate limit.

    Raises:
        ConfsyncError: one cannot be opened.
    """
    patience: dict[str, Patience] = {}
    with ExitStack() as stack:
        seats = []
        for folder in folders:
            shared = patience.setdefault(read_settings(folder).url, Patience())
            label = tidy(folder) if len(folders) > 1 else ""
            seats.append(_seat(stack, folder, label, wish, desk, terminal, shared))
        yield seats


def _seat(
    stack: ExitStack,
    folder: Path,
    label: str,
    wish: Wish,
    desk: NewsDesk,
    terminal: Terminal,
    patience: Patience,
) -> Seat:
    inbox = Inbox()
    events = FolderEvents(folder, inbox, *wish.listeners)

    def say(news: News) -> None:
        desk.say(replace(news, folder=label))

    def login() -> Session:
        return _fresh(stack, folder, terminal, patience)

    around = Surroundings(
        dice=random.SystemRandom().random,
        listen=events.listen,
        show=lambda standing: desk.show(label, standing),
        login=login,
    )
    session = login()
    stack.enter_context(events.running())
    watch = Watch(session, folder, inbox, say, pace=wish.pace, manner=wish.manner, around=around)
    say(News(Happened.WATCHING, detail=f"{session.settings.key} and {folder}; Ctrl-C stops"))
    return Seat(folder, label, inbox, watch)


def _fresh(stack: ExitStack, folder: Path, terminal: Terminal, patience: Patience) -> Session:
    """A session with the credentials there are now, and records of its own."""
    session = stack.enter_context(opened(terminal, folder=folder, patience=patience))
    return replace(session, known={})


def run(seats: Sequence[Seat], wish: Wish) -> None:
    """Watch until interrupted, or with `once` until all are quiet.

    Raises:
        KeyboardInterrupt: Ctrl-C; rounds under way in other threads have ended by then.
        ConfsyncError: what no waiting will mend.
    """
    if len(seats) == 1:
        seats[0].watch.run(once=wish.once)
        return
    _Together(seats, wish).run()


class _Together:
    """Several watches, each in a thread; the main thread waits for Ctrl-C."""

    def __init__(self, seats: Sequence[Seat], wish: Wish) -> None:
        self._seats = seats
        self._once = wish.once
        self._stop = threading.Event()
        self._errors: list[Exception] = []

    def run(self) -> None:
        threads = [
            threading.Thread(target=self._watch, args=(seat,), name=seat.label) for seat in self._seats
        ]
        for thread in threads:
            thread.start()
        try:
            for thread in threads:
                while thread.is_alive():
                    thread.join(0.2)
        finally:
            self._stop.set()
            for seat in self._seats:
                seat.inbox.ring()
            for thread in threads:
                thread.join()
        if self._errors:
            raise self._errors[0]

    def _watch(self, seat: Seat) -> None:
        try:
            seat.watch.run(once=self._once, stop=self._stop.is_set)
        except (ConfsyncError, OSError) as error:
            self._errors.append(error)
            self._stop.set()
            for other in self._seats:
                other.inbox.ring()
