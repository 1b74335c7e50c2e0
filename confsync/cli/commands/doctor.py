"""`confsync doctor`."""

from pathlib import Path
from typing import Annotated

import typer

from confsync.cli.app import new_app
from confsync.cli.health import Finding, Health, examine
from confsync.cli.opening import find_folder
from confsync.cli.options import JsonFlag, QuietFlag
from confsync.cli.terminal import BAD, CAREFUL, GOOD, QUIETLY, Terminal

app = new_app()

_STYLES = {Health.GOOD: GOOD, Health.CAREFUL: CAREFUL, Health.BAD: BAD}


@app.command()
def doctor(
    fix: Annotated[
        bool, typer.Option("--fix", help="Put right what can be put right without asking.")
    ] = False,
    offline: Annotated[bool, typer.Option("--offline", help="Do not ask Confluence.")] = False,
    quiet: QuietFlag = False,
    as_json: JsonFlag = False,
) -> None:
    """Examine a working copy: git, attributes, ignore rules, records, identity, credentials.

    Exits with 1 where something is wrong. Writes nothing, unless --fix is given.
    """
    terminal = Terminal(as_json=as_json, quiet=quiet)
    findings = examine(find_folder(Path.cwd()), terminal, fix=fix, offline=offline)
    bad = sum(finding.health is Health.BAD for finding in findings)
    terminal.document({"checks": [_json(finding) for finding in findings], "exit_code": int(bad > 0)})
    for finding in findings:
        terminal.say(
            f"{finding.health.value:8}{finding.about}: {finding.said}", style=_STYLES[finding.health]
        )
        if finding.hint:
            terminal.say(f"{'':8}{finding.hint}", style=QUIETLY)
    raise typer.Exit(int(bad > 0))


def _json(finding: Finding) -> dict[str, object]:
    return {
        "about": finding.about,
        "health": finding.health.value,
        "said": finding.said,
        "hint": finding.hint,
    }
