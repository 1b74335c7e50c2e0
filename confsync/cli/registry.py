"""The commands by name, each loaded when it is asked for: starting must not cost what is not used."""

import importlib
import os
import sys
from typing import Final

import typer
import typer.main
from typer.core import TyperCommand, TyperGroup

from confsync.cli.trouble import explain

_BEGIN, _DAILY, _LOOK, _TRY = "Begin", "Every day", "Look", "Try"

COMMANDS: Final = {
    "clone": ("clone", _BEGIN),
    "init": ("init", _BEGIN),
    "auth": ("auth", _BEGIN),
    "status": ("status", _DAILY),
    "diff": ("diff", _DAILY),
    "pull": ("pull", _DAILY),
    "push": ("push", _DAILY),
    "sync": ("sync", _DAILY),
    "watch": ("watch", _DAILY),
    "resolve": ("resolve", _DAILY),
    "restore": ("restore", _DAILY),
    "export": ("export", _LOOK),
    "preview": ("preview", _LOOK),
    "convert": ("convert", _LOOK),
    "doctor": ("doctor", _LOOK),
    "sandbox": ("sandbox", _TRY),
    "demo": ("demo", _TRY),
    "merge-record": ("merge_record", _TRY),
}
"""Command to its module below `confsync.cli.commands`, which has its Typer application as `app`, and to its
panel in the help."""

_JSON = "confsync.json"


class Commands(TyperGroup):
    """The group of all commands, and the one place where errors are caught."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]  # noqa: ARG002 - Typer's
        """All names, in the order of the help."""
        return list(COMMANDS)

    def get_command(  # type: ignore[override]
        self,
        ctx: typer.Context,  # noqa: ARG002 - Typer's
        cmd_name: str,
    ) -> TyperCommand | TyperGroup | None:
        """Load a command; None where there is none of this name."""
        if cmd_name not in COMMANDS:
            return None
        if cmd_name not in self.commands:
            self.commands[cmd_name] = _loaded(cmd_name)
        command = self.commands[cmd_name]
        return command if isinstance(command, TyperCommand | TyperGroup) else None

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """Take the arguments apart, and remember in which form errors are wanted."""
        ctx.meta[_JSON] = "--json" in args
        unknown = next((arg for arg in args if not arg.startswith("-")), "") not in COMMANDS
        if unknown:  # all names are needed to suggest one
            for name in COMMANDS:
                self.get_command(ctx, name)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: typer.Context) -> object:  # type: ignore[override]
        """Run a command; whatever goes wrong becomes words and an exit code."""
        try:
            return super().invoke(ctx)
        except typer.Exit:
            raise
        except typer.Abort:  # Ctrl-C or the end of input at a question
            raise typer.Exit(_explained(KeyboardInterrupt(), ctx)) from None
        except BrokenPipeError:
            _hush()
            raise typer.Exit(0) from None
        except (Exception, KeyboardInterrupt) as error:
            if hasattr(error, "format_message"):  # wrong usage, which Typer words
                raise
            raise typer.Exit(_explained(error, ctx)) from None


def _loaded(name: str) -> TyperCommand | TyperGroup:
    module, panel = COMMANDS[name]
    command = typer.main.get_command(importlib.import_module(f"confsync.cli.commands.{module}").app)
    if not isinstance(command, TyperCommand | TyperGroup):
        raise TypeError(f"{name} is no command")
    command.name = name
    command.rich_help_panel = panel
    return command


def _explained(error: BaseException, ctx: typer.Context) -> int:
    return explain(error, command=ctx.invoked_subcommand or "", as_json=ctx.meta[_JSON])


def _hush() -> None:
    """The reader has gone: let Python's last flush go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
