"""What runs cost over a network, beside another exporter: `make bench-network`.

Each program runs in a process of its own against a sandbox in another, with 50 ms of latency where time is
measured. Requests are the server's own count. Seconds are compared only with what was measured in the same
run, because machines are busy; CPU and memory are the operating system's account of the whole process tree.
Writes its table to docs/bench-network.md.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from confsync.convert import storage_to_markdown
from confsync.model.record import load_record

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "bench-network.md"
EXPORTER = ROOT / ".cache" / "clients" / "exporter" / "bin" / "cme"
LATENCY = 50
IDENTITY = {
    "GIT_AUTHOR_NAME": "Bench",
    "GIT_AUTHOR_EMAIL": "bench@example.com",
    "GIT_COMMITTER_NAME": "Bench",
    "GIT_COMMITTER_EMAIL": "bench@example.com",
}
REPORT = """\
# What runs cost over a network

Written by `make bench-network`, against the sandbox. Requests are the server's own count; CPU and memory are
those of the whole process, its start and git included.

Python {python}, {machine}, {cores} cores.

## A space of {small:,} pages, {latency} ms of latency

| run | requests | seconds | CPU | peak memory |
| --- | --- | --- | --- | --- |
{rows}

The clone took {ratio:.2f} times as long as the slower of its requests one after another ({network:.1f} s) and
the conversion of its pages alone, in the same run ({conversion:.1f} s).

## A space of {large:,} pages

| run | requests | CPU | peak memory |
| --- | --- | --- | --- |
{large_rows}

## Requests beside confluence-markdown-exporter

The same space of {beside} pages; the exporter exports, confsync clones.

| program | first time | again, nothing changed |
| --- | --- | --- |
{peers}
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run took."""

    requests: int
    seconds: float
    cpu: float
    memory: float
    """The most that one of its processes held, in MiB."""


@dataclass(frozen=True, slots=True)
class Site:
    """A running sandbox."""

    url: str
    environ: Mapping[str, str]

    def cost(self, command: Sequence[str | Path], folder: Path, **environ: str) -> Cost:
        """Run a program and account for it."""
        self._ask("reset-requests", "POST")
        start = time.monotonic()
        said = {**os.environ, **IDENTITY, **self.environ, **environ}
        with subprocess.Popen(command, cwd=folder, env=said, stdout=subprocess.DEVNULL) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - start
        if process.returncode:
            raise SystemExit(f"{command[0]} failed with {process.returncode}")
        served = len(json.loads(self._ask("requests", "GET"))["requests"])
        return Cost(served, seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)

    def _ask(self, what: str, method: str) -> bytes:
        origin = self.url.removesuffix("/wiki")
        request = urllib.request.Request(f"{origin}/_sandbox/{what}", method=method)
        with urllib.request.urlopen(request) as answer:
            body: bytes = answer.read()
        return body


@contextmanager
def sandbox(pages: int, latency: int) -> Iterator[Site]:
    """A sandbox of so many generated pages."""
    options = {"--port": 0, "--generate": pages, "--latency": latency}
    words = [str(word) for option in options.items() for word in option]
    command = confsync("sandbox", "--json", *words)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        login = {"CONFSYNC_USERNAME": said["username"], "CONFSYNC_TOKEN": said["token"]}
        try:
            yield Site(said["url"], login)
        finally:
            process.terminate()


def confsync(*arguments: str) -> list[str]:
    """The command line of this very checkout."""
    return [sys.executable, "-m", "confsync", *arguments]


def converting(folder: Path) -> float:
    """Seconds that the conversion of a working copy's pages takes by itself."""
    bodies = [load_record(path.read_bytes()).page.body for path in folder.glob(".confsync/pages/*/*.page")]
    start = time.monotonic()
    for body in bodies:
        storage_to_markdown(body)
    return time.monotonic() - start


def small(pages: int) -> tuple[dict[str, Cost], float]:
    """A day with a small space; and the seconds of its conversion alone."""
    with sandbox(pages, LATENCY) as site, tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        costs = {"clone": site.cost(confsync("clone", f"{site.url}/spaces/GEN", str(copy)), Path(folder))}
        alone = converting(copy)
        costs["pull that finds nothing"] = site.cost(confsync("pull"), copy)
        costs["`pull --quick`"] = site.cost(confsync("pull", "--quick"), copy)
        page = sorted(copy.glob("*.md"))[1]
        page.write_text(page.read_text() + "\nOne more line.\n")
        costs["push of one edit"] = site.cost(confsync("push"), copy)
    return costs, alone


def large(pages: int) -> dict[str, Cost]:
    """A large space."""
    with sandbox(pages, 0) as site, tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        costs = {"clone": site.cost(confsync("clone", f"{site.url}/spaces/GEN", str(copy)), Path(folder))}
        costs["pull that finds nothing"] = site.cost(confsync("pull"), copy)
    return costs


def beside(pages: int) -> list[tuple[str, Cost, Cost]]:
    """Requests of both programs, the first time and again."""
    with sandbox(pages, 0) as site, tempfile.TemporaryDirectory() as folder:
        home, copy = Path(folder), Path(folder) / "copy"
        ours = site.cost(confsync("clone", f"{site.url}/spaces/GEN", str(copy)), home)
        found = [("confsync", ours, site.cost(confsync("pull"), copy))]
        if EXPORTER.exists():
            found.append(("confluence-markdown-exporter", *exporting(site, home)))
    return found


def exporting(site: Site, home: Path) -> tuple[Cost, Cost]:
    """What the exporter asks for."""
    origin = site.url.removesuffix("/wiki")
    login = {"username": site.environ["CONFSYNC_USERNAME"], "api_token": site.environ["CONFSYNC_TOKEN"]}
    settings = home / "settings.json"
    settings.write_text(json.dumps({"auth": {"confluence": {origin: login, site.url: login}}}))
    environ = {"CME_CONFIG_PATH": str(settings), "CME_EXPORT__OUTPUT_PATH": str(home / "out"), "CI": "true"}
    command: list[str | Path] = [EXPORTER, "spaces", f"{origin}/display/GEN"]
    first, second = (site.cost(command, home, **environ) for _ in range(2))
    return first, second


def report(pages: Sequence[int]) -> str:
    """Measure everything; pages of the small space, the large one, and the one of both programs."""
    costs, alone = small(pages[0])
    many, peers = large(pages[1]), beside(pages[2])
    network = costs["clone"].requests * LATENCY / 1000
    return REPORT.format(
        python=platform.python_version(),
        machine=platform.machine(),
        cores=os.cpu_count(),
        small=pages[0],
        latency=LATENCY,
        rows="\n".join(
            f"| {name} | {c.requests} | {c.seconds:.1f} s | {c.cpu:.1f} s | {c.memory:.0f} MiB |"
            for name, c in costs.items()
        ),
        ratio=costs["clone"].seconds / max(network, alone),
        network=network,
        conversion=alone,
        large=pages[1],
        large_rows="\n".join(
            f"| {name} | {c.requests} | {c.cpu:.1f} s | {c.memory:.0f} MiB |" for name, c in many.items()
        ),
        beside=pages[2],
        peers="\n".join(f"| {name} | {one.requests} | {two.requests} |" for name, one, two in peers),
    )


def main() -> None:
    """Write the table; sizes may be given, for a quick try."""
    sizes = [int(word) for word in sys.argv[1:]] or [1000, 10000, 100]
    text = report(sizes)
    sys.stdout.write(text)
    if len(sys.argv) == 1:
        TARGET.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
