"""Finding the pages that files were published as, by whatever published them.

Files of other tools name their page in front matter or in comments: md2conf writes the page's id into the
file, markdown-confluence into its own key, mark names space and title. What names nothing is matched by its
title, then by its place. Nothing is guessed twice: a page that two files claim alike belongs to neither.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from confsync.convert.markdown import front_matter
from confsync.errors import FrontMatterError
from confsync.model.content import Row
from confsync.model.ids import PageId, RelPath, SpaceKey
from confsync.names import fold, lay_out
from confsync.plan.heading import first_heading

_ID_KEYS: Mapping[str, str] = {
    "connie-page-id": "markdown-confluence",
    "confluence-page-id": "md2conf",
    "confluence_page_id": "md2conf",
    "page_id": "md2conf",
}
"""Front matter keys that hold a page's id, and whose they are."""
_TITLE_KEYS = ("connie-title", "confluence_page_title", "confluence-title")
_SPACE_KEYS = ("confluence-space-key", "confluence_space_key", "space_key")

_HEAD = 8192
"""Characters in which markers are looked for."""
_COMMENT = re.compile(r"<!--[ \t]*(?P<key>[A-Za-z][\w-]*):[ \t]*(?P<value>[^\n]*?)[ \t]*-->")
_ID_COMMENTS = frozenset({"confluence-page-id", "confluence_page_id"})
_SPACE_COMMENTS = frozenset({"confluence-space-key", "confluence_space_key", "space"})


@dataclass(frozen=True, slots=True)
class Marks:
    """What a file says of the page it was published as."""

    id: PageId | None = None
    by: str = ""
    """Whose marker named the id or title."""
    space: str = ""
    title: str = ""
    labels: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Match:
    """A file and its page."""

    path: RelPath
    page: PageId
    title: str
    """The page's."""
    by: str
    """`id (md2conf)`, `title (mark)`, `title`, `path` …"""


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A file that stays local, and why."""

    path: RelPath
    reason: str


@dataclass(frozen=True, slots=True)
class Adoption:
    """Which file is which page."""

    matches: tuple[Match, ...] = ()
    local: tuple[Unmatched, ...] = ()
    missing: tuple[Row, ...] = ()
    """Pages without a file; the next pull writes one."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """A space as the matching sees it."""

    key: SpaceKey
    rows: Mapping[PageId, Row]
    home: PageId | None
    root: str = "."
    names: Mapping[str, str] = field(default_factory=dict)
    """Front matter names, as in confsync.toml."""


def match(files: Mapping[RelPath, str], shelf: Shelf) -> Adoption:
    """Match files (text by path) with the pages of a space."""
    pages = {page: row for page, row in shelf.rows.items() if row.type.has_text}
    marks: dict[RelPath, Marks] = {}
    refused: dict[RelPath, str] = {}
    for path, text in files.items():
        try:
            marks[path] = read_marks(text, shelf.names)
        except FrontMatterError as error:
            refused[path] = error.message
    refused |= _strangers(marks, pages, shelf.key)
    found: dict[RelPath, Match] = {}
    for propose in (_by_id, _by_title, _by_path):
        open_files = {path: mark for path, mark in marks.items() if path not in found and path not in refused}
        taken = {one.page for one in found.values()}
        free = {page: row for page, row in pages.items() if page not in taken}
        proposals = list(propose(open_files, free, shelf))
        claims = Counter(one.page for one in proposals)
        for one in proposals:
            if claims[one.page] == 1:
                found[one.path] = one
            elif propose is _by_id:
                refused[one.path] = f"several files name page {one.page}"
    local = [
        Unmatched(path, refused.get(path, "no page of this title or at this place"))
        for path in files
        if path not in found
    ]
    taken = {one.page for one in found.values()}
    return Adoption(
        matches=tuple(sorted(found.values(), key=lambda one: one.path)),
        local=tuple(sorted(local, key=lambda one: one.path)),
        missing=tuple(row for page, row in pages.items() if page not in taken),
    )


def read_marks(text: str, names: Mapping[str, str] | None = None) -> Marks:
    """What the head of a file says of its page.

    Raises:
        FrontMatterError: its front matter cannot be read.
    """
    front = front_matter.read(text, names)
    body = front_matter.split(text).body
    said = {key.lower(): value for key, value in _comments(body[:_HEAD])}
    page, by = _named_id(front, said)
    title, titled_by = _named_title(front, said, body)
    space = next((v for k, v in said.items() if k in _SPACE_COMMENTS), "")
    space = space or next((str(front.extra[key]) for key in _SPACE_KEYS if key in front.extra), "")
    labels = frozenset(v for k, v in _comments(body[:_HEAD]) if k == "Label")
    return Marks(page, by or titled_by, space, title, labels)


def _named_id(front: front_matter.FrontMatter, said: Mapping[str, str]) -> tuple[PageId | None, str]:
    if front.id is not None:
        return PageId(front.id), "confsync"
    keys = [(str(front.extra[key]), by) for key, by in _ID_KEYS.items() if key in front.extra]
    comments = [(value, "md2conf") for key, value in said.items() if key in _ID_COMMENTS]
    for value, by in (*keys, *comments):
        if value.isascii() and value.isdigit():
            return PageId(value), by
    return None, ""


def _named_title(front: front_matter.FrontMatter, said: Mapping[str, str], body: str) -> tuple[str, str]:
    """The title that the publisher gave the page: its own marker, else the file's title, else its heading."""
    if said.get("title"):
        return said["title"], "mark"
    for key in _TITLE_KEYS:
        if front.extra.get(key):
            return str(front.extra[key]), "markdown-confluence" if key == "connie-title" else "md2conf"
    return front.title or first_heading(body) or "", ""


