"""What a watch costs while nothing happens, and how long an edit takes: writes docs/bench-live.md.

    python -m bench.live [PAGES [SECONDS]]

A sandbox with that many pages (10,000), a clone, a watch with its usual times; after its first round it is
left alone for that long (600 s), and its CPU time and requests are counted. Then edits on both sides, timed.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from confsync.cli.main import run
from confsync.sandbox import SandboxServer

PAGES, SECONDS, EDITS = 10_000, 600.0, 5
FIRST = 100_000_001
TABLE = Path(__file__).parents[1] / "docs" / "bench-live.md"
TICKS = os.sysconf("SC_CLK_TCK")


def main(pages: int = PAGES, seconds: float = SECONDS) -> None:
    """Measure and write the table."""
    with tempfile.TemporaryDirectory() as folder, SandboxServer(generate=pages) as server:
        os.environ |= {"CONFSYNC_USERNAME": server.username, "CONFSYNC_TOKEN": server.token, **_identity()}
        docs = Path(folder) / "docs"
        run(("clone", f"{server.url}/spaces/GEN", str(docs), "--quiet", "--history-policy", "squash"))
        watch = _watch(docs)
        try:
            _quiet(watch, server)
            share, requests = _idle(watch, server, seconds)
            sent = [_local(server, docs, number) for number in range(EDITS)]
            came = [_remote(server, docs, number) for number in range(EDITS)]
        finally:
            watch.terminate()
            watch.wait()
    told = Figures(pages, seconds, share, requests, median(sent), median(came))
    TABLE.write_text(_table(told), encoding="utf-8")
    print(TABLE.read_text(encoding="utf-8"))


def _identity() -> dict[str, str]:
    roles = [f"GIT_{role}_{what}" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")]
    return dict.fromkeys(roles, "bench@example.com")


def _watch(docs: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "confsync", "watch", "--quiet"]
    return subprocess.Popen(command, cwd=docs)


def _quiet(watch: subprocess.Popen[bytes], server: SandboxServer) -> None:
    """Wait until the first round is over: ten seconds without a request, and without work."""
    seen, still = (-1, 0.0), 0
    while still < 10:
        now = len(server.site.journal.all()), _cpu(watch)
        still = still + 1 if now[0] == seen[0] and now[1] - seen[1] < 0.1 else 0
        seen = now
        time.sleep(1)


def _cpu(process: subprocess.Popen[bytes]) -> float:
    """Seconds of CPU that a process and the children it has waited for have used."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(fields[at]) for at in (11, 12, 13, 14)) / TICKS


def _idle(watch: subprocess.Popen[bytes], server: SandboxServer, seconds: float) -> tuple[float, float]:
    """The share of one core, and the requests a minute."""
    cpu, asked = _cpu(watch), len(server.site.journal.all())
    time.sleep(seconds)
    used, requests = _cpu(watch) - cpu, len(server.site.journal.all()) - asked
    return used / seconds, requests / seconds * 60


def _file_of(docs: Path, page: int) -> Path:
    found = subprocess.run(
        ["git", "grep", "-l", f"^id: {page}$", "--", "*.md"], cwd=docs, capture_output=True, check=True
    )
    return docs / found.stdout.decode().split("\n")[0]


def _local(server: SandboxServer, docs: Path, number: int) -> float:
    """From saving a file to its version on the server, less the two seconds that it rests."""
    page = FIRST + 100 + number
    file, word = _file_of(docs, page), f"sentword{number}"
    file.write_text(f"{file.read_text()}\n{word}\n")
    begun = time.monotonic()
    _until(lambda: word in server.colleague().body(page))
    return time.monotonic() - begun


def _remote(server: SandboxServer, docs: Path, number: int) -> float:
    """From saving in Confluence to the file."""
    page = FIRST + 200 + number
    file, word = _file_of(docs, page), f"cameword{number}"
    server.colleague().edit(page, f"{server.colleague().body(page)}<p>{word}</p>")
    begun = time.monotonic()
    _until(lambda: word in file.read_text())
    return time.monotonic() - begun


def _until(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + 300
    while not happened():
        if time.monotonic() > end:
            raise TimeoutError("it never happened")
        time.sleep(0.05)


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured."""

    pages: int
    seconds: float
    share: float
    requests: float
    sent: float
    came: float


def _table(told: Figures) -> str:
    rows = [
        (f"CPU while nothing happens for {told.seconds:,.0f} s", f"{told.share:.2%} of a core", "below 1 %"),
        ("requests while nothing happens", f"{told.requests:.1f} a minute", "at most 4"),
        (
            "from saving a file to its version in Confluence",
            f"{told.sent:.1f} s",
            "2 s of rest, and requests",
        ),
        (
            "from saving in Confluence to the file",
            f"{told.came:.1f} s",
            "one interval: 15 s, 60 s in the quiet",
        ),
    ]
    return "\n".join(
        [
            "# What a watch costs",
            "",
            f"`make bench-live` measures it: a sandbox with {told.pages:,} pages, a clone of it, and",
            f"`confsync watch` with its usual times. Edits are the median of {EDITS}.",
            "",
            "| | measured | wanted |",
            "| --- | --- | --- |",
            *(f"| {' | '.join(row)} |" for row in rows),
            "",
        ]
    )


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:2]), *(float(word) for word in sys.argv[2:3]))
