"""`confsync watch` as a process, on real files and a real server."""

import json
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest

from tests.cli.conftest import FAQ, INSTALL, LINUX, Cli, Colleague, change, git

DEADLINE = 15.0


class Watcher:
    """A running watch, and what it says."""

    def __init__(self, *options: str) -> None:
        command = [sys.executable, "-m", "confsync", "watch", "--json", "--interval", "1", "--settle", "0.3"]
        self.process = subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True)
        self._lines: queue.Queue[dict[str, str]] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self.seen: list[dict[str, str]] = []

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(json.loads(line))

    def until(self, event: str, path: str = "") -> None:
        """Wait for an event."""
        end = monotonic() + DEADLINE
        while monotonic() < end:
            try:
                self.seen.append(self._lines.get(timeout=0.1))
            except queue.Empty:
                continue
            if self.seen[-1]["event"] == event and path in self.seen[-1]["path"]:
                return
        raise AssertionError(f"no {event} of {path or 'anything'} in {self.seen}")

    def stop(self, number: int = signal.SIGINT) -> float:
        """Send a signal; how many seconds it took to end."""
        begin = monotonic()
        self.process.send_signal(number)
        assert self.process.wait(DEADLINE) == 0
        return monotonic() - begin


@pytest.fixture
def watcher(copy: Path) -> Iterator[Watcher]:
    running = Watcher()
    try:
        running.until("watching")
        yield running
    finally:
        if running.process.poll() is None:
            running.process.kill()
        running.process.wait()
        assert running.process.stdout is not None
        running.process.stdout.close()


def test_edits_of_both_sides_arrive_and_none_comes_back(watcher: Watcher, ben: Colleague) -> None:
    change("install.md", "Then start it.", "Then start it twice.")
    watcher.until("pushed", "install.md")
    assert "start it twice" in ben.body(INSTALL)
    ben.edit(FAQ, "one question", "two questions")
    watcher.until("pulled", "questions.md")
    assert "two questions" in Path("questions.md").read_text()
    temporary = Path(".confsync-tmp-editor")  # saved by rename, as vim, gedit and `sed -i` do
    temporary.write_text(Path("install/linux.md").read_text().replace("as ever", "as always"))
    temporary.replace("install/linux.md")
    watcher.until("pushed", "linux.md")
    assert "as always" in ben.body(LINUX)
    assert [ben.version(page) for page in (INSTALL, FAQ, LINUX)] == [2, 2, 2]
    assert [item["event"] for item in watcher.seen] == ["watching", "pushed", "pulled", "pushed"]
    head = git("rev-parse", "HEAD")
    assert watcher.stop() < 1.5
    assert git("rev-parse", "HEAD") == head
    assert git("status", "--porcelain") == ""


def test_sigterm_stops_it_as_cleanly(watcher: Watcher) -> None:
    assert watcher.stop(signal.SIGTERM) < 1.5
    watcher.until("stopped")


def test_once_ends_by_itself(copy: Path, ben: Colleague, cli: Cli) -> None:
    ben.edit(FAQ, "one question", "two questions")
    ran = cli("watch", "--once")
    assert ran.code == 0
    assert "↓ questions.md" in ran.out


def test_a_place_that_is_no_working_copy_is_refused(cli: Cli) -> None:
    assert cli("watch", "--once").code == 2
