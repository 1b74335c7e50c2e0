"""What a space holds: pages, blog posts and the nodes of its tree.

Field meanings follow the REST API (v2 schema PageBulk): ids are strings, dates are
ISO 8601 in UTC as the server wrote them, `position` is a gap integer that only orders siblings.
"""

from dataclasses import dataclass
from enum import StrEnum

from confsync.model.ids import AccountId, AttachmentId, PageId, SpaceId, SpaceKey


class ContentType(StrEnum):
    """The kinds of content that stand in a space's tree."""

    PAGE = "page"
    BLOGPOST = "blogpost"
    FOLDER = "folder"
    WHITEBOARD = "whiteboard"
    DATABASE = "database"
    EMBED = "embed"

    @property
    def has_text(self) -> bool:
        """Whether it has a body of its own, and therefore a Markdown file."""
        return self in (ContentType.PAGE, ContentType.BLOGPOST)


class Status(StrEnum):
    """Where content is in its life."""

    CURRENT = "current"
    DRAFT = "draft"
    ARCHIVED = "archived"
    TRASHED = "trashed"


@dataclass(frozen=True, slots=True)
class Space:
    """A space, as far as sync needs to know it."""

    id: SpaceId
    key: SpaceKey
    name: str
    homepage: PageId | None
    """None in a space that has lost its home page."""


@dataclass(frozen=True, slots=True)
class User:
    """A person or app that writes."""

    id: AccountId
    name: str
    """The public name; the account id where the server hides it."""


@dataclass(frozen=True, slots=True)
class Version:
    """One saved state of a page. The number is not the content: comments and moves do not raise it."""

    number: int
    author: AccountId
    when: str
    message: str = ""
    minor: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """What a listing says of one piece of content: everything but its text."""

    id: PageId
    type: ContentType
    title: str
    parent: PageId | None
    """None at the top of the space."""
    parent_type: ContentType | None
    position: int | None
    status: Status
    version: Version
    subtype: str = ""
    """`live` for live docs, else empty."""
    created: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page, post or node with its text and labels, as the server gave them in one answer."""

    row: Row
    body: str
    """Storage format, the server's own bytes; empty for nodes without text."""
    labels: frozenset[str] = frozenset()
    """Names of global labels only: `my:` and `team:` labels are private."""
    unavailable: str = ""
    """Why `body` cannot be believed: the server answers an empty one although there is text, as for some live
    docs. Such a page is frozen, neither pulled nor pushed. Never part of a record."""

    @property
    def id(self) -> PageId:
        """The content id."""
        return self.row.id

    @property
    def title(self) -> str:
        """The title, as the server spells it."""
        return self.row.title


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file attached to a page."""

    id: AttachmentId
    name: str
    version: int
    size: int
    """In bytes."""
    media_type: str
    comment: str = ""
    sha256: str = ""
    """Of the bytes we downloaded or uploaded; empty where we never had them. The server has none."""


@dataclass(frozen=True, slots=True)
class InlineComment:
    """An inline comment: `ref` is the `ac:ref` of its marker in the page's body."""

    ref: str
    selection: str
    open: bool
