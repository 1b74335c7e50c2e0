"""Carrying out a pull: files first, then HEAD, so that every accident falls on the safe side.

Download → commit objects → journal → files by compare-and-swap → HEAD → index.
"""

from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from confsync.engine.landing import land, present
from confsync.engine.session import Session, sha256
from confsync.engine.tracking import advance_tracking, author_address, steps_of
from confsync.errors import NotFound
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
    """A pull as files: what the commit holds, what is written to the work tree, and whose each file is."""

    commit: Mapping[RelPath, Content | None]
    changes: tuple[FileChange, ...]
    records: Mapping[PageId, Record | None]
    owners: Mapping[RelPath, PageId]
    vacated: tuple[FileChange, ...] = ()
    """Where moved files were: nothing to write, but something to remember."""


def apply_pull(session: Session, copy: Copy, plan: PullPlan, incoming: Incoming, *, pushed: bool) -> None:
    """Write what a pull plan says, and move HEAD to it.

    Where `pushed`, HEAD holds nothing that Confluence does not, and the pull is a fast-forward.
    """
    batch = prepare_batch(session, copy, plan)
    if batch.commit:
        transaction = _commit(session, copy, plan, incoming, batch, pushed=pushed)
        land(session, transaction, batch.changes, batch.owners, batch.vacated)


def prepare_batch(session: Session, copy: Copy, plan: PullPlan) -> Batch:
    """Download what is needed and put files and records together."""
    texts = [
        FileChange(path, content, sha256(copy.files[path]) if path in copy.files else None)
        for path, content in plan.texts.items()
    ]
    fetched, missing = _download(session, plan)
    assets = Assets(session, copy, fetched)
    for path, step in plan.assets.items():
        assets.step(path, step)
    records = {
        page: record and with_checksums(_without(record, copy, missing), assets.checksums.get(page, {}))
        for page, record in plan.records.items()
    }
    records_written = record_changes(session, records)
    changes = (*assets.moves, *texts, *assets.writes, *records_written)
    owners = {RelPath(record_path(page)): page for page in records} | dict(plan.owners)
    commit = {**dict.fromkeys(assets.vacated), **{change.path: change.content for change in changes}}
    written = {change.path for change in changes}
    vacated = [path for path in sorted(assets.vacated) if path not in written]
    gone = tuple(FileChange(path, None, copy.assets.get(path)) for path in vacated)
    owners |= {path: plan.owners[path] for path in vacated if path in plan.owners}
    return Batch(commit, changes, records, owners, gone)


def _without(record: Record, copy: Copy, missing: Collection[tuple[PageId, str]]) -> Record:
    """A record that claims no attachment we could not have: the next pull finds it new, or changed, again."""
    base = copy.records.get(record.id)
    known = {a.name: a for a in base.attachments} if base else {}
    held = (known.get(a.name) if (record.id, a.name) in missing else a for a in record.attachments)
    return replace(record, attachments=tuple(a for a in held if a is not None))


@dataclass
class Assets:
    """The attachment files of a pull, as they come together."""

    session: Session
    copy: Copy
    fetched: Mapping[RelPath, tuple[Path, str]]
    moves: list[FileChange] = field(default_factory=list)
    """Files that change their place; they go first, before anything is written over them."""
    writes: list[FileChange] = field(default_factory=list)
    vacated: set[RelPath] = field(default_factory=set)
    """Where moved files were."""
    checksums: dict[PageId, dict[str, str]] = field(default_factory=dict)

    def step(self, path: RelPath, step: Fetched | RelPath | None) -> None:
        """One step of the plan."""
        if isinstance(step, Fetched):
            self._arrive(path, step)
        elif step is not None:
            self._move(step, path)
        elif path not in self.vacated:
            self.writes.append(FileChange(path, None, self._present(path)))

    def _present(self, path: RelPath) -> str | None:
        return self.copy.assets.get(path) or self.copy.media.get(path)

    def _arrive(self, path: RelPath, step: Fetched) -> None:
        if path not in self.fetched:
            return
        content, checksum = self.fetched[path]
        self.checksums.setdefault(step.page, {})[step.attachment.name] = checksum
        if step.local is not None and step.aside is not None:
            if step.local == path and self._present(path) == checksum:
                return  # both sides added the same file
            self._move(step.local, step.aside)
        expected = None if path in self.vacated else self._present(path)
        self.writes.append(FileChange(path, content, expected))

    def _move(self, source: RelPath, target: RelPath) -> None:
        self.moves.append(FileChange(target, self.session.tree.local_path(source), None))
        self.vacated.add(source)
        self.writes = [
            change for change in self.writes if change.path != source or change.content is not None
        ]


def record_changes(session: Session, records: Mapping[PageId, Record | None]) -> list[FileChange]:
    """The record files to write or remove; what lies in the work tree is decoration and gives way."""
    changes = []
    for page, record in records.items():
        path = RelPath(record_path(page))
        content = dump_record(record) if record else None
        changes.append(FileChange(path, content, present(session, path)))
    return [change for change in changes if change.content is not None or change.expected is not None]


def _download(
    session: Session, plan: PullPlan
) -> tuple[dict[RelPath, tuple[Path, str]], set[tuple[PageId, str]]]:
    """What came, by path; and what is no longer there, by page and name."""
    wanted = [(path, step) for path, step in plan.assets.items() if isinstance(step, Fetched)]
    if not wanted:
        return {}, set()
    staging = session.tree.staging()

    def one(item: tuple[int, tuple[RelPath, Fetched]]) -> tuple[RelPath, Fetched, Path, str | None]:
        number, (path, step) = item
        target = staging / f"{number}.part"
        try:
            return path, step, target, session.remote.download(step.page, step.attachment, target)
        except NotFound:
            return path, step, target, None

    done: dict[RelPath, tuple[Path, str]] = {}
    missing: set[tuple[PageId, str]] = set()
    with (
        session.reporter.task("Downloading attachments", len(wanted)) as advance,
        ThreadPoolExecutor(WORKERS) as pool,
    ):
        for path, step, target, checksum in pool.map(one, enumerate(wanted)):
            if checksum is None:
                missing.add((step.page, step.attachment.name))
                session.reporter.warn(f"{step.attachment.name} is no longer there", page=path)
            else:
                done[path] = (target, checksum)
            advance(1)
    return done, missing


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
    told = [item for item in plan.pulled if item.did not in ("recorded", "conflict")]
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
