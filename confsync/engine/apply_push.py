"""Carrying out a push: re-read, write with the version lock, read back, record.

Push never merges. A page that is not what its base says, whatever its version number, is left to the next
pull. What was written is recorded in one commit at the end, also when something goes wrong in between: an old
base with newer text is safe, and the next run recognises its own writes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from confsync.convert import inline_comment_refs
from confsync.convert.markdown import front_matter
from confsync.engine.apply_pull import record_changes
from confsync.engine.attaching import detach, send, upload
from confsync.engine.creating import bound_text, create_intent, new_row, refused_draft, remember_refused
from confsync.engine.landing import land
from confsync.engine.outcome import Log, Pushed
from confsync.engine.read_back import Written, overwritten_comments, put_back, remember_altered
from confsync.engine.session import Options, Session, sha256
from confsync.engine.trashing import bring_back, has_children, has_new_files, was_edited
from confsync.errors import ConvertError, NotFound, Rejected, RemoteError, TitleTaken, VersionConflict
from confsync.model.content import Page, Row, Status
from confsync.model.ids import PageId, RelPath
from confsync.model.record import Record
from confsync.plan.arrange import steps
from confsync.plan.children import sequences
from confsync.plan.copy import Copy
from confsync.plan.operation import (
    Arrange,
    ById,
    ByPath,
    Create,
    Detach,
    MoveTo,
    Operation,
    ParentRef,
    Refused,
    Relabel,
    Top,
    Trash,
    Update,
    Upload,
)
from confsync.plan.read_back import difference, sent_mark, stored_otherwise
from confsync.ports import Fate, FileChange, Place


@dataclass
class Pusher:
    """One push under way."""

    session: Session
    copy: Copy
    options: Options
    log: Log
    records: dict[PageId, Record | None] = field(default_factory=dict)
    """What Confluence says now of the pages that were written."""
    texts: dict[RelPath, bytes] = field(default_factory=dict)
    """New files, with the id of their new page."""
    created: dict[RelPath, PageId] = field(default_factory=dict)
    stale: set[PageId] = field(default_factory=set)
    """Pages that changed under us: they go back to the merge."""
    failed: set[PageId] = field(default_factory=set)

    def run(self, operations: Sequence[Operation]) -> None:
        """Carry out all operations; whatever happens, record what was done."""
        try:
            with self.session.reporter.task("Writing to Confluence", len(operations)) as advance:
                for operation, following in zip(operations, [*operations[1:], None], strict=True):
                    self._one(operation)
                    if isinstance(operation, Upload) and operation.page != getattr(following, "page", None):
                        self._confirm_uploads(operation, operations)
                    advance(1)
        finally:
            self.record()

    def record(self) -> None:
        """Commit the records of what was written, and the ids of new pages, together."""
        if not self.records and not self.texts:
            return
        changes = record_changes(self.session, self.records)
        for path, text in self.texts.items():
            changes.append(FileChange(path, text, sha256(self.copy.files[path])))
        transaction = self.session.history.prepare(
            {change.path: change.content for change in changes}, self._record_message()
        )
        land(self.session, transaction, changes, dict(self.created))
        for path in self.created:
            self.session.journal.done(f"create:{path}")
        self.records, self.texts, self.created = {}, {}, {}

    def _record_message(self) -> str:
        told = self.log.pushed
        subject = f"Record {told[-1].title}" if len(told) == 1 else f"Record {len(self.records)} pages"
        return f"{subject} as Confluence stored it [skip ci]"

    # -------------------------------------------------------------------------------- one operation

    def _one(self, operation: Operation) -> None:
        page = None if isinstance(operation, Create) else operation.page
        if page is not None and (page in self.stale or page in self.failed):
            return
        try:
            self._dispatch(operation)
        except VersionConflict:
            self._is_stale(page)
        except RemoteError as error:
            if error.status in (0, 401, 429) or error.status >= 500:  # noqa: PLR2004
                raise  # the next page would fare no better
            self._refuse(operation, error)

    def _dispatch(self, operation: Operation) -> None:
        match operation:
            case Create():
                self._create(operation)
            case Update():
                self._update(operation)
            case MoveTo():
                self._move(operation)
            case Arrange():
                self._arrange(operation)
            case Relabel():
                self._relabel(operation)
            case Upload():
                self._upload(operation)
            case Detach():
                self._detach(operation)
            case Trash():
                self._trash(operation)

    def _refuse(self, operation: Operation, error: RemoteError) -> None:
        page = None if isinstance(operation, Create) else operation.page
        if page is not None:
            self.failed.add(page)
            if isinstance(error, NotFound):
                self._forget(page)
        else:
            remember_refused(self.session, f"create:{operation.path}")
        hint = error.hint
        if isinstance(error, TitleTaken) and not hint:
            hint = "The other page may be archived or hidden from you. Choose another title."
        self.log.refused.append(Refused(operation.path, error.message, page, hint))

    def _is_stale(self, page: PageId | None) -> None:
        if page is not None:
            self.stale.add(page)

    def _forget(self, page: PageId) -> None:
        """A page that is gone has got nothing of ours: whoever deleted it did not see it."""
        self.records.pop(page, None)

    def _confirm_uploads(self, operation: Upload, operations: Sequence[Operation]) -> None:
        """Uploads have no lock: a page that is not written besides may have been deleted meanwhile."""
        page = operation.page
        if page not in self.records or any(isinstance(op, Update) and op.page == page for op in operations):
            return
        try:
            self._fresh(page)
        except NotFound as error:
            self._refuse(operation, error)

    def _base(self, page: PageId) -> Record:
        return self.records.get(page) or self.copy.records[page]

    def _fresh(self, page: PageId) -> Page | None:
        """The page as it is now, if it still is what the base says; the version number proves nothing."""
        base = self._base(page)
        now = self.session.remote.read(page, draft=base.row.status is Status.DRAFT)
        if now.unavailable and base.page.body:
            raise Rejected(f"its text is not to be had over storage ({now.unavailable})", status=400)
        same = (now.body, now.title, now.labels) == (base.page.body, base.page.title, base.page.labels)
        if now.row.status is not base.row.status:
            self._forget(page)
        if not same or now.row.parent != base.row.parent or now.row.status is not base.row.status:
            self._is_stale(page)
            return None
        return now

    def _update(self, operation: Update) -> None:
        now = self._fresh(operation.page)
        if now is None:
            return
        base = self._base(operation.page)
        body = now.body if operation.body is None else operation.body
        if base.row.status is Status.DRAFT:
            row = replace(now.row, title=operation.title, status=Status.CURRENT)
            after = self.session.remote.publish(row, body, message=self._message(operation.path))
        else:
            version = replace(now.row.version, number=now.row.version.number + 1)
            row = replace(now.row, title=operation.title, version=version)
            after = self.session.remote.update(row, body, message=self._message(operation.path))
        self.log.warnings.extend(f"{operation.path}: {loss}" for loss in operation.losses)
        self.records[operation.page] = replace(base, page=self._as_sent(base.page, row, body, after))
        if operation.body is not None and base.row.status is not Status.DRAFT:
            written = self._with_comments(operation.path, now, Written(row, body, after))
            row, body, after = written.row, written.body, written.after
            self.records[operation.page] = replace(base, page=self._as_sent(base.page, row, body, after))
        if self._is_kept(operation.page, operation.path, row, body):
            did = "updated" if operation.body is not None else "renamed"
            self._pushed(operation.page, operation.path, did, after.row.version.number)

    def _as_sent(self, base: Page, row: Row, sent: str, after: Page) -> Page:
        """The base after a write: what Confluence made of our text, and nothing that a colleague did.

        What the answer shows beyond that comes with the next pull; taken as known, it would be taken away.
        """
        body, version, title = after.body, after.row.version, after.title
        foreign = inline_comment_refs(after.body) - inline_comment_refs(sent)
        if foreign or version.number != row.version.number:
            body, title = sent, row.title
            version = replace(row.version, author=version.author, when=version.when)
            self._is_stale(row.id)
        placed = replace(
            after.row,
            version=version,
            title=title,
            parent=base.row.parent,
            parent_type=base.row.parent_type,
            position=base.row.position,
        )
        return Page(placed, body, base.labels)

    def _with_comments(self, path: RelPath, before: Page, written: Written) -> Written:
        """The same, once the markers of comments that came at the last moment are back in the text."""
        if written.after.row.version.number != written.row.version.number:
            return written  # somebody has saved it since, and the merge will see what they have
        comments = overwritten_comments(self.session, before, written.after)
        if not comments:
            return written
        try:
            again = put_back(self.session, written, comments, self._message(path))
        except (ConvertError, VersionConflict) as error:
            words = ", ".join(f"“{one.selection}”" for one in comments)
            self.log.warnings.append(
                f"{path}: somebody commented on {words} at the same moment;"
                f" the comment has lost its place in the text ({error.message})"
            )
            return written
        return again or written

    def _is_kept(self, page: PageId, path: RelPath, row: Row, body: str) -> bool:
        """Whether Confluence says what was sent; where it does not, that is told, and not sent again."""
        record = self._base(page)
        how = difference(row.title, body, record.page)
        if how:
            text = self.texts.get(path, self.copy.files[path]).decode()
            remember_altered(self.session, sent_mark(record, row.title, front_matter.split(text).body))
            self.log.refused.append(stored_otherwise(path, page, how))
        return not how

    def _move(self, operation: MoveTo) -> None:
        if self._fresh(operation.page) is None:
            return
        parent = self._parent(operation.parent)
        if parent is None:
            self.session.remote.move_to_top(operation.page)
        else:
            self.session.remote.move(operation.page, Place.APPEND, parent)
        self._read_back(operation.page)
        self._pushed(operation.page, operation.path, "moved")

    def _arrange(self, operation: Arrange) -> None:
        """Move what has to move; the order has no lock, but nothing is lost by it."""
        sequence = [self._parent(ref) for ref in operation.sequence]
        wanted = [page for page in sequence if page is not None and page not in self.failed]
        rows = {page: self._base(page).row for page in wanted}
        present = sequences(rows).get(operation.page, ())
        moved = False
        for page, beside, behind in steps(present, wanted):
            self.session.remote.move(page, Place.AFTER if behind else Place.BEFORE, beside)
            moved = True
        if moved:
            self._positions(operation.page)
            self._pushed(operation.page, operation.path, "arranged")

    def _positions(self, parent: PageId) -> None:
        """After siblings were moved: their numbers, which one move may change for all of them."""
        for row in self.session.remote.children(parent):
            base = self.records.get(row.id) or self.copy.records.get(row.id)
            if base is not None and base.row.parent == parent and base.row.position != row.position:
                placed = replace(base.row, position=row.position)
                self.records[row.id] = replace(base, page=replace(base.page, row=placed))

    def _relabel(self, operation: Relabel) -> None:
        if operation.add:
            self.session.remote.add_labels(operation.page, operation.add)
        for label in sorted(operation.remove):
            self.session.remote.remove_label(operation.page, label)
        base = self._base(operation.page)
        labels = (base.page.labels | operation.add) - operation.remove
        self.records[operation.page] = replace(base, page=replace(base.page, labels=labels))
        self._pushed(operation.page, operation.path, "labelled")

    def _upload(self, operation: Upload) -> None:
        base = self._base(operation.page)
        sent = upload(self.session, base, operation)
        if sent is None:
            self._is_stale(operation.page)
            return
        if sent.overtaken:
            self.log.warnings.append(
                f"{operation.path}: somebody uploaded a file of this name at the same moment;"
                f" theirs is version {sent.overtaken} of the attachment"
            )
        others = tuple(a for a in base.attachments if a.name != operation.name)
        self.records[operation.page] = replace(base, attachments=(*others, sent.stored))
        self._pushed(operation.page, operation.path, "attached", sent.stored.version)

    def _detach(self, operation: Detach) -> None:
        if not detach(self.session, operation):
            self._is_stale(operation.page)
            return
        base = self._base(operation.page)
        rest = tuple(a for a in base.attachments if a.name != operation.attachment.name)
        self.records[operation.page] = replace(base, attachments=rest)
        self._pushed(operation.page, operation.path, "detached")

    def _trash(self, operation: Trash) -> None:
        """Delete a page nobody has touched; whatever lies below it must have gone before it."""
        base = self._base(operation.page)
        if self._fresh(operation.page) is None:
            return
        if has_new_files(self.session, base):
            self._is_stale(operation.page)
            return
        children = self.session.remote.children(operation.page)
        if children:
            self.failed.add(operation.page)
            self.log.refused.append(has_children(operation, children))
            return
        self.session.remote.trash(operation.page)
        if was_edited(self.session, base):
            bring_back(self.session, base)
            self._is_stale(operation.page)
            self.log.warnings.append(f"{operation.path}: not deleted, somebody was just editing it")
            return
        fate = self.session.remote.fates([operation.page])[operation.page]
        if fate in (Fate.TRASHED, Fate.HIDDEN):
            self.records[operation.page] = None
        self._pushed(operation.page, operation.path, "trashed")

    def _read_back(self, page: PageId) -> None:
        """After a move: where the page is now, and nothing else that may have happened to it."""
        base, now = self._base(page), self.session.remote.read(page).row
        row = replace(base.row, parent=now.parent, parent_type=now.parent_type, position=now.position)
        self.records[page] = replace(base, page=replace(base.page, row=row))

    # ---------------------------------------------------------------------------------------- create

    def _create(self, operation: Create) -> None:
        """Draft first: only the second call makes anything visible, and it is addressed by id."""
        parent = self._parent(operation.parent)
        if isinstance(operation.parent, ByPath) and parent is None:
            self.log.refused.append(Refused(operation.path, "its parent page could not be created"))
            return
        row = new_row(operation, parent)
        intent = create_intent(operation, parent, self.session.clock.now())
        page = refused_draft(self.session, str(intent["key"]))
        if page is None:
            self.session.journal.intend(intent)
            page = self.session.remote.create_draft(row, operation.body)
        self.session.journal.intend({**intent, "page": page})
        stored = tuple(send(self.session, page, name, path) for name, path, _ in operation.attachments)
        row = replace(row, id=page)
        if operation.draft:
            after = self.session.remote.read(page, draft=True)
        else:
            after = self.session.remote.publish(row, operation.body, message=self._message(operation.path))
        if operation.labels:
            self.session.remote.add_labels(page, operation.labels)
        # Labels are seen about a second late, and a colleague's would look like ours to take away.
        placed = Page(replace(after.row, parent=row.parent, parent_type=row.parent_type), "")
        after = replace(self._as_sent(placed, row, operation.body, after), labels=operation.labels)
        self.records[page] = Record(page=after, attachments=stored)
        self.created[operation.path] = page
        self.texts[operation.path] = bound_text(self.copy, operation.path, page, after.title)
        if self._is_kept(page, operation.path, row, operation.body):
            self._pushed(page, operation.path, "created", after.row.version.number)

    def _parent(self, ref: ParentRef) -> PageId | None:
        match ref:
            case ById(page):
                return page
            case ByPath(path):
                return self.created.get(path)
            case Top():
                return None

    # ------------------------------------------------------------------------------------------ words

    def _message(self, path: RelPath) -> str:
        """The version message: the user's words and the commit, by which the next run knows its own."""
        head = self.session.history.state().head or ""
        words = self.options.message or self.session.history.subject(path) or "Edited in git"
        return f"{words[:230]} (git {head[:12]})"

    def _pushed(self, page: PageId, path: RelPath, did: str, version: int = 0) -> None:
        record = self.records.get(page) or self.copy.records.get(page)
        title = record.page.title if record else page
        self.log.pushed.append(Pushed(page, title, path, did, version))
