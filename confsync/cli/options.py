"""The options that many commands share, spelled and explained once."""

from typing import Annotated

import typer

from confsync.cli.flags import JsonFlag, QuietFlag
from confsync.engine.session import OnConflict

NoInputFlag = Annotated[
    bool, typer.Option("--no-input", help="Never ask; stop with exit code 4 where a question would come.")
]
DryRunFlag = Annotated[
    bool, typer.Option("--dry-run", "-n", help="Show what would be done, and write nothing on either side.")
]
MessageOption = Annotated[
    str,
    typer.Option("--message", "-m", help="For the commit of your edits, and for the version in Confluence."),
]
NoCommitFlag = Annotated[
    bool, typer.Option("--no-commit", help="Refuse to run with uncommitted edits instead of committing them.")
]
CreateFlag = Annotated[bool, typer.Option("--create", help="Agree beforehand to creating pages.")]
DeleteFlag = Annotated[
    bool, typer.Option("--delete", help="Agree beforehand to moving pages to Confluence's trash.")
]
AllowDeletesOption = Annotated[
    int,
    typer.Option(
        "--allow-deletes",
        metavar="N",
        help="Agree beforehand to so many deletions, where a push would delete more than 20 pages and 30 %.",
    ),
]
AllowLossFlag = Annotated[
    bool,
    typer.Option("--allow-loss", help="Send edits that remove macros or comments Markdown cannot show."),
]
ThisBranchFlag = Annotated[
    bool, typer.Option("--this-branch", help="Run although another branch follows the space.")
]
FullFlag = Annotated[bool, typer.Option("--full", help="Read every page again, not only what changed.")]
QuickFlag = Annotated[
    bool, typer.Option("--quick", help="Look only at what was saved last, in two requests.")
]
OnConflictOption = Annotated[
    OnConflict | None,
    typer.Option(
        "--on-conflict",
        help="What to do where both sides changed the same words: put git's markers into the file (the "
        "default at a terminal), touch nothing and report (the default elsewhere), put Confluence's text "
        "beside the file, or take one side.",
        show_default=False,
    ),
]

__all__ = [
    "AllowDeletesOption",
    "AllowLossFlag",
    "CreateFlag",
    "DeleteFlag",
    "DryRunFlag",
    "FullFlag",
    "JsonFlag",
    "MessageOption",
    "NoCommitFlag",
    "NoInputFlag",
    "OnConflictOption",
    "QuickFlag",
    "QuietFlag",
    "ThisBranchFlag",
]
