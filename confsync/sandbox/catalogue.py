"""The routes of Confluence Cloud as Atlassian describes them, with what opens each and which are gone.

A row of the table beside this file is method, path (`{}` stands for one segment), `current` or `removed`
(described in 2024 and no longer), the classic scopes and the granular ones; `-` where a route cannot be
opened that way. All scopes of one column are needed together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).with_suffix(".tsv")
_ANY = "{}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One route."""

    method: str
    segments: tuple[str, ...]
    removed: bool
    enough: tuple[frozenset[str], ...]
    """The sets of scopes of which one is enough."""

    def matches(self, segments: tuple[str, ...]) -> bool:
        """Whether a path of as many words is this route."""
        return all(mine in (_ANY, theirs) for mine, theirs in zip(self.segments, segments, strict=True))


@cache
def entries() -> tuple[Entry, ...]:
    """Every route, those with fixed words before those with parameters."""
    read = []
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        method, path, state, *columns = line.split("\t")
        enough = tuple(frozenset(column.split()) for column in columns if column != "-")
        read.append(Entry(method, _segments(path), state == "removed", enough))
    return tuple(sorted(read, key=lambda entry: entry.segments.count(_ANY)))


def _segments(path: str) -> tuple[str, ...]:
    return tuple(path.strip("/").split("/"))


def find(method: str, path: str) -> Entry | None:
    """The route that a request means, its path taken below the context."""
    return _found("GET" if method == "HEAD" else method, _segments(path))


def nearest(method: str, path: str) -> Entry | None:
    """The same; for a path that leads nowhere, the route above it."""
    method, segments = "GET" if method == "HEAD" else method, _segments(path)
    while segments:
        if entry := _found(method, segments):
            return entry
        segments = segments[:-1]
    return None


def _found(method: str, segments: tuple[str, ...]) -> Entry | None:
    near = _shelves().get((method, len(segments), segments[:3]), ())
    return next((entry for entry in near if entry.matches(segments)), None)


@cache
def _shelves() -> Mapping[tuple[str, int, tuple[str, ...]], Sequence[Entry]]:
    """The routes by what is cheap to compare: method, length, and the first three words, which are fixed."""
    shelves: dict[tuple[str, int, tuple[str, ...]], list[Entry]] = {}
    for entry in entries():
        key = (entry.method, len(entry.segments), entry.segments[:3])
        shelves.setdefault(key, []).append(entry)
    return shelves
