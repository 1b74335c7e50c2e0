"""`confsync watch`."""

import json
import random
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.text import Text

from confsync.cli.app import new_app
from confsync.cli.opening import find_folder, opened
from confsync.cli.options import CreateFlag, QuietFlag, ThisBranchFlag
from confsync.cli.terminal import BAD, CAREFUL, GOOD, QUIETLY, Terminal
from confsync.watch import FolderEvents, Happened, Inbox, News, Pace, Watch
from confsync.watch.rounds import Done, Manner

app = new_app()

_SIGNS: Final = {
    Happened.WATCHING: ("·", QUIETLY),
    Happened.PULLED: ("↓", GOOD),
    Happened.PUSHED: ("↑", GOOD),
    Happened.MERGED: ("=", GOOD),
    Happened.CONFLICT: ("!", BAD),
    Happened.HELD: ("‖", CAREFUL),
    Happened.WARNING: ("?", CAREFUL),
    Happened.PAUSED: ("⏸", CAREFUL),
    Happened.RESUMED: ("▶", GOOD),
    Happened.STOPPED: ("·", QUIETLY),
}


@app.command()
def watch(
    interval: Annotated[
        float, typer.Option("--interval", min=1.0, help="Seconds between two looks at Confluence.")
    ] = 15.0,
    settle: Annotated[
        float, typer.Option("--settle", min=0.1, help="Seconds a file must rest before it is sent.")
    ] = 2.0,
    once: Annotated[bool, typer.Option("--once", help="End as soon as both sides are quiet.")] = False,
    pull_only: Annotated[bool, typer.Option("--pull-only", help="Send nothing to Confluence.")] = False,
    create: CreateFlag = False,
    this_branch: ThisBranchFlag = False,
    quiet: QuietFlag = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Write one JSON object a line for each event.")
    ] = False,
) -> None:
    """Keep the files and the space the same while people work on both, until Ctrl-C.

    Conflicts are put aside for `confsync resolve`, deletions are never sent, new pages only with `--create`;
    everything else goes on meanwhile.
    """
    terminal = Terminal(as_json=as_json, quiet=quiet, no_input=True)
    say = _teller(terminal)
    folder = find_folder(Path.cwd())
    inbox = Inbox()
    with opened(terminal) as session, FolderEvents(folder, inbox).running():
        watching = Watch(
            replace(session, known={}),
            folder,
            inbox,
            say,
            pace=Pace(interval=interval, settle=settle),
            manner=Manner(create=create, pull_only=pull_only, this_branch=this_branch),
            dice=random.SystemRandom().random,
        )
        try:
            say(News(Happened.WATCHING, detail=f"{session.settings.key} and {folder}; Ctrl-C stops"))
            watching.run(once=once)
        except KeyboardInterrupt:  # Ctrl-C and SIGTERM are how a watch ends
            say(News(Happened.STOPPED, detail="every file is whole and nothing is sent twice"))
            return
    raise typer.Exit(_exit_code(watching.last))


def _exit_code(done: Done | None) -> int:
    if done is None:
        return 0
    return done.outcome.exit_code or (4 if done.held else 0)


def _teller(terminal: Terminal) -> Callable[[News], None]:
    def say(news: News) -> None:
        if terminal.as_json:
            sys.stdout.write(f"{json.dumps(_object(news), ensure_ascii=False)}\n")
        elif not terminal.quiet:
            terminal.out.print(_line(news), soft_wrap=True)
        sys.stdout.flush()

    return say


def _object(news: News) -> dict[str, str]:
    fields = asdict(news)
    return {"event": str(fields.pop("happened")), **fields}


def _line(news: News) -> Text:
    sign, style = _SIGNS[news.happened]
    words = "  ".join(filter(None, (news.path, news.detail)))
    hint = f"  {news.hint}" if news.hint else ""
    return Text.assemble((f"{sign} ", style), words, (hint, QUIETLY))
