"""`confsync convert`: the lens as a filter."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from confsync.cli.app import new_app
from confsync.cli.checking import check_all, show_checks
from confsync.cli.documents import HTML, MARKDOWN, STDIN, read_text
from confsync.cli.options import JsonFlag
from confsync.cli.terminal import Terminal, write_json
from confsync.convert import markdown_to_storage, storage_to_markdown
from confsync.convert.foreign import html_to_markdown
from confsync.errors import UsageError

app = new_app()


class Side(StrEnum):
    """The two spellings of a page."""

    MARKDOWN = "markdown"
    STORAGE = "storage"


Files = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="FILE",
        help="A file; - or nothing for standard input. With --check also folders and exports of a space.",
    ),
]
To = Annotated[
    Side | None,
    typer.Option("--to", help="What to make; by default whatever the input is not.", show_default=False),
]
Base = Annotated[
    Path | None,
    typer.Option(
        "--base",
        metavar="FILE",
        help="The storage the Markdown came from: what is unchanged keeps its bytes.",
    ),
]
Check = Annotated[
    bool,
    typer.Option("--check", help="Say whether storage comes back byte for byte; exits with 1 where not."),
]


@app.command()
def convert(
    files: Files = None, to: To = None, base: Base = None, check: Check = False, as_json: JsonFlag = False
) -> None:
    """Turn storage format into Markdown, or Markdown into storage format.

    A filter that needs no space and no network:

    - `confsync convert page.xml > page.md`
    - `confsync convert page.md --base page.xml > new.xml`
    - `confsync convert --check exports/ space-export.zip .confsync/pages/`

    Records (*.page) are read as the storage they hold, other people's pages (*.html) one way: what Markdown
    has no form for is left out. `--check` counts documents, what can be edited in them and what cannot.
    """
    if check:
        if to is not None or base is not None:
            raise UsageError("--check takes files and folders only", hint="Leave out --to and --base.")
        report = check_all(files or [STDIN])
        show_checks(Terminal(as_json=as_json), report)
        raise typer.Exit(1 if report.failed else 0)
    if len(files or ()) > 1:
        raise UsageError("one file at a time", hint="Only --check takes several.")
    side, text = _converted((files or [STDIN])[0], to, base)
    if as_json:
        write_json({"to": side.value, "text": text})
    else:
        _write(text)


def _converted(file: Path, to: Side | None, base: Path | None) -> tuple[Side, str]:
    """What was made of a file, and its text."""
    if base == STDIN == file:
        raise UsageError("standard input can be the text or its base, not both")
    text = read_text(file)
    side = to or _other(file, text, with_base=base is not None)
    if side is Side.STORAGE:
        return side, markdown_to_storage(text, read_text(base) if base else None)
    if base is not None:
        raise UsageError("--base belongs to Markdown that becomes storage", hint="Leave out --base.")
    return side, html_to_markdown(text) if _is_foreign(file, text) else storage_to_markdown(text)


def _other(file: Path, text: str, *, with_base: bool) -> Side:
    """What to make of an input that nobody named: Markdown of storage, storage of Markdown."""
    if with_base or file.suffix.lower() in MARKDOWN:
        return Side.STORAGE
    if file != STDIN:
        return Side.MARKDOWN
    return Side.MARKDOWN if text.lstrip().startswith("<") else Side.STORAGE


def _is_foreign(file: Path, text: str) -> bool:
    """Whether a file is a browser's or an exporter's HTML, without an element of Confluence's own."""
    return file.suffix.lower() in HTML and "<ac:" not in text and "<ri:" not in text


def _write(text: str) -> None:
    """Write exactly this, whatever the locale; a terminal gets a line end."""
    data = text.encode()
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    if sys.stdout.isatty() and not data.endswith(b"\n"):
        sys.stdout.buffer.write(b"\n")
    sys.stdout.buffer.flush()
