"""Sending attachments: they have no version lock, so what is there is looked at before and after."""

import mimetypes
from dataclasses import dataclass, replace

from confsync.engine.session import Session
from confsync.model.content import Attachment
from confsync.model.ids import PageId, RelPath
from confsync.model.record import Record
from confsync.plan.operation import Detach, Upload


@dataclass(frozen=True, slots=True)
class Sent:
    """An attachment that was uploaded."""

    stored: Attachment
    overtaken: int = 0
    """The version of a colleague's upload of the same name, where theirs came in between."""


def upload(session: Session, base: Record, operation: Upload) -> Sent | None:
    """Upload a new or changed attachment; None where somebody else has changed it since the base."""
    there = {a.name: a for a in session.remote.attachments(operation.page)}.get(operation.name)
    known = next((a for a in base.attachments if a.name == operation.name), None)
    if there is not None and (known is None or (there.id, there.version) != (known.id, known.version)):
        return None
    stored = send(session, operation.page, operation.name, operation.path)
    expected = there.version + 1 if there is not None else 1
    return Sent(stored, stored.version - 1 if stored.version > expected else 0)


def detach(session: Session, operation: Detach) -> bool:
    """Remove an attachment; False where somebody else has changed it since the base."""
    mine = operation.attachment
    there = {a.id: a.version for a in session.remote.attachments(operation.page)}
    if there.get(mine.id, mine.version) != mine.version:
        return False
    if mine.id in there:
        session.remote.remove_attachment(operation.page, mine.id)
    return True


def send(session: Session, page: PageId, name: str, path: RelPath) -> Attachment:
    """Upload a file, streamed, and say what it is."""
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    stored = session.remote.upload(
        page, name, session.tree.local_path(path), comment="", media_type=media_type
    )
    return replace(stored, sha256=session.tree.sha256(path))
