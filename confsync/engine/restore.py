"""Bringing pages back from a commit, into their own space or another one.

Each page is written for itself: what fails is named, and the others go on. Creates are journaled like those
of a push, so that a restore that was cut off goes on with the pages it had made when it runs again.
"""

import hashlib
import mimetypes
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from confsync.convert.sameness import says_the_same
from confsync.convert.transfer import Removal, renumber, without_inline_comments
from confsync.engine.apply_pull import record_changes
from confsync.engine.creating import bound_text
from confsync.engine.landing import land
from confsync.engine.observe_local import observe_copy, read_commit
from confsync.engine.session import Session, sha256
from confsync.errors import ConfsyncError, NotFound, RemoteError, UsageError
from confsync.model.content import Attachment, ContentType, Page, Row, Status, Version
from confsync.model.ids import AccountId, CommitId, PageId, RelPath, SpaceKey
from confsync.model.record import Record
from confsync.plan.attachments import places
from confsync.plan.children import sequences
from confsync.plan.copy import Copy
from confsync.plan.restore import Left, RestorePlan, Step, Target, Way, plan_restore
from confsync.ports import Fate, FileChange, Place, Remote


@dataclass(frozen=True, slots=True)
class Archive:
    """A working copy as a commit has it."""

    commit: CommitId
    records: Mapping[PageId, Record]
    paths: Mapping[PageId, RelPath]
    """The file of each page."""
    files: frozenset[RelPath]
    """Every file of the commit."""
    home: PageId | None


@dataclass(frozen=True, slots=True)
class Restored:
    """One page that is back."""

    page: PageId
    was: PageId
    title: str
    way: Way


@dataclass
class Restoring:
    """A restore under way, and in the end its result."""

    restored: list[Restored] = field(default_factory=list)
    failed: list[Left] = field(default_factory=list)
    lost: list[Left] = field(default_factory=list)


def read_archive(session: Session, name: str) -> Archive:
    """What a commit holds of the working copy.

    Raises:
        UsageError: there is no such commit, or it holds no records.
    """
    commit = session.history.find_commit(name)
    if commit is None:
        raise UsageError(f"{name} is no commit here", hint="`git log --oneline -- .confsync` lists them.")
    warnings: list[str] = []
    records, texts = read_commit(session, commit, warnings)
    for warning in warnings:
        session.reporter.warn(warning)
    if not records:
        raise UsageError(f"{name} holds no pages of {session.settings.key}")
    copy = Copy(session.settings, records, texts, texts, {})
    files = frozenset(session.history.files(commit))
    return Archive(commit, records, copy.base_paths, files, copy.homepage)


def look_at(remote: Remote, archive: Archive, *, elsewhere: bool) -> Target:
    """What became of the commit's pages in the space they shall come back to."""
    rows = remote.listing().rows
    home = remote.space().homepage
    if elsewhere:
        return Target({}, home, elsewhere=True, fresh=rows.keys() <= {home})
    gone = archive.records.keys() - rows.keys()
    fates = dict.fromkeys(archive.records.keys() & rows.keys(), Fate.CURRENT)
    return Target({**fates, **remote.fates(gone)}, home)


def plan(
    archive: Archive, target: Target, wanted: frozenset[PageId], *, include_restricted: bool
) -> RestorePlan:
    """See `confsync.plan.restore.plan_restore`."""
    return plan_restore(
        archive.records, target, wanted=wanted, home=archive.home, include_restricted=include_restricted
    )


