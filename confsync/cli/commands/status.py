"""`confsync status`."""

import importlib
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from confsync.cli.app import new_app
from confsync.cli.counting import count
from confsync.cli.finding import find_folder
from confsync.cli.flags import JsonFlag, QuietFlag
from confsync.cli.terminal import QUIETLY, Terminal
from confsync.engine.still import is_still
from confsync.errors import ConfigError
from confsync.history import open_history
from confsync.history.cache import FileCache
from confsync.model.config import FILE, load_settings
from confsync.model.settings import Settings

app = new_app()


@app.command()
def status(
    remote: Annotated[
        bool, typer.Option("--remote", "-r", help="Ask Confluence what is new there, too.")
    ] = False,
    quiet: QuietFlag = False,
    as_json: JsonFlag = False,
) -> None:
    """Show what a push would send, and what waits for you.

    Compares the files with what Confluence last said and asks the server nothing, unless --remote is given.
    Exits with 3 where conflicts wait, with 1 where a page cannot be sent as it is.
    """
    terminal = Terminal(as_json=as_json, quiet=quiet)
    if not remote and not as_json and _nothing_to_send(terminal):
        return
    # Everything that plans are made with is loaded only where there may be something to plan.
    standing = importlib.import_module("confsync.cli.standing")
    raise typer.Exit(standing.stand(terminal, remote=remote))


def _nothing_to_send(terminal: Terminal) -> bool:
    """Say so where that is certain, in the time of one `git status`."""
    folder = find_folder(Path.cwd())
    try:
        settings = load_settings((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ConfigError):
        return False  # the long way says what is wrong with it
    history = open_history(folder, settings.key, urlsplit(settings.url).hostname or "")
    cache = FileCache(history.place.shared)
    branch = history.branch()
    if branch != settings.branch or not is_still(history, cache):
        return False
    _say(terminal, settings, withheld=len(cache.recall("restricted").split()))
    return True


def _say(terminal: Terminal, settings: Settings, *, withheld: int) -> None:
    terminal.say(f"Space {settings.key} at {settings.url}, on branch {settings.branch}")
    if withheld and not settings.include_restricted:
        terminal.say(withheld_line(withheld), style=QUIETLY)
    terminal.say("Nothing to send.")


def withheld_line(pages: int) -> str:
    """How many private pages there are."""
    return f"{count(pages, 'view-restricted page')} not written; `confsync status --remote` names them."
