"""After a crash: observation, not replay.

Updates in Confluence need no recovery: version messages carry the commit they came from, by which the next
run knows its own. Creates do: a page may exist that no file knows of. And so do files written ahead of HEAD:
a merge must not be made twice.
"""

from collections.abc import Mapping
from dataclasses import replace

from confsync.convert import put
from confsync.engine.apply_pull import record_changes
from confsync.engine.apply_push import bound_text
from confsync.engine.landing import finish_landing, land
from confsync.engine.outcome import Log
from confsync.engine.session import Session, sha256
from confsync.errors import NotFound
from confsync.model.content import ContentType, Row, Status, Version
from confsync.model.ids import AccountId, PageId, RelPath
from confsync.model.record import Record
from confsync.plan.copy import Copy, LocalPage
from confsync.plan.heading import without_title
from confsync.plan.links import LinkIndex
from confsync.ports import FileChange


def recover(session: Session, copy: Copy, log: Log) -> bool:
    """Finish what a crash left undone; whether anything was written to the working copy."""
    wrote = False
    for intent in session.journal.open():
        if intent.get("op") == "create":
            wrote = _recover_create(session, copy, intent, log) or wrote
        elif intent.get("op") == "land":
            wrote = finish_landing(session, intent, log) or wrote
        session.journal.done(str(intent["key"]))
    return wrote


def _recover_create(session: Session, copy: Copy, intent: Mapping[str, object], log: Log) -> bool:
    path = RelPath(str(intent["path"]))
    local = next((local for local in copy.unbound if local.path == path), None)
    if local is None:
        return False  # the file has its id, or is gone: nothing to bind
    page = _find(session, copy, intent, local)
    if page is None:
        return False
    try:
        found = session.remote.read(page, draft=True)
    except NotFound:
        return False  # it never got as far as the server
    if found.row.status not in (Status.DRAFT, Status.CURRENT):
        return False
    _bind(session, copy, path, Record(found, tuple(session.remote.attachments(page))))
    log.warnings.append(f"{path}: found the page that an interrupted run had created for it")
    return True


def _find(session: Session, copy: Copy, intent: Mapping[str, object], local: LocalPage) -> PageId | None:
    if intent.get("page"):
        return PageId(str(intent["page"]))
    markdown = without_title(local.body, str(intent["title"]))
    links = LinkIndex.of(copy).links(local.path, markdown)
    body = put(markdown, None, links, allow_loss=True).storage
    return session.remote.find_created(_row(intent), body, str(intent["since"]))


def _row(intent: Mapping[str, object]) -> Row:
    parent = intent.get("parent")
    return Row(
        id=PageId(""),
        type=ContentType(str(intent["type"])),
        title=str(intent["title"]),
        parent=PageId(str(parent)) if parent else None,
        parent_type=None,
        position=None,
        status=Status.CURRENT,
        version=Version(1, AccountId(""), ""),
    )


def _bind(session: Session, copy: Copy, path: RelPath, record: Record) -> None:
    """Give a file the id of its page, and the page its base, in one commit."""
    text = bound_text(copy, path, record.id, record.page.title)
    held = replace(record, attachments=tuple(replace(a, sha256="") for a in record.attachments))
    changes = record_changes(session, {record.id: held})
    changes.append(FileChange(path, text, sha256(copy.files[path])))
    transaction = session.history.prepare(
        {change.path: change.content for change in changes}, f"Record {record.page.title}"
    )
    land(session, transaction, changes)
