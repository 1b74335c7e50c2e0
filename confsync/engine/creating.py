"""What a page that is about to be made is to the server, to the journal, and to its file."""

from collections.abc import Mapping

from confsync.convert.markdown import front_matter
from confsync.engine.session import Session, sha256
from confsync.errors import NotFound
from confsync.model.content import ContentType, Row, Status, Version
from confsync.model.ids import AccountId, PageId, RelPath
from confsync.plan.copy import Copy
from confsync.plan.operation import Create


def new_row(operation: Create, parent: PageId | None) -> Row:
    """The row of a page that does not exist yet."""
    return Row(
        id=PageId(""),
        type=operation.type,
        title=operation.title,
        parent=parent,
        parent_type=ContentType.PAGE if parent else None,
        position=None,
        status=Status.CURRENT,
        version=Version(1, AccountId(""), ""),
    )


def create_intent(operation: Create, parent: PageId | None, now: str) -> dict[str, object]:
    """What the journal has to know to find the page again after a crash."""
    return {
        "key": f"create:{operation.path}",
        "op": "create",
        "path": operation.path,
        "title": operation.title,
        "type": operation.type.value,
        "parent": parent,
        "body": sha256(operation.body.encode()),
        "since": now,
    }


def remember_refused(session: Session, key: str) -> None:
    """Write down that the server refused to publish a draft: it is used again, and no other is made."""
    intent = _open(session, key)
    if intent is not None and intent.get("page"):
        session.journal.intend({**intent, "refused": True})


def refused_draft(session: Session, key: str) -> PageId | None:
    """The draft that waits since the server refused to publish it, if it is still there."""
    intent = _open(session, key)
    if intent is None or not intent.get("refused"):
        return None
    page = PageId(str(intent["page"]))
    try:
        found = session.remote.read(page, draft=True)
    except NotFound:
        return None
    return page if found.row.status is Status.DRAFT else None


def _open(session: Session, key: str) -> Mapping[str, object] | None:
    return next((intent for intent in session.journal.open() if intent.get("key") == key), None)


def bound_text(copy: Copy, path: RelPath, page: PageId, title: str) -> bytes:
    """A new file's bytes with the id and title of its page; nothing else changes."""
    text = copy.files[path].decode()
    return front_matter.edit(text, {"id": page, "title": title}, copy.settings.front_matter).encode()
