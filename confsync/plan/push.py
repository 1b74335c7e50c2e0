"""What a push sends: the differences between the files and their base, page by page, in a legal order."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from confsync.convert import get
from confsync.errors import ConvertError
from confsync.merge import find_markers
from confsync.model.content import ContentType, Row, Status
from confsync.model.ids import PageId, RelPath
from confsync.model.record import Record
from confsync.names import attachment_name
from confsync.plan.arrange import Arranger
from confsync.plan.copy import Copy, LocalPage, fingerprint
from confsync.plan.dead_links import LinkCheck
from confsync.plan.edits import attachment_edits, body_edit, labels_of, new_title, title_of
from confsync.plan.layout import node_folders
from confsync.plan.links import LinkIndex
from confsync.plan.operation import (
    Arrange,
    ById,
    Create,
    Detach,
    MoveTo,
    Operation,
    ParentRef,
    PushPlan,
    Refused,
    Relabel,
    Top,
    Update,
    Upload,
)
from confsync.plan.order import creation_order, rename_order
from confsync.plan.read_back import difference, sent_mark, stored_otherwise
from confsync.plan.trash import early, trashes
from confsync.plan.tree import LocalTree

_PARENT = "Name the id, the path or the title of another page, or take the line out: then the folder says it."


@dataclass(frozen=True, slots=True)
class PushOptions:
    """What the person allows."""

    allow_loss: bool = False
    only: frozenset[RelPath] = frozenset()
    """Where not empty: the only files to push."""


@dataclass
class _Plan:
    """The work of `plan_push`: operations collect here, page by page."""

    copy: Copy
    links: LinkIndex
    options: PushOptions
    operations: list[Operation] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    clean: set[str] = field(default_factory=set)
    parents: dict[PageId, ParentRef] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.nodes = node_folders(self.copy)
        self.tree = LocalTree(self.copy, self.nodes)
        self.check = LinkCheck(self.copy, self.links)

    @property
    def rows(self) -> dict[PageId, Row]:
        """The tree of the base."""
        return {page: record.row for page, record in self.copy.records.items()}

    def page(self, page: PageId, local: LocalPage) -> None:
        """Everything that one page's files say and its base does not."""
        self.parents[page] = self.tree.parent(local)
        if why := self.tree.misplaced(local):
            self.refused.append(Refused(local.path, why, page, _PARENT))
            self.parents[page] = _known_parent(self.copy.records[page].row.parent)
            return
        try:
            found = tuple(self._page_operations(page, local))
        except ConvertError as error:
            self.refused.append(Refused(local.path, error.message, page, error.hint))
            return
        if not found:
            return
        moves = any(isinstance(op, MoveTo) for op in found)
        reason = self._untouchable(page, local) or (self._unreachable(self.parents[page]) if moves else "")
        if reason:
            self.refused.append(Refused(local.path, reason, page))
        else:
            self.operations.extend(found)

    def _unreachable(self, parent: ParentRef) -> str:
        if not isinstance(parent, ById) or parent.page not in self.copy.gone:
            return ""
        why = self.copy.frozen[parent.page]
        return f"lies below a page that is left alone: “{self.copy.title(parent.page)}” {why}"

    def _untouchable(self, page: PageId, local: LocalPage) -> str:
        row = self.copy.records[page].row
        if row.status is Status.ARCHIVED:
            return "is archived in Confluence, where nobody can edit it"
        if row.subtype == "live" and not self.copy.settings.allow_live:
            return "is a live doc; `allow-live = true` in confsync.toml lets confsync write to it"
        return _marker_reason(local.body, self.copy.records[page].page.body)

    def _page_operations(self, page: PageId, local: LocalPage) -> Iterator[Operation]:
        record = self.copy.records[page]
        attachments = attachment_edits(self.copy, page, local.path)
        for name, (path, sha256) in sorted(attachments.changed.items()):
            yield Upload(page, path, name, sha256)
        title = title_of(local, record)
        body, losses = self._body(page, local)
        if self._was_altered(record, local, title, body):
            body, losses, title = None, (), record.page.title
        if body is None and record.row.status is Status.DRAFT and local.front.status is not Status.DRAFT:
            body = record.page.body  # publishing is an update, too
        if body is not None or title != record.page.title:
            yield Update(page, local.path, title, body, losses)
        parent = self.parents[page]
        if record.row.type is ContentType.PAGE and parent != _known_parent(record.row.parent):
            yield MoveTo(page, local.path, parent)
        labels = labels_of(local)
        if labels != record.page.labels:
            yield Relabel(page, local.path, labels - record.page.labels, record.page.labels - labels)
        for gone, path in attachments.removed:
            yield Detach(page, path, gone)

    def _was_altered(self, record: Record, local: LocalPage, title: str, body: str | None) -> bool:
        """Whether this was sent before, and Confluence made of it what the base says."""
        if sent_mark(record, title, local.body) not in self.copy.altered:
            return False
        how = difference(title, record.page.body if body is None else body, record.page)
        if how:
            self.refused.append(stored_otherwise(local.path, record.id, how))
        return bool(how)

    def _body(self, page: PageId, local: LocalPage) -> tuple[str | None, tuple[str, ...]]:
        """The storage to send, None where the file says what the base says; and what it takes away."""
        record = self.copy.records[page]
        mark = fingerprint(record, self.copy.files[local.path])
        if mark not in self.copy.clean:
            edit = body_edit(local, record, self.links, allow_loss=self.options.allow_loss)
            if edit.storage != record.page.body:
                self.check.check(local)
                return edit.storage, tuple(loss.text for loss in edit.losses)
        self.clean.add(mark)
        return None, ()

    def new(self, local: LocalPage) -> None:
        """A file without a page of its own."""
        title = new_title(local)
        if local.page in self.copy.frozen:
            why = self.copy.frozen[PageId(str(local.page))]
            self.refused.append(Refused(local.path, f"carries the id of a page that is left alone: it {why}"))
            return
        if local.page and local.page not in self.copy.records:
            self.refused.append(
                Refused(
                    local.path,
                    f"carries the id {local.front.id} of a page that this space does not show",
                    hint="Pull first; to make a new page of it, take the `id` line out.",
                )
            )
            return
        if why := self.tree.misplaced(local):
            self.refused.append(Refused(local.path, why, hint=_PARENT))
            return
        parent = self.tree.parent(local)
        reason = self._unreachable(parent) or _marker_reason(local.body, "")
        if reason:
            self.refused.append(Refused(local.path, reason))
            return
        try:
            body = body_edit(local, None, self.links, allow_loss=self.options.allow_loss).storage
            self.check.check(local)
        except ConvertError as error:
            self.refused.append(Refused(local.path, error.message, hint=error.hint))
            return
        elsewhere = {path: self.copy.media[path] for path in self.copy.outside(local).values()}
        self.operations.append(
            Create(
                path=local.path,
                type=ContentType(local.front.type or ContentType.PAGE),
                title=title,
                parent=parent,
                body=body,
                labels=labels_of(local),
                attachments=tuple(
                    (attachment_name(path.rpartition("/")[2], ()), path, sha256)
                    for path, sha256 in sorted({**self.copy.assets_of(local.path), **elsewhere}.items())
                ),
                draft=local.front.status == Status.DRAFT,
            )
        )


