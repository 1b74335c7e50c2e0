"""People at work on both sides of a space, for tests of `watch` as a whole program."""

import json
import queue
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep

from confsync.sandbox import SandboxServer
from confsync.sandbox.colleague import Colleague

DEADLINE = 60.0
PAGES = ("Alpha", "Beta", "Gamma", "Delta")
PEOPLE = ("ann", "ben", "hand")


class Watcher:
    """A running `confsync watch`, and what it says."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        self.command = [sys.executable, "-m", "confsync", "watch", "--json", *options]
        self.seen: list[dict[str, str]] = []
        self._lines: queue.Queue[dict[str, str]] = queue.Queue()
        self.process = self._start()

    def _start(self) -> subprocess.Popen[str]:
        process = subprocess.Popen(self.command, cwd=self.folder, stdout=subprocess.PIPE, text=True)
        self._reader = threading.Thread(target=self._read, args=(process,), daemon=True)
        self._reader.start()
        return process

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                self._lines.put(json.loads(line))

    def until(self, event: str, path: str = "") -> dict[str, str]:
        """Wait for an event."""
        end = monotonic() + DEADLINE
        while monotonic() < end:
            try:
                found = self._lines.get(timeout=0.1)
            except queue.Empty:
                continue
            self.seen.append(found)
            if found["event"] == event and path in found["path"]:
                return found
        raise AssertionError(f"no {event} of {path or 'anything'} in {self.seen}")

    def heard(self) -> list[dict[str, str]]:
        """Everything said so far."""
        while True:
            try:
                self.seen.append(self._lines.get_nowait())
            except queue.Empty:
                return self.seen

    def kill(self) -> None:
        """As the kernel does it."""
        self.process.kill()
        self.process.wait(DEADLINE)
        self._reader.join(DEADLINE)

    def again(self) -> None:
        """Start once more."""
        self.process = self._start()
        self.until("watching")

    def stop(self) -> int:
        """Ctrl-C; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        code = self.process.wait(DEADLINE)
        self._reader.join(DEADLINE)
        return code


def furnish(server: SandboxServer) -> dict[str, int]:
    """A space in which everybody has a paragraph of their own on each page; page ids by title."""
    server.add_space("LIVE", "Live")
    everybody = "".join(f"<p>{who}:</p><p>Between.</p>" for who in PEOPLE)
    return {title: server.colleague().create("LIVE", title, everybody).id for title in PAGES}


@dataclass
class Third:
    """Somebody in the browser."""

    server: SandboxServer
    pages: dict[str, int]
    said: list[str] = field(default_factory=list)

    def write(self, rng: random.Random) -> None:
        """Add a word of its own to its paragraph on some page."""
        token = f"hand{len(self.said)}x"
        person = self.server.colleague("Robin Reyes")
        page = self.pages[rng.choice(PAGES)]
        with self.server.store.database.write():  # an editor saves what it has seen, or not at all
            person.edit(page, person.body(page).replace("<p>hand:", f"<p>hand: {token}", 1))
        self.said.append(token)


@dataclass
class Writer:
    """Somebody at an editor."""

    name: str
    folder: Path
    said: list[str] = field(default_factory=list)

    def write(self, rng: random.Random) -> None:
        """Add a word of one's own to one's paragraph on some page."""
        token = f"{self.name}{len(self.said)}x"
        file = self.folder / f"{rng.choice(PAGES).lower()}.md"
        text = file.read_text()
        new = text.replace(f"\n{self.name}:", f"\n{self.name}: {token}", 1)
        if new == text or file.read_text() != text:
            return  # the file is being written just now: somebody who types would see it and go on
        file.write_text(new)
        sleep(0.05)
        if token in file.read_text():  # else a pull came in the same instant, which whoever types would see
            self.said.append(token)


def work(
    actors: Sequence[Third | Writer], seconds: float, rng: random.Random, *, pause: float = 0.15
) -> None:
    """Everybody writes, in turns of chance, for a while."""
    end = monotonic() + seconds
    while monotonic() < end:
        rng.choice(actors).write(rng)
        sleep(rng.random() * 2 * pause)


def bodies(server: SandboxServer, pages: dict[str, int]) -> dict[str, str]:
    """What the wiki says of each page."""
    person: Colleague = server.colleague()
    return {title: person.body(page) for title, page in pages.items()}


def versions(server: SandboxServer, page: int) -> list[str]:
    """The texts of all versions of a page, oldest first."""
    rows = server.store.database.all("SELECT body FROM version WHERE content = ? ORDER BY number", page)
    return [str(row["body"]) for row in rows]
