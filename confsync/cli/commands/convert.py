"""`confsync convert`: the lens as a filter."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from confsync.cli.app import new_app
from confsync.cli.checking import check_all, show_checks
from confsync.cli.options import JsonFlag
from confsync.cli.terminal import Terminal, write_json
from confsync.convert import markdown_to_storage, storage_to_markdown
from confsync.convert.foreign import html_to_markdown
from confsync.errors import RecordError, UsageError
from confsync.model.record import load_record

app = new_app()

_MARKDOWN: Final = (".md", ".markdown")
_HTML: Final = (".html", ".htm")
_STDIN: Final = Path("-")


class Side(StrEnum):
    """The two spellings of a page."""

    MARKDOWN = "markdown"
    STORAGE = "storage"


@app.command()
def convert(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FILE", help="A file; - or nothing for standard input. With --check also folders."
        ),
    ] = None,
    to: Annotated[
        Side | None,
        typer.Option("--to", help="What to make; by default whatever the input is not.", show_default=False),
    ] = None,
    base: Annotated[
        Path | None,
        typer.Option(
            "--base",
            metavar="FILE",
            help="The storage the Markdown came from: what is unchanged keeps its bytes.",
        ),
    ] = None,
    check: Annotated[
        bool,
        typer.Option("--check", help="Say whether storage comes back byte for byte; exits with 1 where not."),
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Turn storage format into Markdown, or Markdown into storage format.

    A filter that needs no space and no network:

    - `confsync convert page.xml > page.md`
    - `confsync convert page.md --base page.xml > new.xml`
    - `confsync convert --check exports/ .confsync/pages/`

    Records (*.page) are read as the storage they hold, other people's pages (*.html) one way: what Markdown
    has no form for is left out.
    """
    if check:
        report = check_all(files or [_STDIN])
        show_checks(Terminal(as_json=as_json), report)
        raise typer.Exit(1 if report.failed else 0)
    if len(files or ()) > 1:
        raise UsageError("one file at a time", hint="Only --check takes several.")
    file = (files or [_STDIN])[0]
    text = read_input(file)
    side = to or _other(file, text, with_base=base is not None)
    match side:
        case Side.MARKDOWN:
            result = html_to_markdown(text) if _is_foreign(file, text) else storage_to_markdown(text)
        case Side.STORAGE:
            result = markdown_to_storage(text, read_input(base) if base else None)
    if as_json:
        write_json({"to": side.value, "text": result})
    else:
        _write(result)


def read_input(file: Path) -> str:
    """The text of a file, of the storage in a record, or of standard input; line ends as they are.

    Raises:
        UsageError: it cannot be read, or is not UTF-8.
    """
    name = "standard input" if file == _STDIN else str(file)
    try:
        data = sys.stdin.buffer.read() if file == _STDIN else file.read_bytes()
        return load_record(data).page.body if file.suffix == ".page" else data.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{name} is not UTF-8 (byte {error.start + 1})", hint="Convert it to UTF-8 first."
        ) from error
    except RecordError as error:
        raise UsageError(f"{name}: {error.message}") from error


def _other(file: Path, text: str, *, with_base: bool) -> Side:
    """What to make of an input that nobody named: Markdown of storage, storage of Markdown."""
    if with_base or file.suffix.lower() in _MARKDOWN:
        return Side.STORAGE
    if file != _STDIN:
        return Side.MARKDOWN
    return Side.MARKDOWN if text.lstrip().startswith("<") else Side.STORAGE


def _is_foreign(file: Path, text: str) -> bool:
    """Whether a file is a browser's or an exporter's HTML, without an element of Confluence's own."""
    return file.suffix.lower() in _HTML and "<ac:" not in text and "<ri:" not in text


def _write(text: str) -> None:
    """Write exactly this, whatever the locale; a terminal gets a line end."""
    data = text.encode()
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    if sys.stdout.isatty() and not data.endswith(b"\n"):
        sys.stdout.buffer.write(b"\n")
    sys.stdout.buffer.flush()