@dataclass
class Restorer:
    """Carries out a plan."""

    session: Session
    remote: Remote
    archive: Archive
    target: Target
    space: SpaceKey
    """The space that the pages come back to."""
    sites: Mapping[str, str] = field(default_factory=dict)
    """New site by old site, where they differ or links name the site in full."""
    spaces: Mapping[SpaceKey, SpaceKey] = field(default_factory=dict)
    result: Restoring = field(default_factory=Restoring)
    new: dict[PageId, PageId] = field(default_factory=dict)
    """The id that each page of the commit has there now: those that are there already, and those restored."""
    done: list[Step] = field(default_factory=list)
    sent: dict[PageId, str] = field(default_factory=dict)
    """The text that each new page was published with."""

    def run(self, steps: Sequence[Step]) -> Restoring:
        """Write every page, then link them with each other, then put them in order."""
        self.new = {page: page for page, fate in self.target.fates.items() if fate is Fate.CURRENT}
        with self.session.reporter.task("Restoring", len(steps)) as advance:
            for step in steps:
                self._guarded(step, self._bring_back)
                advance(1)
        for step in self.done:
            self._guarded(step, self._finish)
        for step in self.done:
            self.session.journal.done(self._key(step))
        return self.result

    def _guarded(self, step: Step, act: Callable[[Step], None]) -> None:
        try:
            act(step)
        except RemoteError as error:
            if error.status in (0, 401, 429) or error.status >= 500:  # noqa: PLR2004
                raise  # the next page would fare no better
            self._failed(step, error)

    def _failed(self, step: Step, error: ConfsyncError) -> None:
        row = step.record.row
        reason = f"{error.message}{'. ' + error.hint if error.hint else ''}"
        self.result.failed.append(Left(row.id, row.title, reason))

    # ------------------------------------------------------------------------------------- one page

    def _bring_back(self, step: Step) -> None:
        match step.way:
            case Way.TRASH:
                page = self.remote.restore(step.record.id).id
            case Way.BACK:
                page = step.record.id
            case Way.HOME:
                page = step.onto or step.record.id
            case Way.NEW:
                page = self._create(step)
        self.new[step.record.id] = page
        self._attach(step, page)
        self.done.append(step)
        self.result.restored.append(Restored(page, step.record.id, step.record.page.title, step.way))

    def _create(self, step: Step) -> PageId:
        """Draft first, journaled, as a push does it; a page that an earlier try made is taken up again."""
        body = self._body(step)
        row = _new_row(step.record.row, self._parent(step))
        key = self._key(step)
        earlier = next((entry for entry in self.session.journal.open() if entry["key"] == key), None)
        page = self._made_before(earlier, row, body)
        if page is None:
            intent = {
                "key": key,
                "op": "restore",
                "since": self.session.clock.now(),
            }
            self.session.journal.intend(intent)
            page = self.remote.create_draft(row, body)
            self.session.journal.intend({**intent, "page": page})
        self.remote.publish(replace(row, id=page), body, message=self._message())
        self.sent[page] = body
        return page

    def _made_before(self, entry: Mapping[str, object] | None, row: Row, body: str) -> PageId | None:
        if entry is None:
            return None
        page = PageId(str(entry["page"])) if entry.get("page") else None
        if page is None:
            page = self.remote.find_created(row, body, str(entry["since"]))
        if page is None:
            return None
        try:
            found = self.remote.read(page, draft=True)
        except NotFound:
            return None
        return page if found.row.status in (Status.DRAFT, Status.CURRENT) else None

    def _parent(self, step: Step) -> PageId | None:
        """The nearest ancestor that is there; what was at the top comes back at the top."""
        there = next((self.new[page] for page in step.above if page in self.new), None)
        return there if there is not None or not step.above else self.target.home

    def _body(self, step: Step) -> str:
        body = step.record.page.body
        if step.way in (Way.NEW, Way.HOME):
            body = without_inline_comments(body)
        ids = {old: new for old, new in self.new.items() if old != new}
        titles = frozenset(
            self.archive.records[old].page.title for old in self.new if old in self.archive.records
        )
        return renumber(body, Removal(ids, self.sites, self.spaces, titles))

    # ----------------------------------------------------------------------------------- attachments

    def _attach(self, step: Step, page: PageId) -> None:
        record = step.record
        if not record.attachments:
            return
        there = {item.name: item for item in self.remote.attachments(page)}
        names = [item.name for item in record.attachments]
        path = self.archive.paths.get(record.id)
        files = places(path, names) if path is not None else {}
        for item in record.attachments:
            if step.way not in (Way.NEW, Way.HOME) and _same_file(there.get(item.name), item):
                continue
            self._send(step, page, item, files.get(item.name))

    def _send(self, step: Step, page: PageId, item: Attachment, path: RelPath | None) -> None:
        """Upload an attachment from the commit; one whose bytes are not there is named."""
        row = step.record.row
        if path is None or path not in self.archive.files:
            self.result.lost.append(Left(row.id, row.title, f"{item.name}: the commit has no file of it"))
            return
        staged = self.session.tree.staging() / f"restored-{item.id}"
        self.session.history.export(self.archive.commit, path, staged)
        if item.sha256 and _sha256_of(staged) != item.sha256:
            self.result.lost.append(Left(row.id, row.title, f"{item.name}: the commit has other bytes of it"))
            return
        media_type = item.media_type or mimetypes.guess_type(item.name)[0] or "application/octet-stream"
        self.remote.upload(page, item.name, staged, comment=item.comment, media_type=media_type)

    # ---------------------------------------------------------------------------------- second round

    def _finish(self, step: Step) -> None:
        """Text with links to all that is back, title, labels, properties, and the place in the tree."""
        page = self.new[step.record.id]
        now = self.remote.read(page)
        if step.record.row.type.has_text:
            now = self._write(step, now)
        self._label(step, now)
        for key, value in step.record.properties.items():
            self.remote.set_property(page, key, value)
        if step.way is not Way.HOME and step.record.row.type is not ContentType.BLOGPOST:
            self._place(step, now)

    def _write(self, step: Step, now: Page) -> Page:
        body, title = self._body(step), step.record.page.title
        stored = now
        if now.title != title or body not in (now.body, self.sent.get(now.id)):
            version = replace(now.row.version, number=now.row.version.number + 1)
            row = replace(now.row, title=title, version=version)
            stored = self.remote.update(row, body, message=self._message())
        if not says_the_same(stored.body, body):
            self._lose(step, "parts of its text: Confluence stored it differently")
        return replace(stored, labels=now.labels)

    def _label(self, step: Step, now: Page) -> None:
        wanted = step.record.page.labels
        if wanted - now.labels:
            self.remote.add_labels(now.id, wanted - now.labels)
        if step.way is Way.BACK:
            for label in sorted(now.labels - wanted):
                self.remote.remove_label(now.id, label)

    def _place(self, step: Step, now: Page) -> None:
        """Behind the sibling that it stood behind, else before the one it stood before."""
        parent = self._parent(step)
        before, after = self._neighbours(step)
        if parent is None:
            if now.row.parent is not None:
                self.remote.move_to_top(now.id)
        elif before is not None:
            self.remote.move(now.id, Place.AFTER, before)
        elif after is not None:
            self.remote.move(now.id, Place.BEFORE, after)
        elif now.row.parent != parent:
            self.remote.move(now.id, Place.APPEND, parent)

    @cached_property
    def _order(self) -> Mapping[PageId, tuple[PageId, ...]]:
        """The children of every page at the commit."""
        return sequences({page: record.row for page, record in self.archive.records.items()})

    def _neighbours(self, step: Step) -> tuple[PageId | None, PageId | None]:
        """The nearest siblings at the commit that lie below the same page now."""
        parent = step.record.row.parent
        if parent is None or parent not in self.new:
            return None, None
        sequence = self._order.get(parent, ())
        at = sequence.index(step.record.id)
        there = {row.id for row in self.remote.children(self.new[parent])}
        here = [(index, self.new[page]) for index, page in enumerate(sequence) if self.new.get(page) in there]
        before = [page for index, page in here if index < at]
        after = [page for index, page in here if index > at]
        return before[-1] if before else None, after[0] if after else None

    # ----------------------------------------------------------------------------------------- words

    def _lose(self, step: Step, what: str) -> None:
        self.result.lost.append(Left(step.record.id, step.record.page.title, what))

    def _key(self, step: Step) -> str:
        return f"restore:{self.space}:{step.record.id}"

    def _message(self) -> str:
        return f"Restored from {self.archive.commit[:12]}"


