"""Who may see what: drafts, local files and pages with view restrictions stay off the site.

A view restriction holds for everything below its page, as in Confluence.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from confsync.errors import RecordError
from confsync.model.ids import PageId, RelPath
from confsync.names.attachments import file_names
from confsync.names.tree import parent_path
from confsync.site.model import Node, Problem, Source, Updated
from confsync.site.source import Folder, read_record
from confsync.site.tree import Above, nfc

_RESTRICTED = "people need permission to see it"
_BELOW = "it lies below a page that people need permission to see"
_UNKNOWN = "its record cannot be read, so nobody knows who may see it"


@dataclass(frozen=True, slots=True)
class _Known:
    """The little of a record that matters here; bodies would fill the memory."""

    title: str
    parent: PageId | None
    restricted: bool
    version: int
    when: str
    author: str
    """An account id."""
    created: str
    message: str
    comments: Mapping[str, tuple[str, str]]
    """Of each attachment, by its file's name: its own name, and what was said of it."""


class Audience:
    """Sorts the pages of a folder into those for everybody and those that are left out."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._known: dict[PageId, _Known | None] = {}
        self._unreadable: set[PageId] = set()
        self.problems: list[Problem] = []
        own = {source.path: self._reason(source) for source in folder.sources}
        files = frozenset(own)
        reasons = {path: reason or self._inherited(path, own, files) for path, reason in own.items()}
        self.left_out: Mapping[str, str] = {nfc(path): reason for path, reason in reasons.items() if reason}
        """Paths (NFC), with the reason."""
        self.sources: tuple[Source, ...] = tuple(
            source for source in folder.sources if not reasons[source.path]
        )
        """The pages for everybody."""

    def base_parent(self, source: Source) -> Above | None:
        """What the base knows of a page's parent."""
        record = self._record(source.path, source.meta.id)
        if record is None or record.parent is None:
            return None
        above = self._record(source.path, record.parent)
        return Above(record.parent, above.title if above else "")

    def updated(self, node: Node, people: Mapping[str, str]) -> Updated | None:
        """When a page was last saved in Confluence, as far as the working copy knows.

        Args:
            node: the page.
            people: names by account id.
        """
        record = self._record(node.source, node.meta.id) if node.source else None
        if record is None or not record.when:
            return None
        author = people.get(record.author, "")
        return Updated(record.when, record.version, author, record.created, record.message)

    def comments(self, node: Node) -> Mapping[str, tuple[str, str]]:
        """Of each attachment of a page, by its file's name: its own name, and what was said of it."""
        record = self._record(node.source, node.meta.id) if node.source else None
        return record.comments if record else {}

    def _reason(self, source: Source) -> str:
        if source.meta.draft:
            return "it is a draft"
        if source.meta.local:
            return "it says confluence: false"
        record = self._record(source.path, source.meta.id)
        if source.meta.id in self._unreadable:
            return _UNKNOWN
        if record is None:
            return ""
        return _RESTRICTED if record.restricted else self._restricted_above(source, record)

    def _restricted_above(self, source: Source, record: _Known) -> str:
        """Whether the base knows a restricted page above this one; it may have no file here."""
        seen = {source.meta.id}
        above = record.parent
        while above is not None and above not in seen:
            seen.add(above)
            parent = self._record(source.path, above)
            if parent is None:
                return ""
            if parent.restricted:
                return _BELOW
            above = parent.parent
        return ""

    def _inherited(self, path: RelPath, own: Mapping[RelPath, str], files: frozenset[RelPath]) -> str:
        above = parent_path(path, files)
        while above is not None:
            if own.get(above) in (_RESTRICTED, _BELOW):
                return _BELOW
            above = parent_path(above, files)
        return ""

    def _record(self, path: RelPath, page: PageId | None) -> _Known | None:
        if page is None:
            return None
        if page not in self._known:
            self._known[page] = self._load(path, page)
        return self._known[page]

    def _load(self, path: RelPath, page: PageId) -> _Known | None:
        try:
            record = read_record(self._folder.base, page)
        except (RecordError, OSError) as error:
            self.problems.append(Problem(path, f"the record of page {page} cannot be read: {error}"))
            self._unreadable.add(page)
            return None
        if record is None:
            return None
        row = record.row
        files = file_names(one.name for one in record.attachments)
        return _Known(
            row.title,
            row.parent,
            record.restricted,
            row.version.number,
            row.version.when,
            row.version.author,
            row.created,
            row.version.message,
            {files[one.name]: (one.name, one.comment) for one in record.attachments},
        )
