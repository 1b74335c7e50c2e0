"""The loop: waits, looks, runs rounds, and says what happened."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from confsync.engine.session import Session
from confsync.errors import (
    AlreadyRunning,
    AuthenticationFailed,
    ConfsyncError,
    FileChanged,
    FolderGone,
    HistoryError,
    RateLimited,
    Unreachable,
    UsageError,
    WriteFailed,
)
from confsync.model.config import FILE
from confsync.model.ids import CommitId, PageId, RelPath
from confsync.ports import Clock
from confsync.watch import news, state
from confsync.watch.inbox import Waiting
from confsync.watch.lookout import Lookout
from confsync.watch.news import Happened, News, Said, Say, Standing
from confsync.watch.pace import Pace
from confsync.watch.reporter import NewsReporter
from confsync.watch.rounds import Done, Manner, run_round, send
from confsync.watch.state import Do, State

SLEPT = 30.0
"""Having waited this many seconds longer than asked, the machine was asleep."""


def _nothing() -> None:
    return None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a watch needs of the world besides its session."""

    dice: Callable[[], float] = lambda: 0.5
    """Numbers in [0, 1), to spread the looks of many watchers."""
    listen: Callable[[], None] = _nothing
    """Listens to the folder anew, after it was gone."""
    show: Callable[[Standing], None] = lambda _: None
    """Sees how things are, whenever that changes."""
    login: Callable[[], Session] | None = None
    """Opens the session anew, with the credentials there are by then."""


