"""What the lens costs, against plain markdownify in the same process: `make bench`.

CPU time, best of several rounds; the contestants take turns in every round, so that a busy machine slows
both. Everything that the lens remembers is forgotten before each page ("cold"), so nothing is measured that
an earlier page has paid for. Writes its table to docs/bench.md.
"""

import gc
import os
import platform
import re
import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence
from pathlib import Path

from markdownify import markdownify

from bench.pages import page
from confsync.convert import markdown_to_storage, storage_to_markdown
from confsync.convert.lens.get import forget

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "bench.md"
CORPUS = Path(os.environ.get("CONFSYNC_CORPUS", ROOT.parent / "shared" / "corpus"))
ROUNDS = 7
WORD = re.compile(r"(?<= )[a-z]{5,}(?= )")
REPORT = """\
# What the lens costs

Written by `make bench` (`bench/lens.py`, made pages by `bench/pages.py`). CPU time of the process per page,
not the clock's: best of seven rounds in which the contestants take turns, so that a busy machine slows all
of them. The ratio is to plain markdownify over the same pages in the same rounds, which neither verifies nor
comes back. *Cold* is the worst case: all that the lens remembers is forgotten before each page. *After get*
is the usual one: a sync reads a page before it writes it, and the last eight pages are remembered. What one
contestant leaves to Python's collector is cleared away before the next one starts, uncounted; what the
collector does meanwhile counts.

Python {python}, {machine}, {cores} cores with a load of {load:.0f} when it was done.

| work | CPU per page | ratio |
| --- | --- | --- |
{rows}

## Large pages

All cold. *Everywhere* changes one word in nearly every paragraph of the page, so that all of the text has to
be parsed and nearly every leaf taken apart. Memory is the most that `storage_to_markdown` held.

| body | get | put, one word | put, everywhere | memory |
| --- | --- | --- | --- | --- |
{growth}
"""
Edit = tuple[str, str]
"""An edited text and its base."""


def cpu(work: Callable[..., object], *said: str) -> float:
    """Seconds of CPU time that one call takes."""
    start = time.process_time()
    work(*said)
    return time.process_time() - start


def one_word(storage: str) -> Edit | None:
    """The page with one word in its middle changed."""
    markdown = storage_to_markdown(storage)
    words = list(WORD.finditer(markdown))
    if not words:
        return None
    found = words[len(words) // 2]
    return markdown[: found.start()] + "zebra" + markdown[found.end() :], storage


def plain(pages: Sequence[str]) -> float:
    return sum(cpu(markdownify, storage) for storage in pages)


def get_cold(pages: Sequence[str]) -> float:
    total = 0.0
    for storage in pages:
        forget()
        total += cpu(storage_to_markdown, storage)
    return total


def put_cold(edits: Sequence[Edit]) -> float:
    total = 0.0
    for markdown, storage in edits:
        forget()
        total += cpu(markdown_to_storage, markdown, storage)
    return total


def put_after_get(edits: Sequence[Edit]) -> float:
    total = 0.0
    for markdown, storage in edits:
        forget()
        storage_to_markdown(storage)
        total += cpu(markdown_to_storage, markdown, storage)
    return total


def compare(name: str, pages: Sequence[str]) -> list[str]:
    """Rows of the table for one set of pages."""
    edits = [edit for storage in pages if (edit := one_word(storage)) is not None]
    edited = [storage for _, storage in edits]
    contestants: dict[str, Callable[[], float]] = {
        "plain": lambda: plain(pages),
        "get": lambda: get_cold(pages),
        "plain edited": lambda: plain(edited),
        "put": lambda: put_cold(edits),
        "after": lambda: put_after_get(edits),
    }
    best = dict.fromkeys(contestants, 9e9)
    for _ in range(ROUNDS):
        for key, work in contestants.items():
            gc.collect()
            best[key] = min(best[key], work())
    cold, usual = "cold (no base is remembered)", "after `get` (the usual case)"
    rows = (
        (f"markdownify, {name}", "plain", "plain", len(pages)),
        (f"`storage_to_markdown`, {name}, cold", "get", "plain", len(pages)),
        (f"`markdown_to_storage` of one word, {name}, {cold}", "put", "plain edited", len(edits)),
        (f"`markdown_to_storage` of one word, {name}, {usual}", "after", "plain edited", len(edits)),
    )  # fmt: skip
    return [
        f"| {said} | {best[key] / count * 1000:.2f} ms | {best[key] / best[against]:.2f} |"
        for said, key, against, count in rows
    ]


def growth() -> list[str]:
    """Rows for large pages: time both ways, and memory."""
    rows = []
    for size in (100_000, 250_000, 500_000, 1_000_000, 2_000_000):
        storage = page(size, seed=5)
        edit = one_word(storage)
        assert edit is not None
        everywhere = (re.sub(r"(?<= )deploy(?= )", "zebra", edit[0]), storage)
        taken = [
            min(get_cold([storage]) for _ in range(3)),
            min(put_cold([edit]) for _ in range(3)),
            min(put_cold([everywhere]) for _ in range(2)),
        ]
        forget()
        tracemalloc.start()
        storage_to_markdown(storage)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        said = " | ".join(f"{seconds:.2f} s" for seconds in taken)
        rows.append(f"| {len(storage) / 1e6:.2f} MB | {said} | {peak / 1e6:.0f} MB |")
    return rows


def real_pages() -> list[str]:
    """Bodies of 5 to 40 KB from the corpus, where there is one."""
    found = sorted(CORPUS.glob("*/*.xml")) if CORPUS.is_dir() else []
    sized = [path for path in found if 5_000 <= path.stat().st_size <= 40_000]
    return [path.read_bytes().decode("utf-8") for path in sized]


def main() -> None:
    """Measure and write."""
    rows = compare("24 made pages of 10 KB", [page(10_000, seed) for seed in range(24)])
    real = real_pages()
    if real:
        rows += compare(f"{len(real)} real pages of 5 to 40 KB", real)
    report = REPORT.format(
        python=platform.python_version(),
        machine=platform.machine(),
        cores=os.cpu_count(),
        load=os.getloadavg()[0],
        rows="\n".join(rows),
        growth="\n".join(growth()),
    )
    sys.stdout.write(report)
    TARGET.write_text(report, encoding="utf-8")


if __name__ == "__main__":
    main()
