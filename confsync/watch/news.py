"""What a watch has to say, one value for each line."""

from dataclasses import dataclass
from enum import StrEnum


class Happened(StrEnum):
    """What kind of news it is."""

    WATCHING = "watching"
    PULLED = "pulled"
    PUSHED = "pushed"
    MERGED = "merged"
    CONFLICT = "conflict"
    HELD = "held"
    """An edit waits for a person: a new page, a deletion, something that cannot be sent."""
    WARNING = "warning"
    PAUSED = "paused"
    """Offline, told to slow down, git busy, another run."""
    RESUMED = "resumed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class News:
    """One event, for a line or a JSON object."""

    happened: Happened
    path: str = ""
    page: str = ""
    detail: str = ""
    hint: str = ""


class Said:
    """Says what lasts only once: again when it was over in between."""

    def __init__(self) -> None:
        self._standing: frozenset[News] = frozenset()

    def fresh(self, standing: frozenset[News]) -> list[News]:
        """Of everything that is so now, what was not so before; sorted."""
        new = standing - self._standing
        self._standing = standing
        return sorted(new, key=lambda item: (item.happened, item.path, item.detail))
