"""What a watch says: calm lines and a state line for people, JSON lines for editors and bots."""

import json
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from typing import Final

from rich.live import Live
from rich.text import Text

from confsync.cli.show import count
from confsync.cli.terminal import BAD, CAREFUL, GOOD, QUIETLY, Terminal
from confsync.watch import Happened, News, Standing

_SIGNS: Final = {
    Happened.WATCHING: ("·", QUIETLY),
    Happened.PULLED: ("↓", GOOD),
    Happened.PUSHED: ("↑", GOOD),
    Happened.MERGED: ("=", GOOD),
    Happened.CONFLICT: ("!", BAD),
    Happened.HELD: ("‖", CAREFUL),
    Happened.WARNING: ("?", CAREFUL),
    Happened.PAUSED: ("⏸", CAREFUL),
    Happened.RESUMED: ("▶", GOOD),
    Happened.STOPPED: ("·", QUIETLY),
}


class NewsDesk:
    """Says events, one at a time, whatever thread they come from."""

    def __init__(self, terminal: Terminal, listeners: tuple[Callable[[News], None], ...] = ()) -> None:
        self._terminal = terminal
        self._listeners = listeners
        self._lock = threading.Lock()
        self._live: Live | None = None
        self._standing: dict[str, Standing] = {}

    def say(self, news: News) -> None:
        """One event."""
        with self._lock:
            if self._terminal.as_json:
                sys.stdout.write(f"{json.dumps(_object(news), ensure_ascii=False)}\n")
            elif not self._terminal.quiet:
                self._terminal.out.print(_line(news), soft_wrap=True)
            sys.stdout.flush()
        for listener in self._listeners:
            listener(news)

    def show(self, folder: str, standing: Standing) -> None:
        """How one working copy stands now."""
        with self._lock:
            self._standing[folder] = standing
            if self._live is not None:
                self._live.update(_state_line(list(self._standing.values())), refresh=True)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Keep the state line below the events, on a terminal."""
        if self._terminal.as_json or self._terminal.quiet or not self._terminal.out.is_terminal:
            yield
            return
        with Live(Text(), console=self._terminal.out, auto_refresh=False, transient=True) as live:
            self._live = live
            try:
                yield
            finally:
                self._live = None


def _object(news: News) -> dict[str, str]:
    fields = asdict(news)
    return {"event": str(fields.pop("happened")), **fields}


def _line(news: News) -> Text:
    sign, style = _SIGNS[news.happened]
    words = "  ".join(filter(None, (news.path, news.detail)))
    place = f"{news.folder}: " if news.folder else ""
    quietly = "  ".join(filter(None, (news.author, news.hint, news.url)))
    return Text.assemble((f"{sign} ", style), place, words, (f"  {quietly}" if quietly else "", QUIETLY))


def _state_line(states: list[Standing]) -> Text:
    """`looked 14:03:12 · 1 conflict · 2 waiting · 4,980 requests left`."""
    looked = min((state.looked for state in states), default="")
    conflicts, held = sum(state.conflicts for state in states), sum(state.held for state in states)
    left = [state.left for state in states if state.left is not None]
    parts = [
        f"looked {_clock(looked)}" if looked else "not looked yet",
        count(conflicts, "conflict") if conflicts else "",
        f"{held} waiting" if held else "",
        f"{min(left):,} requests left" if left else "",
        *sorted({state.trouble for state in states if state.trouble}),
    ]
    return Text(" · ".join(filter(None, parts)), style=QUIETLY, no_wrap=True, overflow="ellipsis")


def _clock(when: str) -> str:
    """A time as the clock on the wall shows it."""
    return f"{datetime.fromisoformat(when).astimezone():%H:%M:%S}"
