"""`confsync`: the entry point."""

import io
import logging
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn

import typer

from confsync import __version__
from confsync.cli.app import CONTEXT
from confsync.cli.registry import Commands
from confsync.cli.trouble import Terminated

app = typer.Typer(
    cls=Commands,
    name="confsync",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings=CONTEXT,
    help="Keep a Confluence space and a folder of Markdown in git the same, in both directions, "
    "without losing a byte.",
    epilog="Exit codes: 0 done, 1 failed, 2 wrong usage, 3 conflicts left, 4 stopped by a safety gate. "
    "Try it without an account: `confsync demo`.",
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"confsync {__version__}")
        raise typer.Exit


def _change_folder(folder: Path | None) -> None:
    if folder is not None:
        os.chdir(folder)


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
    folder: Annotated[
        Path | None,
        typer.Option(
            "-C",
            metavar="DIR",
            help="Work in this folder instead of the current one.",
            exists=True,
            file_okay=False,
            callback=_change_folder,
        ),
    ] = None,
) -> None:
    """Options that stand before the command."""


def run(arguments: Sequence[str]) -> int:
    """Run one command within this process and return its exit code.

    Wrong usage is shown as ever; nothing is raised but what ends the process.
    """
    try:
        app(args=list(arguments), prog_name="confsync")
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    return 0


def main() -> NoReturn:
    """Run the command line and leave with its exit code."""
    signal.signal(signal.SIGTERM, _terminated)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # file names that are no UTF-8
    if os.environ.get("CONFSYNC_DEBUG") == "1":
        logging.basicConfig(format="%(name)s: %(message)s")
        logging.getLogger("confsync").setLevel(logging.DEBUG)
    app(prog_name="confsync")
    sys.exit(0)


def _terminated(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001 - a signal handler
    raise Terminated
