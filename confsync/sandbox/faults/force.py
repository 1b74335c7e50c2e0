"""The faults in force, counted down as they strike."""

import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from confsync.sandbox.faults.effects import EFFECTS
from confsync.sandbox.faults.effects.effect import Effect
from confsync.sandbox.faults.exchange import Exchange, drawn
from confsync.sandbox.faults.fault import Fault
from confsync.sandbox.faults.trouble import Trouble
from confsync.sandbox.store import Store


@dataclass(slots=True)
class Live:
    """One fault in force."""

    fault: Fault
    number: int
    """The how-many-eth fault it is."""
    seed: int
    frozen: Store | None = None
    """The site as it was when the fault was set, for those that show it."""
    seen: int = 0
    struck: int = 0
    asked: Counter[str] = field(default_factory=Counter)
    """How often each request met it."""
    fresh: dict[int, int] = field(default_factory=dict)
    """Content made since the fault was set, and how often it was read."""
    busy: int = 0
    """How many requests it has struck that are not answered yet."""

    @property
    def effect(self) -> Effect:
        """What it does."""
        return EFFECTS[self.fault.trouble]

    @property
    def over(self) -> bool:
        """Whether it has struck as often as it should."""
        return self.fault.times is not None and self.struck >= self.fault.times

    def draw(self, exchange: Exchange, purpose: str) -> float:
        """A number from 0 to 1: the same seed and the same request at the same turn give the same one."""
        key = f"{exchange.method} {exchange.asked}"
        return drawn(self.seed, self.number, purpose, key, self.asked[key])

    def strikes(self, exchange: Exchange) -> bool:
        """Whether it strikes now; counts the request."""
        fault = self.fault
        if not fault.matches(exchange.method, exchange.asked) or not self.effect.concerns(self, exchange):
            return False
        self.asked[f"{exchange.method} {exchange.asked}"] += 1
        self.seen += 1
        due = self.seen > fault.skip and (self.seen - fault.skip) % fault.every == 0
        return due and (fault.chance >= 1 or self.draw(exchange, "chance") < fault.chance)


class Faults:
    """Safe to use from several threads."""

    def __init__(self, store: Store, faults: Iterable[Fault] = (), seed: int = 0) -> None:
        self._store = store
        self._seed = seed
        self._lock = threading.Lock()
        self._live: list[Live] = []
        self._added = 0
        for fault in faults:
            self.add(fault)

    def add(self, fault: Fault) -> None:
        """Put a fault in force."""
        with self._lock:
            frozen = self._store.frozen() if fault.trouble is Trouble.STALE else None
            self._live.append(Live(fault, self._added, self._seed, frozen))
            self._added += 1

    def all(self) -> list[tuple[Fault, int]]:
        """The faults in force, each with how often it has struck."""
        with self._lock:
            return [(live.fault, live.struck) for live in self._live]

    def clear(self) -> None:
        """Be well again."""
        with self._lock:
            for live in self._live:
                _ended(live)
            self._live, self._added = [], 0

    def strike(self, exchange: Exchange) -> list[Live]:
        """The faults that hit this request, each counted once; of those that end it only the first."""
        hit: list[Live] = []
        with self._lock:
            for live in self._live:
                if live.over or not live.strikes(exchange):
                    continue
                if live.effect.ends and any(other.effect.ends for other in hit):
                    continue
                live.struck += 1
                live.busy += 1
                hit.append(live)
        return hit

    def settle(self, struck: Iterable[Live]) -> None:
        """A request has been answered: forget those of its faults that are over."""
        with self._lock:
            for live in struck:
                live.busy -= 1
            for live in [live for live in self._live if live.over and not live.busy]:
                _ended(live)
                self._live.remove(live)

    def created(self, ids: Iterable[int]) -> None:
        """Let those faults know that care for new content."""
        made = list(ids)
        with self._lock:
            for live in self._live:
                live.fresh.update(dict.fromkeys(made, 0))

    @property
    def watching(self) -> bool:
        """Whether a fault cares for new content."""
        with self._lock:
            return any(live.fault.trouble is Trouble.NOT_YET for live in self._live)


def _ended(live: Live) -> None:
    if live.frozen is not None:
        live.frozen.close()
