"""`confsync demo`."""

from pathlib import Path
from typing import Annotated

import typer

from confsync.cli.app import new_app
from confsync.cli.demo.stage import clear
from confsync.cli.demo.story import Story
from confsync.cli.terminal import Terminal
from confsync.sandbox import SandboxServer
from confsync.shipped import sample_space

app = new_app()


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the working copy shall be.")] = Path(
        "confsync-demo"
    ),
    replace: Annotated[
        bool, typer.Option("--replace", help="Remove what an earlier demo left there; nothing else.")
    ] = False,
) -> None:
    """Tell the whole story in half a minute, without an account.

    Starts a sandbox with a sample space, clones it, lets two people edit on both sides, syncs, shows and
    settles the conflict, proves that untouched parts kept their bytes, and exports the site. Needs git and
    nothing else: no network, no settings of yours.
    """
    target = Path.cwd() / folder
    clear(target, replace=replace)
    with SandboxServer(seed=sample_space()) as server:
        Story(Terminal(), server, target).tell()
