"""Who wrote what, and who took it away knowing it: the ground on which a loss is a loss.

Every edit carries a token of its own. A token may only vanish where somebody who saw it took it away.
"""

import re
from dataclasses import dataclass, field

_TOKEN = re.compile(r"tok\d+")


def tokens(text: str | bytes) -> set[str]:
    """The tokens in a text."""
    return set(_TOKEN.findall(text if isinstance(text, str) else text.decode("utf-8", "replace")))


@dataclass
class Ledger:
    """All tokens of one world."""

    count: int = 0
    written: set[str] = field(default_factory=set)
    dropped_here: set[str] = field(default_factory=set)
    """Taken away by the user, who saw them in a file."""
    dropped_there: set[str] = field(default_factory=set)
    """Taken away by a colleague, who saw them in Confluence."""
    copied: set[str] = field(default_factory=set)
    """May be in two places, because the user copied a file."""

    def token(self) -> str:
        """A new one."""
        self.count += 1
        name = f"tok{self.count}"
        self.written.add(name)
        return name

    def number(self) -> int:
        """For names that nobody else has."""
        self.count += 1
        return self.count

    def missing(self, alive: set[str]) -> set[str]:
        """What vanished without anybody having taken it away."""
        return self.written - alive - self.dropped_here - self.dropped_there
