"""What confsync.toml says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from confsync.model.ids import SpaceId, SpaceKey


class AttachmentPolicy(StrEnum):
    """Which attachments a working copy holds."""

    ALL = "all"
    REFERENCED = "referenced"
    NONE = "none"


class HistoryPolicy(StrEnum):
    """How a pull tells history."""

    VERSIONS = "versions"
    """One commit per observed page version, with its author, date and message."""
    SQUASH = "squash"
    """One commit per pull, co-authors as trailers."""


@dataclass(frozen=True, slots=True)
class Settings:
    """A working copy's own settings; `confsync.toml` in words."""

    url: str
    """The site with its context path, no trailing slash: `https://site.atlassian.net/wiki`."""
    key: SpaceKey
    space_id: SpaceId
    branch: str = "main"
    """The one branch that follows the space."""
    root: str = "."
    """The folder below which new files become pages."""
    exclude: tuple[str, ...] = ()
    """Globs, relative to `root`, of files that are nobody's page."""
    hold: tuple[str, ...] = ()
    """Globs, relative to `root`, of pages whose edits a watch does not send by itself."""
    attachments: AttachmentPolicy = AttachmentPolicy.ALL
    max_attachment: int = 50 * 1024 * 1024
    """In bytes; larger ones are recorded by name, size and version and not fetched."""
    history: HistoryPolicy = HistoryPolicy.VERSIONS
    include_restricted: bool = False
    properties: tuple[str, ...] = ()
    """Keys of content properties that are synced."""
    front_matter: Mapping[str, str] = field(default_factory=dict)
    """Our key name to the file's: `{"labels": "tags", "id": "confluence-id"}`."""
    jira_server: str = ""
    expand: str = "directive"
    """How a new expand is written: `directive` or `details`."""
    allow_live: bool = False
    """Whether pages with subtype `live` may be pushed."""
    site: Mapping[str, object] = field(default_factory=dict)
    """The table `[site]`, as the website reads it."""
