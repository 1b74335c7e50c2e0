"""What a watch does next: a state machine of values. Times are seconds on any one clock."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import Enum

from confsync.model.ids import RelPath
from confsync.watch.dirt import EVERYTHING, Dirt
from confsync.watch.pace import Pace, jittered, retry_after


class Do(Enum):
    """The next step."""

    WAIT = "wait"
    LOOK = "look"
    """Look at what Confluence lists."""
    ROUND = "round"
    """Run a sync, because Confluence has news or a whole round is due."""
    LOCAL = "local"
    """Files came to rest: run a sync if they differ from what is known."""


@dataclass(frozen=True, slots=True)
class Step:
    """What to do, and for a wait, until when."""

    do: Do
    until: float = 0.0


@dataclass(frozen=True, slots=True)
class State:
    """Everything a watch remembers. Made by `begin`, changed by the functions below."""

    pace: Pace
    look_at: float
    rescan_at: float
    pause: float
    """Before jitter."""
    dirt: Dirt = field(default_factory=Dirt)
    wanted: bool = False
    """A round must run even if no file is dirty."""
    not_before: float = 0.0
    """After a failure: nothing is tried before this."""
    failures: int = 0
    news: frozenset[str] = frozenset()
    """How Confluence differed from the base at the last look."""
    settled: frozenset[str] = frozenset()
    """Differences that a round has already dealt with, as far as it could: conflicts, private pages."""

    @property
    def idle(self) -> bool:
        """Whether both sides are quiet, as far as is known."""
        return not (self.wanted or self.dirt.touched or self.failures)


def begin(pace: Pace, now: float) -> State:
    """A watch that looks at once and then runs a whole round."""
    return State(pace, look_at=now, rescan_at=now + pace.rescan, pause=pace.interval, wanted=True)


def touched(state: State, paths: Iterable[RelPath], now: float) -> State:
    """Events spoke of these files."""
    return replace(state, dirt=state.dirt.add(paths, now))


def missed(state: State, now: float) -> State:
    """Events were lost, or the machine slept: everything has to be looked at."""
    return replace(state, dirt=state.dirt.add([EVERYTHING], now), look_at=now, wanted=True)


def next_step(state: State, now: float) -> Step:
    """What to do now. Files in motion hold everything back, but not for ever."""
    pace = state.pace
    rest = state.dirt.due(pace.settle, pace.forced)
    times = [state.look_at, state.rescan_at, *([] if rest is None else [rest])]
    if now < state.not_before:
        return Step(Do.WAIT, state.not_before)
    if now >= state.look_at:
        return Step(Do.LOOK)
    if rest is not None and now < rest:
        return Step(Do.WAIT, min(rest, state.look_at))
    if state.wanted or now >= state.rescan_at:
        return Step(Do.ROUND)
    return Step(Do.LOCAL) if rest is not None else Step(Do.WAIT, min(times))


def looked(state: State, news: frozenset[str], now: float, dice: float) -> State:
    """A look found these differences from the base; what a round could not settle is not news again."""
    fresh = news - state.settled
    pause = state.pace.shortest if fresh else state.pace.slower(state.pause)
    return replace(
        state,
        news=news,
        settled=state.settled & news,
        wanted=state.wanted or bool(fresh),
        pause=pause,
        look_at=now + jittered(pause, dice),
        failures=0 if not state.wanted else state.failures,
    )


def started(state: State) -> State:
    """A round begins: events from here on belong to the next one."""
    return replace(state, dirt=Dirt(), wanted=False)


def rounded(state: State, now: float, *, changed: bool) -> State:
    """A round ended well; where it changed something, people are at work, and the next look comes soon."""
    pause = state.pace.shortest if changed else state.pause
    return replace(
        state,
        settled=state.settled | state.news,
        pause=pause,
        look_at=min(state.look_at, now + pause),
        rescan_at=now + state.pace.rescan,
        failures=0,
    )


def failed(state: State, now: float, dice: float) -> State:
    """Something is in the way: everything is tried again, later and later."""
    failures = state.failures + 1
    pause = jittered(retry_after(failures), dice)
    return replace(state, failures=failures, not_before=now + pause, wanted=True)
