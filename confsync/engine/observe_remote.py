"""Looking at the space: what differs from the base, and nothing else."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from confsync.convert import inline_comment_refs
from confsync.engine import quiet, silent
from confsync.engine.session import Session
from confsync.errors import NotFound, TooMuchNews
from confsync.model.content import Page, Row, Status
from confsync.model.ids import AccountId, CommitId, PageId
from confsync.model.record import Record
from confsync.plan.copy import Copy
from confsync.plan.incoming import Incoming, differs
from confsync.ports import Fate, Recent

UNSEEN = (
    "A quick look does not see deletions, archiving, moves, order, labels, removed attachments, restrictions."
)

_OURS = re.compile(r"\(git ([0-9a-f]{12})\)\s*\Z")
_ACCOUNTS = re.compile(r'ri:(?:account-id|userkey)\s*=\s*"([^"]+)"')


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look at the whole space found."""

    incoming: Incoming
    restricted: tuple[Row, ...]
    """View-restricted pages that are not written."""
    recent: Recent = field(default_factory=Recent)
    """The traces that were followed; to be remembered once what they led to is in the base."""


def observe_space(
    session: Session, copy: Copy, *, full: bool = False, looked: quiet.Look | None = None
) -> Seen:
    """Compare the whole space with the base. Cost follows what changed."""
    if looked is None:
        since = "" if full else silent.since(session, copy)
        looked = quiet.Look(session.remote.listing(since=since))
    listing = looked.listing
    stale = set(listing.rows) if full else _stale(copy, listing.rows)
    files, texts = silent.traced(session, copy, listing.recent)
    stale |= {page for page in texts if page in copy.records and page in listing.rows}
    restricted = _restricted(session, copy, listing.rows, stale)
    include = session.settings.include_restricted
    withheld = frozenset() if include else _shut(listing.rows, restricted) - copy.records.keys()
    rows = {page: row for page, row in listing.rows.items() if page not in withheld}
    records = _fetched(session, copy, rows, stale - withheld, restricted)
    silent.remember_verified(session, records)
    records.update(_row_changes(copy, rows, records))
    _add_attachments(session, copy, files & rows.keys(), records)
    if not full and copy.records:
        _add_suspects(session, copy, looked, withheld, records)
    missing = [
        page
        for page, record in copy.records.items()
        if page not in listing.rows and record.row.status is Status.CURRENT
    ]
    fates = session.remote.fates(missing) if missing else {}
    found = _incoming(session, copy, records, fates)
    return Seen(found, tuple(listing.rows[page] for page in sorted(withheld)), listing.recent)


def observe_lately(session: Session, copy: Copy) -> Seen:
    """Compare what was saved lately with the base, in two requests and what the changes cost.

    Raises:
        TooMuchNews: more has changed than such a look can see.
    """
    glance = session.remote.glance(silent.since(session, copy))
    stale = {page for page, row in glance.rows.items() if _is_news(copy, row)}
    if glance.cut and stale >= {page for page, row in glance.rows.items() if row.type.has_text}:
        raise TooMuchNews("More has changed than a quick look can see", hint="Run `confsync pull`.")
    files, texts = silent.traced(session, copy, glance.recent)
    hints = {page for page, number in glance.hints.items() if _number(copy, page) != number}
    texts = {page for page in texts if page in copy.records} | hints
    new = (stale | texts) - copy.records.keys()
    restricted = session.remote.restricted(new) if new else frozenset()
    withheld = frozenset() if session.settings.include_restricted else restricted - copy.records.keys()
    wanted = (stale | texts) - withheld
    nodes = {page: Record(Page(row, "")) for page, row in glance.rows.items() if not row.type.has_text}
    records = {page: nodes[page] for page in wanted & nodes.keys()}
    for record in session.remote.fetch(sorted(wanted - nodes.keys()), copy.records):
        shut = record.id in restricted
        known = _kept(record, copy.records.get(record.id), restricted=shut)
        records[record.id] = silent.with_properties(session, known)
    _add_attachments(session, copy, files & copy.records.keys(), records)
    return Seen(
        _incoming(session, copy, records, {}),
        tuple(row for page, row in sorted(glance.rows.items()) if page in withheld),
    )


def _incoming(
    session: Session, copy: Copy, records: Mapping[PageId, Record], fates: Mapping[PageId, Fate]
) -> Incoming:
    frozen = _unbelievable(copy, records)
    changed = {
        page: record
        for page, record in records.items()
        if page not in frozen and differs(record, copy.records.get(page))
    }
    return Incoming(
        records=changed,
        fates=fates,
        frozen=frozen,
        ours=_ours(session, copy, changed),
        homepage=copy.homepage or session.remote.space().homepage,
        authors=_names(session, changed.values()),
    )


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


