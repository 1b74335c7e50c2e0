"""What a run did, for people: short lines, a colour for what kind of change it was."""

from collections.abc import Iterable, Sequence

from rich.text import Text

from confsync.cli.as_json import outcome_json
from confsync.cli.counting import count as count  # noqa: PLC0414 (commands look for it here)
from confsync.cli.terminal import BAD, CAREFUL, GOOD, QUIETLY, Terminal
from confsync.engine.conflicts import opponent
from confsync.engine.outcome import Outcome, Pushed
from confsync.plan.operation import (
    Arrange,
    ById,
    ByPath,
    Create,
    Detach,
    MoveTo,
    Operation,
    ParentRef,
    Pulled,
    Refused,
    Relabel,
    Top,
    Trash,
    Update,
    Upload,
)
from confsync.ports import ConflictState, PendingConflict

_STYLES = {
    "new": GOOD,
    "create": GOOD,
    "created": GOOD,
    "attached": GOOD,
    "removed": BAD,
    "delete": BAD,
    "trashed": BAD,
    "detach": BAD,
    "detached": BAD,
    "conflict": BAD,
}
_WIDTH = 10


def show_outcome(terminal: Terminal, outcome: Outcome, *, nothing: str) -> None:
    """Show a run's outcome, in words or as JSON.

    Args:
        terminal: where to.
        outcome: what happened.
        nothing: what to say where nothing did.
    """
    terminal.document(outcome_json(outcome))
    tell_outcome(terminal, outcome)
    if not (outcome.pulled or outcome.pushed or outcome.planned or outcome.refused or outcome.conflicts):
        terminal.say(nothing)


def tell_outcome(terminal: Terminal, outcome: Outcome) -> None:
    """Show a run's outcome in words; nothing where nothing happened."""
    for warning in outcome.warnings:
        terminal.warn(warning)
    for path in outcome.late:
        terminal.warn(f"{path}: has changes that are not committed, so it is not sent")
    dry = ", dry run" if outcome.dry_run else ""
    if outcome.committed:
        terminal.say(f"Committed your edits ({outcome.committed[:7]})", style=QUIETLY)
    show_pulled(terminal, outcome.pulled, f"From Confluence{dry}")
    section(terminal, f"To Confluence{dry}", map(operation_line, outcome.planned))
    section(terminal, "To Confluence", map(_pushed_line, outcome.pushed))
    show_refused(terminal, outcome.refused)
    show_conflicts(terminal, outcome.conflicts)


def show_pulled(terminal: Terminal, pulled: Sequence[Pulled], title: str = "From Confluence") -> None:
    """The pages a pull touched."""
    section(terminal, title, map(_pulled_line, pulled))


def show_refused(terminal: Terminal, refused: Sequence[Refused]) -> None:
    """The pages whose edits are not sent."""
    if not refused:
        return
    terminal.say(f"Not sent ({len(refused)})", style="bold")
    for item in refused:
        terminal.say(Text.assemble(("  refused   ", BAD), f"{item.path}: {item.reason}"))
        if item.hint:
            terminal.say(f"{'':{_WIDTH + 2}}{item.hint}", style=QUIETLY)


def show_conflicts(terminal: Terminal, conflicts: Sequence[PendingConflict]) -> None:
    """The conflicts that wait for a person, and what to do about each."""
    if not conflicts:
        return
    terminal.say(f"Conflicts ({len(conflicts)})", style="bold")
    for conflict in conflicts:
        match conflict.state:
            case ConflictState.MARKED:
                way = f"edit it, then `confsync resolve {conflict.path}` (or --ours, --theirs, --abort)"
            case ConflictState.DEFERRED:
                way = f"`confsync resolve {conflict.path}` puts it into the file (or --ours, --theirs)"
        terminal.say(
            Text.assemble((f"  {'conflict':{_WIDTH}}", BAD), f"{conflict.path} with {opponent(conflict)}")
        )
        terminal.say(f"{'':{_WIDTH + 2}}{way}", style=QUIETLY)


def operation_line(operation: Operation) -> Text:  # noqa: PLR0911 - one for each kind
    """One planned operation as a line."""
    match operation:
        case Create(path, kind, title, parent):
            what = "" if kind.value == "page" else f" {kind.value}"
            return _line("create", path, f"“{title}”{what} {_below(parent)}")
        case Update(_, path, title, body, losses):
            lost = f" and loses {', '.join(losses)}" if losses else ""
            return _line(
                "update", path, f"“{title}”{lost}" if body is not None else f"title becomes “{title}”"
            )
        case MoveTo(_, path, parent):
            return _line("move", path, _below(parent))
        case Arrange(_, path, sequence):
            return _line("order", path, f"{count(len(sequence), 'child page')} as `children` says")
        case Relabel(_, path, add, remove):
            signs = [*(f"+{label}" for label in sorted(add)), *(f"-{label}" for label in sorted(remove))]
            return _line("label", path, " ".join(signs))
        case Upload(_, path, _, _):
            return _line("attach", path)
        case Detach(_, path, _):
            return _line("detach", path)
        case Trash(_, path, title):
            return _line("delete", path, f"“{title}” goes to Confluence's trash")


def _pulled_line(item: Pulled) -> Text:
    version = f"v{item.version}" if item.version else ""
    was = f"was {item.was}" if item.was and item.was != item.path else ""
    return _line(item.did, item.path, " ".join(filter(None, (version, was))))


def _pushed_line(item: Pushed) -> Text:
    return _line(item.did, item.path, f"v{item.version}" if item.version else "")


def _line(did: str, path: str, detail: str = "") -> Text:
    return Text.assemble(
        (f"  {did:{_WIDTH}}", _STYLES.get(did, CAREFUL)), path, (f"  {detail}" if detail else "", QUIETLY)
    )


def _below(parent: ParentRef) -> str:
    match parent:
        case ById(page):
            return f"below page {page}"
        case ByPath(path):
            return f"below {path}"
        case Top():
            return "beside the home page"


def section(terminal: Terminal, title: str, lines: Iterable[Text]) -> None:
    """A headed list; nothing where it is empty."""
    found = list(lines)
    if not found:
        return
    terminal.say(f"{title} ({len(found)})", style="bold")
    for line in found:
        terminal.say(line)
