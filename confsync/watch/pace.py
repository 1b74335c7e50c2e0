"""How often to look, in seconds: quicker while people work, slower in the quiet, slowest in trouble."""

from dataclasses import dataclass

QUICKEN = 3.0
SLACKEN = 1.5
CALMEST = 4.0
"""The longest pause between two looks, as a multiple of the interval."""
WHOLE_REQUESTS = 2.0
"""What whole rounds may cost a minute; looks at a large space cost as much again, and no more."""
FIRST_RETRY = 2.0
LAST_RETRY = 300.0


@dataclass(frozen=True, slots=True)
class Pace:
    """The times of a watch, in seconds."""

    interval: float = 15.0
    """Between two looks at Confluence while nothing special goes on."""
    settle: float = 2.0
    """How long a file must rest before it is taken along."""
    forced: float = 30.0
    """A file that never rests is taken along after this."""
    rescan: float = 300.0
    """Between two scans of the files, whatever events said; whole rounds come no more often."""

    @property
    def shortest(self) -> float:
        """The pause right after a change."""
        return max(min(1.0, self.interval), self.interval / QUICKEN)

    @property
    def longest(self) -> float:
        """The pause after a long quiet."""
        return self.interval * CALMEST

    def whole(self, requests: int) -> float:
        """The pause between two whole rounds of which each costs so many requests: two a minute are fine."""
        return max(self.rescan, requests * 60.0 / WHOLE_REQUESTS)

    def slower(self, pause: float) -> float:
        """The pause after another look that found nothing."""
        return min(self.longest, max(self.shortest, pause * SLACKEN))


def retry_after(failures: int) -> float:
    """How long to wait after so many failures in a row: 2, 4, 8 … at most 300 seconds."""
    return float(min(LAST_RETRY, FIRST_RETRY * 2.0 ** min(max(failures, 1) - 1, 16)))


def jittered(pause: float, dice: float) -> float:
    """A pause up to a tenth shorter or longer, so that many watchers do not ask in step; dice in [0, 1)."""
    return pause * (0.9 + 0.2 * dice)
