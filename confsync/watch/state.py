"""What a watch does next: a state machine of values. Times are seconds on any one clock."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import Enum, IntEnum

from confsync.model.ids import RelPath
from confsync.watch.dirt import EVERYTHING, Dirt
from confsync.watch.pace import Pace, jittered, retry_after


class Do(Enum):
    """The next step."""

    WAIT = "wait"
    LOOK = "look"
    """Look at what Confluence shows."""
    NEWS = "news"
    """Run a sync, because Confluence has news."""
    WHOLE = "whole"
    """Run a sync that compares everything."""
    LOCAL = "local"
    """Files came to rest, or have not been scanned for long: run a sync if they differ from what is known."""


class Want(IntEnum):
    """Which round has to run even if no file is dirty."""

    NOTHING = 0
    NEWS = 1
    WHOLE = 2


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
    scan_at: float
    """When the files are scanned, whatever events say."""
    whole_at: float
    pause: float
    """Before jitter."""
    dirt: Dirt = field(default_factory=Dirt)
    wanted: Want = Want.NOTHING
    not_before: float = 0.0
    """After a failure: nothing is tried before this."""
    failures: int = 0
    news: frozenset[str] = frozenset()
    """How Confluence differed from the base at the last look."""
    settled: frozenset[str] = frozenset()
    """Differences that a round has already dealt with, as far as it could: conflicts, private pages."""
    later_at: float | None = None
    """When edits may be sent that came too soon after the last version of their page."""

    @property
    def idle(self) -> bool:
        """Whether both sides are quiet, as far as is known."""
        return not (self.wanted or self.dirt.touched or self.failures or self.later_at is not None)


def begin(pace: Pace, now: float) -> State:
    """A watch that looks at once and then runs a whole round."""
    later = now + pace.rescan
    return State(pace, now, scan_at=later, whole_at=later, pause=pace.interval, wanted=Want.WHOLE)


def touched(state: State, paths: Iterable[RelPath], now: float) -> State:
    """Events spoke of these files."""
    return replace(state, dirt=state.dirt.add(paths, now))


def missed(state: State, now: float) -> State:
    """Events were lost, or the machine slept: everything has to be looked at."""
    return replace(state, dirt=state.dirt.add([EVERYTHING], now), look_at=now, wanted=Want.WHOLE)


def rung(state: State, now: float) -> State:
    """Confluence itself said that something has changed."""
    return replace(state, look_at=min(state.look_at, now))


def next_step(state: State, now: float) -> Step:
    """What to do now. Files in motion hold everything back, but not for ever."""
    rest = state.dirt.due(state.pace.settle, state.pace.forced)
    if now < state.not_before:
        return Step(Do.WAIT, state.not_before)
    if now >= state.look_at:
        return Step(Do.LOOK)
    if rest is not None and now < rest:
        return Step(Do.WAIT, min(rest, state.look_at))
    due = _due(state, now, rested=rest is not None)
    return Step(due) if due else Step(Do.WAIT, min(state.look_at, state.whole_at, _local_at(state)))


def _due(state: State, now: float, *, rested: bool) -> Do | None:
    """The round that is to run now."""
    if state.wanted is Want.WHOLE or now >= state.whole_at:
        return Do.WHOLE
    if state.wanted is Want.NEWS:
        return Do.NEWS
    return Do.LOCAL if rested or now >= _local_at(state) else None


def _local_at(state: State) -> float:
    return state.scan_at if state.later_at is None else min(state.scan_at, state.later_at)


def looked(state: State, news: frozenset[str], now: float, dice: float) -> State:
    """A look found these differences from the base; what a round could not settle is not news again."""
    fresh = news - state.settled
    pause = state.pace.shortest if fresh else state.pace.slower(state.pause)
    return replace(
        state,
        news=news,
        settled=state.settled & news,
        wanted=max(state.wanted, Want.NEWS if fresh else Want.NOTHING),
        pause=pause,
        look_at=now + jittered(pause, dice),
        failures=0 if not state.wanted else state.failures,
    )


def scanned(state: State, now: float) -> State:
    """The files were found to say nothing new."""
    return replace(state, dirt=Dirt(), later_at=None, scan_at=now + state.pace.rescan)


def started(state: State) -> State:
    """A round begins: events from here on belong to the next one."""
    return replace(state, dirt=Dirt(), wanted=Want.NOTHING, later_at=None)


def rounded(
    state: State, now: float, *, changed: bool, whole: float = 0.0, later: float | None = None
) -> State:
    """A round ended well; where it changed something, people are at work, and the next look comes soon.

    Args:
        state: before.
        now: the time.
        changed: whether it wrote anything on either side.
        whole: after a whole round, the pause until the next one; else 0.
        later: when edits may go out that have to wait for their turn.
    """
    pause = state.pace.shortest if changed else state.pause
    return replace(
        state,
        settled=state.settled | state.news,
        pause=pause,
        look_at=min(state.look_at, now + pause),
        scan_at=now + state.pace.rescan,
        whole_at=now + whole if whole else state.whole_at,
        later_at=later,
        failures=0,
    )


def unsettled(state: State) -> State:
    """Something is left that takes a round to merge."""
    return replace(state, wanted=max(state.wanted, Want.NEWS))


def interrupted(state: State, paths: Iterable[RelPath], now: float) -> State:
    """Somebody wrote a file that a round was working on: once it rests, the rest of the work goes on."""
    return replace(state, dirt=state.dirt.add(paths, now), wanted=max(state.wanted, Want.NEWS))


def failed(state: State, now: float, dice: float) -> State:
    """Something is in the way: everything is tried again, later and later."""
    failures = state.failures + 1
    pause = jittered(retry_after(failures), dice)
    wanted = max(state.wanted, Want.NEWS)
    return replace(state, failures=failures, not_before=now + pause, wanted=wanted)
