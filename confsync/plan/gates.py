"""What a push may not do without a person's word.

Nothing is published or deleted by accident: the first push of a working copy that creates pages, any push
that creates more than five, and every deletion stop here unless allowed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from confsync.errors import GateStopped
from confsync.plan.operation import Create, Operation, Trash

FREE_CREATES = 5
"""As many pages may be created without asking, once somebody has agreed to the first."""


@dataclass(frozen=True, slots=True)
class Question:
    """Something to be agreed to."""

    flag: str
    """The option that agrees beforehand: `--create` or `--delete`."""
    text: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Allowed:
    """What has been agreed to."""

    create: bool = False
    delete: bool = False


def questions(operations: Sequence[Operation], allowed: Allowed, *, first_push: bool) -> tuple[Question, ...]:
    """What has to be asked before these operations may run."""
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
    if trashes and not allowed.delete:
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
    return GateStopped(
        f"{question.text}:\n{items}", hint=f"Nothing was sent. If that is right, say so with {question.flag}."
    )


def _pages(count: int) -> str:
    return "1 page" if count == 1 else f"{count} pages"
