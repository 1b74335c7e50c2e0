"""The `Remote` port: one Confluence space.

Two sources answer: the database, which is right, and the search index, which lags and forgets. What comes
from the index says so; it is a reason to look, never a reason to write or to believe that something is gone.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from confsync.model.content import Attachment, InlineComment, Page, Row, Space, User, Version
from confsync.model.ids import AccountId, AttachmentId, PageId
from confsync.model.record import Record


class Fate(StrEnum):
    """What became of content that a listing no longer shows."""

    CURRENT = "current"
    TRASHED = "trashed"
    ARCHIVED = "archived"
    DRAFT = "draft"
    MOVED_OUT = "moved out"
    """It lives on in another space."""
    HIDDEN = "hidden"
    """404: purged, restricted, or a hiccup. Never a deletion."""


@dataclass(frozen=True, slots=True)
class Trace:
    """An attachment or comment that the index tells of."""

    page: PageId
    """What it hangs on."""
    id: str
    version: int
    ref: str = ""
    """The `ac:ref` of an inline comment's marker, where the index knows it."""
    when: str = ""
    """When it was saved, as the server writes dates."""


@dataclass(frozen=True, slots=True)
class Recent:
    """Changes that no version number of a page shows, as far as the search index knows them."""

    attachments: frozenset[Trace] = frozenset()
    """New and changed ones."""
    comments: frozenset[Trace] = frozenset()
    """New and changed ones that may have put a marker into the text."""

    @property
    def newest(self) -> str:
        """The date of the latest of them; empty without any."""
        return max((one.when for one in self.attachments | self.comments), default="")


@dataclass(frozen=True, slots=True)
class Listing:
    """Everything current in a space, without texts."""

    rows: Mapping[PageId, Row]
    """Pages, blog posts and tree nodes. Rows of nodes come from the search index and may lag."""
    recent: Recent = Recent()
    """What was asked for with `since`."""
    labels: Mapping[PageId, frozenset[str]] = field(default_factory=dict)
    """Global labels, of content whose whole list the rows had room for: Data Center only."""


@dataclass(frozen=True, slots=True)
class Glance:
    """What was saved last in a space. It cannot see what is gone, moved, reordered or relabelled."""

    rows: Mapping[PageId, Row] = field(default_factory=dict)
    """The pages saved last, from the database; and all tree nodes, from the index."""
    hints: Mapping[PageId, int] = field(default_factory=dict)
    """Further pages and posts saved lately, by version number, from the index: read them before believing."""
    recent: Recent = Recent()
    cut: bool = False
    """Whether there are more than were asked for: what was saved before the oldest of these is unknown."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """What the index says of a page's silent sides; None where it does not know, or may not have said all."""

    labels: frozenset[str] | None
    attachments: frozenset[tuple[AttachmentId, int]] | None
    """Ids with version numbers."""
    restricted: bool | None
    """Whether it has a view restriction of its own."""


@dataclass(frozen=True, slots=True)
class PageVersion:
    """One version of a page with its text."""

    version: Version
    title: str
    body: str


class Place(StrEnum):
    """Where a move puts a page, seen from its target."""

    APPEND = "append"
    BEFORE = "before"
    AFTER = "after"


