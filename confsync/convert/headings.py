"""The headings of a page by the anchors that GitHub gives them, so that links can name them."""

import re
from collections.abc import Iterable, Mapping

from confsync.convert.markdown.target import slug
from confsync.convert.storage.text import decode
from confsync.convert.tree import SPACE, TOKEN, Item, fields_of

_HEADING = re.compile(r"<h([1-6])\b[^>]*>(.*?)</h\1>", re.DOTALL)
_MACRO = re.compile(r"<ac:structured-macro\b.*?(?:/>|</ac:structured-macro>)", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def headings_of(storage: str) -> Mapping[str, str]:
    """The text of each heading of a body by its anchor; of equal ones the first."""
    texts = (decode(_TAG.sub("", _MACRO.sub("", found[2]))) for found in _HEADING.finditer(storage))
    return _by_slug(" ".join(text.split()) for text in texts)


def headings_in(items: Iterable[Item]) -> Mapping[str, str]:
    """The same for blocks that were read."""
    headings = (item for top in items for item in top.walk() if item.kind == "heading")
    return _by_slug(_text(item) for item in headings)


def _by_slug(texts: Iterable[str]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        if slug(text):
            found.setdefault(slug(text), text)
    return found


def _text(item: Item) -> str:
    words = []
    for atom in item.atoms or ():
        if atom == SPACE or atom[0] > TOKEN:
            words.append(atom)
        elif atom[0] == TOKEN and fields_of(atom)[0] == "code":
            words.append(fields_of(atom)[1])
    return "".join(words)
