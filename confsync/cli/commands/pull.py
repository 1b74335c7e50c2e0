"""`confsync pull`."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from confsync.cli.app import new_app
from confsync.cli.copies import run_all, tell_all, worst
from confsync.cli.jobs import pull_jobs
from confsync.cli.opening import on_conflict, opened
from confsync.cli.options import (
    DryRunFlag,
    FullFlag,
    JsonFlag,
    MessageOption,
    NoCommitFlag,
    NoInputFlag,
    OnConflictOption,
    QuickFlag,
    QuietFlag,
    ThisBranchFlag,
)
from confsync.cli.show import show_outcome
from confsync.cli.terminal import Terminal
from confsync.engine import runs
from confsync.engine.session import OnConflict, Options
from confsync.errors import UsageError

app = new_app()


@app.command()
def pull(
    message: MessageOption = "",
    no_commit: NoCommitFlag = False,
    conflict: OnConflictOption = None,
    this_branch: ThisBranchFlag = False,
    full: FullFlag = False,
    quick: QuickFlag = False,
    every: Annotated[
        bool,
        typer.Option("--all", help="Every working copy in this folder and below it, with one summary."),
    ] = False,
    dry_run: DryRunFlag = False,
    no_input: NoInputFlag = False,
    quiet: QuietFlag = False,
    as_json: JsonFlag = False,
) -> None:
    """Merge what changed in Confluence into the files.

    Only the lines that changed are rewritten. Your uncommitted edits of pages are committed first. Exits with
    3 where both sides changed the same words.
    """
    if full and quick:
        raise UsageError("--full and --quick are opposites", hint="Choose one of them.")
    terminal = Terminal(as_json=as_json, quiet=quiet, no_input=no_input)
    options = Options(
        dry_run=dry_run,
        message=message,
        commit=not no_commit,
        on_conflict=on_conflict(conflict, terminal),
        this_branch=this_branch,
        full=full,
        quick=quick,
    )
    if every:
        finished = run_all(
            pull_jobs(Path.cwd(), replace(options, on_conflict=conflict or OnConflict.DEFER)), terminal
        )
        tell_all(terminal, finished)
        raise typer.Exit(worst(finished))
    with opened(terminal) as session:
        outcome = runs.pull(session, options)
    show_outcome(terminal, outcome, nothing="Nothing new in Confluence.")
    raise typer.Exit(outcome.exit_code)
