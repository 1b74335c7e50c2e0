"""`confsync clone`."""

from pathlib import Path
from typing import Annotated

import typer

from confsync.cli.app import new_app
from confsync.cli.as_json import outcome_json
from confsync.cli.cloning import Cloned, Wish, clone_space
from confsync.cli.copies import run_all, tell_all, worst
from confsync.cli.jobs import clone_jobs
from confsync.cli.options import JsonFlag, QuietFlag
from confsync.cli.show import count
from confsync.cli.terminal import QUIETLY, Terminal, tidy
from confsync.confluence import SpaceUrl, parse_site_url, parse_space_url
from confsync.model.ids import SpaceKey
from confsync.model.settings import AttachmentPolicy, HistoryPolicy

app = new_app()

_NOUNS = {
    "page": "page",
    "blogpost": "blog post",
    "folder": "folder",
    "whiteboard": "whiteboard",
    "database": "database",
    "embed": "smart link",
    "attachment": "attachment",
}


@app.command()
def clone(
    url: Annotated[
        str,
        typer.Argument(
            metavar="URL",
            help="The space's address as the browser shows it, like "
            "https://example.atlassian.net/wiki/spaces/DOCS; with --all, the site's.",
            show_default=False,
        ),
    ],
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="Where to; by default the space's key in lower case.")
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Every space of the site, each into a folder of its own below DIR.")
    ] = False,
    spaces: Annotated[
        str,
        typer.Option(
            "--spaces",
            metavar="GLOB",
            help="With --all: only spaces whose key matches; `[!~]*` leaves out personal ones.",
        ),
    ] = "[!~]*",
    branch: Annotated[
        str, typer.Option("--branch", "-b", metavar="NAME", help="The branch that follows the space.")
    ] = "",
    history: Annotated[
        HistoryPolicy | None,
        typer.Option(
            "--history-policy",
            help="One commit per page version with its author, or one per pull. "
            "By default versions, and squash inside a repository that is there already.",
            show_default=False,
        ),
    ] = None,
    attachments: Annotated[
        AttachmentPolicy, typer.Option("--attachments", help="Which attachments to hold as files.")
    ] = AttachmentPolicy.ALL,
    include_restricted: Annotated[
        bool,
        typer.Option(
            "--include-restricted", help="Write view-restricted pages too. It is recorded in confsync.toml."
        ),
    ] = False,
    quiet: QuietFlag = False,
    as_json: JsonFlag = False,
) -> None:
    """Make a working copy of a Confluence space.

    A repository of its own is made, unless the folder lies in one already. Needs credentials: see
    `confsync auth login`. Where it fails or is stopped, nothing is left behind; inside a repository that was
    there before, what is committed by then stays, and `confsync pull` goes on from there.

    With --all, spaces that are there already are pulled, so that a run that was cut off goes on; the exit
    code is the worst of all.
    """
    terminal = Terminal(as_json=as_json, quiet=quiet)
    if every:
        below = Path.cwd() / (folder or "")
        like = Wish(
            SpaceUrl(parse_site_url(url), SpaceKey("")),
            below,
            branch,
            history,
            attachments,
            include_restricted,
        )
        finished = run_all(clone_jobs(like, spaces), terminal)
        tell_all(terminal, finished)
        raise typer.Exit(worst(finished))
    where = parse_space_url(url)
    target = Path.cwd() / (folder or where.key.lower())
    wish = Wish(where, target, branch, history, attachments, include_restricted)
    cloned = clone_space(wish, terminal)
    terminal.document(_json(cloned))
    _show(terminal, cloned)
    raise typer.Exit(cloned.outcome.exit_code)


def contents_line(cloned: Cloned) -> str:
    """`34 pages, 2 blog posts, 17 attachments`."""
    told = [count(cloned.contents[kind], noun) for kind, noun in _NOUNS.items() if cloned.contents.get(kind)]
    return ", ".join(told) or "nothing: the space is empty"


def _show(terminal: Terminal, cloned: Cloned) -> None:
    folder = tidy(cloned.folder)
    terminal.say(f"Cloned {cloned.space.key} ({cloned.space.name}) into {folder}")
    terminal.say(f"  {contents_line(cloned)}")
    if cloned.outcome.restricted:
        restricted = count(len(cloned.outcome.restricted), "view-restricted page")
        terminal.say(
            f"  {restricted} not written; `confsync status --remote` names them, "
            "--include-restricted writes them"
        )
    terminal.say(f"  {cloned.fidelity.line()}")
    for warning in cloned.outcome.warnings:
        terminal.warn(warning)
    terminal.say(f"Next: cd {folder}, edit a page, `confsync sync`.", style=QUIETLY)


def _json(cloned: Cloned) -> dict[str, object]:
    fidelity = cloned.fidelity
    return {
        "folder": str(cloned.folder),
        "space": {"key": cloned.space.key, "id": cloned.space.id, "name": cloned.space.name},
        "url": cloned.settings.url,
        "branch": cloned.settings.branch,
        "contents": dict(cloned.contents),
        "restricted": list(cloned.outcome.restricted),
        "fidelity": {
            "pages": fidelity.pages,
            "whole": fidelity.whole,
            "opaque": fidelity.opaque,
            "kinds": dict(fidelity.kinds),
            "read_only": list(fidelity.read_only),
        },
        "warnings": list(cloned.outcome.warnings),
        "exit_code": outcome_json(cloned.outcome)["exit_code"],
    }
