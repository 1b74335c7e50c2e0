"""Which failures are worth another try, how long to wait, and when a run has waited enough.

Reading is repeated after anything passing. Writing is repeated only where the server says it did nothing
(429) or was never reached: whoever repeats more writes twice. When one request is told to slow down, all do.
"""

import random
import threading
import time
from collections.abc import Callable
from enum import Enum
from typing import Final, TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception, sleep_using_event

from confsync.confluence.lanes import Lanes
from confsync.errors import RemoteError, Unreachable

T = TypeVar("T")

_FIRST_WAIT = 0.5
_LONGEST_WAIT = 30.0
_UNREACHED_TRIES = 3


class Stage(Enum):
    """How far a failed request got."""

    UNREACHED = "unreached"
    """It never left: connection refused or not established in time."""
    REFUSED = "refused"
    """429: the server says it did not do it."""
    BUSY = "busy"
    """502, 503, 504, or an edge failure: passing, but who knows what happened."""
    UNKNOWN = "unknown"
    """Sent, and no whole answer came back."""
    FINAL = "final"
    """An answer, or a failure that will not pass."""


READING: Final = frozenset({Stage.UNREACHED, Stage.REFUSED, Stage.BUSY, Stage.UNKNOWN})
WRITING: Final = frozenset({Stage.UNREACHED, Stage.REFUSED})


class Failed(Exception):
    """One try failed: what to tell people, how far it got, how many seconds the server asked to wait."""

    def __init__(self, error: RemoteError, stage: Stage, after: float | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.stage = stage
        self.after = after


class Patience:
    """The waiting of one run, shared by all its threads.

    Args:
        budget: seconds of waiting a run is good for, over all requests.
        tries: of one request.
        sleep, now: the clock, for tests.
    """

    def __init__(
        self,
        budget: float = 300.0,
        tries: int = 5,
        *,
        sleep: Callable[[float], None] | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._left = budget
        self._tries = tries
        self._sleep = sleep
        self._now = now
        self._calm = 0.0
        self.lanes = Lanes()
        """How many requests are under way at once."""
        self._lock = threading.Lock()

    def run(
        self,
        once: Callable[[], T],
        repeat: frozenset[Stage],
        *,
        tries: int | None = None,
        stop: threading.Event | None = None,
    ) -> T:
        """Call `once` until it returns, at most `tries` times, and not any more once `stop` is set.

        Raises:
            RemoteError: what the last `Failed` carried.
        """
        most = self._tries if tries is None else tries
        stopped = stop or threading.Event()
        sleep = self._sleep or sleep_using_event(stopped)

        def calmly() -> T:
            pause = self._calm - self._now()
            if pause > 0:
                sleep(pause)  # Another request was told to slow down: so are we.
            if stopped.is_set():
                raise Failed(Unreachable("The connection was closed"), Stage.FINAL)
            return once()

        def again(error: BaseException) -> bool:
            return isinstance(error, Failed) and error.stage in repeat

        retrying = Retrying(
            retry=retry_if_exception(again),
            wait=self._wait,
            stop=lambda state: self._give_up(state, most),
            sleep=sleep,
            reraise=True,
        )
        try:
            answer: T = retrying(calmly)
        except Failed as failed:
            raise failed.error from None
        return answer

    def _wait(self, state: RetryCallState) -> float:
        failed = _failure(state)
        # Jitter, so that eight threads do not come back in the same instant.
        jitter: float = random.uniform(0.5, 1.0)  # noqa: S311 - not a secret
        if failed.after is not None:
            return failed.after + jitter / 2
        growing: float = _FIRST_WAIT * 2 ** (state.attempt_number - 1)
        return min(_LONGEST_WAIT, growing) * jitter

    def _give_up(self, state: RetryCallState, tries: int) -> bool:
        failed = _failure(state)
        most = min(tries, _UNREACHED_TRIES) if failed.stage is Stage.UNREACHED else tries
        if state.attempt_number >= most:
            return True
        return not self._take(state.upcoming_sleep, shared=failed.stage is Stage.REFUSED)

    def _take(self, seconds: float, *, shared: bool) -> bool:
        """Charge a wait to the budget; a pause that all threads make together is charged once."""
        with self._lock:
            now = self._now()
            cost = max(0.0, now + seconds - max(now, self._calm)) if shared else seconds
            if cost > self._left:
                return False
            self._left -= cost
            if shared:
                self._calm = max(self._calm, now + seconds)
            return True


def _failure(state: RetryCallState) -> Failed:
    error = state.outcome.exception() if state.outcome else None
    if not isinstance(error, Failed):
        raise TypeError("only failed tries are waited for")
    return error
