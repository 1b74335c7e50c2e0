"""Whether storage comes back byte for byte, over many documents."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from confsync.cli.show import count
from confsync.cli.terminal import BAD, CAREFUL, QUIETLY, Terminal
from confsync.convert import check, markdown_to_storage, storage_to_markdown
from confsync.errors import ConvertError, RecordError
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
    read_only: tuple[Finding, ...]
    """Not well-formed, and so carried whole."""
    editable: int
    """Paragraphs, headings, rows of code and the like whose text can be edited, over all documents."""
    opaque: Mapping[str, int]
    """What is shown as a placeholder, by kind, most frequent first."""


def check_all(files: Sequence[Path]) -> Checks:
    """Convert every document to Markdown and back, and compare the bytes.

    Args:
        files: files, folders, or `-` for standard input.
    """
    checked = editable = 0
    failed: list[Finding] = []
    read_only: list[Finding] = []
    opaque: Counter[str] = Counter()
    for file in _documents(files):
        checked += 1
        try:
            storage = _read(file)
            reason = _reason(storage)
            fidelity = check(storage)
        except _Unreadable as error:
            failed.append(Finding(str(file), str(error)))
            continue
        if reason or not fidelity.get_put:
            failed.append(Finding(str(file), reason or "an edit elsewhere on the page changes other bytes"))
        if not fidelity.well_formed:
            read_only.append(Finding(str(file), fidelity.reason))
        editable += fidelity.editable
        opaque.update(fidelity.kinds)
    return Checks(checked, tuple(failed), tuple(read_only), editable, dict(opaque.most_common()))


def show_checks(terminal: Terminal, checks: Checks) -> None:
    """Show the report, in words or as JSON."""
    good = checks.checked - len(checks.failed)
    terminal.document(
        {
            "checked": checks.checked,
            "ok": good,
            "failed": _findings(checks.failed),
            "read_only": _findings(checks.read_only),
            "editable": checks.editable,
            "opaque": dict(checks.opaque),
        }
    )
    for finding in checks.failed:
        terminal.say(f"{finding.name}: {finding.reason}", style=BAD)
    for finding in checks.read_only:
        terminal.say(f"{finding.name}: carried whole, {finding.reason}", style=CAREFUL)
    terminal.say(f"{good} of {count(checks.checked, 'document')} come back byte for byte")
    placeholders = checks.opaque.values()
    terminal.say(f"{count(checks.editable, 'block')} of text can be edited, {sum(placeholders)} cannot")
    if checks.opaque:
        kinds = ", ".join(f"{kind} ×{number}" for kind, number in checks.opaque.items())
        terminal.say(f"Shown as placeholders: {kinds}", style=QUIETLY)


def _documents(files: Iterable[Path]) -> Iterator[Path]:
    for file in files:
        if file.is_dir():
            yield from sorted(path for path in file.rglob("*") if path.suffix in SUFFIXES and path.is_file())
        else:
            yield file


class _Unreadable(Exception):
    """A document that cannot even be read."""


def _findings(findings: Iterable[Finding]) -> list[dict[str, str]]:
    return [{"path": finding.name, "reason": finding.reason} for finding in findings]


def _read(file: Path) -> str:
    try:
        data = sys.stdin.buffer.read() if file == Path("-") else file.read_bytes()
        return load_record(data).page.body if file.suffix == ".page" else data.decode()
    except OSError as error:
        raise _Unreadable(f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise _Unreadable("is not UTF-8") from error
    except RecordError as error:
        raise _Unreadable(error.message) from error


def _reason(storage: str) -> str:
    """Why a document does not come back; empty where it does."""
    try:
        back = markdown_to_storage(storage_to_markdown(storage), storage)
    except ConvertError as error:
        return error.message
    if back == storage:
        return ""
    pairs = enumerate(zip(storage, back, strict=False))
    at = next((i for i, (a, b) in pairs if a != b), min(len(storage), len(back)))
    return f"differs from character {at + 1} on"
