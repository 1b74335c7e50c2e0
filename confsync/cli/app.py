"""How every Typer application of this command line is made."""

from typing import Final

import typer

CONTEXT: Final = {"help_option_names": ["-h", "--help"]}


def new_app(*, about: str | None = None) -> typer.Typer:
    """An application for one command, or with `about` for a group of them."""
    return typer.Typer(
        help=about,
        no_args_is_help=about is not None,
        add_completion=False,
        rich_markup_mode="markdown",
        pretty_exceptions_enable=False,
        context_settings=CONTEXT,
    )
