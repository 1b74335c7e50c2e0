"""Looking at the space: what differs from the base, and nothing else."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from confsync.convert import inline_comment_refs
from confsync.engine.session import Session
from confsync.errors import NotFound
from confsync.model.content import Page, Row, Status
from confsync.model.ids import AccountId, PageId
from confsync.model.record import Record
from confsync.plan.copy import Copy
from confsync.plan.incoming import Incoming, differs
from confsync.ports import Listing

SWEEP = 500
"""Pages whose labels are re-read in one run, in turn: labels have no change signal."""

ATTACHMENT_SWEEP = 3
"""Pages whose attachments are re-read in one run, in turn; each costs a request."""

INDEX_LAG = timedelta(hours=26)
"""How far behind the newest date in the base to search: time zones of the query, and a slow index."""

_OURS = re.compile(r"\(git ([0-9a-f]{12})\)\s*\Z")
_ACCOUNTS = re.compile(r'ri:(?:account-id|userkey)\s*=\s*"([^"]+)"')


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look at the whole space found."""

    incoming: Incoming
    restricted: tuple[Row, ...]
    """View-restricted pages that are not written."""


def observe_space(session: Session, copy: Copy, *, full: bool = False) -> Seen:
    """Compare the whole space with the base. Cost follows what changed."""
    listing = session.remote.listing()
    restricted = _restricted(session, copy, listing)
    include = session.settings.include_restricted
    withheld = frozenset() if include else restricted - copy.records.keys()
    rows = {page: row for page, row in listing.rows.items() if page not in withheld}
    stale = set(rows) if full else _stale(copy, rows)
    records = {
        page: replace(record, restricted=True) if page in restricted and page not in copy.records else record
        for page, record in _fetched(session, copy, rows, stale).items()
    }
    records.update(_row_changes(copy, rows, records))
    if not full and copy.records:
        _add_recent(session, copy, rows, records)
        _add_labels(session, copy, rows, records)
        _sweep_attachments(session, copy, rows, records)
    missing = [
        page
        for page, record in copy.records.items()
        if page not in listing.rows and record.row.status is Status.CURRENT
    ]
    fates = session.remote.fates(missing) if missing else {}
    frozen = _unbelievable(copy, records)
    changed = {
        page: record
        for page, record in records.items()
        if page not in frozen and differs(record, copy.records.get(page))
    }
    incoming = Incoming(
        records=changed,
        fates=fates,
        frozen=frozen,
        ours=_ours(session, copy, changed),
        homepage=copy.homepage or session.remote.space().homepage,
        authors=_names(session, changed.values()),
    )
    return Seen(incoming, tuple(listing.rows[page] for page in sorted(withheld)))


def observe_pages(session: Session, copy: Copy, pages: Iterable[PageId]) -> Incoming:
    """Compare some pages with the base, straight from the database."""
    changed: dict[PageId, Record] = {}
    gone: list[PageId] = []
    for page in pages:
        base = copy.records[page]
        fresh = _afresh(session, base)
        if fresh is None:
            gone.append(page)
        elif differs(fresh, base):
            changed[page] = fresh
    frozen = _unbelievable(copy, changed)
    changed = {page: record for page, record in changed.items() if page not in frozen}
    return Incoming(
        records=changed,
        fates=session.remote.fates(gone) if gone else {},
        frozen=frozen,
        ours=_ours(session, copy, changed),
        homepage=copy.homepage,
        authors=_names(session, changed.values()),
    )


def _afresh(session: Session, base: Record) -> Record | None:
    """A page straight from the database; None where it is no longer there, or not what it was."""
    try:
        page = session.remote.read(base.id, draft=base.row.status is Status.DRAFT)
        attachments = tuple(session.remote.attachments(base.id))
    except NotFound:
        return None
    if page.row.status not in (Status.CURRENT, base.row.status):
        return None
    return replace(base, page=page, attachments=attachments)


def _restricted(session: Session, copy: Copy, listing: Listing) -> frozenset[PageId]:
    """Pages with a view restriction; asked for only where there are pages we have not met."""
    known = {PageId(page) for page in session.cache.recall("restricted").split()}
    strangers = listing.rows.keys() - copy.records.keys() - known
    if not strangers:
        return frozenset(known & listing.rows.keys())
    found = session.remote.restricted()
    session.cache.remember("restricted", " ".join(sorted(found)))
    return frozenset(found & listing.rows.keys())


def _stale(copy: Copy, rows: Mapping[PageId, Row]) -> set[PageId]:
    """Pages whose text has to be read: new ones and those with another version or status."""
    stale = set()
    for page, row in rows.items():
        base = copy.records.get(page)
        if base is None or (row.version.number, row.status, row.title) != (
            base.row.version.number,
            base.row.status,
            base.row.title,
        ):
            stale.add(page)
    return stale


def _fetched(
    session: Session, copy: Copy, rows: Mapping[PageId, Row], stale: set[PageId]
) -> dict[PageId, Record]:
    texts = sorted(page for page in stale if rows[page].type.has_text)
    records = {page: Record(Page(rows[page], "")) for page in stale if not rows[page].type.has_text}
    if not texts:
        return records
    with session.reporter.task("Reading pages", len(texts)) as advance:
        for record in session.remote.fetch(texts):
            records[record.id] = _kept(record, copy.records.get(record.id))
            advance(1)
    return records


