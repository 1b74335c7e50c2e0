"""A pull that finds nothing, without reading the working copy.

What the base says of its pages comes down to one fingerprint, kept when all was in step. While HEAD is where
it was, git knows of no edit, and the listing has that very fingerprint, there is nothing to merge: reading
ten thousand files and records could tell no more.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from confsync.engine import silent
from confsync.engine.session import Session
from confsync.errors import ConfsyncError
from confsync.model.content import Page, Row, Status
from confsync.model.ids import PageId, RelPath
from confsync.model.record import Record, load_record, record_path
from confsync.plan.copy import Copy
from confsync.ports import Listing

_NAME = "settled"


@dataclass(frozen=True, slots=True)
class Look:
    """What was asked already, so that a thorough look need not ask again."""

    listing: Listing
    suspects: tuple[PageId, ...] | None = None
    """Pages whose silent sides seem changed; None: not asked."""
    nothing: bool = False
    """Whether there is nothing to pull."""
    withheld: tuple[Row, ...] = ()
    """View-restricted pages that are not written."""


def remember(session: Session, copy: Copy, withheld: Iterable[Row]) -> None:
    """Keep what the base says, as far as a listing could say it."""
    head = session.history.find_commit("HEAD")
    if head is None or copy.frozen:
        return
    shut = list(withheld)
    known = [record.row for record in copy.records.values() if record.row.status is Status.CURRENT]
    said = {
        "head": head,
        "rows": _print([*known, *shut]),
        "since": silent.since(session, copy),
        "withheld": sorted(row.id for row in shut),
        "labels": {page: sorted(one.page.labels) for page, one in copy.records.items() if one.page.labels},
    }
    session.cache.remember(_NAME, json.dumps(said))


def look(session: Session) -> Look | None:
    """Look at the listing alone; None where the working copy has to be read in any case."""
    try:
        settled = json.loads(session.cache.recall(_NAME) or "{}")
    except ValueError:
        return None
    if not settled or not _in_step(session, str(settled.get("head"))):
        return None
    since = max(str(settled["since"]), session.cache.recall("traced-until"))
    listing = session.remote.listing(since=since)
    if _print(listing.rows.values()) != settled["rows"]:
        return Look(listing)
    withheld = {PageId(page) for page in settled["withheld"]}
    labels: Mapping[str, list[str]] = settled["labels"]
    told = any(sorted(found) != labels.get(page, []) for page, found in listing.labels.items())
    if told or _traced(session, listing):
        return Look(listing)
    return _surveyed(session, listing, withheld)


def _in_step(session: Session, head: str) -> bool:
    """Whether HEAD is what it was, all of it is in Confluence, and nothing waits or was edited."""
    return (
        session.history.find_commit("HEAD") == head
        and session.history.tracking() == head
        and not session.history.pending()
        and not session.journal.open()
        and not session.history.edited()
    )


def _traced(session: Session, listing: Listing) -> bool:
    traces = listing.recent.attachments | listing.recent.comments
    bases = {page: _base(session, page) for page in {one.page for one in traces}}
    known = {page: record for page, record in bases.items() if record is not None}
    files, texts = silent.traced(session, Copy(session.settings, known, {}, {}, {}), listing.recent)
    return bool((files | texts) & listing.rows.keys())


def _surveyed(session: Session, listing: Listing, withheld: set[PageId]) -> Look:
    own = withheld & {PageId(page) for page in session.cache.recall("restricted").split()}

    def base(page: PageId) -> Record | None:
        return Record(Page(listing.rows[page], ""), restricted=True) if page in own else _base(session, page)

    pages = [row.id for row in listing.rows.values() if row.type.has_text and row.id not in withheld]
    suspects = tuple(silent.suspects(session, [*pages, *own], base))
    shut = tuple(listing.rows[page] for page in sorted(withheld))
    return Look(listing, suspects, nothing=not suspects, withheld=shut)


def _base(session: Session, page: PageId) -> Record | None:
    """A record from the work tree, which git says is HEAD's."""
    try:
        return load_record(session.tree.read(RelPath(record_path(page))))
    except (ConfsyncError, OSError):
        return None


def _print(rows: Iterable[Row]) -> str:
    """One word for everything that a listing says of pages and that a pull would act on."""
    words = sorted(
        f"{row.id}\0{row.type.value}\0{row.title}\0{row.parent}\0{row.parent_type}\0{row.position}"
        f"\0{row.status.value}\0{row.subtype}\0{row.version.number}"
        for row in rows
    )
    return hashlib.sha256("\n".join(words).encode()).hexdigest()