def _comments(head: str) -> Iterator[tuple[str, str]]:
    return ((found["key"], found["value"]) for found in _COMMENT.finditer(head))


def _strangers(
    marks: Mapping[RelPath, Marks], pages: Mapping[PageId, Row], key: SpaceKey
) -> dict[RelPath, str]:
    """Files whose markers lead elsewhere: to another space, or to a page that is not in this one."""
    refused: dict[RelPath, str] = {}
    for path, mark in marks.items():
        if mark.id is not None and mark.id not in pages:
            refused[path] = f"names page {mark.id}, which is not in this space"
        elif mark.id is None and mark.space and mark.space.casefold() != key.casefold():
            refused[path] = f"belongs to the space {mark.space}"
    return refused


_Open = Mapping[RelPath, Marks]
_Free = Mapping[PageId, Row]


def _by_id(files: _Open, pages: _Free, _: Shelf) -> Iterator[Match]:
    for path, mark in files.items():
        if mark.id is not None and mark.id in pages:
            yield Match(path, mark.id, pages[mark.id].title, f"id ({mark.by})")


def _by_title(files: _Open, pages: _Free, _: Shelf) -> Iterator[Match]:
    titles: dict[str, list[PageId]] = {}
    for page, row in pages.items():
        titles.setdefault(_key(row.title), []).append(page)
    for path, mark in files.items():
        found = titles.get(_key(mark.title), []) if mark.title else []
        if len(found) == 1:
            yield Match(path, found[0], pages[found[0]].title, f"title ({mark.by})" if mark.by else "title")


def _by_path(files: _Open, pages: _Free, shelf: Shelf) -> Iterator[Match]:
    places = {
        _place(path): page
        for page, path in lay_out(shelf.rows, home=shelf.home, root=shelf.root).items()
        if page in pages
    }
    for path in files:
        page = places.get(_place(path))
        if page is not None:
            yield Match(path, page, pages[page].title, "path")


def _place(path: str) -> str:
    """A path as far as names agree: `Install_Guide/README.md` is the place of `install-guide.md`."""
    stem = re.sub(r"[\s_]+", "-", fold(path.removesuffix(".md")))
    folder, _, name = stem.rpartition("/")
    return folder if folder and name in ("index", "readme") else stem


def _key(title: str) -> str:
    return unicodedata.normalize("NFC", title).strip().casefold()
