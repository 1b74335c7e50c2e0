"""A Confluence space in memory, and what colleagues do to it behind our back.

`FakeSite` is the server: many `FakeRemote`s (fake.py) may look at one site. It is unpleasant where Confluence
is: inline comments, moves, labels and attachments leave the version alone, deleting a page lifts its pages but
takes its folders along, titles are unique without regard to case, hidden pages look like absent ones, and the
search index may lag.
"""

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from xml.parsers import expat

from confsync.errors import NotFound, Rejected, TitleTaken, VersionConflict
from confsync.model.content import (
    Attachment,
    ContentType,
    InlineComment,
    Page,
    Row,
    Space,
    Status,
    User,
    Version,
)
from confsync.model.ids import AccountId, AttachmentId, PageId, SpaceId, SpaceKey
from confsync.ports import PageVersion, Place

ME = User(AccountId("557058:me"), "Sample Writer")
COLLEAGUE = User(AccountId("557058:colleague"), "Second Writer")
_EPOCH = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
_NAMESPACES = 'xmlns:ac="ac" xmlns:ri="ri" xmlns:at="at"'


@dataclass(slots=True)
class File:
    """An attachment with all its versions; `changed` is when the newest came."""

    item: Attachment
    data: list[bytes]
    changed: str


@dataclass(slots=True)
class Entry:
    """One piece of content, with everything the site knows of it."""

    row: Row
    versions: list[PageVersion]
    space: SpaceId
    labels: set[str] = field(default_factory=set)
    files: dict[str, File] = field(default_factory=dict)
    properties: dict[str, object] = field(default_factory=dict)
    comments: dict[str, InlineComment] = field(default_factory=dict)
    commented: str = ""
    """When the newest comment came."""
    restricted: bool = False
    hidden: bool = False
    unavailable: str = ""
    """Why storage answers an empty body although there is text."""

    @property
    def body(self) -> str:
        return self.versions[-1].body


