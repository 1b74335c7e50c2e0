"""`confsync init`."""

from pathlib import Path
from typing import Annotated

import typer

from confsync.cli.app import new_app
from confsync.cli.cloning import begin
from confsync.cli.foundation import checked_out, in_repository
from confsync.cli.opening import join
from confsync.cli.options import JsonFlag, QuietFlag
from confsync.cli.terminal import QUIETLY, Terminal, tidy
from confsync.confluence import connect, find_credentials, parse_space_url
from confsync.errors import GitMissing, UsageError
from confsync.model.config import FILE
from confsync.model.settings import AttachmentPolicy, HistoryPolicy, Settings

app = new_app()


@app.command()
def init(
    url: Annotated[
        str,
        typer.Argument(
            metavar="URL", help="The space's address as the browser shows it.", show_default=False
        ),
    ],
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="DIR", help="A folder in a git repository; by default the current one."),
    ] = None,
    history: Annotated[
        HistoryPolicy, typer.Option("--history-policy", help="One commit per pull, or one per page version.")
    ] = HistoryPolicy.SQUASH,
    attachments: Annotated[
        AttachmentPolicy, typer.Option("--attachments", help="Which attachments to hold as files.")
    ] = AttachmentPolicy.ALL,
    include_restricted: Annotated[
        bool, typer.Option("--include-restricted", help="Write view-restricted pages too.")
    ] = False,
    quiet: QuietFlag = False,
    as_json: JsonFlag = False,
) -> None:
    """Make a folder of an existing git repository the working copy of a space.

    Writes and commits confsync.toml and the frame of .confsync/, and touches no other file. `confsync pull`
    then brings the pages; files that are there already stay, and become new pages only when a push is agreed
    to.
    """
    terminal = Terminal(as_json=as_json, quiet=quiet)
    here = (Path.cwd() / (folder or "")).resolve()
    _check(here)
    where = parse_space_url(url)
    branch = checked_out(here)
    remote = connect(where.site, where.key, find_credentials(where.host))
    try:
        space = remote.space()
        settings = Settings(
            url=where.site,
            key=space.key,
            space_id=space.id,
            branch=branch,
            attachments=attachments,
            history=history,
            include_restricted=include_restricted,
        )
        begin(join(here, settings, remote, terminal), terminal)
    finally:
        remote.close()
    said = {
        "folder": str(here),
        "space": {"key": space.key, "id": space.id, "name": space.name},
        "branch": branch,
    }
    terminal.document(said)
    terminal.say(f"{tidy(here)} follows {space.key} ({space.name}) on branch {branch}")
    terminal.say("Next: `confsync pull` brings its pages.", style=QUIETLY)


def _check(folder: Path) -> None:
    if not folder.is_dir():
        raise UsageError(f"{tidy(folder)} is no folder", hint="`confsync clone URL DIR` makes a new one.")
    if (folder / FILE).exists():
        raise UsageError(f"{tidy(folder)} is a working copy already", hint="Run `confsync pull`.")
    if not in_repository(folder):
        raise GitMissing(
            f"{tidy(folder)} is not in a git repository", hint="Run `git init` first, or `confsync clone`."
        )
