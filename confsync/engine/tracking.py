"""The remote-tracking branch: every observed page version as a commit of its own.

`refs/remotes/confluence/<SPACE>` is what Confluence has, as git sees it. Where nothing is unpushed it is
HEAD, and the next pull fast-forwards; while something is unpushed it advances on a line of its own, and HEAD
gets a merge.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from confsync.engine.observe_local import read_commit
from confsync.engine.session import Session
from confsync.model.ids import CommitId, PageId, RelPath
from confsync.model.record import Record, dump_record, record_path
from confsync.names import ASSETS
from confsync.plan.copy import Copy
from confsync.plan.incoming import Incoming, differs
from confsync.plan.operation import PullPlan
from confsync.plan.pull import plan_pull
from confsync.ports import Author, Content, ObservedVersion


def steps_of(
    session: Session,
    plan: PullPlan,
    incoming: Incoming,
    files: Mapping[RelPath, Content | None],
    records: Mapping[PageId, Record | None],
) -> list[ObservedVersion]:
    """One step per page version, oldest first; what belongs to no page goes with the last."""
    by_page: dict[PageId, dict[RelPath, Content | None]] = {}
    for path, content in files.items():
        page = plan.owners.get(path)
        if page is not None and page in records:
            by_page.setdefault(page, {})[path] = content
    for page, record in records.items():
        by_page.setdefault(page, {})[RelPath(record_path(page))] = dump_record(record) if record else None
    ordered = sorted(by_page, key=lambda page: _when(records[page]))
    told = {path for found in by_page.values() for path in found}
    rest = {path: content for path, content in files.items() if path not in told}
    steps = [_step(page, records[page], incoming, by_page[page]) for page in ordered]
    if rest and steps:
        steps[-1] = replace(steps[-1], files={**steps[-1].files, **rest})
    elif rest:
        now = session.clock.now()
        steps = [
            ObservedVersion(
                Author("Confluence", author_address(""), git_date(now)), "Follow Confluence", rest
            )
        ]
    return steps


def advance_tracking(session: Session, incoming: Incoming) -> CommitId | None:
    """Put the new versions on top of the tracking branch, and return its tip; None where there is none.

    The branch has no local edits, so its texts are plain quiet pulls of its own.
    """
    tracking = session.history.tracking()
    if tracking is None:
        return None
    records, texts = read_commit(session, tracking)
    there = Copy(session.settings, records, texts, texts, {})
    news = replace(
        incoming,
        records={
            page: record for page, record in incoming.records.items() if differs(record, records.get(page))
        },
        fates={page: fate for page, fate in incoming.fates.items() if page in records},
        ours=frozenset(),
    )
    plan = plan_pull(there, news)
    if plan.empty:
        return tracking
    steps = steps_of(session, plan, incoming, plan.texts, plan.records)
    tip = session.history.observe([_text_only(step) for step in steps], tracking)
    session.history.set_tracking(tip)
    return tip


def git_date(when: str) -> str:
    """Confluence's ISO date in git's own form, seconds since 1970 in UTC."""
    try:
        moment = datetime.fromisoformat(when)
    except ValueError:
        return "0 +0000"  # a date nobody can read must not stop a pull
    return f"{max(0, int(moment.timestamp()))} +0000"


def _text_only(step: ObservedVersion) -> ObservedVersion:
    """Attachment bytes come with the merge; the line of texts does not need them."""
    return replace(step, files={path: c for path, c in step.files.items() if f"{ASSETS}/" not in path})


def _step(
    page: PageId, record: Record | None, incoming: Incoming, files: Mapping[RelPath, Content | None]
) -> ObservedVersion:
    if record is None:
        author = Author("Confluence", author_address(""), "0 +0000")
        return ObservedVersion(author, f"Remove a page that is in Confluence's trash\n\nPage: {page}", files)
    version = record.row.version
    name = incoming.authors.get(version.author) or version.author or "Confluence"
    subject = version.message.splitlines()[0] if version.message.strip() else f"Update {record.page.title}"
    return ObservedVersion(
        Author(name, author_address(version.author), git_date(version.when)),
        f"{subject}\n\nPage: {record.page.title} ({page}), version {version.number}",
        files,
    )


def _when(record: Record | None) -> tuple[str, str]:
    return (record.row.version.when, record.id) if record else ("9", "")


def author_address(author: str) -> str:
    """A synthetic address: Confluence gives no e-mail addresses away."""
    safe = "".join(char if char.isalnum() or char in "-_." else "-" for char in author)
    return f"{safe or 'noreply'}@users.noreply.confluence"
