"""One round: the ordinary sync, with what nobody has agreed to left out."""

from dataclasses import dataclass, replace

from confsync.engine import runs
from confsync.engine.outcome import Outcome
from confsync.engine.session import OnConflict, Options, Session
from confsync.plan.operation import Create, Operation, Trash
from confsync.ports import Cache
from confsync.watch.news import Happened, News


@dataclass(frozen=True, slots=True)
class Manner:
    """What a person has agreed to beforehand."""

    create: bool = False
    pull_only: bool = False
    this_branch: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """What a round did, and which operations wait for a person."""

    outcome: Outcome
    held: tuple[Operation, ...] = ()


class _FirstPush:
    """A cache in which nothing was ever pushed: the engine then asks before every creation."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def recall(self, name: str) -> str:
        return "" if name == "pushed" else self._cache.recall(name)

    def remember(self, name: str, value: str) -> None:
        self._cache.remember(name, value)


def run_round(session: Session, manner: Manner) -> Done:
    """Sync both sides; conflicts are put aside, deletions are never sent, creations only where allowed.

    Raises:
        ConfsyncError: whatever is in the way of the whole round.
    """
    careful = session if manner.create else replace(session, cache=_FirstPush(session.cache))
    options = Options(
        on_conflict=OnConflict.DEFER, create=manner.create, delete=False, this_branch=manner.this_branch
    )
    if manner.pull_only:
        return Done(runs.pull(careful, options))
    planned = runs.status(careful).planned
    held = tuple(op for op in planned if isinstance(op, Trash) or _withheld(op, manner))
    if not held:
        return Done(runs.sync(careful, options))
    rest = frozenset(str(op.path) for op in planned if op not in held)
    if not rest:
        return Done(runs.pull(careful, options), held)
    return Done(runs.sync(careful, replace(options, only=rest)), held)


def _withheld(operation: Operation, manner: Manner) -> bool:
    return isinstance(operation, Create) and not manner.create


def events(done: Done) -> list[News]:
    """What happened once."""
    pushed = {item.page for item in done.outcome.pushed}
    news = [
        News(Happened.PULLED, item.path, item.page, _detail(item.did, item.version))
        for item in done.outcome.pulled
        if item.did not in {"conflict", "merged"} and item.page not in pushed
    ]
    news += [
        News(Happened.MERGED, item.path, item.page, _detail(item.did, item.version))
        for item in done.outcome.pulled
        if item.did == "merged"
    ]
    news += [
        News(Happened.PUSHED, item.path, item.page, _detail(item.did, item.version))
        for item in done.outcome.pushed
    ]
    return news


def standing(done: Done) -> frozenset[News]:
    """What stays so until somebody does something."""
    found = {
        News(Happened.CONFLICT, item.path, item.page, "both sides changed the same words", _way(item.path))
        for item in done.outcome.conflicts
    }
    found |= {
        News(Happened.HELD, item.path, item.page or "", item.reason, item.hint)
        for item in done.outcome.refused
    }
    found |= {News(Happened.WARNING, detail=text) for text in done.outcome.warnings}
    return frozenset(found | {_held(op) for op in done.held})


def _held(operation: Operation) -> News:
    what, flag = ("a new page", "--create") if isinstance(operation, Create) else ("a deletion", "--delete")
    return News(
        Happened.HELD, operation.path, detail=f"{what} waits", hint=f"`confsync push {flag}` sends it."
    )


def _way(path: str) -> str:
    return f"`confsync resolve {path}`"


def _detail(did: str, version: int) -> str:
    return f"{did} v{version}" if version else did
