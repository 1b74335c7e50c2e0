"""The URL of a space, as people copy it from their browser."""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from confsync.errors import UsageError
from confsync.model.ids import PageId, SpaceKey

_EXAMPLE = "copy it from your browser, like https://example.atlassian.net/wiki/spaces/DOCS"
_KEY = re.compile(r"[A-Za-z0-9]+|~[A-Za-z0-9_.:@-]+")
_PATH = re.compile(r"(?P<context>(?:/[^/]+)*?)/(?P<route>spaces|display|space)/(?P<rest>.*)")
_LEGACY = re.compile(r"(?P<context>(?:/[^/]+)*?)/(?:spaces|pages)/\w+\.action")


@dataclass(frozen=True, slots=True)
class SpaceUrl:
    """A space of a site."""

    site: str
    """Scheme, host and context path, no trailing slash: `https://site.atlassian.net/wiki`."""
    key: SpaceKey
    page: PageId | None = None
    """The page the URL was copied from, where it says."""

    @property
    def host(self) -> str:
        """The host, with its port where the URL has one."""
        return host_of(self.site)

    def __str__(self) -> str:
        return f"{self.site}/spaces/{self.key}"


def parse_space_url(url: str) -> SpaceUrl:
    """Read the URL of a space, of one of its pages or of its overview, on Cloud or Data Center.

    Raises:
        UsageError: no space can be read from it; the hint has an example.
    """
    parts = _split(url.strip())
    legacy = _LEGACY.fullmatch(parts.path)
    if legacy:
        query = parse_qs(parts.query)
        key = (query.get("key") or query.get("spaceKey") or [""])[0]
        return SpaceUrl(_site(parts, legacy["context"]), _key(key))
    match = _PATH.fullmatch(parts.path)
    if match is None:
        raise UsageError("This URL does not name a space", hint=_EXAMPLE)
    key, _, rest = match["rest"].partition("/")
    page = re.match(r"pages/(?:edit-v2/|edit/)?(\d+)", rest) if match["route"] == "spaces" else None
    return SpaceUrl(_site(parts, match["context"]), _key(unquote(key)), PageId(page[1]) if page else None)


def parse_site_url(url: str) -> str:
    """Read the URL of a site, or of anything on it, and return the site as `SpaceUrl.site` has it.

    Raises:
        UsageError: it is no URL of a site.
    """
    parts = _split(url.strip().rstrip("/") + "/")
    match = _PATH.fullmatch(parts.path) or _LEGACY.fullmatch(parts.path)
    return _site(parts, match["context"] if match else parts.path.rstrip("/"))


def host_of(site: str) -> str:
    """The host of a site, lower case, with its port where it has one."""
    parts = urlsplit(site)
    name = (parts.hostname or "").lower()
    name = f"[{name}]" if ":" in name else name
    return f"{name}:{parts.port}" if parts.port else name


def origin_of(site: str) -> str:
    """Scheme, host and port of a site, without its path."""
    return f"{urlsplit(site).scheme}://{host_of(site)}"


def is_loopback(site: str) -> bool:
    """Whether a site is on this very machine, where plain http is good enough."""
    name = urlsplit(site).hostname or ""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def is_atlassian(site: str) -> bool:
    """Whether a site is one of Atlassian's own hosts, whose tokens may be shown to Atlassian's gateway."""
    name = (urlsplit(site).hostname or "").lower()
    return name.endswith((".atlassian.net", ".jira.com", ".atlassian.com"))


def _split(url: str) -> SplitResult:
    if "://" not in url and re.match(r"[\w-]+(\.[\w-]+)+(:\d+)?/", url):
        url = f"https://{url}"
    try:
        parts = urlsplit(url)
        port_is_a_number = parts.port is None or parts.port > 0
    except ValueError:
        port_is_a_number = False
    if not port_is_a_number or parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError("This is not the URL of a Confluence space", hint=_EXAMPLE)
    if parts.username is not None or parts.password is not None:
        raise UsageError(
            "A URL must not carry credentials: it would end up in confsync.toml",
            hint="leave them out, and run `confsync auth login` or set CONFSYNC_USERNAME and CONFSYNC_TOKEN",
        )
    return parts


def _site(parts: SplitResult, context: str) -> str:
    site = f"{parts.scheme}://{host_of(parts.geturl())}{context}"
    # Cloud lives below /wiki; people who type the URL by hand forget it.
    if (parts.hostname or "").lower().endswith(".atlassian.net") and not context:
        site += "/wiki"
    return site


def _key(key: str) -> SpaceKey:
    if not _KEY.fullmatch(key):
        raise UsageError(f"{key!r} is no space key" if key else "This URL names no space", hint=_EXAMPLE)
    return SpaceKey(key)
