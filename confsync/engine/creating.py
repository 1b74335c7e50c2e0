"""What a page that is about to be made is to the server, to the journal, and to its file."""

from confsync.convert.markdown import front_matter
from confsync.engine.session import sha256
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


def bound_text(copy: Copy, path: RelPath, page: PageId, title: str) -> bytes:
    """A new file's bytes with the id and title of its page; nothing else changes."""
    text = copy.files[path].decode()
    return front_matter.edit(text, {"id": page, "title": title}, copy.settings.front_matter).encode()
