"""What stands behind a placeholder: the bytes that Markdown does not show are in the page's record."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from confsync.convert import get
from confsync.convert.markdown.directive import Directive
from confsync.convert.storage.page import Page
from confsync.convert.storage.parse import Node as Element
from confsync.convert.storage.parse import parse
from confsync.convert.storage.text import decode
from confsync.errors import MalformedStorage, RecordError
from confsync.model.ids import PageId
from confsync.model.links import Links
from confsync.site.source import read_record

_MACROS = frozenset({"ac:structured-macro", "ac:macro"})
_TEXT = "ac:plain-text-body"
_RICH = "ac:rich-text-body"


@dataclass(frozen=True, slots=True)
class Behind:
    """What a placeholder stands for."""

    macro: Directive | None = None
    """The macro with all its parameters; None where it is something else."""
    storage: str = ""
    """The body of the macro as storage, or all of what is no macro."""
    text: str = ""
    """The plain body of the macro."""


class Bases:
    """Looks behind placeholders.

    Args:
        base: where the records lie.
        space: the key of the space, for pages named without one.
    """

    def __init__(self, base: Path, space: str) -> None:
        self._base = base
        self._space = space
        self._bytes = lru_cache(maxsize=8)(self._read)

    def behind(self, found: Directive, page: PageId | None) -> Behind | None:
        """Return what the placeholder of a page stands for; None where nobody knows."""
        raw = self._bytes(page).get(found.id) if page and found.id else None
        return behind(raw, found, self._space) if raw else None

    def _read(self, page: PageId) -> Mapping[str, str]:
        try:
            record = read_record(self._base, page)
        except (RecordError, OSError):
            return {}
        return placeholders(record.page.body, self._space) if record else {}


def placeholders(storage: str, space: str) -> Mapping[str, str]:
    """Return the bytes behind each `#id` of a body, also of those within others."""
    return get(storage, Links(space=space)).placeholders


def behind(raw: str, found: Directive, space: str) -> Behind | None:
    """Read the bytes of a placeholder."""
    try:
        kids = parse(raw).kids
    except MalformedStorage:
        return None
    if len(kids) != 1 or kids[0].tag not in _MACROS:
        return Behind(storage=raw)
    page, node = Page(raw, Links(space=space)), kids[0]
    attributes: list[tuple[str, str | None]] = []
    target = None
    for kid in node.kids:
        if kid.tag == "ac:parameter":
            name = page.attributes(kid).get("ac:name", "") or "default"
            value, page_of = _value(page, kid, space)
            attributes.append((name, value))
            target = page_of or target
    name = page.attributes(node).get("ac:name", "")
    bodies = {kid.tag: page.inside(kid) for kid in node.kids if kid.tag in (_TEXT, _RICH)}
    macro = replace(found, name=name, target=target, attributes=tuple(attributes), label=_title(attributes))
    return Behind(macro, bodies.get(_RICH, ""), _plain(bodies.get(_TEXT, "")))


def _title(attributes: list[tuple[str, str | None]]) -> str | None:
    return next((value for name, value in attributes if name == "title"), None)


def _value(page: Page, parameter: Element, space: str) -> tuple[str, str | None]:
    """The text of a parameter, and the page it leads to, as a link's target."""
    resources = [one for kid in parameter.kids for one in (kid, *kid.kids) if one.tag.startswith("ri:")]
    if not resources:
        return decode(page.inside(parameter)), None
    first = page.attributes(resources[0])
    match resources[0].tag:
        case "ri:page" | "ri:blog-post":
            title = first.get("ri:content-title", "")
            key = first.get("ri:space-key", space)
            return title, f"confluence:page/{_segment(key)}/{_segment(title)}"
        case "ri:attachment":
            return first.get("ri:filename", ""), None
        case "ri:user":
            return first.get("ri:account-id") or first.get("ri:userkey") or "", None
        case _:
            return first.get("ri:value", ""), None


def _segment(text: str) -> str:
    return text.replace("%", "%25").replace("/", "%2F").replace("#", "%23")


def _plain(raw: str) -> str:
    return raw.replace("<![CDATA[", "").replace("]]>", "") if "<![CDATA[" in raw else decode(raw)
