"""`confsync preview`."""

import functools
import tempfile
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Annotated

import typer

from confsync.cli.app import new_app
from confsync.cli.opening import find_folder
from confsync.cli.options import QuietFlag
from confsync.cli.reporter import TerminalReporter
from confsync.cli.terminal import Terminal
from confsync.errors import ConfsyncError
from confsync.site import build_site

app = new_app()


@app.command()
def preview(
    port: Annotated[int, typer.Option("--port", "-p", min=0, max=65535, help="0 picks a free one.")] = 8000,
    open_browser: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
    quiet: QuietFlag = False,
) -> None:
    """Export the site into a temporary folder and serve it on this machine, until Ctrl-C."""
    terminal = Terminal(quiet=quiet)
    source = find_folder(Path.cwd())
    with tempfile.TemporaryDirectory(prefix="confsync-preview-") as folder:
        build_site(source, Path(folder), reporter=TerminalReporter(terminal))
        with _server(Path(folder), port) as server:
            url = f"http://127.0.0.1:{server.server_port}/"
            terminal.say(f"Serving {source} at {url} (Ctrl-C stops it)")
            if open_browser:
                typer.launch(url)
            try:
                server.serve_forever()
            except KeyboardInterrupt as stop:
                stop.add_note("The preview is gone; the working copy was only read.")
                raise


class _Handler(SimpleHTTPRequestHandler):
    """Files of one folder, without a line for every request."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _server(folder: Path, port: int) -> ThreadingHTTPServer:
    handler = functools.partial(_Handler, directory=str(folder))
    try:
        return ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError as error:
        raise ConfsyncError(
            f"port {port} cannot be used: {error.strerror}",
            hint="Choose another one, or --port 0 for any free one.",
        ) from error
