"""What the lens needs to know of the world around one page to write and read its links.

All paths in it are as a Markdown link on this page would write them, decoded: relative to the page's own
file, `/` between parts, no percent-encoding.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from confsync.model.content import ContentType
from confsync.model.ids import PageId


@dataclass(frozen=True, slots=True)
class LinkTarget:
    """A page or post of the working copy that can be linked to."""

    id: PageId
    title: str
    path: str
    """From the linking page's file to the target's file."""
    type: ContentType = ContentType.PAGE
    day: str = ""
    """Of a post, the day it was posted, `YYYY/MM/DD` in UTC."""
    attachments: str = ""
    """The folder of its attachments, as `path` is written; empty: not known."""
    headings: Mapping[str, str] = field(default_factory=dict)
    """The text of its headings by the anchor that GitHub gives them, where a link names one."""


@dataclass(frozen=True, slots=True)
class Links:
    """The neighbourhood of one page. The empty one is right for a page that stands alone."""

    pages: tuple[LinkTarget, ...] = ()
    """Every page of the working copy, this one included."""
    space: str = ""
    """This space's key: links that name it mean the working copy too."""
    attachments: str = ""
    """The folder of this page's attachments, e.g. `install.assets`; empty: the bare file name."""
    users: Mapping[str, str] = field(default_factory=dict)
    """Public names by account id or user key, for the text of mentions."""
    folder: str = ""
    """Where this page's file lies, from the top: tells that `../docs/a.md` is `a.md`."""
    files: frozenset[str] = frozenset()
    """The names of this page's attachments, for previews of diagrams."""
    server: str = ""
    """The Jira server (name) that `jira:` links mean; empty where none is configured."""
