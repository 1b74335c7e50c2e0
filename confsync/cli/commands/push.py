"""`confsync push`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from confsync.cli.app import new_app
from confsync.cli.opening import Access, find_folder, logged_in, opened
from confsync.cli.options import (
    AllowDeletesOption,
    AllowLossFlag,
    CreateFlag,
    DeleteFlag,
    DryRunFlag,
    JsonFlag,
    MessageOption,
    NoCommitFlag,
    NoInputFlag,
    QuietFlag,
    ThisBranchFlag,
)
from confsync.cli.review import review
from confsync.cli.show import show_outcome
from confsync.cli.terminal import Terminal
from confsync.engine import runs
from confsync.engine.expected import expected
from confsync.engine.observe_local import observe_copy
from confsync.engine.session import Options
from confsync.errors import UsageError

app = new_app()


class Format(StrEnum):
    """How a dry run tells its plan."""

    TEXT = "text"
    MARKDOWN = "markdown"


@app.command()
def push(
    pages: Annotated[
        list[Path] | None, typer.Argument(help="Files of pages to send; all of them where none is named.")
    ] = None,
    message: MessageOption = "",
    create: CreateFlag = False,
    delete: DeleteFlag = False,
    allow_deletes: AllowDeletesOption = 0,
    allow_loss: AllowLossFlag = False,
    no_commit: NoCommitFlag = False,
    this_branch: ThisBranchFlag = False,
    publish: Annotated[
        bool, typer.Option("--publish", help="Push from a detached HEAD, as CI checkouts have it.")
    ] = False,
    dry_run: DryRunFlag = False,
    form: Annotated[
        Format, typer.Option("--format", help="How --dry-run tells its plan: markdown suits a pull request.")
    ] = Format.TEXT,
    no_input: NoInputFlag = False,
    quiet: QuietFlag = False,
    as_json: JsonFlag = False,
) -> None:
    """Send local edits to Confluence.

    Every page is read again just before it is written and once more afterwards. A page that changed in
    Confluence meanwhile is left alone and named: `confsync sync` merges it first. The first push that creates
    pages, any push that creates more than five and every deletion asks; without a terminal it stops with exit
    code 4.

    `--dry-run` needs no credentials. Where there are some, `--format markdown` also looks which of the pages
    have been edited in Confluence since the last pull, and whether that will merge.
    """
    if form is Format.MARKDOWN and not dry_run:
        raise UsageError("--format markdown tells a plan", hint="Add --dry-run.")
    terminal = Terminal(as_json=as_json, quiet=quiet, no_input=no_input)
    options = Options(
        dry_run=dry_run,
        message=message,
        commit=not no_commit,
        create=create,
        delete=delete,
        allow_deletes=allow_deletes,
        allow_loss=allow_loss,
        this_branch=this_branch,
        publish=publish,
        only=page_paths(pages or []),
    )
    with opened(terminal, access=Access.MAYBE if dry_run else Access.ALWAYS) as session:
        outcome = runs.push(session, options)
        if form is Format.MARKDOWN:
            meets = expected(session, outcome) if logged_in(session.settings) else ()
            terminal.say(review(outcome, observe_copy(session).records, meets))
    if form is Format.TEXT:
        show_outcome(terminal, outcome, nothing="Nothing to send.")
    raise typer.Exit(outcome.exit_code)


def page_paths(pages: list[Path]) -> frozenset[str]:
    """Paths as typed, relative to the working copy as the engine names them.

    Raises:
        UsageError: one lies outside of the working copy.
    """
    if not pages:
        return frozenset()
    folder = find_folder(Path.cwd())
    found = set()
    for page in pages:
        path = Path.cwd() / page
        if not path.resolve().is_relative_to(folder):
            raise UsageError(f"{page} lies outside of the working copy {folder}")
        found.add(path.resolve().relative_to(folder).as_posix())
    return frozenset(found)
