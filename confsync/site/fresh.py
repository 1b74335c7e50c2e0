"""Whether anything changed since the last build, from names, sizes and times alone.

This is all that runs where nothing did, so it loads nothing of the rest of the site.
"""

import hashlib
import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from confsync.shipped import templates
from confsync.site.report import SiteReport, from_json, to_json

_STAMP = "stamp.json"
_TICK = 50_000_000
_COARSE_TICK = 2_000_000_000
_SECOND = 1_000_000_000
"""In ns: a file written so shortly before it was looked at may be written again under the same time."""
_CODE = (Path(__file__).parent, templates(), Path(__file__).parents[1] / "convert")


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a build looked at."""

    text: str
    certain: bool
    """Whether every later change will show."""


def unchanged(memory: Path, stamp: Stamp, out: Path) -> SiteReport | None:
    """Return the report of the last build where another would do nothing, else None."""
    try:
        data = json.loads((memory / _STAMP).read_bytes())
        if data["stamp"] != stamp.text or data["out"] != _tree(out).text:
            return None
        return from_json(data["report"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def remember(memory: Path, stamp: Stamp, out: Path, report: SiteReport) -> None:
    """Leave the report for the next build; nothing, where a change might not show."""
    if not stamp.certain:
        (memory / _STAMP).unlink(missing_ok=True)
        return
    data = {"stamp": stamp.text, "out": _tree(out).text, "report": to_json(report)}
    temporary = memory / f"{_STAMP}.{os.getpid()}.tmp"
    temporary.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    temporary.replace(memory / _STAMP)


_GONE = os.stat_result((0,) * 10, {"st_mtime_ns": 0, "st_ctime_ns": 0})
"""What is known of a file that is not there."""


def stamp(source: Path, out: Path, *asked: object, more: tuple[Path | None, ...] = ()) -> Stamp:
    """Return the stamp of everything that a build would look at.

    Args:
        source: the folder.
        out: left out of it.
        asked: what was asked for.
        more: other files and folders.
    """
    seen = _tree(source, *_git(source), *(one for one in more if one), skip=out)
    code = _tree(*_CODE)
    return Stamp(_digest(repr((sys.version, asked, code.text, seen.text))), seen.certain)


def _tree(*roots: Path, skip: Path | None = None) -> Stamp:
    """The stamp of some folders or files."""
    now, newest = time.time_ns(), 0
    rows = []
    for root in roots:
        for path, stat in _files(str(root), str(skip) if skip else ""):
            rows.append((path, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size))
            tick = _COARSE_TICK if stat.st_mtime_ns % _SECOND == 0 else _TICK
            newest = max(newest, stat.st_mtime_ns + tick)
    rows.sort()
    return Stamp(_digest(repr(rows)), newest < now)


def _files(top: str, skip: str) -> Iterator[tuple[str, os.stat_result]]:
    """Every file below a folder; git's and Python's own folders are passed over."""
    waiting = [top]
    while waiting:
        here = waiting.pop()
        try:
            entries = os.scandir(here)
        except NotADirectoryError:
            yield here, Path(here).stat()
            continue
        except OSError:  # gone meanwhile, or not ours to read: then nothing of it is known
            yield here, _GONE
            continue
        with entries:
            for entry in entries:
                if not entry.is_dir(follow_symlinks=False):
                    yield entry.path, entry.stat(follow_symlinks=False)
                elif entry.name not in (".git", "__pycache__") and entry.path != skip:
                    waiting.append(entry.path)


def _git(source: Path) -> tuple[Path, ...]:
    """What says where the branches of the repository around a folder stand."""
    for folder in (source, *source.parents):
        found = folder / ".git"
        if found.is_dir():
            return _refs(found)
        if found.is_file():
            said = found.read_text(encoding="utf-8", errors="replace").partition("gitdir:")[2].strip()
            own = (folder / said).resolve()
            common = own / "commondir"
            shared = (own / common.read_text(encoding="utf-8").strip()).resolve() if common.is_file() else own
            return *_refs(own), *_refs(shared)
    return ()


def _refs(git: Path) -> tuple[Path, ...]:
    return tuple(git / name for name in ("HEAD", "config", "packed-refs", "refs"))


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
