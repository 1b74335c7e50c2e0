"""Many working copies at once: side by side, with one rate limit, one summary, and the worst exit code.

Copies in one repository take turns, because each moves its HEAD. What fails is named, the others go on, and
the next run goes on where this one stopped: what is there already is only brought up to date.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.text import Text

from confsync.cli.show import count
from confsync.cli.terminal import BAD, CAREFUL, GOOD, Terminal, tidy
from confsync.cli.trouble import FAILED
from confsync.engine.outcome import Outcome
from confsync.errors import AuthenticationFailed, ConfsyncError, GateStopped, GitMissing
from confsync.history.place import find_place
from confsync.model.config import FILE

SIDE_BY_SIDE: Final = 4
"""How many repositories are worked on at a time; the site's own pace is kept by all of them together."""

_SEVERITY: Final = (0, 3, 4, 2, 1)
"""Exit codes from the best to the worst: done, conflicts left, stopped by a gate, wrong usage, failed."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be done to one working copy."""

    label: str
    """The space's key, or its folder."""
    folder: Path
    act: Callable[[Terminal], Outcome]


@dataclass(frozen=True, slots=True)
class Finished:
    """What came of a job."""

    job: Job
    code: int
    said: str
    outcome: Outcome | None = None


class Labelled(Terminal):
    """A terminal whose warnings say which working copy they are about, and where nobody is asked."""

    def __init__(self, label: str) -> None:
        super().__init__(quiet=True, no_input=True)
        self._label = label

    def warn(self, text: str) -> None:
        """Say something worth worrying about, and of which copy."""
        super().warn(f"{self._label}: {text}")

    @property
    def shows_progress(self) -> bool:
        """Bars of several copies would write over each other."""
        return False


def working_copies(below: Path) -> Iterator[Path]:
    """The working copies in a folder and below it, by name; hidden folders are passed over."""
    for folder, names, files in os.walk(below):
        names[:] = sorted(name for name in names if not name.startswith("."))
        if FILE in files:
            yield Path(folder)


def run_all(jobs: Sequence[Job], terminal: Terminal, executor: Executor | None = None) -> list[Finished]:
    """Do every job, telling each as it ends; the results are in the order of the jobs.

    Args:
        jobs: one per working copy.
        terminal: where each end is told.
        executor: what runs them; threads of this process where None.

    Raises:
        KeyboardInterrupt: what has begun ends as an interrupted run does, the rest does not begin.
    """
    finished: dict[str, Finished] = {}
    pool = executor or ThreadPoolExecutor(SIDE_BY_SIDE)
    try:
        waiting = [pool.submit(_in_turn, group) for group in _by_repository(jobs)]
        for done in as_completed(waiting):
            for one in done.result():
                finished[one.job.label] = one
                terminal.say(_line(one))
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    finally:
        if executor is None:
            pool.shutdown()
    return [finished[job.label] for job in jobs]


def worst(finished: Sequence[Finished]) -> int:
    """The exit code of the worst."""
    return max((one.code for one in finished), key=_SEVERITY.index, default=0)


def tell_all(terminal: Terminal, finished: Sequence[Finished]) -> None:
    """One summary: a JSON document, or a line."""
    terminal.document(
        {
            "copies": [
                {
                    "space": one.job.label,
                    "folder": str(one.job.folder),
                    "exit_code": one.code,
                    "said": one.said,
                    "pulled": len(one.outcome.pulled) if one.outcome else 0,
                    "conflicts": [item.path for item in one.outcome.conflicts] if one.outcome else [],
                    "warnings": list(one.outcome.warnings) if one.outcome else [],
                }
                for one in finished
            ],
            "exit_code": worst(finished),
        }
    )
    failed = sum(1 for one in finished if one.code)
    terminal.say(f"{count(len(finished), 'space')}, {failed or 'none'} with trouble.", style="bold")


def _by_repository(jobs: Sequence[Job]) -> list[list[Job]]:
    groups: dict[Path, list[Job]] = {}
    for job in jobs:
        groups.setdefault(_repository(job.folder), []).append(job)
    return list(groups.values())


def _repository(folder: Path) -> Path:
    """The repository that a folder lies in, or will make for itself."""
    near = next(place for place in (folder, *folder.parents) if place.is_dir())
    try:
        return find_place(near, "any").shared
    except GitMissing:
        return folder


def _in_turn(jobs: Sequence[Job]) -> list[Finished]:
    return [_one(job) for job in jobs]


def _one(job: Job) -> Finished:
    try:
        outcome = job.act(Labelled(job.label))
    except GateStopped as error:
        return Finished(job, 4, _words(error))
    except ConfsyncError as error:
        return Finished(job, FAILED, _words(error))
    return Finished(job, outcome.exit_code, _told(outcome), outcome)


def _words(error: ConfsyncError) -> str:
    if isinstance(error, AuthenticationFailed):
        return f"{error.message}; see `confsync auth login`"
    return f"{error.message}{' ' + error.hint if error.hint else ''}"


def _told(outcome: Outcome) -> str:
    told = [
        count(len(outcome.pulled), "page") if outcome.pulled else "nothing new",
        count(len(outcome.conflicts), "conflict") if outcome.conflicts else "",
        f"{len(outcome.refused)} refused" if outcome.refused else "",
    ]
    return ", ".join(filter(None, told))


def _line(one: Finished) -> Text:
    style = GOOD if one.code == 0 else BAD if one.code in (1, 2) else CAREFUL
    return Text.assemble((f"{one.job.label:12}", style), f"{one.said}  ", (tidy(one.job.folder), "dim"))
