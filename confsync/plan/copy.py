"""A working copy as values: the base (records in HEAD), the files, and how the two belong together."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Final

from confsync.convert.markdown import front_matter
from confsync.convert.markdown.front_matter import FrontMatter
from confsync.errors import FrontMatterError
from confsync.model.ids import PageId, RelPath
from confsync.model.record import Record
from confsync.model.settings import Settings
from confsync.names import assets_folder, home_path, page_files, slug
from confsync.plan.references import outside_files


@dataclass(frozen=True, slots=True)
class LocalPage:
    """A Markdown file that is a page, or wants to become one."""

    path: RelPath
    text: str
    """The whole file, decoded; line ends as found."""
    front: FrontMatter
    body: str
    """What follows the front matter."""

    @property
    def page(self) -> PageId | None:
        """The id in its front matter, whether or not such a page is known."""
        return None if self.front.id is None else PageId(self.front.id)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A Markdown file that cannot be a page as it stands; nothing touches it."""

    path: RelPath
    reason: str
    page: PageId | None = None
    """The page that HEAD knows at this path, if any."""


@dataclass(frozen=True)
class Copy:
    """The working copy at one moment. Values only; made by the engine, changed by nobody."""

    settings: Settings
    records: Mapping[PageId, Record]
    """The base: what Confluence last said, from HEAD."""
    base_texts: Mapping[RelPath, bytes]
    """The Markdown files in HEAD."""
    files: Mapping[RelPath, bytes]
    """The Markdown files of the work tree."""
    assets: Mapping[RelPath, str]
    """Every other file in a `.assets` folder: sha256 by path."""
    media: Mapping[RelPath, str] = field(default_factory=dict)
    """Files elsewhere in the copy that pages refer to, which makes them attachments: sha256 by path."""
    absent: frozenset[RelPath] = frozenset()
    """Files that sparse checkout keeps out of the work tree: not deleted."""
    frozen: Mapping[PageId, str] = field(default_factory=dict)
    """Pages that nothing may touch in this run, with the reason."""
    gone: frozenset[PageId] = frozenset()
    """Pages of the base that this run did not find in the space: nothing can be put below them."""
    held: Mapping[PageId, RelPath] = field(default_factory=dict)
    """Where several files in HEAD carry one id: the one that is known to be the page's."""
    unordered: frozenset[PageId] = frozenset()
    """Pages out of whose files somebody took `children:` since the last sync: back to the order of titles."""
    clean: frozenset[str] = frozenset()
    """Fingerprints of (base, file) pairs known to say the same; only saves time."""
    altered: frozenset[str] = frozenset()
    """Marks of texts that were sent and that Confluence stored as something else; not to be sent again."""

    @cached_property
    def base_ids(self) -> Mapping[RelPath, PageId]:
        """The page that each Markdown file in HEAD names."""
        names = self.settings.front_matter
        found = ((path, _page_id(data, names)) for path, data in sorted(self.base_texts.items()))
        return {path: page for path, page in found if page is not None}

    @cached_property
    def claims(self) -> Mapping[PageId, tuple[RelPath, ...]]:
        """The files in HEAD that carry each page's id; more than one where somebody copied a file."""
        claims: dict[PageId, list[RelPath]] = {}
        for path, page in self.base_ids.items():
            claims.setdefault(page, []).append(path)
        return {page: tuple(paths) for page, paths in claims.items()}

    @cached_property
    def base_paths(self) -> Mapping[PageId, RelPath]:
        """Where HEAD has the file of each page."""
        return {
            page: paths[0] if len(paths) == 1 else min(paths, key=lambda path: self._claim(page, path))
            for page, paths in self.claims.items()
        }

    def _claim(self, page: PageId, path: RelPath) -> tuple[bool, bool, bool, RelPath]:
        """How well a file's claim to a page is founded, best first: the copy is the one that differs."""
        stranger = self.held.get(page) != path
        if page not in self.records:
            return stranger, False, False, path
        title = self.records[page].page.title
        try:
            said = _front_of(
                self.base_texts[path].decode("utf-8", "replace"), self.settings.front_matter
            ).title
        except FrontMatterError:
            said = None
        return stranger, said != title, slug(title) != path.rpartition("/")[2].removesuffix(".md"), path

    @cached_property
    def _read(self) -> Mapping[RelPath, LocalPage | Unreadable]:
        by_path = {path: page for page, path in self.base_paths.items()}
        read = {
            path: _read_page(path, data, self.settings, by_path.get(path))
            for path, data in sorted(self.files.items())
            if path in self._candidates or _page_id(data, self.settings.front_matter) in self.records
        }
        found = {item.page for item in read.values()}
        lost = {path: page for path, page in by_path.items() if page in self.records and page not in found}
        for path in lost.keys() & read.keys():
            if read[path].page is None:
                read[path] = Unreadable(path, _bereft(lost[path]), lost[path])
        return read

    @cached_property
    def _candidates(self) -> frozenset[RelPath]:
        return page_files(self.files.keys(), root=self.settings.root, exclude=self.settings.exclude)

    @cached_property
    def pages(self) -> Mapping[PageId, LocalPage]:
        """The files of known pages. Where an id stands in several, the file at the base path keeps it."""
        found: dict[PageId, LocalPage] = {}
        for local in self._readable():
            page = local.page
            if page is None or page not in self.records or not self.records[page].row.type.has_text:
                continue
            if page not in found or self.base_paths.get(page) == local.path:
                found[page] = local
        return found

    @cached_property
    def unbound(self) -> tuple[LocalPage, ...]:
        """Files that are not yet the file of a page: new ones, and copies of others."""
        bound = {local.path for local in self.pages.values()}
        return tuple(
            local for local in self._readable() if local.path not in bound and local.front.confluence
        )

    @cached_property
    def unreadable(self) -> tuple[Unreadable, ...]:
        """Files that cannot be read, each with its reason."""
        return tuple(item for item in self._read.values() if isinstance(item, Unreadable))

    @cached_property
    def paths(self) -> Mapping[PageId, RelPath]:
        """Where each page's file is now; where it is missing, where HEAD has it."""
        return {**self.base_paths, **{page: local.path for page, local in self.pages.items()}}

    @cached_property
    def homepage(self) -> PageId | None:
        """The page whose file is the index of the whole folder."""
        return next(
            (page for page, path in self.paths.items() if path == home_path(self.settings.root)), None
        )

    @cached_property
    def _assets_by_folder(self) -> Mapping[str, Mapping[RelPath, str]]:
        folders: dict[str, dict[RelPath, str]] = {}
        for path, sha256 in self.assets.items():
            folders.setdefault(path.rpartition("/")[0], {})[path] = sha256
        return folders

    def assets_of(self, page_path: RelPath) -> Mapping[RelPath, str]:
        """The files in the attachment folder of the page at a path: sha256 by path."""
        return self._assets_by_folder.get(assets_folder(page_path), {})

    def has_file(self, path: RelPath) -> bool:
        """Whether an attachment's file is here, or would be but for a sparse checkout."""
        return path in self.assets or path in self.media or path in self.absent

    def outside(self, local: LocalPage | None) -> Mapping[str, RelPath]:
        """Files that a page refers to and that lie in no `.assets` folder, by the attachment they are."""
        found = outside_files(local.text, local.path, self.media) if local else {}
        return {name: paths[0] for name, paths in found.items()}

    def title(self, page: PageId) -> str:
        """The title a page has here: the file's, else the base's."""
        local = self.pages.get(page)
        return (local.front.title if local else None) or self.records[page].page.title

    def _readable(self) -> tuple[LocalPage, ...]:
        return tuple(item for item in self._read.values() if isinstance(item, LocalPage))


