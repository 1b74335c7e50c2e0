"""A look at what Confluence lists, without reading a text."""

from confsync.engine.observe_local import RECORDS
from confsync.engine.session import Session
from confsync.errors import RecordError
from confsync.model.content import Row, Status
from confsync.model.record import Record, load_record


def look(session: Session) -> frozenset[str]:
    """How the listing differs from the base in HEAD, a word for each difference.

    Our own writes are in the base, so they are no difference: a push is not heard as an echo. Labels, new
    attachments and comments do not show in a listing; the regular whole rounds find them.
    """
    base = {record.id: record.row for record in _records(session) if record.row.type.has_text}
    rows = {page: row for page, row in session.remote.listing().rows.items() if row.type.has_text}
    changed = {
        _word(row) for page, row in rows.items() if page not in base or _word(row) != _word(base[page])
    }
    gone = {f"{page} gone" for page, row in base.items() if page not in rows and row.status is Status.CURRENT}
    return frozenset(changed | gone)


def _word(row: Row) -> str:
    return f"{row.id} v{row.version.number} {row.status.value} {row.parent} {row.position} {row.title}"


def _records(session: Session) -> list[Record]:
    head = session.history.state().head
    if head is None:
        return []
    files = session.history.files(head)
    wanted = {blob for path, blob in files.items() if path.startswith(RECORDS)}
    for blob, data in session.history.blobs(wanted - session.known.keys()).items():
        try:
            session.known[blob] = load_record(data)
        except RecordError:
            continue  # as if it had no base: its page is news, and the round says why
    return [session.known[blob] for blob in wanted if blob in session.known]
