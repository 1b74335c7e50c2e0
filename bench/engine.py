"""What a clean folder of 10,000 pages costs: `python -m bench.engine [PAGES] > docs/bench-engine.md`.

The folder is made without a server: files, records, one commit. Times are of this process and its children,
user and system, so that load from others does not count; the best of several runs.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from confsync.cli.opening import Access, opened
from confsync.cli.terminal import Terminal
from confsync.engine.observe_local import observe_copy
from confsync.history import init_repository
from confsync.model.config import dump_settings
from confsync.model.content import ContentType, Page, Row, Status, Version
from confsync.model.ids import AccountId, PageId, RelPath, SpaceId, SpaceKey
from confsync.model.links import Links
from confsync.model.record import BASE_FILES, Record, dump_record, record_path
from confsync.model.settings import Settings
from confsync.names import lay_out
from confsync.plan.links import LinkIndex
from confsync.plan.push import plan_push
from confsync.plan.render import render_page

PAGES: Final = 10_000
ROUNDS: Final = 3
FANOUT: Final = 12
WORDS: Final = ("the", "quick", "brown", "fox", "jumps", "over", "a", "lazy", "dog", "and", "then", "rests")


def make(folder: Path, pages: int) -> None:
    """Write a clean working copy of so many pages, committed and in step."""
    folder.mkdir(parents=True)
    init_repository(folder, "main")
    settings = Settings(url="https://confluence.example/wiki", key=SpaceKey("GEN"), space_id=SpaceId("1"))
    records = {record.id: record for record in map(_record, range(pages))}
    rows = {page: record.row for page, record in records.items()}
    home = PageId("1000")
    paths = lay_out(rows, home=home)
    files: dict[RelPath, bytes] = {RelPath("confsync.toml"): dump_settings(settings).encode(), **BASE_FILES}
    for page, record in records.items():
        files[RelPath(record_path(page))] = dump_record(record)
        files[paths[page]] = render_page(record, Links(space="GEN"), settings, home=home).encode()
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    _git(folder, "add", "-A")
    _git(folder, "commit", "-qm", "Follow the space")
    _git(folder, "update-ref", "refs/remotes/confluence/GEN", "HEAD")
    _git(folder, "repack", "-adq")


def _record(number: int) -> Record:
    parent = None if number == 0 else PageId(str(1000 + (number - 1) // FANOUT))
    said = " ".join(WORDS[(number * 7 + n) % len(WORDS)] for n in range(40))
    body = "".join(f"<h2>Part {n}</h2><p>{said} {number}.{n}</p>" for n in range(6))
    row = Row(
        id=PageId(str(1000 + number)),
        type=ContentType.PAGE,
        title=f"Page {number:05}",
        parent=parent,
        parent_type=ContentType.PAGE if parent else None,
        position=(number - 1) % FANOUT * 100,
        status=Status.CURRENT,
        version=Version(1, AccountId("557058:sample"), "2026-07-01T08:00:00.000Z"),
        created="2026-07-01T08:00:00.000Z",
    )
    return Record(Page(row, body))


def _git(folder: Path, *arguments: str) -> None:
    roles = [f"GIT_{role}_{what}" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")]
    environment = {**os.environ, **dict.fromkeys(roles, "bench@example.com")}
    subprocess.run(["git", *arguments], cwd=folder, check=True, env=environment)


def spent(action: Callable[[], object], rounds: int = ROUNDS) -> float:
    """CPU seconds of the best run, children included."""
    best = float("inf")
    for _ in range(rounds):
        before = os.times()
        action()
        after = os.times()
        best = min(best, sum(after[:4]) - sum(before[:4]))
    return best


def main() -> None:
    """Make the folder, or take the one that `BENCH_FOLDER` names, and print the page."""
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else PAGES
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(os.environ.get("BENCH_FOLDER") or f"{scratch}/copy")
        if not folder.exists():
            make(folder, pages)
        command = [str(Path(sys.executable).parent / "confsync"), "-C", str(folder), "status"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

        def status() -> None:
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

        with opened(Terminal(quiet=True), folder=folder, access=Access.NEVER) as session:
            copy = observe_copy(session)
            clean = plan_push(copy, LinkIndex.of(copy)).clean
            page = copy.pages[PageId("1500")]
            edited = copy.files[page.path].replace(b"the", b"The", 1)
            changed = replace(copy, files={**copy.files, page.path: edited}, clean=clean)

            def planning() -> None:
                one = replace(changed)
                plan_push(one, LinkIndex.of(one))

            figures = {
                "`confsync status`, nothing changed, process start included": spent(status),
                "planning a push of one edited page": spent(planning),
                "reading the whole copy: base from HEAD, all files": spent(lambda: observe_copy(session)),
            }
        load, cores = os.getloadavg()[0], os.cpu_count()
        print(HEAD.format(pages=len(copy.records), rounds=ROUNDS, load=load, cores=cores))
        for what, seconds in figures.items():
            print(f"| {what} | {seconds:.2f} s |")


HEAD: Final = """\
# What the engine costs

A folder of {pages:,} pages, clean and committed. CPU seconds of the process and its children, best of
{rounds} runs. `make bench-engine` writes this page anew; on a busy machine the figures come out higher: at
the time of writing the load was {load:.0f} on {cores} cores.

| | |
|---|---:|"""


if __name__ == "__main__":
    main()
