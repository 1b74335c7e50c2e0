"""The site of a working copy on this machine, built again whenever a file changes."""

import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from confsync.cli.live import LiveServer
from confsync.cli.reporter import TerminalReporter
from confsync.cli.terminal import Terminal
from confsync.errors import ConfsyncError
from confsync.site import build_site
from confsync.watch import Inbox

_REST = 0.15
"""Seconds of quiet that end a burst of events: editors write a file in several steps."""
_LOOK = 1.0
"""Seconds after which the thread that waits looks whether it is to end."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Which site to show, and where."""

    source: Path
    port: int
    templates: Path | None = None
    hooks: Path | None = None


@contextmanager
def previewing(wish: Wish, terminal: Terminal, inbox: Inbox) -> Iterator[LiveServer]:
    """Build the site, and again at every hint; the server that shows it is not yet serving.

    Raises:
        ConfsyncError: the site cannot be built, or the port is taken.
    """
    with tempfile.TemporaryDirectory(prefix="confsync-preview-") as folder:
        out = Path(folder) / "site"
        build = partial(
            build_site,
            wish.source,
            out,
            templates=wish.templates,
            hooks=wish.hooks,
            memory=Path(folder) / "memory",
            live=True,
            jobs=os.cpu_count() or 1,
        )
        build(reporter=TerminalReporter(terminal))
        with LiveServer(out, wish.port) as server, _following(inbox, terminal, build, server):
            yield server


@contextmanager
def beside(wish: Wish, terminal: Terminal, inbox: Inbox) -> Iterator[str]:
    """The same, served in the background while something else goes on; where it is."""
    with previewing(wish, terminal, inbox) as server:
        thread = threading.Thread(target=server.serve_forever, name="preview-server", daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join(timeout=2 * _LOOK)


@contextmanager
def _following(
    inbox: Inbox, terminal: Terminal, build: Callable[[], object], server: LiveServer
) -> Iterator[None]:
    """Build again whenever a file changes, and tell the open pages."""
    over = threading.Event()

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

    thread = threading.Thread(target=follow, name="preview", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        inbox.ring()
        thread.join(timeout=2 * _LOOK)
