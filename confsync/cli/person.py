"""Asking a person, where there is one."""

from typing import Final

import typer
from rich.text import Text

from confsync.cli.terminal import CAREFUL, Terminal
from confsync.plan.gates import Question

SHOWN: Final = 20
"""More items than this are counted, not listed."""


class TerminalPerson:
    """The person at the terminal; refuses where nobody is there."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal

    def agrees(self, question: Question) -> bool:
        """Whether they agree. Without a terminal, or with --no-input, nobody does."""
        if not self._terminal.asks:
            return False
        err = self._terminal.err
        err.print(Text(f"{question.text}:", style=CAREFUL), soft_wrap=True)
        for item in question.items[:SHOWN]:
            err.print(Text(f"  {item}"), soft_wrap=True)
        if len(question.items) > SHOWN:
            err.print(f"  … and {len(question.items) - SHOWN} more")
        return typer.confirm("Go ahead?", default=False, err=True)
