"""Cut well-formed storage into tags, texts, CDATA sections and comments, without losing a byte."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

_TOKEN = re.compile(
    r"(?P<comment><!--.*?-->)"
    r"|(?P<cdata><!\[CDATA\[.*?\]\]>)"
    r"|(?P<instruction><\?.*?\?>)"
    r"|(?P<tag><(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>)"
    r"|(?P<text>[^<]+)",
    re.DOTALL,
)
_NAME = re.compile(r"</?([^\s/>]+)")
_ATTRIBUTE = re.compile(r"([^\s=/<>\"']+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


class Kind(Enum):
    """What a token is."""

    OPEN = auto()
    CLOSE = auto()
    EMPTY = auto()
    TEXT = auto()
    CDATA = auto()
    COMMENT = auto()
    INSTRUCTION = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of the source; joining the sources of all tokens gives the document."""

    kind: Kind
    source: str
    start: int

    @property
    def name(self) -> str:
        """The element's name; empty for anything but tags."""
        found = _NAME.match(self.source) if self.kind in (Kind.OPEN, Kind.CLOSE, Kind.EMPTY) else None
        return found.group(1) if found else ""

    @property
    def attributes(self) -> dict[str, str]:
        """Attributes in order, values as spelt between the quotes."""
        return {
            m.group(1): m.group(2) if m.group(2) is not None else m.group(3)
            for m in _ATTRIBUTE.finditer(self.source, len(self.name) + 1)
        }


_KINDS = {
    "comment": Kind.COMMENT,
    "cdata": Kind.CDATA,
    "instruction": Kind.INSTRUCTION,
    "text": Kind.TEXT,
}


def tokens(body: str) -> Iterator[Token]:
    """Yield the tokens of a well-formed fragment in order."""
    for match in _TOKEN.finditer(body):
        source = match.group()
        kind = _KINDS.get(str(match.lastgroup)) or _tag_kind(source)
        yield Token(kind, source, match.start())


def _tag_kind(source: str) -> Kind:
    if source.startswith("</"):
        return Kind.CLOSE
    return Kind.EMPTY if source.endswith("/>") else Kind.OPEN


def spell(name: str, attributes: dict[str, str], *, empty: bool) -> str:
    """Write a tag the way the server does: double quotes, one space, ` />`."""
    said = "".join(' {}="{}"'.format(key, value.replace('"', "&quot;")) for key, value in attributes.items())
    return f"<{name}{said}{' /' if empty else ''}>"
