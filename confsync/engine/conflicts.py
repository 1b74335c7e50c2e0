"""Conflicts from their birth to their end.

The record of the remote version is withheld while a conflict is open; a pending file in the git directory
remembers it. The next run settles: resolved (text and record in one commit), given up (deferred), or still
waiting.
"""

import re
from dataclasses import replace
from enum import Enum

from confsync.convert.markdown import front_matter
from confsync.engine.apply_pull import record_changes
from confsync.engine.landing import land
from confsync.engine.outcome import Log
from confsync.engine.session import OnConflict, Options, Session, sha256
from confsync.errors import UsageError, WorkTreeError
from confsync.merge import find_markers
from confsync.model.ids import CommitId, RelPath
from confsync.model.record import Record, dump_record, load_record
from confsync.plan.copy import Copy
from confsync.plan.operation import Conflict, Pulled
from confsync.ports import ConflictState, FileChange, PendingConflict

_SINCE = "conflict-"
"""Under this name and the page's id the cache holds the commit on which a conflict arose."""


class Resolution(Enum):
    """How a person settles a conflict."""

    OURS = "ours"
    THEIRS = "theirs"
    EDITED = "edited"
    """The file as it is now."""
    ABORT = "abort"
    """Put the file back and leave the conflict for later."""
    DELETE = "delete"
    """The file is gone on purpose."""


def raise_conflict(session: Session, copy: Copy, conflict: Conflict, options: Options) -> None:
    """Do what `--on-conflict` says with a fresh conflict."""
    data = copy.files[conflict.path]
    pending = PendingConflict(
        page=conflict.page,
        path=conflict.path,
        state=ConflictState.DEFERRED,
        head_text=data,
        base_text=conflict.base_text.encode(),
        ours=conflict.ours.encode(),
        theirs=conflict.theirs.encode(),
        marked=conflict.marked.encode(),
        record=dump_record(conflict.record),
    )
    session.cache.remember(_SINCE + conflict.page, session.history.state().head or "")
    session.history.hold(pending)
    match options.on_conflict:
        case OnConflict.MARK:
            _show(session, pending)
        case OnConflict.COPY:
            version = conflict.record.row.version.number
            beside = RelPath(f"{conflict.path.removesuffix('.md')}.confluence-v{version}.md.txt")
            session.tree.apply([FileChange(beside, pending.theirs, _checksum(session, beside))])
        case OnConflict.OURS:
            resolve(session, pending, Resolution.OURS)
        case OnConflict.THEIRS:
            resolve(session, pending, Resolution.THEIRS)
        case OnConflict.DEFER:
            pass


def settle_conflicts(session: Session, log: Log) -> None:
    """Settle what a person has resolved since the last run; everything else keeps waiting."""
    state = session.history.state()
    for page, conflict in session.history.pending().items():
        text = _read(session, conflict.path)
        if text is None:
            log.warnings.append(
                f"{conflict.path}: has a conflict and its file is gone;"
                f" `confsync resolve --delete {conflict.path}` or `--theirs`"
            )
        elif conflict.state is ConflictState.DEFERRED:
            _settle_deferred(session, conflict, text, log)
        elif _marked(text, conflict):
            continue
        elif conflict.path in state.half_staged:
            log.warnings.append(
                f"{conflict.path}: what is staged is not what the file says;"
                f" `git add {conflict.path}` resolves its conflict the way the file is"
            )
        elif _was_rewound(session, conflict):
            session.history.settle(page)
        elif text == conflict.head_text:
            session.history.settle(page)
            session.history.hold(_as_deferred(conflict))
            log.warnings.append(
                f"{conflict.path}: its conflict was put aside, not resolved;"
                f" `confsync resolve --ours {conflict.path}` keeps your text for good"
            )
        elif _is_older(session, conflict, text):
            session.history.settle(page)
            log.warnings.append(
                f"{conflict.path}: an older text is back, which resolves nothing; trying again"
            )
        elif conflict.path in state.unmerged or text != conflict.marked:
            finish(session, conflict, text)
            log.pulled.append(_resolved(conflict))


def resolve(session: Session, conflict: PendingConflict, how: Resolution) -> None:
    """Settle one conflict the way a person says.

    Raises:
        UsageError: the file still holds conflict markers.
    """
    if conflict.path not in session.history.state().unmerged:  # whatever was staged instead is given up
        session.history.hold(replace(conflict, state=ConflictState.MARKED))
    now = _read(session, conflict.path)
    match how:
        case Resolution.OURS:
            finish(session, conflict, conflict.ours)
        case Resolution.THEIRS:
            finish(session, conflict, conflict.theirs)
        case Resolution.EDITED:
            if now is None:
                raise UsageError("its file is gone", page=conflict.path, hint="--theirs or --delete.")
            if markers := _marked(now, conflict):
                raise UsageError(
                    f"line {markers} still holds a conflict marker",
                    page=conflict.path,
                    hint="Edit the file until it says what it should, or use --ours or --theirs.",
                )
            finish(session, conflict, now)
        case Resolution.ABORT:
            session.history.settle(conflict.page)
            session.history.hold(_as_deferred(conflict))
            session.tree.apply(
                [FileChange(conflict.path, conflict.head_text, None if now is None else sha256(now))]
            )
        case Resolution.DELETE:
            session.history.settle(conflict.page)


