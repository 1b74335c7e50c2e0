"""Whether storage comes back byte for byte, over many documents."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from confsync.cli.show import count
from confsync.cli.terminal import BAD, Terminal
from confsync.convert import markdown_to_storage, storage_to_markdown
from confsync.errors import ConfsyncError
from confsync.model.record import load_record

SUFFIXES: Final = frozenset({".xml", ".html", ".xhtml", ".storage", ".page"})
"""What counts as storage in a folder."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A document that does not come back, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Checks:
    """The report over all documents."""

    checked: int
    failed: tuple[Finding, ...]


def check_all(files: Sequence[Path]) -> Checks:
    """Convert every document to Markdown and back, and compare the bytes.

    Args:
        files: files, folders, or `-` for standard input.
    """
    checked = 0
    failed: list[Finding] = []
    for file in _documents(files):
        checked += 1
        reason = _reason(file)
        if reason:
            failed.append(Finding(str(file), reason))
    return Checks(checked, tuple(failed))


def show_checks(terminal: Terminal, checks: Checks) -> None:
    """Show the report, in words or as JSON."""
    failed = [{"path": finding.name, "reason": finding.reason} for finding in checks.failed]
    terminal.document({"checked": checks.checked, "ok": checks.checked - len(failed), "failed": failed})
    for finding in checks.failed:
        terminal.say(f"{finding.name}: {finding.reason}", style=BAD)
    good = checks.checked - len(failed)
    terminal.say(f"{good} of {count(checks.checked, 'document')} come back byte for byte")


def _documents(files: Iterable[Path]) -> Iterator[Path]:
    for file in files:
        if file.is_dir():
            yield from sorted(path for path in file.rglob("*") if path.suffix in SUFFIXES and path.is_file())
        else:
            yield file


def _reason(file: Path) -> str:
    """Why a document does not come back; empty where it does."""
    try:
        data = sys.stdin.buffer.read() if file == Path("-") else file.read_bytes()
        storage = load_record(data).page.body if file.suffix == ".page" else data.decode()
        back = markdown_to_storage(storage_to_markdown(storage), storage)
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    except UnicodeDecodeError:
        return "is not UTF-8"
    except ConfsyncError as error:
        return error.message
    if back == storage:
        return ""
    at = next(
        (i for i, (a, b) in enumerate(zip(storage, back, strict=False)) if a != b),
        min(len(storage), len(back)),
    )
    return f"differs from character {at + 1} on"
