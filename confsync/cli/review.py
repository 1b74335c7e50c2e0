"""A push's plan as the comment for a pull request."""

from collections.abc import Iterable, Mapping, Sequence

from confsync.cli.show import count, operation_line
from confsync.convert.touched import touched
from confsync.engine.outcome import Outcome
from confsync.model.ids import PageId
from confsync.model.record import Record
from confsync.plan.operation import Create, MoveTo, Operation, Pulled, Trash, Update


def review(outcome: Outcome, records: Mapping[PageId, Record], expected: Sequence[Pulled] = ()) -> str:
    """Markdown: what merging would do to Confluence, what would be lost, what stands in the way.

    Args:
        outcome: of a dry run.
        records: the base, for what the edits touch.
        expected: what a pull would make of these pages now, where somebody has looked.
    """
    if not (outcome.planned or outcome.refused or outcome.conflicts):
        return "**Confluence**: merging this changes nothing there."
    lines = [f"**Confluence**: merging this {_summary(outcome.planned)}.", ""]
    for operation in outcome.planned:
        lines += [f"- {_code(operation_line(operation).plain)}", *_touched(operation, records)]
    for operation in outcome.planned:
        if isinstance(operation, Update) and operation.losses:
            lines += ["", f"> [!CAUTION]\n>\n> `{operation.path}` loses {', '.join(operation.losses)}."]
    lines += _expected(expected)
    if outcome.refused:
        lines += ["", "Would not be sent:", ""]
        lines += [f"- `{item.path}`: {item.reason}" for item in outcome.refused]
    if outcome.conflicts:
        lines += ["", "In conflict:", ""]
        lines += [f"- `{conflict.path}`" for conflict in outcome.conflicts]
    return "\n".join(lines)


def _touched(operation: Operation, records: Mapping[PageId, Record]) -> list[str]:
    """The constructs and inline comments that an edit of a page touches."""
    if not isinstance(operation, Update) or operation.body is None or operation.page not in records:
        return []
    found = touched(records[operation.page].page.body, operation.body)
    told = [f"{name} ×{number}" if number > 1 else name for name, number in sorted(found.items())]
    return [f"  touches {', '.join(told)}"] if told else []


def _expected(expected: Sequence[Pulled]) -> list[str]:
    """Pages that colleagues have edited since the last pull."""
    if not expected:
        return []
    lines = ["", "Edited in Confluence since the last pull:", ""]
    for item in expected:
        who = f" by {item.author}" if item.author else ""
        what = (
            "expect a conflict: both sides changed the same words" if item.did == "conflict" else "will merge"
        )
        lines.append(f"- `{item.path}` v{item.version}{who}: {what}")
    return lines


def _summary(operations: Iterable[Operation]) -> str:
    every = list(operations)
    told = [
        f"{verb} {count(number, 'page')}"
        for verb, number in (
            ("creates", sum(isinstance(op, Create) for op in every)),
            ("changes", sum(isinstance(op, Update) for op in every)),
            ("moves", sum(isinstance(op, MoveTo) for op in every)),
            ("deletes", sum(isinstance(op, Trash) for op in every)),
        )
        if number
    ]
    others = len(every) - sum(isinstance(op, Create | Update | MoveTo | Trash) for op in every)
    if others:
        told.append(f"makes {count(others, 'smaller change')}")
    return ", ".join(told) or "sends nothing"


def _code(line: str) -> str:
    """The line of a plan: verb, path as code, detail."""
    verb, _, rest = line.strip().partition(" ")
    path, _, detail = rest.strip().partition("  ")
    return f"{verb} `{path}` {detail}".rstrip()
