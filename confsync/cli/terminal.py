"""Who is on the other side: a person at a terminal, a pipe, or a program that reads JSON."""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

GOOD: Final = "green"
CAREFUL: Final = "yellow"
BAD: Final = "bold red"
QUIETLY: Final = "dim"


class Terminal:
    """Standard output and standard error, used the way the person asked for.

    Results go to standard output, everything said about the work to standard error, so that a pipe holds
    nothing but results. Colours appear on a terminal only, and not where `NO_COLOR` is set.

    Args:
        as_json: standard output holds one JSON document and nothing else.
        quiet: no results in words, no progress, no notes; warnings and errors are still said.
        no_input: never ask.
    """

    def __init__(self, *, as_json: bool = False, quiet: bool = False, no_input: bool = False) -> None:
        self.as_json = as_json
        self.quiet = quiet
        self._no_input = no_input
        self.out = Console(file=sys.stdout, highlight=False, markup=False, emoji=False)
        self.err = Console(file=sys.stderr, highlight=False, markup=False, emoji=False)

    @property
    def asks(self) -> bool:
        """Whether somebody is there who can answer."""
        return not self._no_input and not self.as_json and _is_terminal(sys.stdin) and self.err.is_terminal

    @property
    def shows_progress(self) -> bool:
        """Whether progress bars make sense."""
        return self.err.is_terminal and not self.quiet

    def say(self, text: str | Text = "", style: str = "") -> None:
        """Write a line of the result; nothing where the result is JSON, or nobody wants words."""
        if not self.as_json and not self.quiet:
            self.out.print(text, style=style or None, soft_wrap=True)

    def document(self, data: Mapping[str, object]) -> None:
        """Write the one JSON document; nothing where the result is words."""
        if self.as_json:
            write_json(data)

    def note(self, text: str | Text) -> None:
        """Say something worth knowing, beside the result."""
        if not self.quiet:
            self.err.print(text, soft_wrap=True)

    def warn(self, text: str) -> None:
        """Say something worth worrying about."""
        self.err.print(Text.assemble(("warning: ", CAREFUL), text), soft_wrap=True)


def write_json(data: Mapping[str, object]) -> None:
    """Write one JSON document to standard output, UTF-8, with a line end."""
    sys.stdout.write(f"{json.dumps(data, ensure_ascii=False, indent=2)}\n")
    sys.stdout.flush()


def tidy(path: Path) -> str:
    """A path as people would type it from here: relative where that is shorter."""
    try:
        near = os.path.relpath(path)
    except ValueError:  # another drive
        return str(path)
    return near if len(near) < len(str(path)) else str(path)


def _is_terminal(stream: object) -> bool:
    isatty = getattr(stream, "isatty", None)
    return bool(isatty and isatty())