def finish(session: Session, conflict: PendingConflict, text: bytes) -> None:
    """One commit with the resolved text and the withheld record together."""
    record = load_record(conflict.record)
    changes = record_changes(session, {conflict.page: record})
    now = _read(session, conflict.path)
    changes.append(FileChange(conflict.path, text, None if now is None else sha256(now)))
    transaction = session.history.prepare(
        {change.path: change.content for change in changes}, _message(conflict, record)
    )
    land(session, transaction, changes)
    session.history.settle(conflict.page)


def mark(session: Session, conflict: PendingConflict) -> None:
    """Show a deferred conflict: markers in the file, stages in the index.

    Raises:
        UsageError: the file was edited since; the next pull looks at it anew.
    """
    now = _read(session, conflict.path)
    if now != conflict.head_text:
        raise UsageError(
            "was edited since its conflict was put aside", page=conflict.path, hint="Run `confsync pull`."
        )
    _show(session, conflict)


def _show(session: Session, conflict: PendingConflict) -> None:
    """Write the markers, and only then call it marked: who has not seen them resolves nothing."""
    session.tree.apply([FileChange(conflict.path, conflict.marked, sha256(conflict.head_text))])
    session.history.hold(replace(conflict, state=ConflictState.MARKED))


def opponent(conflict: PendingConflict) -> str:
    """With whom a page is in conflict, e.g. `Confluence v3 (Ann, 2026-11-23)`: the version, who and when."""
    said = re.search(rb"^>{7} (.+?)\r?$", conflict.marked, re.MULTILINE)
    version = load_record(conflict.record).row.version
    return said[1].decode() if said else f"Confluence v{version.number} ({version.when[:10]})"


def find_conflict(session: Session, wanted: str) -> PendingConflict:
    """The pending conflict of a page named by path or id.

    Raises:
        UsageError: there is none.
    """
    pending = session.history.pending()
    for conflict in pending.values():
        if wanted in (conflict.page, conflict.path):
            return conflict
    known = ", ".join(sorted(conflict.path for conflict in pending.values())) or "none is open"
    raise UsageError(f"{wanted} has no conflict", hint=f"Open conflicts: {known}.")


def _was_rewound(session: Session, conflict: PendingConflict) -> bool:
    """Whether HEAD has left the commit on which the conflict arose, or nobody remembers that."""
    since, head = session.cache.recall(_SINCE + conflict.page), session.history.state().head
    return head is None or not since or not session.history.is_ancestor(since, head)


def _is_older(session: Session, conflict: PendingConflict, text: bytes) -> bool:
    """Whether the file was put back to what it said before the conflict, which answers nobody."""
    since = session.cache.recall(_SINCE + conflict.page)
    return session.history.had_before(CommitId(since), conflict.path, text)


def _settle_deferred(session: Session, conflict: PendingConflict, text: bytes, log: Log) -> None:
    """A deferred conflict is tried again by the next pull, unless nothing has moved since."""
    if text == conflict.marked or (text != conflict.head_text and _marked(text, conflict)):
        session.history.hold(replace(conflict, state=ConflictState.MARKED))  # a run died while it showed it
    elif text != conflict.head_text:
        session.history.settle(conflict.page)
        log.warnings.append(f"{conflict.path}: edited since its conflict was put aside; trying again")


def _as_deferred(conflict: PendingConflict) -> PendingConflict:
    return replace(conflict, state=ConflictState.DEFERRED)


def _marked(text: bytes, conflict: PendingConflict) -> int:
    """The line of the first conflict marker that the base does not have; 0 where there is none."""
    known = front_matter.split(conflict.base_text.decode()).body
    document = front_matter.split(text.decode("utf-8", "replace"))
    found = find_markers(document.body, known, in_conflict=True)
    return found[0].line + document.body_line if found else 0


def _resolved(conflict: PendingConflict) -> Pulled:
    record = load_record(conflict.record)
    return Pulled(conflict.page, record.page.title, conflict.path, "resolved", record.row.version.number)


def _message(conflict: PendingConflict, record: Record) -> str:
    return f"Resolve {conflict.path} with Confluence v{record.row.version.number}"


def _read(session: Session, path: RelPath) -> bytes | None:
    try:
        return session.tree.read(path)
    except WorkTreeError:
        return None  # gone, or nothing that can be read as the page's file


def _checksum(session: Session, path: RelPath) -> str | None:
    data = _read(session, path)
    return None if data is None else sha256(data)
