"""Who may see what: drafts, local files, pages with view restrictions and what is excluded stay off the site.

A view restriction holds for everything below its page, as in Confluence.
"""

import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from confsync.errors import RecordError
from confsync.model.ids import PageId, RelPath
from confsync.model.record import Record, load_record, record_path
from confsync.names.attachments import file_names
from confsync.names.exclude import matches
from confsync.names.slug import fold
from confsync.names.tree import parent_path
from confsync.site.model import Node, Source, Updated
from confsync.site.past import name_of
from confsync.site.report import Problem
from confsync.site.sightings import Sightings
from confsync.site.source import Folder
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
    status: str
    comments: Mapping[str, Sequence[str]]
    """Of each attachment, by its file's name: its own name, and what was said of it."""


class Audience:
    """Sorts the pages of a folder into those for everybody and those that are left out.

    Args:
        folder: the pages.
        exclude: what else stays off the site: kind (label, path, status) and what it matches.
        include_restricted: show pages with view restrictions, too.
        seen: what an earlier build learned of the records.
    """

    def __init__(
        self,
        folder: Folder,
        *,
        exclude: Sequence[tuple[str, str]] = (),
        include_restricted: bool = False,
        seen: Sightings | None = None,
    ) -> None:
        self._folder = folder
        self._exclude = exclude
        self._include_restricted = include_restricted
        self._seen = seen if seen is not None else Sightings({})
        self._known: dict[PageId, _Known | None] = {}
        self._unreadable: set[PageId] = set()
        self.problems: list[Problem] = []
        own = {source.path: self._reason(source) for source in folder.sources}
        reasons = self._with_inherited(own)
        self.left_out: Mapping[str, str] = {nfc(path): reason for path, reason in reasons.items() if reason}
        """Paths (NFC), with the reason."""
        self.sources: tuple[Source, ...] = tuple(
            source for source in folder.sources if not reasons[source.path]
        )
        """The pages for everybody."""
        self.restricted_shown = 0
        """How many pages with view restrictions are on the site, because somebody said so."""
        if include_restricted:
            self.restricted_shown = sum(self._is_restricted(source) for source in self.sources)

    def close(self) -> None:
        """Forget records that nobody asked for."""
        self._seen.forget_others(record_path(page) for page in self._known)

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
            people: names of accounts, as git knows them.
        """
        record = self._record(node.source, node.meta.id) if node.source else None
        if record is None or not record.when:
            return None
        author = name_of(people, record.author)
        return Updated(record.when, record.version, author, record.created, record.message)

    def comments(self, node: Node) -> Mapping[str, Sequence[str]]:
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
        if excluded := self._excluded(source, record):
            return excluded
        if record is None or self._include_restricted:
            return ""
        return _RESTRICTED if record.restricted else self._restricted_above(source, record)

    def _excluded(self, source: Source, record: _Known | None) -> str:
        for kind, what in self._exclude:
            if kind == "path":
                hit = matches(source.path, what)
            elif kind == "label":
                hit = fold(what) in map(fold, source.meta.labels)
            else:
                hit = record is not None and fold(record.status) == fold(what)
            if hit:
                return f"confsync.toml excludes the {kind} {what}"
        return ""

    def _is_restricted(self, source: Source) -> bool:
        record = self._record(source.path, source.meta.id)
        return record is not None and (record.restricted or bool(self._restricted_above(source, record)))

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

    def _with_inherited(self, own: Mapping[RelPath, str]) -> Mapping[RelPath, str]:
        """What lies below a page that is left out would name it, in its address at least."""
        if not any(own.values()):
            return own
        files = frozenset(own)
        return {path: reason or self._inherited(path, own, files) for path, reason in own.items()}

    @staticmethod
    def _inherited(path: RelPath, own: Mapping[RelPath, str], files: frozenset[RelPath]) -> str:
        above = parent_path(path, files)
        while above is not None:
            reason = own.get(above, "")
            if reason:
                return _BELOW if reason in (_RESTRICTED, _BELOW) else f"it lies below a page: {reason}"
            above = parent_path(above, files)
        return ""

    def _record(self, path: RelPath, page: PageId | None) -> _Known | None:
        if page is None:
            return None
        if page not in self._known:
            self._known[page] = self._load(path, page)
        return self._known[page]

    def _load(self, path: RelPath, page: PageId) -> _Known | None:
        name = record_path(page)
        file = self._folder.base / name
        try:
            if file.is_symlink() or not file.is_file():
                return None
            stat = file.stat()
            row = self._seen.recall(name, stat)
            if row is not None:
                return _from_row(row[4])
            now = time.time_ns()
            data = file.read_bytes()
            learned = _row(load_record(data))
        except (RecordError, OSError) as error:
            self.problems.append(Problem(path, f"the record of page {page} cannot be read: {error}"))
            self._unreadable.add(page)
            return None
        self._seen.note(name, stat, now, hashlib.blake2b(data, digest_size=12).hexdigest(), learned)
        return _from_row(learned)


def _row(record: Record) -> list[Any]:
    row, version = record.row, record.row.version
    files = file_names(one.name for one in record.attachments)
    comments = {files[one.name]: [one.name, one.comment] for one in record.attachments}
    return [
        row.title,
        row.parent,
        record.restricted,
        version.number,
        version.when,
        version.author,
        row.created,
        version.message,
        row.status.value,
        comments,
    ]


def _from_row(row: Sequence[Any]) -> _Known:
    return _Known(row[0], PageId(row[1]) if row[1] else None, *row[2:])
