"""A push's plan as the comment for a pull request."""

from collections.abc import Iterable

from confsync.cli.show import count, operation_line
from confsync.engine.outcome import Outcome
from confsync.plan.operation import Create, MoveTo, Operation, Trash, Update


def review(outcome: Outcome) -> str:
    """Markdown: what merging would do to Confluence, what would be lost, what stands in the way."""
    if not (outcome.planned or outcome.refused or outcome.conflicts):
        return "**Confluence**: merging this changes nothing there."
    lines = [f"**Confluence**: merging this {_summary(outcome.planned)}.", ""]
    lines += [f"- {_code(operation_line(operation).plain)}" for operation in outcome.planned]
    for operation in outcome.planned:
        if isinstance(operation, Update) and operation.losses:
            lines += ["", f"> [!CAUTION]\n>\n> `{operation.path}` loses {', '.join(operation.losses)}."]
    if outcome.refused:
        lines += ["", "Would not be sent:", ""]
        lines += [f"- `{item.path}`: {item.reason}" for item in outcome.refused]
    if outcome.conflicts:
        lines += ["", "In conflict:", ""]
        lines += [f"- `{conflict.path}`" for conflict in outcome.conflicts]
    return "\n".join(lines)


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
