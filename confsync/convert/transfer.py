"""Bodies that go somewhere else: to pages that have been given new ids, or live in another space.

Only what Confluence reads as a reference changes: attributes of links and the page parameters of macros. Text
and code that merely look like an address stay. Forms: `ri:content-id`, `ri:space-key` beside a title, page
addresses (`…/spaces/KEY/pages/ID/…`, `…pageId=ID`), and the macro parameters named below.
"""

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from confsync.convert.storage.parse import Node, descendants, parse
from confsync.convert.storage.text import decode
from confsync.errors import MalformedStorage
from confsync.model.ids import PageId, SpaceKey

_ATTRIBUTE = re.compile(
    r"""(?P<name>[^\s=<>"'/]+)(?P<is>\s*=\s*)(?P<quote>["'])(?P<value>.*?)(?P=quote)""", re.DOTALL
)
_IN_ADDRESS = re.compile(
    r"(?P<lead>/pages/(?:viewpage\.action\?(?:[^#\s]*&)?pageId=)?|[?&]pageId=)(?P<id>\d+)(?!\d)"
)
_SPACE_IN_ADDRESS = re.compile(r"(?P<lead>/(?:spaces|display)/)(?P<key>[^/?#]+)(?=[/?#]|$)")
_MARKER = "ac:inline-comment-marker"
_PAGE_PARAMETERS = frozenset({"pageId", "contentId", "page-id", "content-id"})


@dataclass(frozen=True, slots=True)
class Removal:
    """Where pages went."""

    ids: Mapping[PageId, PageId]
    """New id by old id, of those that changed."""
    sites: Mapping[str, str] = field(default_factory=dict)
    """New site by old site, `https://host/wiki` without a trailing slash, of links in full."""
    spaces: Mapping[SpaceKey, SpaceKey] = field(default_factory=dict)
    """New space by old space, for links to pages that came along."""
    titles: frozenset[str] = frozenset()
    """The titles that came along, as the server spells them."""


def renumber(storage: str, removal: Removal) -> str:
    """Rewrite the references of a body; one that is not well-formed comes back as it is."""
    if not removal.ids and not removal.spaces:
        return storage
    try:
        root = parse(storage)
    except MalformedStorage:
        return storage
    return _spliced(storage, _edits(storage, root, removal))


def without_inline_comments(storage: str) -> str:
    """A body whose comments stay behind: the markers go, the marked text stays."""
    try:
        root = parse(storage)
    except MalformedStorage:
        return storage
    markers = (node for node in descendants(root) if node.tag == _MARKER)
    spans = sorted(span for node in markers for span in _tags(node))
    return _spliced(storage, ((start, end, "") for start, end in spans))


def _spliced(source: str, edits: Iterable[tuple[int, int, str]]) -> str:
    """The source with spans replaced; they come in order."""
    pieces: list[str] = []
    at = 0
    for start, end, text in edits:
        pieces += [source[at:start], text]
        at = end
    return "".join(pieces) + source[at:]


def _tags(node: Node) -> tuple[tuple[int, int], tuple[int, int]]:
    return (node.start, node.open_end), (node.close_start, node.end)


def _edits(source: str, root: Node, removal: Removal) -> Iterator[tuple[int, int, str]]:
    """Spans to replace, in document order."""
    for node in descendants(root):
        tag = source[node.start : node.open_end]
        new = _tag(node.tag, tag, removal)
        if new != tag:
            yield node.start, node.open_end, new
        if node.tag == "ac:parameter" and not node.kids:
            yield from _parameter(source, node, tag, removal)


def _parameter(source: str, node: Node, tag: str, removal: Removal) -> Iterator[tuple[int, int, str]]:
    named = _ATTRIBUTE.search(tag)
    value = source[node.open_end : node.close_start].strip()
    if named and named["value"] in _PAGE_PARAMETERS and PageId(value) in removal.ids:
        yield node.open_end, node.close_start, removal.ids[PageId(value)]


def _tag(name: str, tag: str, removal: Removal) -> str:
    if name == "ri:content-entity":
        return _replaced(tag, "ri:content-id", lambda value: removal.ids.get(PageId(value), value))
    if name in ("ri:page", "ri:blog-post"):
        return _respaced(tag, removal)
    if name == "ri:url":
        return _replaced(tag, "ri:value", lambda value: _address(value, removal))
    if name == "a":
        return _replaced(tag, "href", lambda value: _address(value, removal))
    return tag


def _respaced(tag: str, removal: Removal) -> str:
    """A link by title goes with the title: where the page did not come along, it still means the old one."""
    title = next(
        (decode(found["value"]) for found in _ATTRIBUTE.finditer(tag) if found["name"] == "ri:content-title"),
        "",
    )
    if title not in removal.titles:
        return tag
    return _replaced(tag, "ri:space-key", lambda key: removal.spaces.get(SpaceKey(key), key))


def _replaced(tag: str, name: str, change: Callable[[str], str]) -> str:
    def one(found: re.Match[str]) -> str:
        if found["name"] != name:
            return found[0]
        value = decode(found["value"])
        new = change(value)
        return (
            found[0]
            if new == value
            else f"{name}{found['is']}{found['quote']}{html.escape(new)}{found['quote']}"
        )

    return _ATTRIBUTE.sub(one, tag)


def _address(address: str, removal: Removal) -> str:
    """An address of a page that came along; any other is left alone, whatever numbers it holds."""
    found = _IN_ADDRESS.search(address)
    if found is None or PageId(found["id"]) not in removal.ids or not _ours(address, removal):
        return address
    new = f"{address[: found.start('id')]}{removal.ids[PageId(found['id'])]}{address[found.end('id') :]}"
    new = _SPACE_IN_ADDRESS.sub(
        lambda m: m["lead"] + removal.spaces.get(SpaceKey(m["key"]), m["key"]), new, count=1
    )
    old_site = next((site for site in removal.sites if new.startswith(f"{site}/")), None)
    return new if old_site is None else removal.sites[old_site] + new[len(old_site) :]


def _ours(address: str, removal: Removal) -> bool:
    """Whether an address lies on the site the pages come from: ids of other sites mean other pages."""
    return address.startswith("/") or any(address.startswith(f"{site}/") for site in removal.sites)
