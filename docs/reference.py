# ruff: noqa: INP001 - a script of its own
"""Write docs/commands.md from the commands themselves: `python docs/reference.py`."""

from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any, Final

import typer.main

from confsync.cli.main import app
from confsync.cli.registry import COMMANDS

HEAD: Final = """\
# Commands

Every command has `--help`. They behave like their namesakes in git: short output, colours and progress bars
on a terminal only, plain lines in a pipe.

Exit codes: **0** done · **1** failed, or something could not be sent · **2** wrong usage · **3** conflicts
left · **4** a safety gate wants a word first · **130** stopped by Ctrl-C.

`--json` puts one JSON document on standard output and everything else on standard error. Of a run it holds
`pulled`, `pushed`, `planned`, `refused`, `conflicts`, `restricted`, `warnings`, `committed`, `dry_run` and
`exit_code`; of an error, `{"error": {"kind", "message", "page", "hint"}, "exit_code"}`. Keys are added, never
taken away.

`confsync -C DIR COMMAND` works in another folder.

This page is written by `docs/reference.py`.
"""
_EVERYWHERE: Final = {"help"}


def reference() -> str:
    """The whole page."""
    group: Any = typer.main.get_command(app)
    parts = [HEAD]
    for name in COMMANDS:
        command = group.get_command(None, name)
        if command.hidden:
            continue
        parts.extend(_section(command, f"confsync {name}", "##"))
        for sub in getattr(command, "commands", {}).values():
            parts.extend(_section(sub, f"confsync {name} {sub.name}", "###"))
    return "\n".join(parts)


def _section(command: Any, name: str, level: str) -> Iterator[str]:  # noqa: ANN401 - Typer keeps its types to itself
    arguments = [_argument(param) for param in command.params if param.param_type_name == "argument"]
    yield f"{level} `{' '.join([name, *arguments])}`\n"
    yield f"{_plain(command.help or '')}\n"
    rows = [_row(param) for param in command.params if param.name not in _EVERYWHERE]
    if rows:
        yield "| | |\n| --- | --- |"
        yield from rows
        yield ""


def _argument(param: Any) -> str:  # noqa: ANN401
    name = param.metavar or param.name.upper()
    name = f"{name}…" if param.nargs == -1 else name
    return name if param.required else f"[{name}]"


def _row(param: Any) -> str:  # noqa: ANN401
    if param.param_type_name == "argument":
        what = f"`{param.metavar or param.name.upper()}`"
    else:
        value = "" if param.is_flag else f" {param.metavar or _choices(param)}"
        what = ", ".join(f"`{name}{value if name.startswith('--') else ''}`" for name in param.opts)
    escaped = what.replace("|", r"\|")
    return f"| {escaped} | {' '.join((param.help or '').split())} |"


def _choices(param: Any) -> str:  # noqa: ANN401
    kind = param.type_descriptor.annotation
    if isinstance(kind, type) and issubclass(kind, Enum):
        return "|".join(str(member.value) for member in kind)
    return kind.__name__.upper()


def _plain(text: str) -> str:
    return text.replace("\b\n", "").strip()


if __name__ == "__main__":
    Path(__file__).with_name("commands.md").write_text(reference(), encoding="utf-8")
