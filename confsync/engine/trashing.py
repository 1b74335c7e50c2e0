"""What is looked at round a deletion: no lock covers it, and nobody may lose what they have just done."""

from collections.abc import Sequence

from confsync.engine.session import Session
from confsync.errors import NotFound
from confsync.model.content import Row
from confsync.model.record import Record
from confsync.plan.operation import Refused, Trash
from confsync.ports import Place


def has_children(operation: Trash, children: Sequence[Row]) -> Refused:
    """Why a page with anything below it is not deleted."""
    names = ", ".join(f"“{row.title}”" for row in children[:3])
    return Refused(
        operation.path,
        f"is not deleted: Confluence has {len(children)} pages or folders below it ({names})",
        operation.page,
        "Delete or move those first; deleting a page takes folders and their pages along.",
    )


def has_new_files(session: Session, base: Record) -> bool:
    """Whether attachments came that the base does not know: they would go along."""
    known = {(a.id, a.version) for a in base.attachments}
    there = {(a.id, a.version) for a in session.remote.attachments(base.id)}
    return bool(there - known)


def was_edited(session: Session, base: Record) -> bool:
    """Whether somebody saved the page between our last look and its deletion."""
    try:
        now = session.remote.read(base.id)
    except NotFound:
        return False  # this server does not show what is in the trash
    return (now.row.version.number, now.body) != (base.row.version.number, base.page.body)


def bring_back(session: Session, base: Record) -> None:
    """Take a page out of the trash again, to where it was."""
    session.remote.restore(base.id)
    if base.row.parent is not None:
        session.remote.move(base.id, Place.APPEND, base.row.parent)
