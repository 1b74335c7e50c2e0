"""Flags of every command; they load nothing, for some commands are done in the time of an import."""

from typing import Annotated

import typer

JsonFlag = Annotated[bool, typer.Option("--json", help="Write one JSON document to standard output.")]
QuietFlag = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but warnings and errors.")]
