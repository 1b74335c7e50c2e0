"""What every page of a site is rendered against."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from confsync.model.settings import Settings
from confsync.site.model import Asset, Node, Updated
from confsync.site.tree import Tree


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The site as one page sees it. Values only, so that other processes can be told."""

    tree: Tree
    top: Path
    """The source folder."""
    base: Path
    """Where the records lie."""
    url: str = ""
    """The Confluence site, as in confsync.toml; empty where there is none."""
    key: str = ""
    """The space's key."""
    jira: str = ""
    """The Jira site; empty where there is none."""
    base_url: str = ""
    """Where the site will be served, with a slash at its end; empty where unknown."""
    left_out: Mapping[str, str] = field(default_factory=dict)
    """Paths of files that stay off the site, folded as some file systems fold them, with the reason."""
    updated: Mapping[str, Updated] = field(default_factory=dict)
    """When pages were last saved, by their address."""
    assets: Mapping[str, Sequence[Asset]] = field(default_factory=dict)
    """The attachments of pages, by their address."""
    labels: Mapping[str, Node] = field(default_factory=dict)
    """The page of each label."""
    people: Mapping[str, str] = field(default_factory=dict)
    """Names of accounts, as git knows them; see `confsync.site.past.name_of`."""

    def page_url(self, node: Node) -> str:
        """The address of a page on the server; empty where unknown."""
        return f"{self.url}/pages/viewpage.action?pageId={node.meta.id}" if self.url and node.meta.id else ""


def jira_site(settings: Settings) -> str:
    """The Jira beside a Confluence site: in the cloud on the same host, elsewhere nobody can know (empty)."""
    site = urlsplit(settings.url)
    return f"{site.scheme}://{site.netloc}" if site.netloc.endswith(".atlassian.net") else ""
