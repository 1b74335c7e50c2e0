"""What a placeholder says of itself: its kind, and the words by which people know it."""

import re
from collections.abc import Iterator

from confsync.convert.rules.parameters import parameters
from confsync.convert.storage.page import Page
from confsync.convert.storage.parse import Node
from confsync.convert.storage.text import decode

MACROS = frozenset(("ac:structured-macro", "ac:macro"))
"""The elements that are a macro: today's, and that of the first storage format."""
LABEL_LIMIT = 60
"""Characters; a label is no place for a text."""

_TELLING = (
    "title", "jqlQuery", "cql", "name", "diagramName", "diagramDisplayName", "displayName", "filename",
    "page", "url",
    "pageTitle", "root", "spaceKey", "", "default", "key", "src", "location", "user", "id",
)  # fmt: skip
"""The parameters that people know a macro by, the most telling first."""
_RESOURCE = ("ri:filename", "ri:content-title", "ri:value", "ri:space-key", "ri:content-id", "ri:account-id")
_ADF_TELLING = ("text", "extension-title", "title")
_TAG = re.compile(r"<[^>]*>")
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_LOOK = 2000


def label_of(page: Page, node: Node) -> str:
    """`kind: words` for any element that Markdown cannot say; only the kind where there are no words."""
    kind, words = _kind(page, node), " ".join(_words(page, node).split())
    if len(words) > LABEL_LIMIT:
        words = words[: LABEL_LIMIT - 1].rstrip() + "…"
    return f"{kind}: {words}" if words else kind


def _kind(page: Page, node: Node) -> str:
    if node.tag in MACROS:
        return page.attributes(node).get("ac:name", "") or "macro"
    if node.tag == "ac:adf-extension" and node.kids:
        return page.attributes(node.kids[0]).get("type", "") or "adf-extension"
    return node.tag.partition(":")[2] or node.tag


def _words(page: Page, node: Node) -> str:
    if node.tag in MACROS:
        return _macro_words(page, node)
    if node.tag == "ac:adf-extension":
        said = dict(_adf_attributes(page, node))
        return next((said[key] for key in _ADF_TELLING if said.get(key)), "")
    named = page.attributes(node).get("at:name") or page.attributes(node).get("at:key")
    if named:
        return named
    raw = _CDATA.sub(lambda m: m[1], page.inside(node)[:_LOOK])
    return decode(_TAG.sub(" ", raw)).partition("<")[0]


def _macro_words(page: Page, node: Node) -> str:
    said: dict[str, str] = {}
    for one in parameters(page, node):
        said.setdefault(one.name, one.value if one.value is not None else _resource(page, one.node))
    return next((said[name] for name in _TELLING if said.get(name, "").strip()), "")


def _resource(page: Page, node: Node) -> str:
    """The name of the page, file, person, space or address that a parameter holds."""
    for kid in node.kids:
        found = page.attributes(kid)
        value = next((found[name] for name in _RESOURCE if found.get(name)), "")
        value = page.links.users.get(value, value) or _resource(page, kid)
        if value:
            return value
    return ""


def _adf_attributes(page: Page, node: Node) -> Iterator[tuple[str, str]]:
    for kid in node.kids[:1]:
        for one in kid.kids:
            if one.tag == "ac:adf-attribute" and not one.kids:
                yield page.attributes(one).get("key", ""), decode(page.inside(one))