def rebind(session: Session, restored: Sequence[Restored]) -> None:
    """Tell the files of pages that have a new id now; the next pull adopts them."""
    copy = observe_copy(session)
    edited = session.history.edited()
    texts: dict[RelPath, bytes] = {}
    for one in restored:
        local = copy.pages.get(one.was) if one.page != one.was else None
        if local is None:
            continue
        if local.path in edited:
            session.reporter.warn(f"{local.path} has uncommitted changes; its page has the id {one.page} now")
            continue
        texts[local.path] = bound_text(copy, local.path, one.page, copy.title(one.was))
    if not texts:
        return
    gone: dict[PageId, Record | None] = {
        one.was: None for one in restored if copy.paths.get(one.was) in texts
    }
    changes = record_changes(session, gone)
    changes += [FileChange(path, text, sha256(copy.files[path])) for path, text in texts.items()]
    contents = {change.path: change.content for change in changes}
    land(session, session.history.prepare(contents, "Bind files to the pages restored for them"), changes, {})


def _same_file(there: Attachment | None, item: Attachment) -> bool:
    return there is not None and (there.version, there.size) == (item.version, item.size)


def _sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _new_row(row: Row, parent: PageId | None) -> Row:
    """The row of a page that takes the place of one that is gone."""
    return replace(
        row,
        id=PageId(""),
        parent=parent,
        parent_type=ContentType.PAGE if parent else None,
        position=None,
        status=Status.CURRENT,
        version=Version(1, AccountId(""), ""),
    )
