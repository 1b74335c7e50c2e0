"""`confsync merge-record`: the merge driver that git calls for records."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from confsync.cli.app import new_app
from confsync.errors import RecordError
from confsync.history import merge_records

app = new_app()


@app.command(hidden=True)
def merge_record(
    base: Annotated[Path, typer.Argument(help="The common ancestor (%O).")],
    ours: Annotated[Path, typer.Argument(help="Our side, which takes the result (%A).")],
    theirs: Annotated[Path, typer.Argument(help="Their side (%B).")],
) -> None:
    """Merge two records of one page; git calls this."""
    try:
        ours.write_bytes(merge_records(base.read_bytes(), ours.read_bytes(), theirs.read_bytes()))
    except RecordError as error:
        sys.stderr.write(f"confsync: {error}; the record is read again by the next sync\n")
        raise typer.Exit(1) from None  # a conflict for git
