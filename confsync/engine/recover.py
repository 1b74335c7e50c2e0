"""After a crash: observation, not replay.

Updates in Confluence need no recovery: version messages carry the commit they came from, by which the next
run knows its own. Creates do: a page may exist that no file knows of. And so do files written ahead of HEAD:
a merge must not be made twice.
"""

from collections.abc import Mapping
from dataclasses import replace

from confsync.convert import put
from confsync.engine.apply_pull import record_changes
from confsync.engine.creating import bound_text
from confsync.engine.landing import finish_landing, land
from confsync.engine.outcome import Log
from confsync.engine.session import Session, sha256
from confsync.errors import NotFound
from confsync.model.content import ContentType, Page, Row, Status, Version
from confsync.model.ids import AccountId, PageId, RelPath
from confsync.model.record import Record
from confsync.plan.copy import Copy, LocalPage
from confsync.plan.edits import labels_of
from confsync.plan.heading import first_heading, without_title
from confsync.plan.links import LinkIndex
from confsync.ports import FileChange


def recover(session: Session, copy: Copy, log: Log) -> bool:
    """Finish what a crash left undone; whether anything was written to the working copy."""
    wrote = False
    for intent in session.journal.open():
        if intent.get("op") == "restore":
            continue  # the next `restore` takes it up
        if intent.get("refused") and _still_wanted(copy, intent, log):
            continue
        if intent.get("op") == "create" and not intent.get("refused"):
            wrote = _recover_create(session, copy, intent, log) or wrote
        elif intent.get("op") == "land":
            wrote = finish_landing(session, intent, log) or wrote
        session.journal.done(str(intent["key"]))
    return wrote


def _still_wanted(copy: Copy, intent: Mapping[str, object], log: Log) -> bool:
    """Whether a file still waits for the draft that the server refused to publish."""
    path = str(intent["path"])
    if any(local.path == path for local in copy.unbound):
        return True
    _tell_of_draft(intent, log)
    return False


def _tell_of_draft(intent: Mapping[str, object], log: Log) -> None:
    if intent.get("page"):
        log.warnings.append(
            f"{intent['path']}: a draft of it, “{intent['title']}”, is left in Confluence;"
            " only you can see it"
        )


def _recover_create(session: Session, copy: Copy, intent: Mapping[str, object], log: Log) -> bool:
    path = RelPath(str(intent["path"]))
    local = _file_of(copy, path, str(intent["body"]))
    if local is None:
        if intent.get("page") not in copy.records and path not in copy.files:
            _tell_of_draft(intent, log)
        return False  # the file has its id, or is gone: nothing to bind
    path = local.path
    page = _find(session, copy, intent, local)
    if page is None:
        return False
    try:
        found = session.remote.read(page, draft=True)
    except NotFound:
        return False  # it never got as far as the server
    if found.row.status not in (Status.DRAFT, Status.CURRENT):
        return False
    _bind(session, copy, local, _as_created(session, intent, local, found))
    log.warnings.append(f"{path}: found the page that an interrupted run had created for it")
    return True


def _file_of(copy: Copy, path: RelPath, body: str) -> LocalPage | None:
    """The file that a page was created for: where it was, or where somebody has moved it since."""
    at_home = next((local for local in copy.unbound if local.path == path), None)
    if at_home is not None or path in copy.files:
        return at_home
    links = LinkIndex.of(copy)
    return next((local for local in copy.unbound if sha256(_body(local, links).encode()) == body), None)


def _body(local: LocalPage, links: LinkIndex) -> str:
    title = local.front.title or first_heading(local.body) or ""
    markdown = without_title(local.body, title)
    return put(markdown, None, links.links(local.path, markdown), allow_loss=True).storage


def _as_created(session: Session, intent: Mapping[str, object], local: LocalPage, found: Page) -> Record:
    """The base of a page that we created: what we put there, never what colleagues have done to it since.

    A base that claims less only leads to a pull; one that claims more would take their work away again.
    """
    parent = intent.get("parent")
    row = replace(found.row, parent=PageId(str(parent)) if parent else None)
    body = found.body
    if found.row.status is Status.CURRENT and found.row.version.number > 1:
        first = session.remote.versions(found.id, 0, 1)[0]
        row, body = replace(row, title=first.title, version=first.version), first.body
    return Record(Page(row, body, found.labels & labels_of(local)))


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


def _bind(session: Session, copy: Copy, local: LocalPage, record: Record) -> None:
    """Give a file the id of its page, and the page its base, in one commit."""
    text = bound_text(copy, local.path, record.id, local.front.title or record.page.title)
    changes = record_changes(session, {record.id: record})
    changes.append(FileChange(local.path, text, sha256(copy.files[local.path])))
    transaction = session.history.prepare(
        {change.path: change.content for change in changes}, f"Record {record.page.title}"
    )
    land(session, transaction, changes, {local.path: record.id})
