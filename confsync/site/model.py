"""The nouns of the site: what was read, what was rendered, what came out of it."""

from dataclasses import dataclass, field
from enum import StrEnum

from confsync.model.ids import PageId, RelPath
from confsync.site.report import BrokenLink, Problem
from confsync.site.search.text import Section


class Kind(StrEnum):
    """What sort of page of the site something is."""

    PAGE = "page"
    POST = "post"
    FOLDER = "folder"
    """A folder that no file speaks for: its page lists what lies in it."""
    BLOG = "blog"
    """The list of posts."""


@dataclass(frozen=True, slots=True)
class Meta:
    """What the front matter of one file says, as far as a site cares."""

    id: PageId | None = None
    title: str = ""
    """Empty where the file does not say."""
    labels: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    """The order of the children, by title, file stem or id."""
    blogpost: bool = False
    draft: bool = False
    local: bool = False
    """`confluence: false`: the file stays with those who have the folder."""
    beside_home: bool = False
    """`parent: none`: stands beside the home page, not below it."""


@dataclass(frozen=True, slots=True)
class Source:
    """One Markdown file that is a page of the site."""

    path: RelPath
    meta: Meta
    title: str
    """The title people see; never empty."""


@dataclass(frozen=True, slots=True)
class Node:
    """One page of the site and its place in the tree. Paths have `/` between parts and name files."""

    out: str
    """Where it is written, relative to the site: `install/linux.html`. Its identity."""
    title: str
    kind: Kind
    source: RelPath | None
    """The file it is made from; None for folders that no file speaks for."""
    meta: Meta = field(default_factory=Meta)
    date: str = ""
    """ISO date of a post, else empty."""


@dataclass(frozen=True, slots=True)
class Updated:
    """The newest version of a page that Confluence told of."""

    when: str
    """ISO 8601."""
    version: int
    author: str = ""
    """A name; empty where nobody knows it."""
    created: str = ""
    """ISO 8601; empty where unknown."""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Asset:
    """An attachment."""

    name: str
    """As Confluence has it."""
    path: RelPath
    """Its file, relative to the source folder; the site has it at the same place."""
    size: int
    """In bytes."""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading of a page, for its table of contents."""

    level: int
    """As shown: the page's title is 1."""
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A link to a place inside a page, checked when every page is known."""

    page: str
    target: str
    out: str
    """The page of the site it leads to."""
    anchor: str
    """Decoded."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """The body of one page, ready for a template."""

    html: str
    """Sanitised."""
    headings: tuple[Heading, ...] = ()
    ids: frozenset[str] = frozenset()
    files: frozenset[RelPath] = frozenset()
    """Files of the source that it refers to."""
    references: tuple[Reference, ...] = ()
    broken: tuple[BrokenLink, ...] = ()
    problems: tuple[Problem, ...] = ()
    summary: str = ""
    """The first sentence or two, plain text."""
    sections: tuple[Section, ...] = ()
    """What it says, for the search; without what it includes from other pages."""
    links: frozenset[str] = frozenset()
    """The pages of the site that its text leads to."""
    reads: frozenset[str] = frozenset()
    """The other pages whose text it shows or looks at, by address; `*` where it looks at all of them."""
    asked: frozenset[tuple[str, str]] = frozenset()
    """What it asked of the folder: questions that another build may answer otherwise."""
    diagrams: bool = False
    """Whether it needs the script that draws diagrams."""
