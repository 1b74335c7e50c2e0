"""Every error as a line or two and an exit code; never a traceback, unless CONFSYNC_DEBUG asks for one."""

import os
import sys
import traceback
from typing import Final

from rich.text import Text

from confsync.cli.terminal import BAD, Terminal, write_json
from confsync.errors import ConfsyncError

INTERRUPTED: Final = 130
TERMINATED: Final = 143
FAILED: Final = 1

_STATES: Final = {
    "pull": "Every file is whole and no record is ahead of its text; run `confsync pull` again to go on.",
    "push": "What Confluence has got is recorded or will be recognised; `confsync push` goes on.",
    "sync": "Every file is whole and nothing is sent twice; run `confsync sync` again to go on.",
    "resolve": "What is not resolved still waits; `confsync status` shows it.",
    "export": "The pages written so far are whole; run `confsync export` again for the rest.",
}


class Terminated(KeyboardInterrupt):
    """SIGTERM: like Ctrl-C, with its own exit code."""


def explain(error: BaseException, *, command: str = "", as_json: bool = False) -> int:
    """Say what went wrong on standard error (as JSON also on standard output) and return the exit code.

    Args:
        error: what was raised.
        command: the command it was raised from, for the words after Ctrl-C.
        as_json: the person asked for JSON.
    """
    terminal = Terminal()
    if isinstance(error, KeyboardInterrupt):
        code, lines = _interrupted(error, command)
        kind = "Interrupted"
    else:
        code, lines = _failed(error)
        kind = type(error).__name__
    for label, text in lines:
        terminal.err.print(
            Text.assemble((f"{label}: ", BAD if label == "error" else "bold"), text), soft_wrap=True
        )
    if os.environ.get("CONFSYNC_DEBUG") == "1":
        traceback.print_exception(error, file=sys.stderr)
    if as_json:
        page = error.page if isinstance(error, ConfsyncError) else ""
        said = {label: text for label, text in lines if label == "hint"}
        message = error.message if isinstance(error, ConfsyncError) else lines[0][1]
        write_json(
            {
                "error": {"kind": kind, "message": message, "page": page, "hint": said.get("hint", "")},
                "exit_code": code,
            }
        )
    return code


def _failed(error: BaseException) -> tuple[int, list[tuple[str, str]]]:
    if isinstance(error, ConfsyncError):
        lines = [("error", str(error)), ("hint", error.hint)]
        return error.exit_code, [(label, text) for label, text in lines if text]
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        return FAILED, [("error", f"{where}{error.strerror}"), ("hint", _way_out(error))]
    return FAILED, [
        ("error", f"{type(error).__name__}: {error}"),
        ("hint", "This is a bug. Run again with CONFSYNC_DEBUG=1 and report what it prints."),
    ]


def _way_out(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "Make it readable and writable for you, then run again."
    return "Nothing is half-written; put that right, then run again."


def _interrupted(error: KeyboardInterrupt, command: str) -> tuple[int, list[tuple[str, str]]]:
    state = " ".join(getattr(error, "__notes__", ())) or _STATES.get(command, "Nothing is half-done.")
    return TERMINATED if isinstance(error, Terminated) else INTERRUPTED, [("stopped", state)]
