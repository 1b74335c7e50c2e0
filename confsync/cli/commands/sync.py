"""`confsync sync`."""

import typer

from confsync.cli.app import new_app
from confsync.cli.opening import on_conflict, opened
from confsync.cli.options import (
    AllowDeletesOption,
    AllowLossFlag,
    CreateFlag,
    DeleteFlag,
    DryRunFlag,
    FullFlag,
    JsonFlag,
    MessageOption,
    NoCommitFlag,
    NoInputFlag,
    OnConflictOption,
    QuietFlag,
    ThisBranchFlag,
)
from confsync.cli.show import show_outcome
from confsync.cli.terminal import Terminal
from confsync.engine import runs
from confsync.engine.session import Options

app = new_app()


@app.command()
def sync(
    message: MessageOption = "",
    create: CreateFlag = False,
    delete: DeleteFlag = False,
    allow_deletes: AllowDeletesOption = 0,
    allow_loss: AllowLossFlag = False,
    no_commit: NoCommitFlag = False,
    conflict: OnConflictOption = None,
    this_branch: ThisBranchFlag = False,
    full: FullFlag = False,
    dry_run: DryRunFlag = False,
    no_input: NoInputFlag = False,
    quiet: QuietFlag = False,
    as_json: JsonFlag = False,
) -> None:
    """Pull, then push what still differs: the one command for every day.

    A run that finds nothing to do writes nothing, on either side. Exits with 3 where a conflict is left;
    every other page is done all the same.
    """
    terminal = Terminal(as_json=as_json, quiet=quiet, no_input=no_input)
    options = Options(
        dry_run=dry_run,
        message=message,
        commit=not no_commit,
        on_conflict=on_conflict(conflict, terminal),
        create=create,
        delete=delete,
        allow_deletes=allow_deletes,
        allow_loss=allow_loss,
        this_branch=this_branch,
        full=full,
    )
    with opened(terminal) as session:
        outcome = runs.sync(session, options)
    show_outcome(terminal, outcome, nothing="Both sides say the same.")
    raise typer.Exit(outcome.exit_code)
