"""`confsync resolve`."""

from pathlib import Path
from typing import Annotated

import typer

from confsync.cli.app import new_app
from confsync.cli.commands.push import page_paths
from confsync.cli.editor import edit as edit_file
from confsync.cli.opening import Access, opened
from confsync.cli.options import JsonFlag, QuietFlag
from confsync.cli.show import show_outcome
from confsync.cli.terminal import Terminal
from confsync.engine import runs
from confsync.engine.conflicts import Resolution, find_conflict
from confsync.engine.session import Session
from confsync.errors import UsageError
from confsync.ports import ConflictState

app = new_app()


@app.command()
def resolve(
    pages: Annotated[
        list[str] | None,
        typer.Argument(metavar="PAGE", help="Files (or page ids) with a conflict; none: list them."),
    ] = None,
    ours: Annotated[bool, typer.Option("--ours", help="Take your side of what conflicts.")] = False,
    theirs: Annotated[
        bool, typer.Option("--theirs", help="Take Confluence's side of what conflicts.")
    ] = False,
    edit: Annotated[
        bool, typer.Option("--edit", help="Open the file in your editor first, then take it as it is.")
    ] = False,
    abort: Annotated[
        bool, typer.Option("--abort", help="Put the file back as it was and leave the conflict for later.")
    ] = False,
    delete: Annotated[bool, typer.Option("--delete", help="The file is gone on purpose.")] = False,
    quiet: QuietFlag = False,
    as_json: JsonFlag = False,
) -> None:
    """Settle conflicts, for people who do not speak git.

    Without an option it takes the file as you have edited it, or shows a conflict that was put aside. Only
    the words in conflict are ever at stake: --ours and --theirs keep what was merged everywhere else.

    git works as well: edit, `git add`, `git commit`; the next run sees it.
    """
    terminal = Terminal(as_json=as_json, quiet=quiet)
    how = _resolution(ours=ours, theirs=theirs, edit=edit, abort=abort, delete=delete)
    with opened(terminal, access=Access.NEVER) as session:
        wanted = _names(pages or [])
        if edit:
            for name in wanted:
                _edit(session, name)
        outcome = runs.resolve_conflicts(session, wanted, how)
    show_outcome(terminal, outcome, nothing="No conflict is left.")
    raise typer.Exit(outcome.exit_code)


def _resolution(*, ours: bool, theirs: bool, edit: bool, abort: bool, delete: bool) -> Resolution | None:
    chosen = [
        resolution
        for resolution, wanted in (
            (Resolution.OURS, ours),
            (Resolution.THEIRS, theirs),
            (Resolution.EDITED, edit),
            (Resolution.ABORT, abort),
            (Resolution.DELETE, delete),
        )
        if wanted
    ]
    if len(chosen) > 1:
        raise UsageError("--ours, --theirs, --edit, --abort and --delete exclude each other")
    return chosen[0] if chosen else None


def _names(pages: list[str]) -> tuple[str, ...]:
    """Paths relative to the working copy; page ids as they are."""
    return tuple(name if name.isdigit() else next(iter(page_paths([Path(name)]))) for name in pages)


def _edit(session: Session, name: str) -> None:
    """Open a conflict in the person's editor, markers shown."""
    conflict = find_conflict(session, name)
    if conflict.state is ConflictState.DEFERRED:
        runs.resolve_conflicts(session, (name,), None)
    edit_file(session.tree.local_path(conflict.path))