def _unbelievable(copy: Copy, records: Mapping[PageId, Record]) -> dict[PageId, str]:
    """Pages that storage shows empty although they are not: an empty answer is not an edit."""
    return {
        page: f"its text is not to be had over storage ({record.page.unavailable}); left as it is"
        for page, record in records.items()
        if record.page.unavailable and (page not in copy.records or copy.records[page].page.body)
    }


def _kept(record: Record, base: Record | None) -> Record:
    """What a fetch does not bring stays as the base has it."""
    if base is None:
        return record
    return replace(record, restricted=base.restricted, properties=base.properties)


def _row_changes(
    copy: Copy, rows: Mapping[PageId, Row], fetched: Mapping[PageId, Record]
) -> dict[PageId, Record]:
    """Moves and reorders: they change a row and no version."""
    changed = {}
    for page, row in rows.items():
        base = copy.records.get(page)
        if base is None or page in fetched:
            continue
        moved = replace(
            base.row,
            parent=row.parent,
            parent_type=row.parent_type,
            position=row.position,
            subtype=row.subtype,
        )
        if moved != base.row:
            changed[page] = replace(base, page=replace(base.page, row=moved))
    return changed


def _add_recent(
    session: Session, copy: Copy, rows: Mapping[PageId, Row], records: dict[PageId, Record]
) -> None:
    """New attachments and comments, which raise no version; a new comment puts a marker into the text."""
    since = _since(copy)
    if not since:
        return
    recent = session.remote.recent(since)
    marked = sorted(
        page for page in recent.comments if page in rows and page not in records and rows[page].type.has_text
    )
    for record in session.remote.fetch(marked) if marked else ():
        records[record.id] = _kept(record, copy.records.get(record.id))
    for page in sorted(recent.attachments):
        known = records.get(page) or copy.records.get(page)
        if known is not None and page in rows:
            records[page] = _with_attachments(session, known)


def _since(copy: Copy) -> str:
    """The newest date in the base, less what a time zone and a slow index may hide; empty without one."""
    newest = max((record.row.version.when for record in copy.records.values()), default="")
    try:
        return (datetime.fromisoformat(newest) - INDEX_LAG).isoformat(timespec="milliseconds")[:23] + "Z"
    except ValueError:
        return ""


def _sweep_attachments(
    session: Session, copy: Copy, rows: Mapping[PageId, Row], records: dict[PageId, Record]
) -> None:
    """Removed attachments have no change signal at all: the attachments of a few pages in turn."""
    known = [page for page in sorted(rows.keys() & copy.records.keys()) if copy.records[page].attachments]
    turn = _turn(session, "attachment-sweep", known, ATTACHMENT_SWEEP)
    for page in turn:
        records[page] = _with_attachments(session, records.get(page) or copy.records[page])


def _with_attachments(session: Session, record: Record) -> Record:
    try:
        return replace(record, attachments=tuple(session.remote.attachments(record.id)))
    except NotFound:
        return record  # gone since the listing; the next run asks what became of it


def _turn(session: Session, name: str, known: list[PageId], size: int) -> list[PageId]:
    """The next pages in turn."""
    at = next((i for i, page in enumerate(known) if page > session.cache.recall(name)), 0)
    turn = (known[at:] + known[:at])[:size]
    if turn:
        session.cache.remember(name, turn[-1] if len(turn) < len(known) else "")
    return turn


def _add_labels(
    session: Session, copy: Copy, rows: Mapping[PageId, Row], records: dict[PageId, Record]
) -> None:
    """A rolling sweep over labels: the next pages in turn."""
    known = sorted(page for page in rows if page in copy.records and rows[page].type.has_text)
    turn = _turn(session, "label-sweep", known, SWEEP)
    if not turn:
        return
    for page, labels in session.remote.labels(turn).items():
        base = records.get(page) or copy.records[page]
        if base.page.labels != labels:
            records[page] = replace(base, page=replace(base.page, labels=labels))


def _ours(session: Session, copy: Copy, changed: Mapping[PageId, Record]) -> frozenset[PageId]:
    """Pages whose every version since the base is our own push of a commit that HEAD contains."""
    return frozenset(page for page, record in changed.items() if _is_ours(session, copy, record))


def _is_ours(session: Session, copy: Copy, record: Record) -> bool:
    base = copy.records.get(record.id)
    head = session.history.state().head
    new = record.row.version.number
    if base is None or head is None or new <= base.row.version.number:
        return False
    if inline_comment_refs(record.page.body) - inline_comment_refs(base.page.body):
        return False  # a comment has come since, which our text does not know
    messages = [record.row.version]
    if _OURS.search(record.row.version.message) and new > base.row.version.number + 1:
        messages = [v.version for v in session.remote.versions(record.id, base.row.version.number, new)]
    me = None
    for version in messages:
        found = _OURS.search(version.message)
        if found is None or not session.history.is_ancestor(found[1], head):
            return False
        me = me or session.remote.me().id
        if version.author != me:
            return False
    return True


def _names(session: Session, records: Iterable[Record]) -> dict[str, str]:
    """Public names of everybody who wrote or is mentioned."""
    accounts = {
        account
        for record in records
        for account in (record.row.version.author, *_ACCOUNTS.findall(record.page.body))
        if account
    }
    if not accounts:
        return {}
    people = session.remote.users([AccountId(account) for account in sorted(accounts)])
    return {account: user.name for account, user in people.items()}