def plan_push(copy: Copy, links: LinkIndex, options: PushOptions | None = None) -> PushPlan:
    """Plan what a push of this working copy sends.

    Frozen pages are left alone; pages that cannot be sent are refused with a reason, each for itself.
    """
    left_out: frozenset[RelPath] = frozenset()
    while True:
        plan = _planned(copy, links.with_new(_newcomers(copy, left_out)), options or PushOptions())
        new = {local.path for local in copy.unbound}
        refused = frozenset(item.path for item in plan.refused if item.path in new)
        if refused <= left_out:
            return PushPlan(_ordered(plan.operations, copy), tuple(plan.refused), frozenset(plan.clean))
        left_out |= refused  # nothing may link to what is not going to be there


def _newcomers(copy: Copy, left_out: Collection[RelPath]) -> dict[RelPath, str]:
    """The titles of new files, by path."""
    return {
        local.path: new_title(local)
        for local in copy.unbound
        if local.path not in left_out and (local.front.type or ContentType.PAGE) == ContentType.PAGE
    }


def _planned(copy: Copy, links: LinkIndex, options: PushOptions) -> _Plan:
    plan = _Plan(copy, links, options)
    wanted = plan.options.only
    for page, local in copy.pages.items():
        if page not in copy.frozen and (not wanted or local.path in wanted):
            plan.page(page, local)
    for local in copy.unbound:
        if not wanted or local.path in wanted:
            plan.new(local)
    unreadable = {item.page for item in copy.unreadable}
    missing: list[PageId] = []
    for page, record in copy.records.items():
        gone = page not in copy.pages and page not in copy.frozen and page not in unreadable
        if gone and record.row.type.has_text and record.row.status is Status.CURRENT and not wanted:
            missing.append(page)
    for item in copy.unreadable:
        plan.refused.append(Refused(item.path, item.reason, item.page))
    plan.operations.extend(trashes(copy, missing))
    _refuse_taken_titles(plan)
    if not wanted:
        plan.operations.extend(Arranger(copy, plan.parents, plan.nodes, plan.operations))
    return plan


