"""One round: the ordinary sync, with what nobody has agreed to left out."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from confsync.engine import runs
from confsync.engine.outcome import Outcome
from confsync.engine.session import OnConflict, Options, Session
from confsync.errors import TooMuchNews
from confsync.model.ids import PageId, RelPath
from confsync.names import ASSETS, is_excluded
from confsync.plan.operation import Create, Detach, Operation, Trash, Upload
from confsync.ports import Cache


@dataclass(frozen=True, slots=True)
class Manner:
    """What a person has agreed to beforehand."""

    create: bool = False
    deletes: bool = False
    pull_only: bool = False
    this_branch: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """An operation that waits for a person."""

    operation: Operation
    what: str
    """`a new page`, `a deletion` …"""
    way: str
    """What sends it."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a round did, and what it left out."""

    outcome: Outcome
    held: tuple[Held, ...] = ()
    postponed: frozenset[PageId] = frozenset()
    """Pages whose edits wait for their turn: they got a version a moment ago."""
    again: bool = False
    """Whether a whole round has to follow."""


class _FirstPush:
    """A cache in which nothing was ever pushed: the engine then asks before every creation."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def recall(self, name: str) -> str:
        return "" if name == "pushed" else self._cache.recall(name)

    def remember(self, name: str, value: str) -> None:
        self._cache.remember(name, value)


def run_round(
    session: Session, manner: Manner, *, quick: bool = False, resting: Collection[PageId] = ()
) -> Done:
    """Sync both sides; conflicts are put aside, deletions and creations only sent where allowed.

    Args:
        session: the working copy.
        manner: what is allowed.
        quick: look only at what was saved last, where that is enough.
        resting: pages that got a version from us so lately that the next one waits.

    Raises:
        ConfsyncError: whatever is in the way of the whole round.
    """
    careful = session if manner.create else replace(session, cache=_FirstPush(session.cache))
    options = Options(
        on_conflict=OnConflict.DEFER,
        create=manner.create,
        delete=manner.deletes,
        this_branch=manner.this_branch,
        quick=quick,
    )
    try:
        return _round(careful, manner, options, resting)
    except TooMuchNews:
        return _round(careful, manner, replace(options, quick=False), resting)


def send(session: Session, manner: Manner, paths: Collection[RelPath]) -> Done | None:
    """Send edits of pages that are there, and nothing else; None where that does not do, and a round has to.

    Only these pages are looked at in Confluence, so that an edit costs the same in a space of any size.

    Args:
        session: the working copy.
        manner: what is allowed.
        paths: files that were edited.

    Raises:
        ConfsyncError: whatever is in the way of the whole run.
    """
    known = session.history.files()
    files = {path for path, fact in session.tree.scan().items() if not fact.symlink}
    plain = all(path in known and path in files and not _on_hold(session, path) for path in paths)
    if not plain or any(not path.endswith(".md") for path in paths):
        return None
    options = Options(this_branch=manner.this_branch, only=frozenset(map(str, paths)))
    outcome = runs.push(session, options)
    # What was not sent is a whole round's to merge, or to say why.
    return Done(replace(outcome, refused=(), late=()), again=bool(outcome.refused or outcome.late))


def _round(session: Session, manner: Manner, options: Options, resting: Collection[PageId]) -> Done:
    if manner.pull_only:
        return Done(runs.pull(session, options))
    planned = runs.status(session).planned
    held = tuple(found for op in planned if (found := _held(session, op, manner)) is not None)
    left_out = {_page_path(one.operation) for one in held}
    early = {op.page: _page_path(op) for op in planned if not isinstance(op, Create) and op.page in resting}
    postponed = frozenset(page for page, path in early.items() if path not in left_out)
    if not left_out and not early:
        return Done(runs.sync(session, options))
    every = {_page_path(op) for op in planned}
    rest = frozenset(map(str, every - left_out - set(early.values())))
    if not rest:
        return Done(runs.pull(session, options), held, postponed)
    return Done(runs.sync(session, replace(options, only=rest)), held, postponed)


def _held(session: Session, operation: Operation, manner: Manner) -> Held | None:
    path = _page_path(operation)
    if _on_hold(session, path):
        return Held(operation, "on hold in confsync.toml", f"`confsync push {path}` sends it.")
    match operation:
        case Trash() if not manner.deletes:
            return Held(operation, "a deletion waits", "`confsync push --delete` sends it.")
        case Create(draft=True):
            return Held(operation, "a draft waits", "take out `status: draft`, or `confsync push`")
        case Create() if not manner.create:
            return Held(operation, "a new page waits", "`confsync push --create` sends it.")
        case _:
            return None


def _on_hold(session: Session, path: RelPath) -> bool:
    root, globs = session.settings.root, session.settings.hold
    return bool(globs) and is_excluded(path, root=root, exclude=globs) and not is_excluded(path, root=root)


def _page_path(operation: Operation) -> RelPath:
    """The file of the page that an operation is about."""
    if isinstance(operation, Upload | Detach) and f"{ASSETS}/" in operation.path:
        return RelPath(f"{operation.path.rpartition(f'{ASSETS}/')[0]}.md")
    return operation.path
