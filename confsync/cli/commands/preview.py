"""`confsync preview`."""

import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from confsync.cli.app import new_app
from confsync.cli.live import LiveServer
from confsync.cli.opening import find_folder
from confsync.cli.options import QuietFlag
from confsync.cli.reporter import TerminalReporter
from confsync.cli.terminal import Terminal
from confsync.errors import ConfsyncError
from confsync.site import build_site
from confsync.watch.folder import FolderEvents
from confsync.watch.inbox import Inbox

app = new_app()

_REST = 0.15
"""Seconds of quiet that end a burst of events: editors write a file in several steps."""
_LOOK = 1.0
"""Seconds after which the thread that waits looks whether it is to end."""


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
    with tempfile.TemporaryDirectory(prefix="confsync-preview-") as folder:
        out = Path(folder) / "site"
        build = partial(
            build_site,
            source,
            out,
            templates=templates,
            hooks=hooks,
            memory=Path(folder) / "memory",
            live=True,
            jobs=os.cpu_count() or 1,
        )
        build(reporter=TerminalReporter(terminal))
        with LiveServer(out, port) as server, _following(source, templates, terminal, build, server):
            url = f"http://127.0.0.1:{server.server_port}/"
            terminal.say(f"Serving {source} at {url} (Ctrl-C stops it)")
            if open_browser:
                typer.launch(url)
            try:
                server.serve_forever()
            except KeyboardInterrupt as stop:
                stop.add_note("The preview is gone; the working copy was only read.")
                raise


@contextmanager
def _following(
    source: Path, templates: Path | None, terminal: Terminal, build: Callable[[], object], server: LiveServer
) -> Iterator[None]:
    """Build again whenever a file changes, and tell the open pages."""
    inbox, over = Inbox(), threading.Event()

    def follow() -> None:
        while not over.is_set():
            if not inbox.wait(_LOOK).paths:
                continue
            while inbox.wait(_REST).paths:
                pass  # somebody is still writing
            try:
                build()
                server.listeners.tell("reload")
            except ConfsyncError as error:
                terminal.warn(f"{error.message}; the pages stay as they were")

    theirs = FolderEvents(templates, inbox).running() if templates else nullcontext()
    with FolderEvents(source, inbox).running(), theirs:
        thread = threading.Thread(target=follow, name="preview", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            inbox.ring()
            thread.join(timeout=2 * _LOOK)
