"""How faithfully documents are carried: `confsync convert --check`."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from confsync.cli.documents import SUFFIXES, Document, documents
from confsync.cli.show import count
from confsync.cli.terminal import BAD, CAREFUL, QUIETLY, Terminal
from confsync.convert import Fidelity, check, markdown_to_storage, storage_to_markdown
from confsync.errors import ConvertError, UsageError


@dataclass(frozen=True, slots=True)
class Finding:
    """A document that is not what it should be, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Checks:
    """The report over all documents."""

    checked: int
    failed: tuple[Finding, ...]
    """Cannot be read, or does not come back byte for byte."""
    read_only: tuple[Finding, ...]
    """Not well-formed, and so carried whole."""
    refused: tuple[Finding, ...]
    """No storage format; not counted among the documents."""
    editable: int
    """Paragraphs, headings, rows of code and the like whose text can be edited, over all documents."""
    constructs: Mapping[str, int]
    """What these are, most frequent first."""
    opaque: Mapping[str, int]
    """What is shown as a placeholder, by kind, most frequent first."""


def check_all(files: Iterable[Path]) -> Checks:
    """Convert every document to Markdown and back, and compare the bytes.

    Args:
        files: files, folders, space exports, or `-` for standard input.

    Raises:
        UsageError: there is no document at all.
    """
    named = list(files)
    failed: list[Finding] = []
    read_only: list[Finding] = []
    refused: list[Finding] = []
    found: list[Fidelity] = []
    for document in documents(named):
        if document.foreign:
            refused.append(Finding(document.name, document.problem))
            continue
        fidelity = None if document.problem else check(document.storage)
        if fidelity is None or not fidelity.get_put:
            failed.append(Finding(document.name, document.problem or _reason(document)))
        if fidelity is not None:
            found.append(fidelity)
            if not fidelity.well_formed:
                read_only.append(Finding(document.name, fidelity.reason))
    if not found and not failed:
        raise _nothing(named, refused)
    return _report(found, failed, read_only, refused)


def _nothing(named: Iterable[Path], refused: Iterable[Finding]) -> UsageError:
    kinds = ", ".join(f"*{suffix}" for suffix in sorted(SUFFIXES))
    others = "; ".join(f"{finding.name} {finding.reason}" for finding in refused)
    return UsageError(
        f"no document in storage format in {', '.join(map(str, named))}" + (f" ({others})" if others else ""),
        hint=f"In folders these are looked at: {kinds}.",
    )


def _report(
    found: Iterable[Fidelity], failed: list[Finding], read_only: list[Finding], refused: list[Finding]
) -> Checks:
    constructs: Counter[str] = Counter()
    opaque: Counter[str] = Counter()
    kept = 0
    for one in found:
        kept += one.get_put
        constructs.update(one.constructs)
        opaque.update(one.kinds)
    return Checks(
        kept + len(failed), tuple(failed), tuple(read_only), tuple(refused), constructs.total(),
        dict(constructs.most_common()), dict(opaque.most_common()),
    )  # fmt: skip


def show_checks(terminal: Terminal, checks: Checks) -> None:
    """Show the report, in words or as JSON."""
    terminal.document(_as_json(checks))
    for finding in checks.failed:
        terminal.say(f"{finding.name}: {finding.reason}", style=BAD)
    for finding in checks.read_only:
        terminal.say(f"{finding.name}: carried whole, {finding.reason}", style=CAREFUL)
    for finding in checks.refused:
        terminal.say(f"{finding.name}: left out, {finding.reason}", style=QUIETLY)
    good = checks.checked - len(checks.failed)
    terminal.say(f"{good} of {count(checks.checked, 'document')} come back byte for byte")
    placeholders = sum(checks.opaque.values())
    together = checks.editable + placeholders
    share = f" ({checks.editable / together:.1%} editable)" if together else ""
    terminal.say(f"{count(checks.editable, 'block')} of text can be edited, {placeholders} cannot{share}")
    for title, kinds in (("Editable", checks.constructs), ("Shown as placeholders", checks.opaque)):
        if kinds:
            told = ", ".join(f"{kind} ×{number}" for kind, number in kinds.items())
            terminal.say(f"{title}: {told}", style=QUIETLY)


def _as_json(checks: Checks) -> dict[str, object]:
    return {
        "checked": checks.checked,
        "ok": checks.checked - len(checks.failed),
        "failed": _findings(checks.failed),
        "read_only": _findings(checks.read_only),
        "refused": _findings(checks.refused),
        "editable": checks.editable,
        "constructs": dict(checks.constructs),
        "opaque": dict(checks.opaque),
    }


def _findings(findings: Iterable[Finding]) -> list[dict[str, str]]:
    return [{"path": finding.name, "reason": finding.reason} for finding in findings]


def _reason(document: Document) -> str:
    """Why a document does not come back."""
    storage = document.storage
    try:
        back = markdown_to_storage(storage_to_markdown(storage), storage)
    except ConvertError as error:
        return error.message
    pairs = enumerate(zip(storage, back, strict=False))
    at = next((i for i, (a, b) in pairs if a != b), min(len(storage), len(back)))
    if back == storage:
        return "an edit elsewhere on the page changes other bytes"
    return f"differs from character {at + 1} on"
