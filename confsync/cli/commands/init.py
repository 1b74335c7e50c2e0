"""`confsync init`."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from confsync.cli.adoption import adoption_json, tell_adoption
from confsync.cli.app import new_app
from confsync.cli.cloning import begin
from confsync.cli.foundation import checked_out, in_repository
from confsync.cli.opening import join
from confsync.cli.options import DryRunFlag, JsonFlag, QuietFlag
from confsync.cli.terminal import QUIETLY, Terminal, tidy
from confsync.confluence import connect, find_credentials, parse_space_url
from confsync.engine.adopt import bind, held_back, propose
from confsync.errors import GitMissing, UsageError
from confsync.model.config import FILE
from confsync.model.content import Space
from confsync.model.ids import SpaceId
from confsync.model.settings import AttachmentPolicy, HistoryPolicy, Settings
from confsync.plan.adopt import Adoption

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
    adopt: Annotated[
        bool,
        typer.Option(
            "--adopt",
            help="Give files that are published already the ids of their pages: by the markers of md2conf, "
            "mark and markdown-confluence, then by title, then by place.",
        ),
    ] = False,
    dry_run: DryRunFlag = False,
    quiet: QuietFlag = False,
    as_json: JsonFlag = False,
) -> None:
    """Make a folder of an existing git repository the working copy of a space.

    Writes and commits confsync.toml and the frame of .confsync/, and touches no other file. `confsync pull`
    then brings the pages; files that are there already stay, and become new pages only when a push is agreed
    to. With --adopt, files of pages that exist get their page's id in their front matter, uncommitted, and
    nothing is sent; files without a page go on the `exclude` list of confsync.toml. Look at the table with
    --dry-run first.
    """
    terminal = Terminal(as_json=as_json, quiet=quiet)
    here = (Path.cwd() / (folder or "")).resolve()
    _check(here)
    where = parse_space_url(url)
    wish = Settings(
        url=where.site,
        key=where.key,
        space_id=SpaceId(""),
        branch=checked_out(here),
        attachments=attachments,
        history=history,
        include_restricted=include_restricted,
    )
    remote = connect(where.site, where.key, find_credentials(where.host))
    try:
        space = remote.space()
        session = join(here, replace(wish, key=space.key, space_id=space.id), remote, terminal)
        adoption = propose(session) if adopt else None
        if adoption is not None:
            session = replace(session, settings=held_back(session.settings, adoption))
        if not dry_run:
            begin(session, terminal)
            if adoption is not None:
                bind(session, adoption)
    finally:
        remote.close()
    _tell(terminal, here, space, session.settings.branch, adoption, dry_run=dry_run)


def _tell(
    terminal: Terminal, here: Path, space: Space, branch: str, adoption: Adoption | None, *, dry_run: bool
) -> None:
    terminal.document(
        {
            "folder": str(here),
            "space": {"key": space.key, "id": space.id, "name": space.name},
            "branch": branch,
            "dry_run": dry_run,
            **(adoption_json(adoption) if adoption else {}),
        }
    )
    if adoption is not None:
        tell_adoption(terminal, adoption)
    if dry_run:
        terminal.say("Nothing is written.", style=QUIETLY)
        return
    terminal.say(f"{tidy(here)} follows {space.key} ({space.name}) on branch {branch}")
    if adoption is None or not adoption.matches:
        terminal.say("Next: `confsync pull` brings its pages.", style=QUIETLY)
    else:
        terminal.say(
            "Next: look at `git diff`, then `confsync pull`: what says the same is adopted, what differs "
            "becomes a conflict for you to decide.",
            style=QUIETLY,
        )


def _check(folder: Path) -> None:
    if not folder.is_dir():
        raise UsageError(f"{tidy(folder)} is no folder", hint="`confsync clone URL DIR` makes a new one.")
    if (folder / FILE).exists():
        raise UsageError(f"{tidy(folder)} is a working copy already", hint="Run `confsync pull`.")
    if not in_repository(folder):
        raise GitMissing(
            f"{tidy(folder)} is not in a git repository", hint="Run `git init` first, or `confsync clone`."
        )