def _restricted(
    session: Session, copy: Copy, rows: Mapping[PageId, Row], stale: set[PageId]
) -> frozenset[PageId]:
    """Pages with a view restriction of their own: asked for where pages are new or changed."""
    known = _known_restricted(session) & rows.keys()
    base = {page for page, record in copy.records.items() if record.restricted} & rows.keys()
    asked = {page for page in stale if rows[page].type.has_text} - known - _shut(rows, known)
    if not asked:
        return frozenset(known | base)
    found = session.remote.restricted(None if len(asked) > len(rows) // 2 else asked)
    _remember_restricted(session, (known | found) - copy.records.keys())
    return frozenset(known | found | (base - asked)) & rows.keys()


def _shut(rows: Mapping[PageId, Row], restricted: Iterable[PageId]) -> frozenset[PageId]:
    """Restricted pages and all below them: a view restriction goes down the tree."""
    below: dict[PageId | None, list[PageId]] = {}
    for page, row in rows.items():
        below.setdefault(row.parent, []).append(page)
    shut, waiting = set[PageId](), list(restricted)
    while waiting:
        page = waiting.pop()
        if page not in shut:
            shut.add(page)
            waiting += below.get(page, ())
    return frozenset(shut)


def _stale(copy: Copy, rows: Mapping[PageId, Row]) -> set[PageId]:
    """Pages whose text has to be read: new ones and those with another version or status."""
    return {page for page, row in rows.items() if _is_news(copy, row)}


def _is_news(copy: Copy, row: Row) -> bool:
    base = copy.records.get(row.id)
    return base is None or (row.version.number, row.status, row.title) != (
        base.row.version.number,
        base.row.status,
        base.row.title,
    )


def _number(copy: Copy, page: PageId) -> int:
    base = copy.records.get(page)
    return base.row.version.number if base else -1


def _fetched(
    session: Session,
    copy: Copy,
    rows: Mapping[PageId, Row],
    stale: set[PageId],
    restricted: frozenset[PageId],
) -> dict[PageId, Record]:
    texts = sorted(page for page in stale if rows[page].type.has_text)
    records = {page: Record(Page(rows[page], "")) for page in stale if not rows[page].type.has_text}
    if not texts:
        return records
    with session.reporter.task("Reading pages", len(texts)) as advance:
        for record in session.remote.fetch(texts, copy.records):
            base, shut = copy.records.get(record.id), record.id in restricted
            records[record.id] = silent.with_properties(session, _kept(record, base, restricted=shut))
            advance(1)
    return records


def _unbelievable(copy: Copy, records: Mapping[PageId, Record]) -> dict[PageId, str]:
    """Pages that storage shows empty although they are not: an empty answer is not an edit."""
    return {
        page: f"its text is not to be had over storage ({record.page.unavailable}); left as it is"
        for page, record in records.items()
        if record.page.unavailable and (page not in copy.records or copy.records[page].page.body)
    }


def _kept(record: Record, base: Record | None, *, restricted: bool) -> Record:
    """What a fetch does not bring stays as the base has it."""
    return replace(record, restricted=restricted, properties=base.properties if base else {})


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


def _add_attachments(
    session: Session, copy: Copy, pages: Iterable[PageId], records: dict[PageId, Record]
) -> None:
    """New attachments raise no version."""
    for page in sorted(pages):
        known = records.get(page) or copy.records.get(page)
        if known is not None:
            records[page] = _with_attachments(session, known)


def _with_attachments(session: Session, record: Record) -> Record:
    try:
        return replace(record, attachments=tuple(session.remote.attachments(record.id)))
    except NotFound:
        return record  # gone since the listing; the next run asks what became of it


def _add_suspects(
    session: Session,
    copy: Copy,
    looked: quiet.Look,
    withheld: frozenset[PageId],
    records: dict[PageId, Record],
) -> None:
    """Pages whose labels, attachments or restriction changed, which nothing tells but looking."""
    wanted = set(
        looked.suspects if looked.suspects is not None else _suspects(session, copy, looked, withheld)
    )
    for page, labels in looked.listing.labels.items():
        if page in copy.records and copy.records[page].page.labels != labels:
            wanted.add(page)
    for page in sorted(wanted - records.keys()):
        base = copy.records.get(page)
        if base is None:
            # Whether it is open now is asked by the next run, as of a page that is new.
            _remember_restricted(session, _known_restricted(session) - {page})
        elif (fresh := silent.reread(session, base)) is not None:
            records[page] = fresh
    silent.remember_verified(session, wanted & records.keys())


def _suspects(session: Session, copy: Copy, looked: quiet.Look, withheld: frozenset[PageId]) -> list[PageId]:
    rows = looked.listing.rows

    def base(page: PageId) -> Record:
        return copy.records.get(page) or Record(Page(rows[page], ""), restricted=True)

    texts = [page for page, row in rows.items() if row.type.has_text and page in copy.records]
    return silent.suspects(session, [*texts, *(withheld & _known_restricted(session))], base)


def _known_restricted(session: Session) -> frozenset[PageId]:
    """View-restricted pages that are not written."""
    return frozenset(PageId(page) for page in session.cache.recall("restricted").split())


def _remember_restricted(session: Session, pages: frozenset[PageId]) -> None:
    session.cache.remember("restricted", " ".join(sorted(pages)))


def _ours(session: Session, copy: Copy, changed: Mapping[PageId, Record]) -> frozenset[PageId]:
    """Pages whose every version since the base is our own push of a commit that HEAD contains."""
    newer = [
        record for page, record in changed.items() if 0 <= _number(copy, page) < record.row.version.number
    ]
    head = session.history.find_commit("HEAD") if newer else None
    if head is None:
        return frozenset()
    return frozenset(
        record.id for record in newer if _is_ours(session, copy.records[record.id], record, head)
    )


def _is_ours(session: Session, base: Record, record: Record, head: CommitId) -> bool:
    new = record.row.version.number
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
