"""Which files may have changed, and whether they are at rest."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from confsync.model.ids import RelPath

MOST = 512
"""More paths than this are not told apart: everything may have changed."""
EVERYTHING = RelPath("")


@dataclass(frozen=True, slots=True)
class Touch:
    """When a path was heard of first and last."""

    first: float
    last: float


@dataclass(frozen=True, slots=True)
class Dirt:
    """Paths that events spoke of since the last round; `EVERYTHING` alone where there were too many."""

    touched: Mapping[RelPath, Touch] = field(default_factory=dict)

    def add(self, paths: Iterable[RelPath], now: float) -> "Dirt":
        """The same with more events."""
        touched = dict(self.touched)
        for path in paths:
            key = EVERYTHING if EVERYTHING in touched else path
            touched[key] = Touch(touched[key].first if key in touched else now, now)
        if EVERYTHING not in touched and len(touched) <= MOST:
            return Dirt(touched)
        first = min(touch.first for touch in touched.values())
        return Dirt({EVERYTHING: Touch(first, max(touch.last for touch in touched.values()))})

    def due(self, settle: float, forced: float) -> float | None:
        """When to act: once all is at rest, or once something waited too long; None where all is clean."""
        if not self.touched:
            return None
        rested = max(touch.last for touch in self.touched.values()) + settle
        overdue = min(touch.first for touch in self.touched.values()) + forced
        return min(rested, overdue)

    def among(self, paths: Iterable[RelPath]) -> frozenset[RelPath]:
        """Those of the paths that may have changed: named themselves, or below a folder that is."""
        if EVERYTHING in self.touched:
            return frozenset(paths)
        return frozenset(path for path in paths if path in self.touched or self._below(path))

    def _below(self, path: RelPath) -> bool:
        return any(path.startswith(f"{folder}/") for folder in self.touched)