def _refuse_taken_titles(plan: _Plan) -> None:
    """Drop creates whose title another page has: the server would be left with a draft each time."""
    renamed = {op.page: op.title for op in plan.operations if isinstance(op, Update)}
    freed = {op.page for op in early(plan.operations, plan.rows)[0]}
    holders = {
        renamed.get(page, record.page.title).casefold(): plan.copy.paths.get(page, page)
        for page, record in plan.copy.records.items()
        if record.row.type is ContentType.PAGE and page not in freed
    }
    copies = {local.path: local.page for local in plan.copy.unbound if local.page in plan.copy.pages}
    kept: list[Operation] = []
    for op in plan.operations:
        holder = holders.get(op.title.casefold()) if isinstance(op, Create) else None
        if isinstance(op, Create) and op.type is ContentType.PAGE:
            if holder is not None:
                plan.refused.append(_taken(op, holder, copies.get(op.path)))
                continue
            holders[op.title.casefold()] = op.path
        kept.append(op)
    plan.operations = kept


def _taken(op: Create, holder: str, original: PageId | None) -> Refused:
    if original is None:
        hint = "Titles are unique in a space: give one of them another."
        return Refused(op.path, f"its title “{op.title}” is taken by {holder}", hint=hint)
    return Refused(
        op.path,
        f"is a copy of {holder}, with its id and its title “{op.title}”",
        hint="Give it a title of its own to make it a page, or `confluence: false` to keep it local.",
    )


def _ordered(operations: list[Operation], copy: Copy) -> tuple[Operation, ...]:
    """Drafts, renames that free titles, creates parents first, texts, moves, labels; deletions last."""
    creates = creation_order([op for op in operations if isinstance(op, Create)])
    updates = rename_order(
        [op for op in operations if isinstance(op, Update)],
        {page: record.page.title for page, record in copy.records.items()},
    )
    drafts = [op for op in updates if copy.records[op.page].row.status is Status.DRAFT]
    renames = [op for op in updates if op not in drafts and op.title != copy.records[op.page].page.title]
    first, last = early(operations, {page: record.row for page, record in copy.records.items()})
    rest = {
        kind: [op for op in operations if isinstance(op, kind)]
        for kind in (Upload, MoveTo, Arrange, Relabel, Detach)
    }
    return (
        *rest[Upload],
        *first,
        *drafts,
        *renames,
        *creates,
        *(op for op in updates if op not in drafts and op not in renames),
        *rest[MoveTo],
        *rest[Arrange],
        *rest[Relabel],
        *rest[Detach],
        *last,
    )


def _known_parent(parent: PageId | None) -> ById | Top:
    return Top() if parent is None else ById(parent)


def has_markers(copy: Copy, local: LocalPage) -> bool:
    """Whether a file holds conflict markers that its base does not."""
    record = copy.records.get(local.page) if local.page else None
    return bool(_marker_reason(local.body, record.page.body if record else ""))


def _marker_reason(body: str, base: str) -> str:
    markers = find_markers(body)
    if markers and base:
        # Pages about git hold real ones: what the base shows too is content.
        markers = find_markers(body, get(base).markdown)
    return f"has conflict markers (line {markers[0].line} of its text)" if markers else ""
