"""What files looked like when they were last read, so that what did not change is not read again."""

import os
from collections.abc import Iterable, Mapping
from typing import Any

Row = list[Any]
"""Modification time, change time (both ns), size, digest of the bytes, and what was learned: JSON values."""

_TICK = 50_000_000
"""In ns: how fresh a file may be, when it is read, for a later write to bear the same time."""
_COARSE_TICK = 2_000_000_000
"""The same where a file system keeps whole seconds."""
_SECOND = 1_000_000_000


class Sightings:
    """Files by name, with what was learned from them.

    Args:
        rows: those of an earlier build.
    """

    def __init__(self, rows: Mapping[str, Row]) -> None:
        self._before = rows
        self._rows: dict[str, Row] = {}
        self.learned = False
        """Whether anything learned differs from what the earlier build knew."""

    def recall(self, name: str, stat: os.stat_result) -> Row | None:
        """Return the row of a file that is as it was; None where it has to be read."""
        row = self._before.get(name)
        if row is None or row[0] != stat.st_mtime_ns or row[1] != stat.st_ctime_ns or row[2] != stat.st_size:
            return None
        self._rows[name] = row
        return row

    def note(self, name: str, stat: os.stat_result, now: int, digest: str, learned: object) -> None:
        """Remember a file that was read at `now` (in ns); one that was written just then is not trusted."""
        tick = _COARSE_TICK if stat.st_mtime_ns % _SECOND == 0 else _TICK
        modified = stat.st_mtime_ns if stat.st_mtime_ns + tick < now else 0
        before = self._before.get(name)
        self.learned |= before is None or before[4] != learned
        self._rows[name] = [modified, stat.st_ctime_ns, stat.st_size, digest, learned]

    def forget_others(self, names: Iterable[str]) -> None:
        """Keep only these."""
        kept = set(names)
        self.learned |= any(name not in kept for name in self._before)
        self._rows = {name: row for name, row in self._rows.items() if name in kept}

    @property
    def rows(self) -> Mapping[str, Row]:
        """What to hand to the next build."""
        return self._rows
