"""What bringing pages back from a commit takes: values in, values out.

A commit holds every page's record and, beside its file, its attachments. Pages that are in the trash come
back with their id; purged ones become new pages; pages that are still there are left alone unless they are
named, and then get the commit's state as a new version.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from confsync.convert import inline_comment_refs
from confsync.model.content import ContentType, Row, Status
from confsync.model.ids import PageId
from confsync.model.record import Record
from confsync.plan.children import sequences
from confsync.ports import Fate


class Way(StrEnum):
    """How a page comes back."""

    TRASH = "from the trash"
    NEW = "as a new page"
    BACK = "set back"
    """It is still there, and gets the commit's text as a new version."""
    HOME = "as the home page"
    """It becomes the home page of an empty space."""


@dataclass(frozen=True, slots=True)
class Step:
    """One page to bring back."""

    record: Record
    way: Way
    onto: PageId | None = None
    """The page that takes its state, where that is not its own id."""
    above: tuple[PageId, ...] = ()
    """Its ancestors at the commit, nearest first, by their ids then."""


@dataclass(frozen=True, slots=True)
class Left:
    """A page of the commit, or something of it, that does not come back, and why."""

    page: PageId
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class RestorePlan:
    """What a restore does, parents before children and siblings in their order."""

    steps: tuple[Step, ...] = ()
    left: tuple[Left, ...] = ()
    """Pages that stay as they are."""
    lost: tuple[Left, ...] = ()
    """What of the restored pages cannot come back."""


@dataclass(frozen=True, slots=True)
class Target:
    """The space that pages come back to."""

    fates: Mapping[PageId, Fate]
    """What became of the commit's pages there; empty for another space, where all of them are new."""
    home: PageId | None = None
    """Its home page: pages whose ancestors are all gone come to lie below it."""
    elsewhere: bool = False
    """Whether it is another space than the one the commit mirrors."""
    fresh: bool = False
    """Whether it holds nothing but its home page, which may then be written over."""


def plan_restore(
    records: Mapping[PageId, Record],
    target: Target,
    *,
    wanted: frozenset[PageId] = frozenset(),
    home: PageId | None = None,
    include_restricted: bool = False,
) -> RestorePlan:
    """Decide how each page of a commit comes back.

    Args:
        records: the commit's records.
        target: where to.
        wanted: pages that were named; none: every page that is no longer there.
        home: the commit's home page, where known.
        include_restricted: whether view-restricted pages may become new pages that everybody sees.
    """
    steps: list[Step] = []
    left: list[Left] = []
    for record in _in_tree_order(records):
        if wanted and record.id not in wanted:
            continue
        decided = _decide(record, target, named=bool(wanted), include_restricted=include_restricted)
        if isinstance(decided, Left):
            left.append(decided)
        elif decided is not None:
            is_home = record.id == home and decided is Way.NEW and target.fresh
            way, onto = (Way.HOME, target.home) if is_home else (decided, None)
            steps.append(Step(record, way, onto, tuple(_above(record.row, records))))
    lost = tuple(loss for step in steps for loss in _lost(step))
    return RestorePlan(tuple(steps), tuple(left), lost)


def _decide(record: Record, target: Target, *, named: bool, include_restricted: bool) -> Way | Left | None:
    row = record.row
    fate = Fate.HIDDEN if target.elsewhere else target.fates.get(row.id, Fate.HIDDEN)
    match fate:
        case Fate.CURRENT:
            return Way.BACK if named and row.type.has_text else None
        case Fate.TRASHED:
            return Way.TRASH
        case Fate.ARCHIVED:
            return _left(row, "is archived: unarchive it in Confluence")
        case Fate.MOVED_OUT:
            return _left(row, "lives in another space now")
        case Fate.DRAFT:
            return _left(row, "is a draft in Confluence")
        case Fate.HIDDEN:
            return _recreated(record, include_restricted=include_restricted)


def _recreated(record: Record, *, include_restricted: bool) -> Way | Left:
    row = record.row
    if not row.type.has_text and row.type is not ContentType.FOLDER:
        return _left(row, f"is a {row.type.value}, whose content only Confluence has")
    if row.status is not Status.CURRENT:
        return _left(row, f"was {row.status.value} at that commit")
    if record.restricted and not include_restricted:
        reason = "was view-restricted, and a new page would be seen by everybody: --include-restricted"
        return _left(row, reason)
    return Way.NEW


def _left(row: Row, reason: str) -> Left:
    return Left(row.id, row.title, reason)


def _lost(step: Step) -> Iterator[Left]:
    """What a new page cannot have of the old one, besides its earlier versions, which git has."""
    if step.way not in (Way.NEW, Way.HOME):
        return
    row = step.record.row
    if step.record.restricted:
        yield _left(row, "its view restriction: everybody who sees the space sees it")
    comments = len(inline_comment_refs(step.record.page.body))
    if comments:
        yield _left(row, f"its {'inline comment' if comments == 1 else f'{comments} inline comments'}")
    if row.type is ContentType.BLOGPOST:
        yield _left(row, f"the day it was posted, {row.created[:10]}")


def _above(row: Row, records: Mapping[PageId, Record]) -> Iterator[PageId]:
    """Ancestors, nearest first; a ring ends where it closes."""
    seen = {row.id}
    parent = row.parent
    while parent is not None and parent not in seen:
        yield parent
        seen.add(parent)
        parent = records[parent].row.parent if parent in records else None


def _in_tree_order(records: Mapping[PageId, Record]) -> Iterator[Record]:
    """Parents before children, siblings in their order, posts last."""
    rows = {page: record.row for page, record in records.items()}
    below = sequences(rows)
    tops = sorted((row for row in rows.values() if row.parent not in rows), key=_top_rank)
    stack = [row.id for row in reversed(tops)]
    done: set[PageId] = set()
    while stack:
        page = stack.pop()
        if page in done:
            continue
        done.add(page)
        yield records[page]
        stack.extend(reversed(below.get(page, ())))
    yield from (records[page] for page in sorted(records.keys() - done))


def _top_rank(row: Row) -> tuple[bool, bool, int, str]:
    return row.type is ContentType.BLOGPOST, row.position is None, row.position or 0, row.id
