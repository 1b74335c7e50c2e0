"""The loop: waits, looks, runs rounds, and says what happened."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from confsync.engine.session import Session
from confsync.errors import (
    AlreadyRunning,
    AuthenticationFailed,
    ConfsyncError,
    HistoryError,
    RateLimited,
    Unreachable,
    UsageError,
    WorkTreeError,
)
from confsync.model.config import FILE
from confsync.ports import Clock
from confsync.watch import rounds, state
from confsync.watch.inbox import Waiting
from confsync.watch.lookout import look
from confsync.watch.news import Happened, News, Said
from confsync.watch.pace import Pace
from confsync.watch.rounds import Done, Manner
from confsync.watch.state import Do, State

SLEPT = 30.0
"""Having waited this many seconds longer than asked, the machine was asleep."""


class Watch:
    """One working copy and its space, kept the same.

    Args:
        session: the ports; its person must refuse every question.
        folder: the working copy.
        inbox: where hints come from.
        say: hears every event.
        dice: numbers in [0, 1), to spread the looks of many watchers.
    """

    def __init__(
        self,
        session: Session,
        folder: Path,
        inbox: Waiting,
        say: Callable[[News], None],
        *,
        pace: Pace | None = None,
        manner: Manner | None = None,
        dice: Callable[[], float] = lambda: 0.5,
    ) -> None:
        self._session = session
        self._folder = folder
        self._inbox = inbox
        self._say = say
        self._manner = manner or Manner()
        self._dice = dice
        self._said = Said()
        self._trouble = ""
        self._head = ""
        self.last: Done | None = None
        """What the last round did."""
        self.state: State = state.begin(pace or Pace(), self._now())

    def run(self, *, once: bool = False) -> None:
        """Go on until interrupted; with `once`, until both sides are quiet.

        Raises:
            WorkTreeError: the folder is gone, which is not taken for a deletion.
            ConfsyncError: with `once`, whatever was in the way.
        """
        while not (once and self.state.idle):
            self.step(once=once)

    def step(self, *, once: bool = False) -> None:
        """One step: a wait, a look or a round."""
        self._hear(0.0)
        step = state.next_step(self.state, self._now())
        if step.do is Do.WAIT:
            self._hear(step.until - self._now())
            return
        self._require_folder()
        try:
            self._act(step.do)
        except UsageError:
            raise
        except (ConfsyncError, OSError) as error:
            self._require_folder()
            if once:
                raise
            self._failed(error)

    def _act(self, do: Do) -> None:
        match do:
            case Do.LOOK:
                news = look(self._session)
                self.state = state.looked(self.state, news, self._now(), self._dice())
            case Do.LOCAL if not self._edited():
                self.state = state.started(self.state)
            case Do.LOCAL | Do.ROUND:
                self._round()
            case Do.WAIT:
                return
        if not self.state.failures:
            self._resumed()

    def _edited(self) -> bool:
        """Whether files that events spoke of say something that HEAD, or the last round, does not."""
        if self._manner.pull_only:
            return False
        if self._session.history.state().head != self._head:
            return True
        return bool(self.state.dirt.among(self._session.history.edited()))

    def _round(self) -> None:
        self.state = state.started(self.state)
        done = rounds.run_round(self._session, self._manner)
        self.last = done
        self._head = self._session.history.state().head or ""
        happened = rounds.events(done)
        self.state = state.rounded(self.state, self._now(), changed=bool(happened))
        self._resumed()
        for item in (*happened, *self._said.fresh(rounds.standing(done))):
            self._say(item)

    def _hear(self, seconds: float) -> None:
        asked = max(0.0, seconds)
        before = self._now()
        hints = self._inbox.wait(asked)
        now = self._now()
        if hints.lost or now - before > asked + SLEPT:
            self.state = state.missed(self.state, now)
        self.state = state.touched(self.state, hints.paths, now)

    def _failed(self, error: ConfsyncError | OSError) -> None:
        self.state = state.failed(self.state, self._now(), self._dice())
        kind = type(error).__name__
        if kind != self._trouble:
            self._trouble = kind
            hint = error.hint if isinstance(error, ConfsyncError) else ""
            self._say(News(Happened.PAUSED, detail=f"{_state(error)}: {error}", hint=hint))

    def _resumed(self) -> None:
        if self._trouble:
            self._trouble = ""
            self._say(News(Happened.RESUMED, detail="going on"))

    def _require_folder(self) -> None:
        if not (self._folder / FILE).is_file():
            raise WorkTreeError(
                f"{self._folder} is gone, or is no working copy any more",
                hint="Nothing was taken as deleted. Mount or restore it, then start watching again.",
            )

    def _now(self) -> float:
        return _seconds(self._session.clock)


def _seconds(clock: Clock) -> float:
    return datetime.fromisoformat(clock.now()).timestamp()


def _state(error: Exception) -> str:
    match error:
        case Unreachable():
            return "offline"
        case RateLimited():
            return "told to slow down"
        case AuthenticationFailed():
            return "not logged in"
        case AlreadyRunning() | HistoryError():
            return "waiting"
        case _:
            return "in the way"
