"""What one build leaves for the next: facts in one JSON file, rendered bodies in packs beside it.

The facts are replaced at once when a build ends, and name every pack they need: a build that was interrupted
leaves nothing that the next would believe.
"""

import hashlib
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from confsync.site.sightings import Row

FORMAT = 3
_FACTS = "facts.json"
_PACK = ".pack"
Place = tuple[str, int, int]
"""A pack, where in it, and how many bytes."""


@dataclass(slots=True)
class Facts:
    """What was known at the end of a build."""

    key: str = ""
    """What all pages depend on: the code, the templates, the options."""
    world: str = ""
    """What is known of all pages besides their texts."""
    sources: Mapping[str, Row] = field(default_factory=dict)
    records: Mapping[str, Row] = field(default_factory=dict)
    pages: dict[str, list[Any]] = field(default_factory=dict)
    """See `confsync.site.known`."""
    rows: str = ""
    """See `confsync.site.world.World`."""
    shards: Mapping[str, str] = field(default_factory=dict)
    """The files of the search with their checks."""
    order: str = ""
    """A digest of the pages in the order in which the search numbers them."""
    files: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """Size and modification time (ns) of every file of the site."""
    stamp: str = ""
    """Of everything a build looks at; equal stamps mean that nothing changed."""
    report: Mapping[str, Any] = field(default_factory=dict)


class Memory:
    """The folder with facts and packs of one site.

    Args:
        folder: it is made where it is missing.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._open: dict[str, int] = {}

    def __enter__(self) -> Self:
        """Begin."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        """Close the packs."""
        for handle in self._open.values():
            os.close(handle)
        self._open.clear()

    def facts(self) -> Facts:
        """Read what the last build left; nothing where there is none that we understand."""
        try:
            data = json.loads((self.folder / _FACTS).read_bytes())
        except (OSError, ValueError):
            return Facts()
        if not isinstance(data, dict) or data.pop("format", None) != FORMAT:
            return Facts()
        return Facts(**data)

    def save(self, facts: Facts) -> None:
        """Replace the facts, then remove the packs that they no longer name."""
        data = {"format": FORMAT} | {name: getattr(facts, name) for name in Facts.__slots__}
        temporary = self.folder / f"{_FACTS}.{os.getpid()}.tmp"
        temporary.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
        temporary.replace(self.folder / _FACTS)
        live = {row[0] for row in facts.pages.values()}
        for pack in self.folder.glob(f"*{_PACK}"):
            if pack.name.removesuffix(_PACK) not in live:
                pack.unlink(missing_ok=True)

    def take(self, place: Place) -> bytes:
        """Return what lies at a place."""
        name, start, length = place
        if name not in self._open:
            self._open[name] = os.open(
                self.folder / f"{name}{_PACK}", os.O_RDONLY | getattr(os, "O_BINARY", 0)
            )
        os.lseek(self._open[name], start, os.SEEK_SET)
        return os.read(self._open[name], length)

    def waste(self, pages: Mapping[str, Sequence[Any]]) -> bool:
        """Whether the packs hold much that nobody needs, so that writing all of it anew is worth it."""
        held = sum(pack.stat().st_size for pack in self.folder.glob(f"*{_PACK}"))
        return held > 2 * sum(sum(row[2:5]) for row in pages.values()) + _SPARE


_SPARE = 20_000_000


class Pack:
    """A new pack of one process."""

    def __init__(self, folder: Path) -> None:
        number = 0
        while True:
            self.name = f"{os.getpid()}-{number}"
            try:
                self._file = (folder / f"{self.name}{_PACK}").open("xb")
                break
            except FileExistsError:
                number += 1
        self._end = 0

    def put(self, data: bytes) -> Place:
        """Append; whoever reads sees it at once."""
        self._file.write(data)
        self._file.flush()
        start, self._end = self._end, self._end + len(data)
        return self.name, start, len(data)

    def close(self) -> None:
        """End."""
        self._file.close()


def digest(*parts: object) -> str:
    """Return a short digest of values that print the same in every process."""
    return hashlib.blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def code_digest(folders: Sequence[Path]) -> str:
    """Return a digest of the code and templates in these folders: by name, size and time."""
    rows = []
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                stat = path.stat()
                rows.append((path.relative_to(folder).as_posix(), stat.st_size, stat.st_mtime_ns))
    return digest(sys.version, rows)