def fingerprint(record: Record, file: bytes) -> str:
    """What a base and a file that say the same are remembered by."""
    return hashlib.sha256(f"{record.page.title}\0{record.page.body}\0".encode() + file).hexdigest()[:20]


def _bereft(page: PageId) -> str:
    """An editor that is just writing, a formatter, a slip: none of them wants the page in the trash."""
    return (
        f"has lost the `id: {page}` of its page; put it back, "
        "or rename the file to make a new page of it and delete the old one"
    )


_FRONT_BEGIN: Final = (b"---", b"\xef\xbb\xbf---")
_FRONT_END: Final = re.compile(rb"^(?:---|\.\.\.)[ \t]*(?:\r\n|\n|\r|\Z)", re.MULTILINE)


@lru_cache(maxsize=1 << 15)
def _front(head: str, names: tuple[tuple[str, str], ...]) -> FrontMatter:
    """Front matter by its own text: the same in HEAD and in the file, and in every look at the copy."""
    return front_matter.read(head, dict(names))


def _front_of(text: str, names: Mapping[str, str]) -> FrontMatter:
    return _front(text[: front_matter.split(text).body_offset], tuple(sorted(names.items())))


def _page_id(data: bytes, names: Mapping[str, str]) -> PageId | None:
    """The id in a file's front matter; the text behind it is not looked at: every look asks this of all."""
    end = _FRONT_END.search(data, 3) if data.startswith(_FRONT_BEGIN) else None
    if end is None:
        return None
    try:
        found = _front_of(data[: end.end()].decode("utf-8"), names).id
    except (UnicodeDecodeError, FrontMatterError):
        return None  # says nothing about its id; the reader below says why
    return None if found is None else PageId(found)


def _read_page(path: RelPath, data: bytes, settings: Settings, page: PageId | None) -> LocalPage | Unreadable:
    try:
        text = data.decode("utf-8")
        return LocalPage(
            path=path,
            text=text,
            front=_front_of(text, settings.front_matter),
            body=front_matter.split(text).body,
        )
    except UnicodeDecodeError as error:
        return Unreadable(path, f"is not UTF-8 (byte {error.start})", page or _guessed_id(data))
    except FrontMatterError as error:
        return Unreadable(path, error.message, page or _guessed_id(data))


def _guessed_id(data: bytes) -> PageId | None:
    """The id that broken front matter seems to hold: enough to know that the page's file is not gone."""
    found = re.search(rb"^[\w-]*id:\s*[\"']?(\d{1,19})\b", data[:4096], re.MULTILINE)
    return PageId(found[1].decode()) if found else None
