"""`confsync watch`."""

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from confsync.cli.app import new_app
from confsync.cli.listening import ear
from confsync.cli.news import NewsDesk
from confsync.cli.notifying import notifier
from confsync.cli.opening import find_folder
from confsync.cli.options import CreateFlag, QuietFlag, ThisBranchFlag
from confsync.cli.previewing import Wish as PreviewWish
from confsync.cli.previewing import beside
from confsync.cli.terminal import Terminal
from confsync.cli.watching import Wish, run, seated
from confsync.errors import UsageError
from confsync.watch import Done, Happened, Inbox, Manner, News, Pace

app = new_app()


@app.command()
def watch(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[DIR]...", help="Working copies; by default the one around this folder."),
    ] = None,
    interval: Annotated[
        float, typer.Option("--interval", min=1.0, help="Seconds between two looks at Confluence.")
    ] = 15.0,
    settle: Annotated[
        float, typer.Option("--settle", min=0.1, help="Seconds a file must rest before it is sent.")
    ] = 2.0,
    once: Annotated[
        bool, typer.Option("--once-idle", "--once", help="End as soon as both sides are quiet.")
    ] = False,
    pull_only: Annotated[bool, typer.Option("--pull-only", help="Send nothing to Confluence.")] = False,
    create: CreateFlag = False,
    deletes: Annotated[
        bool, typer.Option("--deletes", help="Move pages whose files are gone to Confluence's trash.")
    ] = False,
    preview: Annotated[
        int | None,
        typer.Option(
            "--preview",
            metavar="PORT",
            min=0,
            max=65535,
            help="Show the site on this machine, too, following both sides; 0 picks a free port.",
        ),
    ] = None,
    notify: Annotated[
        bool, typer.Option("--notify", help="Show conflicts and what waits for you on the desktop, too.")
    ] = False,
    listen: Annotated[
        str,
        typer.Option(
            "--listen",
            metavar="ADDR:PORT",
            help="Hear a Data Center's webhooks there, so that edits arrive at once; CONFSYNC_WEBHOOK_SECRET "
            "holds the secret that the webhook was registered with.",
        ),
    ] = "",
    listen_as: Annotated[
        list[str] | None,
        typer.Option(
            "--listen-as", metavar="HOST", help="The name that Confluence calls, if it is not ADDR."
        ),
    ] = None,
    this_branch: ThisBranchFlag = False,
    quiet: QuietFlag = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Write one JSON object a line for each event.")
    ] = False,
) -> None:
    """Keep the files and the space the same while people work on both, until Ctrl-C.

    Conflicts are put aside for `confsync resolve`; deletions are only sent with `--deletes`, new pages only
    with `--create`; everything else goes on meanwhile.
    """
    terminal = Terminal(as_json=as_json, quiet=quiet, no_input=True)
    manner = Manner(create=create, deletes=deletes, pull_only=pull_only, this_branch=this_branch)
    site = Inbox()
    listeners = () if preview is None else (site,)
    wish = Wish(Pace(interval=interval, settle=settle), manner, once, listeners)
    found = list(dict.fromkeys(find_folder(Path.cwd() / folder) for folder in folders or [Path()]))
    desk = NewsDesk(terminal, (notifier(),) if notify else ())
    try:
        with ExitStack() as stack:
            seats = stack.enter_context(seated(found, wish, desk, terminal))
            if listen:
                stack.enter_context(ear(listen, listen_as or [], seats))
            if preview is not None:
                shown = PreviewWish(_only(found), preview)
                url = stack.enter_context(beside(shown, terminal, site))
                desk.say(News(Happened.WATCHING, detail=f"the site is at {url}", url=url))
            stack.enter_context(desk.running())
            run(seats, wish)
    except KeyboardInterrupt:  # Ctrl-C and SIGTERM are how a watch ends
        desk.say(News(Happened.STOPPED, detail="every file is whole and nothing is sent twice"))
        return
    raise typer.Exit(max((_exit_code(seat.watch.last) for seat in seats), default=0))


def _only(folders: list[Path]) -> Path:
    if len(folders) > 1:
        raise UsageError("--preview shows one site", hint="Watch one folder, or run `confsync preview`.")
    return folders[0]


def _exit_code(done: Done | None) -> int:
    if done is None:
        return 0
    return done.outcome.exit_code or (4 if done.held else 0)