class Remote(Protocol):
    """One Confluence space. Every call is one or a few requests; all may raise `RemoteError`."""

    def space(self) -> Space:
        """The space itself.

        Raises:
            NotFound: there is no such space, or these credentials may not see it.
        """

    def allowance(self) -> int | None:
        """Requests or points that the server still allowed for at its last answer; None: it does not say."""

    def me(self) -> User:
        """Whose credentials these are."""

    def users(self, ids: Collection[AccountId]) -> Mapping[AccountId, User]:
        """People by account id; ids the server does not know map to a user named by the id."""

    def find_user(self, name: str) -> Sequence[User]:
        """People whose full name or e-mail is exactly `name`; none or several are the caller's problem."""

    def listing(self, *, since: str = "") -> Listing:
        """All current content, completely, or an error: a partial listing never looks like deletions.

        Args:
            since: an ISO date; where given, also what happened to attachments and comments since then. Costs
                no further request.
        """

    def glance(self, since: str, *, most: int = 250) -> Glance:
        """What was saved since an ISO date, in at most two requests; at most `most` pages, up to 250."""

    def survey(self, known: Sequence[Record], requests: int) -> Mapping[PageId, Sighting]:
        """What the index says of labels, attachments and restrictions, as far as `requests` requests reach.

        In this order; what the budget does not reach is left out. The records say how much room the answers
        need.
        """

    def fetch(self, ids: Sequence[PageId], known: Mapping[PageId, Record] | None = None) -> Iterator[Record]:
        """Texts, labels and attachments (without sha256) of many pages, many per request, in any order.

        Ids the server no longer shows are left out. Nodes without text are not asked for. Labels and
        attachments of many pages may come from the index; where it tells of less than `known`, the page is
        asked itself.
        """

    def read(self, page: PageId, *, draft: bool = False) -> Page:
        """One page afresh, straight from the database: text, labels, title, parent, version.

        Raises:
            NotFound: not there for these credentials.
        """

    def attachments(self, page: PageId) -> Sequence[Attachment]:
        """The attachments of one page, straight from the database, sorted by name, without sha256."""

    def labels(self, ids: Collection[PageId]) -> Mapping[PageId, frozenset[str]]:
        """Global labels of many pages in as few requests as can be trusted; ids not found are left out."""

    def properties(self, page: PageId, keys: Collection[str]) -> Mapping[str, object]:
        """The content properties with these keys."""

    def fates(self, ids: Collection[PageId]) -> Mapping[PageId, Fate]:
        """What became of each of these; every id is answered."""

    def restricted(self, ids: Collection[PageId] | None = None) -> frozenset[PageId]:
        """Those of these pages (of all in the space, where None) that have a view restriction of their own.

        What the index does not know is asked itself; what nobody can tell counts as restricted.
        """

    def versions(self, page: PageId, after: int, upto: int) -> Sequence[PageVersion]:
        """The versions `after < number <= upto` with their texts, oldest first."""

    def inline_comments(self, page: PageId) -> Sequence[InlineComment]:
        """The inline comments of a page, resolved ones included."""

    def children(self, page: PageId) -> Sequence[Row]:
        """Direct children of any type. Only `id`, `type`, `title`, `status` of the rows can be relied on."""

    def create_draft(self, row: Row, body: str) -> PageId:
        """Make an invisible draft (title, parent, type of `row`) and return its id. Never retried blindly."""

    def publish(self, row: Row, body: str, *, message: str) -> Page:
        """Make a draft the current version 1 and return what the server stored. Safe to repeat."""

    def find_created(self, row: Row, body: str, since: str) -> PageId | None:
        """After a crash: the draft or page that our own unfinished create left behind, if any."""

    def update(self, row: Row, body: str, *, message: str) -> Page:
        """Write title and text as version `row.version.number` and return what the server stored.

        The parent is sent only where the API demands one. `row.parent` is what was read just before.

        Raises:
            VersionConflict: the number is taken.
            TitleTaken: another page has the title.
        """

    def move(self, page: PageId, place: Place, target: PageId) -> None:
        """Put a page below, before or behind another one."""

    def move_to_top(self, page: PageId) -> None:
        """Put a page at the top of the space, beside the home page."""

    def trash(self, page: PageId) -> None:
        """Move a page to the trash. Never purges."""

    def restore(self, page: PageId) -> Page:
        """Bring a page back from the trash."""

    def add_labels(self, page: PageId, labels: Collection[str]) -> None:
        """Add global labels."""

    def remove_label(self, page: PageId, label: str) -> None:
        """Remove one global label."""

    def set_property(self, page: PageId, key: str, value: object) -> None:
        """Create or update a content property."""

    def download(self, page: PageId, attachment: Attachment, to: Path) -> str:
        """Stream an attachment into a new file and return the sha256 of its bytes, hex."""

    def upload(self, page: PageId, name: str, source: Path, *, comment: str, media_type: str) -> Attachment:
        """Upload a file as a new attachment or a new version of the one with this name, streamed."""

    def remove_attachment(self, page: PageId, attachment: AttachmentId) -> None:
        """Move an attachment to the trash."""
