"""The site against others, side by side in one run: `make bench-site`.

Every contestant builds the same pages: MkDocs with Material, Zensical and Hugo from the source trees that
`export --format` writes. Times are of whole processes, children included; the machine may be busy, so ratios
to the calibration job, plain markdown-it-py with Pygments and Jinja2 in one process, are what counts. Writes
its table to docs/bench-site.md.
"""

import argparse
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from bench.site_corpus import write
from confsync.site import Request, export_tree

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "bench-site.md"
PEERS = ROOT / ".cache" / "site-peers" / "bin"
REPORT = """\
# What the site costs

Written by `make bench-site`: {pages} pages of about 6.8 KB, four levels deep, with code, tables, links,
labels. Whole processes with all their children, one run each, on {cores} cores; confsync with two workers.
Busy machines change the seconds, so look at the ratios: CPU time over that of *bare*, which is plain
markdown-it-py, Pygments and Jinja2 in one process, without navigation, search, feeds, checks or a sanitiser.

| builder | wall | CPU | CPU / bare | memory of the largest process |
| --- | --- | --- | --- | --- |
{rows}

Wall time of confsync's clean build over that of *bare*: {ratio:.2f}. Site: {size:.0f} MB in {files} files.
Python {python}, {machine}.
"""


@dataclass(frozen=True, slots=True)
class Run:
    """What one process took."""

    wall: float
    cpu: float
    memory: int
    """MiB, of the largest process."""


def timed(command: Sequence[str], folder: Path) -> Run:
    """Run a command to its end."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": ""}
    began = time.perf_counter()
    with subprocess.Popen(
        command, cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        _, said = process.communicate()
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
    wall = time.perf_counter() - began
    if process.returncode:
        raise SystemExit(f"{command} failed: {said.decode()[-2000:]}")
    return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024)


def alone(command: Sequence[str], folder: Path) -> Run:
    """The same in a process of its own, so that the memory and time of its children are its own, too."""
    code = (
        "import bench.site as s; "
        f"r = s.timed({list(command)!r}, s.Path({str(folder)!r})); print(r.wall, r.cpu, r.memory)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    wall, cpu, memory = done.stdout.split()
    return Run(float(wall), float(cpu), int(memory))


def peers(top: Path, source: Path) -> dict[str, Callable[[], Run]]:
    """Other builders, each with its source tree."""
    trees = {}
    for form in ("mkdocs", "hugo"):
        trees[form] = top / form
        export_tree(Request(source, trees[form], "https://example.com/"), form)
    settings = yaml.safe_load((trees["mkdocs"] / "mkdocs.yml").read_text(encoding="utf-8"))
    settings |= {
        "theme": {"name": "material", "features": ["navigation.prune"]},
        "plugins": ["search", "tags"],
    }
    settings["markdown_extensions"] += ["pymdownx.highlight", "pymdownx.superfences"]
    settings["markdown_extensions"].remove("fenced_code")
    (trees["mkdocs"] / "mkdocs.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    mkdocs = [str(PEERS / "mkdocs"), "build", "-q", "-d", str(top / "mk")]
    return {
        "MkDocs with Material": lambda: alone(mkdocs, trees["mkdocs"]),
        "Zensical": lambda: alone([str(PEERS / "zensical"), "build"], trees["mkdocs"]),
        "Hugo": lambda: alone([str(PEERS / "hugo"), "--quiet", "-d", str(top / "hu")], trees["hugo"]),
    }  # fmt: skip


def ours(source: Path, out: Path, top: Path) -> dict[str, Callable[[], Run]]:
    """confsync: from nothing, with nothing to do, and with one page touched."""
    command = [
        sys.executable,
        "-m",
        "confsync",
        "export",
        str(out),
        "--base-url",
        "https://example.com/",
        "-j",
        "2",
        "-q",
    ]
    os.environ["XDG_CACHE_HOME"] = str(top / "cache")

    def touch() -> Run:
        page = next(path for path in sorted(source.rglob("*.md")) if path.name != "index.md")
        page.write_text(page.read_text(encoding="utf-8") + "\nOne more sentence.\n", encoding="utf-8")
        return alone(command, source)

    return {
        "confsync, from nothing": lambda: alone(command, source),
        "confsync, nothing touched": lambda: alone(command, source),
        "confsync, one page touched": touch,
    }


def main() -> None:
    """Run all of them and write the table."""
    reading = argparse.ArgumentParser()
    reading.add_argument("--pages", type=int, default=1000)
    reading.add_argument("--print", action="store_true", help="print the table instead of writing it")
    asked = reading.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-site-") as folder:
        top = Path(folder)
        source, out = top / "source", top / "site"
        write(source, asked.pages)
        (source / "confsync.toml").write_text(
            '[space]\nurl = "https://x.example/wiki"\nkey = "K"\n', encoding="utf-8"
        )
        bare = [sys.executable, "-m", "bench.site_bare", str(source), str(top / "bare")]
        runs = {"bare": alone(bare, ROOT)}
        contestants = ours(source, out, top) | (peers(top, source) if PEERS.is_dir() else {})
        for name, run in contestants.items():
            runs[name] = run()
            print(f"{name}: {runs[name]}", flush=True)
        files = [path.stat().st_size for path in out.rglob("*") if path.is_file()]
        text = _report(asked.pages, runs, files)
        shutil.rmtree(out)
    print(text) if asked.print else TARGET.write_text(text, encoding="utf-8")


def _report(pages: int, runs: dict[str, Run], files: Sequence[int]) -> str:
    base = runs["bare"]
    rows = [
        f"| {name} | {run.wall:.1f} s | {run.cpu:.1f} s | {run.cpu / base.cpu:.2f} | {run.memory} MiB |"
        for name, run in runs.items()
    ]
    return REPORT.format(
        pages=f"{pages:,}",
        cores=os.cpu_count(),
        rows="\n".join(rows),
        ratio=runs["confsync, from nothing"].wall / base.wall,
        size=sum(files) / 1e6,
        files=f"{len(files):,}",
        python=platform.python_version(),
        machine=platform.machine(),
    )


if __name__ == "__main__":
    main()
