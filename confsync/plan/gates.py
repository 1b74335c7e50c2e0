"""What a push may not do without a person's word.

Nothing is published or deleted by accident: the first push of a working copy that creates pages, any push
that creates more than five, and every deletion stop here unless allowed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from confsync.errors import GateStopped
from confsync.model.content import Row, Status
from confsync.model.ids import PageId
from confsync.plan.copy import Copy
from confsync.plan.operation import Create, Operation, Trash
from confsync.ports import Fate

FREE_CREATES = 5
"""As many pages may be created without asking, once somebody has agreed to the first."""


@dataclass(frozen=True, slots=True)
class Question:
    """Something to be agreed to."""

    flag: str
    """The option that agrees beforehand (`--create`, `--delete`, `--allow-deletes N`); empty: none does."""
    text: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Allowed:
    """What has been agreed to."""

    create: bool = False
    delete: bool = False
    deletes: int = 0
    """How many pages may go to the trash in one push that deletes more than anybody does by accident."""


def too_many(count: int, pages: int) -> bool:
    """Whether so many pages of a space do not vanish at once by anybody's will."""
    return count > max(20, pages * 3 // 10)


def vanished(copy: Copy, fates: Mapping[PageId, Fate]) -> Question | None:
    """What to ask before a push, where a large part of the space is suddenly nowhere to be seen."""
    rows = {page: r.row for page, r in copy.records.items() if r.row.status is Status.CURRENT}
    lost = sorted(page for page, fate in fates.items() if fate is Fate.HIDDEN and page in rows)
    if not too_many(len(lost), len(rows)):
        return None
    above = _common_ancestor(lost, rows)
    where = f" below “{rows[above].title}”" if above else ""
    return Question(
        "",
        f"{len(lost)} of {len(rows)} pages are no longer to be seen: you have probably lost the permission to"
        f" read what lies{where or ' here'}",
        tuple(rows[page].title for page in lost[:10]),
    )


def _common_ancestor(pages: Sequence[PageId], rows: Mapping[PageId, Row]) -> PageId | None:
    """The lowest page that all of these lie below, or are."""
    lines = [list(_line(page, rows)) for page in pages]
    shared = set(lines[0]).intersection(*lines[1:])
    return next((page for page in lines[0] if page in shared), None)


def _line(page: PageId, rows: Mapping[PageId, Row]) -> Iterator[PageId]:
    seen: set[PageId] = set()
    at: PageId | None = page
    while at is not None and at in rows and at not in seen:
        seen.add(at)
        yield at
        at = rows[at].parent


def questions(
    operations: Sequence[Operation], allowed: Allowed, *, first_push: bool, pages: int
) -> tuple[Question, ...]:
    """What has to be asked before these operations may run, in a space of so many pages."""
    creates = [op for op in operations if isinstance(op, Create)]
    trashes = [op for op in operations if isinstance(op, Trash)]
    asked: list[Question] = []
    if creates and not allowed.create and (first_push or len(creates) > FREE_CREATES):
        asked.append(
            Question(
                "--create",
                f"This push creates {_pages(len(creates))} in Confluence",
                tuple(f"{op.title} ({op.path})" for op in creates),
            )
        )
    if too_many(len(trashes), pages):
        if allowed.deletes < len(trashes):
            text = f"This push moves {len(trashes)} of {pages} pages to the trash in Confluence"
            told = tuple(f"{op.title} ({op.path})" for op in trashes)
            asked.append(Question(f"--allow-deletes {len(trashes)}", text, told))
    elif trashes and not (allowed.delete or allowed.deletes >= len(trashes)):
        asked.append(
            Question(
                "--delete",
                f"This push moves {_pages(len(trashes))} to the trash in Confluence",
                tuple(f"{op.title} ({op.path})" for op in trashes),
            )
        )
    return tuple(asked)


def stopped(question: Question) -> GateStopped:
    """The error of a gate that nobody opened."""
    items = "\n".join(f"  {item}" for item in question.items)
    say = f"If that is right, say so with {question.flag}." if question.flag else _NOT_SEEN
    return GateStopped(f"{question.text}:\n{items}", hint=f"Nothing was sent. {say}")


_NOT_SEEN = "The files stay. `confsync push PAGE` sends single pages all the same."


def _pages(count: int) -> str:
    return "1 page" if count == 1 else f"{count} pages"
