"""Link targets: encoded as little as possible when written, compared decoded."""

import html
import re
from urllib.parse import unquote

_WRITE = re.compile("[\\x00-\\x20\\x7f-\\x9f()<>`\\\\\u00a0\u202f\u2000-\u200b\u2028\u2029\u3000]")
_FOREIGN = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+|%(?:0[9AaDd]|20|28|29|3[CcEe]|5[B-Db-d]|60)")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_REFUSED = re.compile(
    r"(vbscript|javascript|file|data(?!:image/(?:gif|png|jpeg|webp);))(?::|%3[aA])", re.IGNORECASE
)
"""Schemes that readers of Markdown make no links of; with an encoded colon all agree on what they see."""
_ENTITY = re.compile(r"&(?=#?\w+;)")
_SLUG_DROP = re.compile(r"[^\w\- ]")


def has_scheme(target: str) -> bool:
    """Whether a target is a URL or one of our own schemes, not a path."""
    return _SCHEME.match(target) is not None


def canonical(target: str) -> str:
    """The normal form of a target: two spellings of one target are equal.

    URLs keep their reserved characters; in paths only `%`, `/` and `#` of a name stay encoded.
    """
    target = _REFUSED.sub(r"\1:", target, count=1) if _REFUSED.match(target) else target
    if has_scheme(target) and not target.startswith("confluence:"):
        return _FOREIGN.sub(lambda m: _decoded(m[0]), target)
    path, mark, fragment = target.partition("#")
    path = path.removeprefix("./")
    if "%" in path:
        path = "/".join(segment(unquote(part)) for part in path.split("/"))
    return path + mark + (unquote(fragment) if "%" in fragment else fragment)


def segment(name: str) -> str:
    """A name as one segment of a canonical path."""
    return name.replace("%", "%25").replace("/", "%2F").replace("#", "%23")


def canonical_path(path: str) -> str:
    """A decoded path as a canonical target."""
    return "/".join(segment(part) for part in path.split("/"))


def name_of(part: str) -> str:
    """The name that a segment of a canonical path stands for."""
    return part.replace("%23", "#").replace("%2F", "/").replace("%25", "%")


def write_target(target: str) -> str:
    """Write a canonical target as a link's destination."""
    encoded = _WRITE.sub(lambda m: "".join(f"%{byte:02X}" for byte in m[0].encode()), target)
    if _REFUSED.match(encoded):
        encoded = encoded.replace(":", "%3A", 1)
    return _ENTITY.sub("&amp;", encoded)


def write_href(target: str) -> str:
    """Write a canonical target as the value of an HTML attribute."""
    return html.escape(target)


def url(target: str) -> str:
    """A canonical URL as storage spells new ones."""
    return target.replace(" ", "%20")


def anchor(heading: str) -> str:
    """The anchor that Confluence Cloud gives a heading: its words, joined."""
    return heading.strip().replace(" ", "-")


def slug(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    return _SLUG_DROP.sub("", heading.strip().lower()).replace(" ", "-")


def _decoded(escapes: str) -> str:
    try:
        return unquote(escapes, errors="strict")
    except UnicodeDecodeError:
        return escapes
