"""Characters of storage: entities in, entities out in the page's own spelling."""

import html
import re
from collections.abc import Mapping
from html.entities import codepoint2name, name2codepoint

_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]*);")
_CHARACTERS = {f"&{name};": chr(code) for name, code in name2codepoint.items()} | {"&apos;": "'"}
_SPECIAL = re.compile(r"[&<>]")
_PIECE = re.compile(r"&[^;\s]{1,40};|<br\b[^>]*>|.", re.DOTALL)

VOLATILE = re.compile(
    r"""\s(?:ac:macro-id|ac:local-id|local-id|ri:local-id|ri:version-at-save|ac:schema-version|ac:task-list-id"""
    r"""|data-local-id|xmlns:\w+)\s*=\s*(?:"[^"]*"|'[^']*')"""
)
"""Attributes that a server changes by itself, or that say nothing of the content."""

IDENTITY = re.compile(
    r"""\s(?:ac:macro-id|ac:local-id|local-id|ri:local-id|ac:task-list-id)\s*=\s*(?:"[^"]*"|'[^']*')"""
)
"""Attributes that must stay unique on a page."""

_TASK_IDENTITY = re.compile(r"<ac:task-(id|uuid)>[^<]*</ac:task-\1>\s*")
_COMMENT_MARKER = re.compile(r"</?ac:inline-comment-marker\b[^>]*>")
_CDATA = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
_EMPTY_TAG = re.compile(r"\s*/>")


def decode(raw: str) -> str:
    """The characters that text of storage stands for."""
    if "&" not in raw:
        return raw
    return html.unescape(raw) if "&#" in raw else _NAMED.sub(_character, raw)


def _character(found: re.Match[str]) -> str:
    return _CHARACTERS.get(found[0], found[0])


def normalised(raw: str) -> str:
    """Bytes without what servers change by themselves: the same content gives the same text."""
    return _EMPTY_TAG.sub("/>", VOLATILE.sub("", raw))


def without_identity(raw: str) -> str:
    """A copy's bytes: ids that must be unique, and comment markers, stay with the original; code is code."""
    parts = _CDATA.split(raw)
    parts[::2] = [
        _COMMENT_MARKER.sub("", _TASK_IDENTITY.sub("", IDENTITY.sub("", part))) for part in parts[::2]
    ]
    return "".join(parts)


def cdata(text: str) -> str:
    """Text as CDATA, split where it holds the end mark."""
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"


class Spelling:
    """Which characters a page writes as named entities; what is added is spelt likewise."""

    def __init__(self, source: str) -> None:
        self._names: dict[str, str] = {"\xa0": "&nbsp;"}
        for name in set(_NAMED.findall(source)):
            char = chr(name2codepoint.get(name, 0))
            if char not in "\x00&<>\"'":
                self._names[char] = f"&{name};"
        self._pattern = re.compile("[" + "".join(map(re.escape, self._names)) + "&<>]")

    def encode(self, text: str) -> str:
        """Write characters as text of an element."""
        return self._pattern.sub(self._one, text)

    def attribute(self, value: str) -> str:
        """Write characters as an attribute's value, without the quotes."""
        escaped = _SPECIAL.sub(lambda m: _XML[m[0]], value)
        return escaped.replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")

    def revise(self, raw: str, old: str, new: str) -> str:
        """Turn `raw`, which spells `old`, into a spelling of `new` that keeps what both have in common."""
        pieces = _PIECE.findall(raw)
        if len(pieces) != len(old):
            return self.encode(new)
        head = 0
        while head < min(len(old), len(new)) and old[head] == new[head]:
            head += 1
        tail = 0
        while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
            tail += 1
        middle = self.encode(new[head : len(new) - tail])
        return "".join(pieces[:head]) + middle + "".join(pieces[len(pieces) - tail :])

    def _one(self, found: re.Match[str]) -> str:
        return _XML.get(found[0]) or self._names[found[0]]


_XML: Mapping[str, str] = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}

ENTITY_NAMES = codepoint2name
