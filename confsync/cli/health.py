"""What `confsync doctor` looks at: everything that has silently broken working copies before."""

import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from confsync.cli.exclude import hides_base
from confsync.cli.opening import join, read_settings
from confsync.cli.show import count
from confsync.cli.terminal import Terminal
from confsync.confluence import connect, find_credentials, host_of
from confsync.engine.observe_local import observe_copy
from confsync.engine.session import Session
from confsync.errors import ConfsyncError, IdentityMissing, UsageError
from confsync.history import GitHistory, open_history
from confsync.history.process import Git
from confsync.model.settings import Settings

_RECORD: Final = ".confsync/pages/00/100.page"
"""A path like that of every record."""
_CHANGING: Final = ("text", "eol", "filter", "ident", "working-tree-encoding")
"""Attributes that change bytes on their way into or out of the repository."""


class Health(StrEnum):
    """How a check came out."""

    GOOD = "ok"
    CAREFUL = "warning"
    BAD = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check and what it found."""

    about: str
    health: Health
    said: str
    hint: str = ""


def examine(folder: Path, terminal: Terminal, *, fix: bool, offline: bool) -> list[Finding]:
    """Check everything about a working copy; only `fix` writes, and only below `.git`.

    Raises:
        ConfsyncError: it cannot even be opened.
    """
    settings = read_settings(folder)
    host = host_of(settings.url)
    history = open_history(folder, settings.key, host)
    if fix:
        history.install()
    git = Git(folder)
    findings = [_state(history, settings.branch), _identity(history), _ignored(folder)]
    findings += [*_attributes(git), _driver(git)]
    remote = connect(settings.url, settings.key, None, space_id=settings.space_id or None)
    try:
        findings += _records(join(folder, settings, remote, terminal))
    finally:
        remote.close()
    return [*findings, *_access(settings, offline=offline)]


def _state(history: GitHistory, branch: str) -> Finding:
    state = history.state()
    if state.head is None:
        return Finding(
            "repository", Health.BAD, "there is no commit yet", "Run `git commit`, or `confsync clone`."
        )
    if state.operation:
        return Finding(
            "repository", Health.BAD, f"in the middle of a {state.operation}", "Finish it or abort it."
        )
    if state.branch != branch:
        where = f"branch {state.branch}" if state.branch else "a detached HEAD"
        return Finding(
            "repository",
            Health.CAREFUL,
            f"on {where}; the space follows {branch}",
            f"Looking works here; pull and push need `git switch {branch}`.",
        )
    return Finding("repository", Health.GOOD, f"on branch {branch}")


def _identity(history: GitHistory) -> Finding:
    try:
        history.check_identity()
    except IdentityMissing as error:
        return Finding("identity", Health.BAD, error.message, error.hint)
    return Finding("identity", Health.GOOD, "git knows who commits")


def _ignored(folder: Path) -> Finding:
    if hides_base(folder):
        return Finding(
            "ignore rules",
            Health.BAD,
            "a .gitignore hides .confsync/, where the base lies",
            "Add a line `!.confsync/` below the rule that hides it.",
        )
    return Finding("ignore rules", Health.GOOD, "git sees the records")


def _attributes(git: Git) -> Iterator[Finding]:
    """Attributes that would change a record's bytes, or leave it out of archives."""
    raw = git.read("check-attr", "-z", *_CHANGING, "export-ignore", "--", _RECORD).decode("utf-8", "replace")
    fields = raw.split("\0")
    found = dict(zip(fields[1::3], fields[2::3], strict=False))
    changing = [name for name in _CHANGING if found.get(name) not in ("unset", "unspecified", None)]
    if changing:
        said = ", ".join(f"{name}={found[name]}" for name in changing)
        hint = "Another .gitattributes (or Git LFS) claims *.page; take records out of its pattern."
        yield Finding("attributes", Health.BAD, f"records are changed by {said}", hint)
    elif found.get("text") != "unset":
        hint = "Bring it back: `git checkout HEAD -- .confsync/.gitattributes`."
        yield Finding(
            "attributes", Health.CAREFUL, ".confsync/.gitattributes is missing or does not apply", hint
        )
    else:
        yield Finding("attributes", Health.GOOD, "records keep every byte")
    if found.get("export-ignore") == "set":
        yield Finding("attributes", Health.CAREFUL, "`git archive` leaves the records out (export-ignore)")


def _driver(git: Git) -> Finding:
    attribute = git.read("check-attr", "-z", "merge", "--", _RECORD).decode("utf-8", "replace").split("\0")
    command = git.run("config", "--get", "merge.confsync.driver", allow=(1,), reading=True).stdout
    if attribute[2:3] != ["confsync"] or not command:
        hint = (
            "`confsync doctor --fix` registers it; without it, merging branches leaves conflicts in records."
        )
        return Finding("merge driver", Health.CAREFUL, "not registered in this clone", hint)
    program = shlex.split(command.decode("utf-8", "replace"))[0]
    if shutil.which(program) is None:
        hint = "`confsync doctor --fix` registers this installation."
        return Finding("merge driver", Health.CAREFUL, f"{program} is not there any more", hint)
    return Finding("merge driver", Health.GOOD, "registered")


def _records(session: Session) -> list[Finding]:
    warnings: list[str] = []
    copy = observe_copy(session, warnings)
    findings = [
        Finding("records", Health.BAD, warning, "The next sync reads it again.") for warning in warnings
    ]
    if not findings:
        findings.append(
            Finding("records", Health.GOOD, f"{count(len(copy.records), 'record')}, all of them whole")
        )
    findings += [Finding("pages", Health.BAD, f"{item.path}: {item.reason}") for item in copy.unreadable]
    findings += [
        Finding("pages", Health.CAREFUL, f"{copy.paths.get(page, page)}: {why}")
        for page, why in copy.frozen.items()
    ]
    unfinished = len(session.journal.open())
    if unfinished:
        said = f"{count(unfinished, 'intention')} of an interrupted run"
        findings.append(Finding("journal", Health.CAREFUL, said, "The next sync finishes them."))
    return findings


def _access(settings: Settings, *, offline: bool) -> Iterator[Finding]:
    host = host_of(settings.url)
    try:
        credentials = find_credentials(host)
    except UsageError as error:
        yield Finding("credentials", Health.CAREFUL, error.message, error.hint)
        return
    yield Finding("credentials", Health.GOOD, f"{host}: {credentials}")
    if offline:
        return
    remote = connect(settings.url, settings.key, credentials, space_id=settings.space_id or None)
    try:
        space = remote.space()
        yield Finding("Confluence", Health.GOOD, f"{remote.me().name} can read {space.key} ({space.name})")
    except ConfsyncError as error:
        yield Finding("Confluence", Health.BAD, error.message, error.hint)
    finally:
        remote.close()
