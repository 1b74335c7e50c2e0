"""What a restore will do and did, for people and programs."""

from collections.abc import Iterable

from rich.text import Text

from confsync.cli.as_json import outcome_json
from confsync.cli.show import count, section
from confsync.cli.terminal import BAD, CAREFUL, GOOD, QUIETLY, Terminal
from confsync.engine.outcome import Outcome
from confsync.engine.restore import Restored, Restoring
from confsync.plan.restore import Left, RestorePlan, Step, Way

_NOTHING = "Nothing to restore: every page of that commit is there. Name pages to set them back."


def plan_json(planned: RestorePlan) -> dict[str, object]:
    """A plan as JSON values."""
    return {
        "planned": [_step_json(step) for step in planned.steps],
        "left": [_left_json(item) for item in planned.left],
        "lost": [_left_json(item) for item in planned.lost],
    }


def result_json(result: Restoring, outcome: Outcome) -> dict[str, object]:
    """A result as JSON values; `pull` is what came into the files afterwards."""
    return {
        "restored": [_restored_json(one) for one in result.restored],
        "failed": [_left_json(item) for item in result.failed],
        "missing": [_left_json(item) for item in result.lost],
        "pull": outcome_json(outcome),
    }


def _left_json(item: Left) -> dict[str, str]:
    return {"page": item.page, "title": item.title, "reason": item.reason}


def _step_json(step: Step) -> dict[str, str]:
    return {"page": step.record.id, "title": step.record.page.title, "way": step.way.value}


def _restored_json(one: Restored) -> dict[str, str]:
    return {"page": one.page, "was": one.was, "title": one.title, "way": one.way.value}


def tell_plan(terminal: Terminal, planned: RestorePlan) -> None:
    """What would come back, and what would not."""
    lines = (_line("restore", GOOD, step.record.page.title, step.way.value) for step in planned.steps)
    section(terminal, "To restore", lines)
    _tell_left(terminal, "Left as it is", "left", planned.left)
    _tell_left(terminal, "Cannot come back", "lost", planned.lost)
    if not planned.steps:
        terminal.say(_NOTHING)


def tell_result(terminal: Terminal, planned: RestorePlan, result: Restoring, where: str) -> None:
    """What came back; `where` names the destination, where it is not the pages' own space."""
    section(terminal, "Restored", map(_restored, result.restored))
    section(terminal, "Failed", (_line("failed", BAD, one.title, one.reason) for one in result.failed))
    _tell_left(terminal, "Left as it is", "left", planned.left)
    _tell_left(terminal, "Could not come back", "lost", [*planned.lost, *result.lost])
    if not planned.steps:
        terminal.say(_NOTHING)
    if any(one.way in (Way.NEW, Way.HOME) for one in result.restored):
        terminal.say("New pages begin with version 1; their earlier versions are in git.", style=QUIETLY)
    if where:
        told = count(len(result.restored), "page")
        terminal.say(f"{told} restored into {where}; {len(result.failed)} failed.")


def _tell_left(terminal: Terminal, title: str, did: str, items: Iterable[Left]) -> None:
    section(terminal, title, (_line(did, CAREFUL, item.title, item.reason) for item in items))


def _restored(one: Restored) -> Text:
    return _line("restored", GOOD, one.title, f"{one.way.value} ({one.page})")


def _line(did: str, style: str, title: str, detail: str) -> Text:
    return Text.assemble((f"  {did:10}", style), title, (f"  {detail}", QUIETLY))
