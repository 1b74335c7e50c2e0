"""Everything a plan can contain: closed unions, matched exhaustively where they are carried out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from confsync.model.content import Attachment, ContentType
from confsync.model.ids import PageId, RelPath
from confsync.model.record import Record

# ------------------------------------------------------------------------------------ what a pull does


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file whose bytes the pull has to download first."""

    page: PageId
    attachment: Attachment
    local: RelPath | None = None
    """A file of the user's that wants the same place; where its bytes are the same, it simply stays."""
    aside: RelPath | None = None
    """Where that file goes otherwise."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Both sides changed the same words of a page; a person decides."""

    page: PageId
    path: RelPath
    base_text: str
    ours: str
    """The merged file with the local side of what conflicts."""
    theirs: str
    marked: str
    """The merged file with git's markers round what conflicts."""
    record: Record
    """What Confluence says; withheld from the base until somebody decides."""
    count: int


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a pull does to one page, for people and `--json`."""

    page: PageId
    title: str
    path: RelPath
    did: str
    """`new`, `updated`, `merged`, `moved`, `removed`, `conflict`, `adopted`, `restored`, `recorded`."""
    version: int = 0
    was: RelPath | None = None
    """The path before a move."""
    author: str = ""
    """Who saved the version that came, where the server says."""


@dataclass(frozen=True, slots=True)
class PullPlan:
    """What a pull writes. Files and records change together; a page in conflict changes neither."""

    texts: Mapping[RelPath, bytes | None] = field(default_factory=dict)
    """Markdown files to write; None removes."""
    assets: Mapping[RelPath, Fetched | RelPath | None] = field(default_factory=dict)
    """Attachment files: to download, to move from another path, to remove."""
    records: Mapping[PageId, Record | None] = field(default_factory=dict)
    """The new base; None drops a page from it."""
    conflicts: tuple[Conflict, ...] = ()
    owners: Mapping[RelPath, PageId] = field(default_factory=dict)
    """Whose file each written path is."""
    pulled: tuple[Pulled, ...] = ()
    warnings: tuple[str, ...] = ()
    frozen: Mapping[PageId, str] = field(default_factory=dict)
    """Pages that this run must not push, with the reason."""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write."""
        return not (self.texts or self.assets or self.records or self.conflicts)


# ------------------------------------------------------------------------------------ what a push does


@dataclass(frozen=True, slots=True)
class ById:
    """A parent that Confluence knows."""

    page: PageId


@dataclass(frozen=True, slots=True)
class ByPath:
    """A parent that is a new file itself, created first."""

    path: RelPath


@dataclass(frozen=True, slots=True)
class Top:
    """No parent: beside the home page."""


ParentRef = ById | ByPath | Top


@dataclass(frozen=True, slots=True)
class Create:
    """A new page for a file without one."""

    path: RelPath
    type: ContentType
    title: str
    parent: ParentRef
    body: str
    """Storage format."""
    labels: frozenset[str] = frozenset()
    attachments: tuple[tuple[str, RelPath, str], ...] = ()
    """Name, path and sha256 of each file to attach."""
    draft: bool = False
    """Create it and leave it unpublished."""


@dataclass(frozen=True, slots=True)
class Update:
    """A new version of a page: text, title, or both."""

    page: PageId
    path: RelPath
    title: str
    body: str | None
    """Storage to send; None: the text stays."""
    losses: tuple[str, ...] = ()
    """What the edit takes away besides words, said before it is done."""


@dataclass(frozen=True, slots=True)
class MoveTo:
    """A new parent."""

    page: PageId
    path: RelPath
    parent: ParentRef


@dataclass(frozen=True, slots=True)
class Arrange:
    """A new order of a page's children."""

    page: PageId
    """The parent."""
    path: RelPath
    sequence: tuple[ById | ByPath, ...]


@dataclass(frozen=True, slots=True)
class Relabel:
    """Labels to add and to take away."""

    page: PageId
    path: RelPath
    add: frozenset[str]
    remove: frozenset[str]


@dataclass(frozen=True, slots=True)
class Upload:
    """A new or changed attachment."""

    page: PageId
    path: RelPath
    """The attachment's file."""
    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Detach:
    """An attachment whose file is gone."""

    page: PageId
    path: RelPath
    attachment: Attachment


@dataclass(frozen=True, slots=True)
class Trash:
    """A page whose file is gone."""

    page: PageId
    path: RelPath
    title: str


Operation = Create | Update | MoveTo | Arrange | Relabel | Upload | Detach | Trash


@dataclass(frozen=True, slots=True)
class Refused:
    """A page whose edits are not sent, and why."""

    path: RelPath
    reason: str
    page: PageId | None = None
    hint: str = ""


@dataclass(frozen=True, slots=True)
class PushPlan:
    """What a push sends, in the order in which it is sent."""

    operations: tuple[Operation, ...] = ()
    refused: tuple[Refused, ...] = ()
    clean: frozenset[str] = frozenset()
    """Fingerprints of the pages whose base and file were found to say the same."""
