"""What changes in Confluence without a new version: labels, attachments, comments, restrictions.

New attachments and comments leave traces in the search index. Labels, removed attachments and restrictions
leave none: every run looks at the pages it has not looked at for longest. The index is only a reason to look;
what differs from the base is read from the database before anything is made of it.
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from confsync.convert import inline_comment_refs
from confsync.engine.session import Session
from confsync.errors import NotFound
from confsync.model.content import Attachment
from confsync.model.ids import PageId
from confsync.model.record import Record
from confsync.plan.copy import Copy
from confsync.ports import Recent, Sighting

REQUESTS = 5
"""What a sweep may cost while pages wait for longer than `PATIENCE`; otherwise one request."""
PATIENCE = timedelta(hours=24)
_PER_REQUEST = 100
"""Pages that one request of a survey has room for, at most."""


# ---------------------------------------------------------------------------------------------- traces


def since(session: Session, copy: Copy) -> str:
    """From when on traces may be unknown: the newest date that the base or an earlier answer has."""
    newest = max((record.row.version.when for record in copy.records.values()), default="")
    seen = session.cache.recall("traced-until")
    return max(newest, seen) if newest else ""


def traced(session: Session, copy: Copy, recent: Recent) -> tuple[set[PageId], set[PageId]]:
    """Pages whose attachments, and pages whose text, a trace that is news to us makes worth reading."""
    seen = frozenset(session.cache.recall("traces").split())
    files = {
        one.page
        for one in recent.attachments
        if not any(a.id == one.id and a.version >= one.version for a in _base(copy, one.page))
    }
    texts = {
        one.page
        for one in recent.comments
        if f"{one.id}.{one.version}" not in seen and not _has_marker(copy, one.page, one.ref)
    }
    return files, texts


def remember_traces(session: Session, recent: Recent, waiting: Collection[PageId]) -> None:
    """What was read because of these is in the base from now on, but for pages that still wait for it.

    Not to be called before that: a run may die in between, and nothing else would tell of a comment.
    """
    known = [one for one in recent.comments if one.page not in waiting]
    session.cache.remember("traces", " ".join(sorted(f"{one.id}.{one.version}" for one in known)))
    if recent.newest and len(known) == len(recent.comments):
        session.cache.remember("traced-until", max(recent.newest, session.cache.recall("traced-until")))


def _base(copy: Copy, page: PageId) -> Iterable[Attachment]:
    record = copy.records.get(page)
    return record.attachments if record else ()


def _has_marker(copy: Copy, page: PageId, ref: str) -> bool:
    record = copy.records.get(page)
    return bool(ref) and record is not None and ref in inline_comment_refs(record.page.body)


# ----------------------------------------------------------------------------------------------- sweep


def verified(session: Session) -> dict[PageId, str]:
    """When the silent sides of each page were last compared with Confluence; pages without a date never."""
    return _times(session, "verified")


def remember_verified(session: Session, pages: Iterable[PageId]) -> None:
    """These agree with Confluence as of now."""
    now, times = session.clock.now(), verified(session)
    _keep(session, "verified", {**times, **dict.fromkeys(pages, now)})


def suspects(
    session: Session, pages: Iterable[PageId], base: Callable[[PageId], Record | None]
) -> list[PageId]:
    """Pages whose silent sides seem to differ from the base; those that agree count as verified.

    Args:
        session: the working copy.
        pages: what is current and known; view-restricted ones that are not written, too.
        base: what we know of a page; called for those only whose turn it is.
    """
    checked, tried = verified(session), _times(session, "tried")
    turn = sorted(pages, key=lambda page: (max(checked.get(page, ""), tried.get(page, "")), page))
    if not turn:
        return []
    now = session.clock.now()
    last = max(checked.get(turn[0], ""), tried.get(turn[0], ""))
    requests = REQUESTS if _long_ago(last, now) else 1
    known = {page: record for page in turn[: requests * _PER_REQUEST] if (record := base(page)) is not None}
    seen = session.remote.survey(list(known.values()), requests)
    strange = [page for page, sighting in seen.items() if _differs(sighting, known[page])]
    there = set(turn)
    _keep(session, "tried", {**tried, **dict.fromkeys(seen, now)}, only=there)
    sure = {page for page, sighting in seen.items() if _is_whole(sighting)} - set(strange)
    _keep(session, "verified", {**checked, **dict.fromkeys(sure, now)}, only=there)
    return strange


def _differs(seen: Sighting, base: Record) -> bool:
    if not base.page.body and base.restricted and not base.attachments:
        return seen.restricted is False
    files = frozenset((item.id, item.version) for item in base.attachments)
    return (
        seen.labels not in (None, base.page.labels)
        or seen.attachments not in (None, files)
        or seen.restricted not in (None, base.restricted)
    )


def _is_whole(seen: Sighting) -> bool:
    return None not in (seen.labels, seen.attachments, seen.restricted)


def _long_ago(when: str, now: str) -> bool:
    try:
        return datetime.fromisoformat(now) - datetime.fromisoformat(when) > PATIENCE
    except ValueError:
        return True


def reread(session: Session, base: Record) -> Record | None:
    """A page with its silent sides straight from the database; None where it is gone."""
    try:
        page = session.remote.read(base.id)
        files = tuple(session.remote.attachments(base.id))
    except NotFound:
        return None  # gone since the listing; the next run asks what became of it
    shut = base.id in session.remote.restricted([base.id])
    return with_properties(session, replace(base, page=page, attachments=files, restricted=shut))


def with_properties(session: Session, record: Record) -> Record:
    """A record with the content properties that the settings name, one request; without any, as it is."""
    wanted = session.settings.properties
    if not wanted:
        return record
    try:
        return replace(record, properties=dict(session.remote.properties(record.id, wanted)))
    except NotFound:
        return record  # gone since the listing; the next run asks what became of it


# ------------------------------------------------------------------------------------------ the cache


def _times(session: Session, name: str) -> dict[PageId, str]:
    """Dates by page; in the cache the pages of one date are one line, for most share one."""
    try:
        kept = json.loads(session.cache.recall(name) or "{}")
        return {PageId(page): str(when) for when, pages in kept.items() for page in pages.split()}
    except (ValueError, AttributeError):
        return {}


def _keep(
    session: Session, name: str, times: Mapping[PageId, str], only: Iterable[PageId] | None = None
) -> None:
    wanted = times.keys() if only is None else times.keys() & set(only)
    by_date: dict[str, list[str]] = {}
    for page in sorted(wanted):
        by_date.setdefault(times[page], []).append(page)
    session.cache.remember(name, json.dumps({when: " ".join(pages) for when, pages in by_date.items()}))