class Watch:
    """One working copy and its space, kept the same.

    Args:
        session: the ports; its person must refuse every question.
        folder: the working copy.
        inbox: where hints come from.
        say: hears every event.
    """

    def __init__(
        self,
        session: Session,
        folder: Path,
        inbox: Waiting,
        say: Say,
        *,
        pace: Pace | None = None,
        manner: Manner | None = None,
        around: Surroundings | None = None,
    ) -> None:
        self._folder = folder
        self._inbox = inbox
        self._say = say
        self._manner = manner or Manner()
        self._around = around or Surroundings()
        self._take(session)
        self._said = Said()
        self._standing = Standing()
        self._trouble = _Trouble()
        self._head: CommitId | None = None
        self._sent: dict[PageId, float] = {}
        """When each page got its last version from us."""
        self._places: dict[PageId, str] = {}
        """The file of each of them then."""
        self.last: Done | None = None
        """What the last round did."""
        self.state: State = state.begin(pace or Pace(), self._now())

    def run(self, *, once: bool = False, stop: Callable[[], bool] = lambda: False) -> None:
        """Go on until interrupted or told to stop; with `once`, until both sides are quiet.

        Raises:
            UsageError: what no waiting will mend.
            ConfsyncError: with `once`, whatever was in the way.
        """
        while not stop() and not (once and self.state.idle):
            self.step(once=once)

    def step(self, *, once: bool = False) -> None:
        """One step: a wait, a look or a round."""
        self._hear(0.0)
        step = state.next_step(self.state, self._now())
        if step.do is Do.WAIT:
            self._hear(step.until - self._now())
            return
        try:
            self._require_folder()
            self._act(step.do)
        except UsageError:
            raise
        except FileChanged as error:  # people save at any moment; the next round takes it along
            self.state = state.interrupted(self.state, [RelPath(error.page)], self._now())
        except (ConfsyncError, OSError) as error:
            if once:
                raise
            self._failed(error)

    def _take(self, session: Session) -> None:
        self._session = replace(session, reporter=NewsReporter(self._say))
        self._lookout = Lookout(self._session)

    # ------------------------------------------------------------------------------------- what it does

    def _act(self, do: Do) -> None:
        match do:
            case Do.LOOK:
                self._look()
            case Do.LOCAL:
                self._local()
            case Do.NEWS:
                self._round(quick=not self._lookout.base.small)
            case Do.WHOLE:
                self._round(quick=False)
            case Do.WAIT:
                return
        if not self.state.failures:
            self._resumed()

    def _look(self) -> None:
        found = self._lookout.look()
        self.state = state.looked(self.state, found, self._now(), self._around.dice())
        self._show(looked=self._session.clock.now(), left=self._session.remote.allowance())

    def _local(self) -> None:
        """Files came to rest, or are to be scanned: send what they say, in the cheapest way that does."""
        if self._manner.pull_only:
            self.state = state.scanned(self.state, self._now())
            return
        committed = self._head != self._session.history.find_commit("HEAD") or self.state.later_at is not None
        edited = self._session.history.edited()
        dirt = self.state.dirt
        meant = dirt.among(edited) if dirt.touched else edited
        if committed or len(meant) != len(edited):
            self._round(quick=True)
        elif not meant:
            self.state = state.scanned(self.state, self._now())
        else:
            self._send(meant)

    def _send(self, paths: frozenset[RelPath]) -> None:
        """The edits alone, where none of these pages has to wait for its turn; else a round."""
        self.state = state.started(self.state)
        resting = {self._places[page] for page in self._resting(self._now())}
        done = None if paths & resting else send(self._session, self._manner, paths)
        if done is None:
            self._round(quick=True)
        else:
            self._finish(done, whole=0.0)
            if done.again:
                self.state = state.unsettled(self.state)

    def _round(self, *, quick: bool) -> None:
        now = self._now()
        self.state = state.started(self.state)
        done = run_round(self._session, self._manner, quick=quick, resting=self._resting(now))
        self._finish(done, whole=0.0 if quick else self.state.pace.whole(self._lookout.base.requests))

    def _finish(self, done: Done, *, whole: float) -> None:
        """Remember what a round did, and say it."""
        self.last = done
        self._head = self._session.history.find_commit("HEAD")
        now = self._now()
        self._sent |= {item.page: now for item in done.outcome.pushed}
        self._places |= {item.page: item.path for item in done.outcome.pushed}
        happened = news.events(self._session, done)
        self.state = state.rounded(
            self.state,
            now,
            changed=bool(happened),
            whole=whole,
            later=self._turn(done),
        )
        if done.outcome.late:
            self.state = state.interrupted(self.state, done.outcome.late, now)
        self._resumed()
        self._show(conflicts=len(done.outcome.conflicts), held=len(done.held) + len(done.outcome.refused))
        for item in (*happened, *self._said.fresh(news.standing(self._session, done))):
            self._say(item)

    def _resting(self, now: float) -> frozenset[PageId]:
        """Pages that got a version from us less than an interval ago: their watchers are not spammed."""
        self._sent = {page: at for page, at in self._sent.items() if now - at < self.state.pace.interval}
        return frozenset(self._sent)

    def _turn(self, done: Done) -> float | None:
        """When the first of the postponed edits may go out."""
        times = [self._sent[page] for page in done.postponed if page in self._sent]
        return min(times) + self.state.pace.interval if times else None

    # ------------------------------------------------------------------------------------- what it hears

    def _hear(self, seconds: float) -> None:
        asked = max(0.0, seconds)
        before = self._now()
        hints = self._inbox.wait(asked)
        now = self._now()
        if hints.lost or now - before > asked + SLEPT:
            self.state = state.missed(self.state, now)
        if hints.rung:
            self.state = state.rung(self.state, now)
        self.state = state.touched(self.state, hints.paths, now)

    # ------------------------------------------------------------------------------------- what is in the way

    def _failed(self, error: ConfsyncError | OSError) -> None:
        self.state = state.failed(self.state, self._now(), self._around.dice())
        if isinstance(error, AuthenticationFailed) and self._around.login is not None:
            self._take(self._around.login())
        self._show(trouble=_state(error))
        if self._trouble.is_new(error):
            hint = error.hint if isinstance(error, ConfsyncError) else ""
            self._say(News(Happened.PAUSED, detail=f"{_state(error)}: {error}", hint=hint))

    def _resumed(self) -> None:
        if self._trouble.kind:
            self._trouble.kind = ""
            self._show(trouble="")
            self._say(News(Happened.RESUMED, detail="going on"))

    def _show(self, **changes: str | int | None) -> None:
        self._standing = replace(self._standing, **changes)  # type: ignore[arg-type]
        self._around.show(self._standing)

    def _require_folder(self) -> None:
        """A folder that is gone (unmounted, moved away) is no deletion; once it is back, all is looked at."""
        if not (self._folder / FILE).is_file():
            self._trouble.folder = True
            raise FolderGone(
                f"{self._folder} is gone, or is no working copy any more",
                hint="Nothing is taken as deleted. Once it is back, the watch goes on.",
            )
        if self._trouble.folder:
            self._around.listen()
            self._trouble.folder = False
            self.state = state.missed(self.state, self._now())

    def _now(self) -> float:
        return _seconds(self._session.clock)


@dataclass
class _Trouble:
    """What is in the way, so that it is said once."""

    kind: str = ""
    folder: bool = field(default=False)
    """Whether the folder was gone when we last looked."""

    def is_new(self, error: Exception) -> bool:
        before, self.kind = self.kind, type(error).__name__
        return self.kind != before


def _seconds(clock: Clock) -> float:
    return datetime.fromisoformat(clock.now()).timestamp()


_STATES: Final[Mapping[type[Exception], str]] = {
    Unreachable: "offline",
    RateLimited: "told to slow down",
    AuthenticationFailed: "not logged in",
    AlreadyRunning: "waiting",
    HistoryError: "waiting",
    FolderGone: "the folder is gone",
    WriteFailed: "cannot write",
}


def _state(error: Exception) -> str:
    return next((words for kind, words in _STATES.items() if isinstance(error, kind)), "in the way")
