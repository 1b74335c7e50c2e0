"""Carrying out a pull: files first, then HEAD, so that every accident falls on the safe side.

An old base with newer text is safe; a new base with older text is silent loss. So: download → commit objects
→ files by compare-and-swap → HEAD → index.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from confsync.engine.session import Session, sha256
from confsync.engine.tracking import advance_tracking, author_address, steps_of
from confsync.errors import WorkTreeError
from confsync.model.ids import PageId, RelPath
from confsync.model.record import Record, dump_record, record_path
from confsync.model.settings import HistoryPolicy
from confsync.plan.copy import Copy
from confsync.plan.incoming import Incoming, with_checksums
from confsync.plan.operation import Fetched, PullPlan
from confsync.ports import Content, FileChange, Transaction

WORKERS = 6
"""Downloads at a time; the client keeps at most eight connections."""


@dataclass(frozen=True, slots=True)
class Batch:
    """A pull as files: what the commit holds and what is written to the work tree."""

    commit: Mapping[RelPath, Content | None]
    changes: tuple[FileChange, ...]
    records: Mapping[PageId, Record | None]


def apply_pull(session: Session, copy: Copy, plan: PullPlan, incoming: Incoming, *, pushed: bool) -> None:
    """Write what a pull plan says, and move HEAD to it.

    Where `pushed`, HEAD holds nothing that Confluence does not, and the pull is a fast-forward.
    """
    batch = prepare_batch(session, copy, plan)
    if not batch.commit:
        return
    transaction = _commit(session, copy, plan, incoming, batch, pushed=pushed)
    try:
        session.tree.apply(batch.changes)
    except BaseException:
        transaction.abandon()
        raise
    transaction.publish()


def prepare_batch(session: Session, copy: Copy, plan: PullPlan) -> Batch:
    """Download what is needed and put files and records together."""
    fetched = _download(session, plan)
    checksums: dict[PageId, dict[str, str]] = {}
    commit: dict[RelPath, Content | None] = dict(plan.texts)
    changes = [
        FileChange(path, content, sha256(copy.files[path]) if path in copy.files else None)
        for path, content in plan.texts.items()
    ]
    sources = {step for step in plan.assets.values() if isinstance(step, str)}
    for path, step in plan.assets.items():
        expected = copy.assets.get(path)
        if isinstance(step, Fetched):
            content, checksum = fetched[path]
            checksums.setdefault(step.page, {})[step.attachment.name] = checksum
            if step.local is not None and step.aside is not None:
                if copy.assets[step.local] == checksum and step.local == path:
                    continue  # both sides added the same file
                commit[step.aside] = commit_source = session.tree.local_path(step.local)
                changes.insert(0, FileChange(step.aside, commit_source, None))
                if step.local != path:
                    commit[step.local] = None
                expected = None if step.local == path else expected
            commit[path] = content
            changes.append(FileChange(path, content, None if path in sources else expected))
        elif step is None:
            commit[path] = None
            if path not in sources:
                changes.append(FileChange(path, None, expected))
        else:
            commit[path] = session.tree.local_path(step)
            changes.insert(0, FileChange(path, session.tree.local_path(step), None))
    records = {
        page: record and with_checksums(record, checksums.get(page, {}))
        for page, record in plan.records.items()
    }
    for change in record_changes(session, records):
        commit[change.path] = change.content
        changes.append(change)
    return Batch(commit, tuple(changes), records)


def record_changes(session: Session, records: Mapping[PageId, Record | None]) -> list[FileChange]:
    """The record files to write or remove; what lies in the work tree is decoration and gives way."""
    changes = []
    for page, record in records.items():
        path = RelPath(record_path(page))
        content = dump_record(record) if record else None
        changes.append(FileChange(path, content, _present(session, path)))
    return [change for change in changes if change.content is not None or change.expected is not None]


def _present(session: Session, path: RelPath) -> str | None:
    try:
        return session.tree.sha256(path)
    except WorkTreeError:
        return None  # not there, or nothing we may write over: then the write says so


def _download(session: Session, plan: PullPlan) -> dict[RelPath, tuple[Path, str]]:
    wanted = [(path, step) for path, step in plan.assets.items() if isinstance(step, Fetched)]
    if not wanted:
        return {}
    staging = session.tree.staging()

    def one(item: tuple[int, tuple[RelPath, Fetched]]) -> tuple[RelPath, tuple[Path, str]]:
        number, (path, step) = item
        target = staging / f"{number}.part"
        checksum = session.remote.download(step.page, step.attachment, target)
        return path, (target, checksum)

    done: dict[RelPath, tuple[Path, str]] = {}
    with (
        session.reporter.task("Downloading attachments", len(wanted)) as advance,
        ThreadPoolExecutor(WORKERS) as pool,
    ):
        for path, result in pool.map(one, enumerate(wanted)):
            done[path] = result
            advance(1)
    return done


def _commit(
    session: Session, copy: Copy, plan: PullPlan, incoming: Incoming, batch: Batch, *, pushed: bool
) -> Transaction:
    if session.settings.history is HistoryPolicy.SQUASH:
        return session.history.prepare(batch.commit, squash_message(copy, plan, incoming))
    if pushed:
        head = session.history.state().head
        tip = session.history.observe(steps_of(session, plan, incoming, batch.commit, batch.records), head)
        return session.history.fast_forward(tip, batch.commit.keys())
    line = advance_tracking(session, incoming)
    return session.history.prepare(batch.commit, squash_message(copy, plan, incoming), merge=line)


def squash_message(copy: Copy, plan: PullPlan, incoming: Incoming) -> str:
    """One message for a whole pull, with everybody who wrote as a co-author."""
    told = [item for item in plan.pulled if item.did != "recorded"]
    if len(told) == 1:
        subject = f"Pull {told[0].title} from Confluence"
    else:
        subject = f"Pull {len(told)} pages from Confluence" if told else "Record what Confluence says"
    lines = [f"{item.did}: {item.path} (v{item.version})" for item in told[:50]]
    authors = {
        record.row.version.author
        for page, record in incoming.records.items()
        if page in plan.records and page not in copy.frozen
    }
    trailers = [
        f"Co-authored-by: {incoming.authors[author]} <{author_address(author)}>"
        for author in sorted(authors)
        if author in incoming.authors
    ]
    return "\n\n".join(part for part in (subject, "\n".join(lines), "\n".join(trailers)) if part)
