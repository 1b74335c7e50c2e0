"""`confsync preview`."""

from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from confsync.cli.app import new_app
from confsync.cli.opening import find_folder
from confsync.cli.options import QuietFlag
from confsync.cli.previewing import Wish, previewing
from confsync.cli.terminal import Terminal
from confsync.watch import FolderEvents, Inbox

app = new_app()


@app.command()
def preview(
    port: Annotated[int, typer.Option("--port", "-p", min=0, max=65535, help="0 picks a free one.")] = 8000,
    open_browser: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
    templates: Annotated[
        Path | None,
        typer.Option("--templates", metavar="DIR", help="Templates that override the shipped ones."),
    ] = None,
    hooks: Annotated[
        Path | None,
        typer.Option("--hooks", metavar="FILE", help="Python with before_page or after_page; it is run."),
    ] = None,
    quiet: QuietFlag = False,
) -> None:
    """Show the site on this machine, until Ctrl-C; open pages follow every change of a file."""
    terminal = Terminal(quiet=quiet)
    source = find_folder(Path.cwd())
    inbox = Inbox()
    theirs = FolderEvents(templates, inbox).running() if templates else nullcontext()
    wish = Wish(source, port, templates, hooks)
    with FolderEvents(source, inbox).running(), theirs, previewing(wish, terminal, inbox) as server:
        url = f"http://127.0.0.1:{server.server_port}/"
        terminal.say(f"Serving {source} at {url} (Ctrl-C stops it)")
        if open_browser:
            typer.launch(url)
        try:
            server.serve_forever()
        except KeyboardInterrupt as stop:
            stop.add_note("The preview is gone; the working copy was only read.")
            raise