class FakeSite:
    """One space of a Confluence. Every method but the readers is something a colleague does."""

    def __init__(self, key: str = "ENG", home: str = "Engineering Home") -> None:
        self.users = {user.id: user for user in (ME, COLLEAGUE)}
        self.entries: dict[PageId, Entry] = {}
        self.normalise: Callable[[str], str] = lambda body: body
        """What the server makes of a body on save."""
        self.indexed_until: str | None = None
        """Search knows nothing newer than this; None: the index is up to date."""
        self._ticks = 0
        self._ids = 98305
        self.space = Space(SpaceId("98304"), SpaceKey(key), "Engineering", None)
        self.home = self.page(home, "<p>Welcome</p>", top=True)
        self.space = replace(self.space, homepage=self.home)

    # ------------------------------------------------------------------------------------- reading

    def now(self) -> str:
        """The server's clock; a second passes with every write."""
        return _iso(_EPOCH + timedelta(seconds=self._ticks))

    def entry(self, page: PageId) -> Entry:
        """Everything of a page, whatever its status; for assertions."""
        if page not in self.entries:
            raise NotFound(f"Cannot find a page with id [{page}]", status=404, page=page)
        return self.entries[page]

    def body(self, page: PageId) -> str:
        return self.entry(page).body

    def row(self, page: PageId) -> Row:
        return self.entry(page).row

    def visible(self, page: PageId) -> Entry:
        """What GET by id finds."""
        entry = self.entry(page)
        if entry.hidden:
            raise NotFound("Not Found", status=404, page=page)
        return entry

    def current(self) -> Iterable[Entry]:
        """What listings show."""
        return [
            e
            for e in self.entries.values()
            if e.row.status is Status.CURRENT and not e.hidden and e.space == self.space.id
        ]

    def indexed(self, when: str) -> bool:
        """Whether search knows by now what happened then."""
        return self.indexed_until is None or when <= self.indexed_until

    def children(self, parent: PageId | None) -> list[Row]:
        """Current children in their order."""
        rows = [
            e.row
            for e in self.entries.values()
            if e.row.parent == parent
            and e.row.status is Status.CURRENT
            and e.space == self.space.id
            and e.row.type is not ContentType.BLOGPOST
        ]
        return sorted(rows, key=lambda r: (r.position is None, r.position or 0, r.title.casefold()))

    def by_title(self, title: str) -> PageId:
        """The current content with this title."""
        return next(e.row.id for e in self.current() if e.row.title == title)

    # ------------------------------------------------------------------------------------- writing

    def page(
        self,
        title: str,
        body: str = "<p>Hello</p>",
        *,
        parent: PageId | None = None,
        top: bool = False,
        type: ContentType = ContentType.PAGE,  # noqa: A002 - the noun of the API
        status: Status = Status.CURRENT,
        labels: Iterable[str] = (),
        by: User = COLLEAGUE,
        subtype: str = "",
        message: str = "",
    ) -> PageId:
        """Create content: below `parent`, beside the home page (`top`), else below the home page."""
        if status is Status.CURRENT:
            self._check_title(title, type)
        if type.has_text:
            check_storage(body)
        loose = top or type is ContentType.BLOGPOST
        parent = None if loose else (parent or self.space.homepage)
        if parent is not None and self.entry(parent).row.status is not Status.CURRENT:
            raise NotFound("The parent is not there", status=404)
        when = self._tick()
        self._ids += 1
        version = Version(1, by.id, when, message)
        row = Row(
            id=PageId(str(self._ids)),
            type=type,
            title=title.strip(),
            parent=parent,
            parent_type=None if parent is None else self.entry(parent).row.type,
            position=None if type is ContentType.BLOGPOST else self._behind(parent),
            status=status,
            version=version,
            subtype=subtype,
            created=when,
        )
        text = self.normalise(body) if type.has_text else ""
        self.entries[row.id] = Entry(row, [PageVersion(version, row.title, text)], self.space.id)
        self.entries[row.id].labels.update(labels)
        return row.id

    def folder(self, title: str, *, parent: PageId | None = None) -> PageId:
        return self.page(title, "", parent=parent, type=ContentType.FOLDER)

    def edit(
        self,
        page: PageId,
        body: str | None = None,
        *,
        title: str | None = None,
        message: str = "",
        by: User = COLLEAGUE,
        number: int | None = None,
    ) -> Page:
        """Save a new version; `number` is the version the writer believes to be next."""
        entry = self.visible(page)
        taken = entry.row.version.number
        if number is not None and number != taken + 1:
            raise VersionConflict(
                f"Version must be incremented when updating a page. Current Version: [{taken}]",
                status=409,
                page=page,
            )
        new_title = (entry.row.title if title is None else title).strip()
        self._check_title(new_title, entry.row.type, besides=page, day=entry.row.created[:10])
        text = entry.body if body is None else body
        check_storage(text)
        version = Version(taken + 1, by.id, self._tick(), message)
        entry.versions.append(PageVersion(version, new_title, self.normalise(text)))
        entry.row = replace(entry.row, title=new_title, version=version)
        entry.unavailable = ""
        return self.as_page(page)

    def publish(self, page: PageId, title: str, body: str, message: str, by: User) -> Page:
        """Make a draft the current version 1."""
        entry = self.visible(page)
        self._check_title(title, entry.row.type, besides=page)
        check_storage(body)
        version = Version(1, by.id, self._tick(), message)
        entry.row = replace(entry.row, title=title.strip(), status=Status.CURRENT, version=version)
        entry.versions = [PageVersion(version, entry.row.title, self.normalise(body))]
        return self.as_page(page)

    def move(self, page: PageId, place: Place, target: PageId) -> None:
        """Move without a new version; siblings are renumbered."""
        entry, goal = self.visible(page), self.visible(target)
        if target == page or page in self._ancestors(target):
            raise Rejected("Can not set page as its own parent", status=400, page=page)
        if goal.row.status is not Status.CURRENT:
            raise NotFound("The target is not there", status=404, page=target)
        parent = target if place is Place.APPEND else goal.row.parent
        siblings = [row.id for row in self.children(parent) if row.id != page]
        at = len(siblings)
        if place is not Place.APPEND:
            at = siblings.index(target) + (place is Place.AFTER)
        siblings.insert(at, page)
        kind = None if parent is None else self.entry(parent).row.type
        entry.row = replace(entry.row, parent=parent, parent_type=kind)
        for position, one in enumerate(siblings):
            self.entries[one].row = replace(self.entries[one].row, position=(position + 1) * 100)
        self._tick()

    def trash(self, page: PageId) -> None:
        """Pages below move up to the grandparent; folders below go along with all that is in them."""
        entry = self.visible(page)
        if entry.row.status is not Status.CURRENT:
            raise NotFound("It is not current", status=404, page=page)
        for child in self.children(page):
            if child.type is ContentType.PAGE:
                self._adopt(child.id, entry.row.parent)
            else:
                self._trash_tree(child.id)
        self._set_trashed(page)

    def restore(self, page: PageId, *, by: User = COLLEAGUE) -> Page:
        """Back from the trash, below the home page, as a new version."""
        entry = self.visible(page)
        if entry.row.status is not Status.TRASHED:
            raise Rejected("It is not in the trash", status=400, page=page)
        self._check_title(entry.row.title, entry.row.type, besides=page)
        parent = None if entry.row.type is ContentType.BLOGPOST else self.home
        version = Version(entry.row.version.number + 1, by.id, self._tick(), "")
        entry.versions.append(PageVersion(version, entry.row.title, entry.body))
        entry.row = replace(
            entry.row,
            status=Status.CURRENT,
            version=version,
            parent=parent,
            parent_type=ContentType.PAGE if parent else None,
            position=self._behind(parent) if parent else None,
        )
        return self.as_page(page)

    def purge(self, page: PageId) -> None:
        del self.entries[page]

    def archive(self, page: PageId) -> None:
        entry = self.entry(page)
        entry.row = replace(entry.row, status=Status.ARCHIVED)

    def move_out(self, page: PageId) -> None:
        """To another space."""
        entry = self.entry(page)
        entry.space = SpaceId("99999")
        entry.row = replace(entry.row, parent=None, parent_type=None, position=0)

    def hide(self, page: PageId) -> None:
        """Take away our permission to see a page and everything below it: 404 from now on."""
        self.entry(page).hidden = True
        for child in self.children(page):
            self.hide(child.id)

    def show(self, page: PageId) -> None:
        self.entry(page).hidden = False
        for child in self.children(page):
            self.show(child.id)

    def restrict(self, page: PageId) -> None:
        """A view restriction that lets us through."""
        self.entry(page).restricted = True

    def label(self, page: PageId, *names: str) -> None:
        self.entry(page).labels.update(name.lower() for name in names)

    def unlabel(self, page: PageId, name: str) -> None:
        self.entry(page).labels.discard(name)

    def comment(self, page: PageId, selection: str) -> str:
        """Comment on the first occurrence of a text: a marker in the body, the same version. Returns its ref."""
        entry = self.entry(page)
        ref = f"{len(entry.comments) + 1:08d}-aaaa-bbbb-cccc-{int(page):012d}"
        marker = f'<ac:inline-comment-marker ac:ref="{ref}">{selection}</ac:inline-comment-marker>'
        if selection not in entry.body:
            raise Rejected("The selection is not in the page", status=400, page=page)
        self._overwrite(entry, entry.body.replace(selection, marker, 1))
        entry.comments[ref] = InlineComment(ref, selection, open=True)
        entry.commented = self._tick()
        return ref

    def resolve(self, page: PageId, ref: str) -> None:
        entry = self.entry(page)
        entry.comments[ref] = replace(entry.comments[ref], open=False)

    def attach(
        self,
        page: PageId,
        name: str,
        data: bytes,
        *,
        media_type: str = "application/octet-stream",
        comment: str = "",
    ) -> Attachment:
        """Upload: a new attachment, or the next version of the one with this name."""
        files = self.visible(page).files
        old = files.get(name)
        if old is None:
            self._ids += 1
        item = Attachment(
            id=old.item.id if old else AttachmentId(str(self._ids)),
            name=name,
            version=old.item.version + 1 if old else 1,
            size=len(data),
            media_type=media_type,
            comment=comment,
        )
        files[name] = File(item, [*(old.data if old else ()), data], self._tick())
        return item

    def detach(self, page: PageId, name: str) -> None:
        del self.entry(page).files[name]

    def lose_body(self, page: PageId, why: str = "the body is not available over storage") -> None:
        """From now on storage answers an empty body although there is text, as for some live docs."""
        self.entry(page).unavailable = why

    # ------------------------------------------------------------------------------------- the rest

    def as_page(self, page: PageId) -> Page:
        """A page as an answer carries it."""
        entry = self.entry(page)
        row = entry.row
        if row.status is Status.TRASHED:
            row = replace(row, parent=None, parent_type=None, position=None)
        if entry.unavailable:
            return Page(row, "", frozenset(entry.labels), unavailable=entry.unavailable)
        return Page(row, entry.body, frozenset(entry.labels))

    def _tick(self) -> str:
        self._ticks += 1
        return self.now()

    def _behind(self, parent: PageId | None) -> int:
        return max((row.position or 0 for row in self.children(parent)), default=0) + 100

    def _ancestors(self, page: PageId) -> set[PageId]:
        above: set[PageId] = set()
        parent = self.entry(page).row.parent
        while parent is not None:
            above.add(parent)
            parent = self.entry(parent).row.parent
        return above

    def _adopt(self, page: PageId, parent: PageId | None) -> None:
        entry = self.entry(page)
        kind = None if parent is None else self.entry(parent).row.type
        position = self._behind(parent)
        entry.row = replace(entry.row, parent=parent, parent_type=kind, position=position)

    def _trash_tree(self, page: PageId) -> None:
        for child in self.children(page):
            self._trash_tree(child.id)
        self._set_trashed(page)

    def _set_trashed(self, page: PageId) -> None:
        entry = self.entry(page)
        entry.row = replace(entry.row, status=Status.TRASHED)
        self._tick()

    def _overwrite(self, entry: Entry, body: str) -> None:
        entry.versions[-1] = replace(entry.versions[-1], body=body)

    def _check_title(
        self, title: str, kind: ContentType, *, besides: PageId | None = None, day: str = ""
    ) -> None:
        if not title.strip() or len(title.strip()) > 255:
            raise Rejected("A title has 1 to 255 characters", status=400)
        if not kind.has_text:
            return
        for entry in self.entries.values():
            row = entry.row
            if row.id == besides or row.type is not kind or entry.space != self.space.id:
                continue
            if row.status not in (Status.CURRENT, Status.ARCHIVED):
                continue
            same_day = kind is ContentType.PAGE or row.created[:10] == (day or self.now()[:10])
            if same_day and row.title.casefold() == title.strip().casefold():
                raise TitleTaken("A page with this title already exists", status=400, page=title)


def check_storage(body: str) -> None:
    """Refuse a body that is not well-formed, as Confluence does."""
    text = re.sub(r"&[A-Za-z][A-Za-z0-9]*;", " ", body)
    try:
        expat.ParserCreate().Parse(f"<body {_NAMESPACES}>{text}</body>".encode(), True)  # noqa: FBT003
    except expat.ExpatError as error:
        raise Rejected(f"Error parsing xhtml: {error}", status=400) from error


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _iso(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%S.000Z")
