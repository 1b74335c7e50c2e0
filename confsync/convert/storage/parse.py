"""Storage format as a tree of exact spans.

A body is an XML fragment with the XHTML entities and undeclared prefixes. A lexer of one expression finds the
tags, comments and sections; it looks at nothing else, because expat then says whether the body is XML at all.
Text and attributes are read from the source, so that no byte is decoded before it is needed.
"""

import html
import re
from collections.abc import Iterator
from functools import lru_cache
from html.entities import name2codepoint
from pyexpat import ErrorString, ExpatError, ParserCreate
from typing import Final

from confsync.errors import MalformedStorage

MAX_DEPTH: Final = 100
"""Elements inside each other; real pages stay below 40."""
MAX_SIZE: Final = 20_000_000
"""Characters of a body; Confluence itself refuses more than 5 MB."""

_PROLOGUE = b"<!DOCTYPE r SYSTEM 'x'><r>"
_START, _END, _TORN = 1, 2, 3
_MARKUP = re.compile(
    r"""<(?:
        ([^\s/>!?]++)[^>"']*+(?:(?:"[^"]*+"|'[^']*+')[^>"']*+)*+>
      | (/)[^>]*+>
      | !--.*?--> | !\[CDATA\[.*?\]\]> | \?.*?\?>
      | ()
    )""",
    re.DOTALL | re.VERBOSE,
)
"""One piece of markup. Nothing in it backtracks, and a torn one ends the lexing: time is linear."""
_ATTRIBUTE = re.compile(r"""\s([^\s=<>"'/]++)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)')""")
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]*);")
_LITERAL = re.compile(r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>", re.DOTALL)
"""Where an ampersand is no more than that."""
_KNOWN = frozenset(name2codepoint) | {"apos"}
_NOT_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")


class Node:
    """One element. `source[start:open_end]` is its start tag, `source[close_start:end]` its end tag."""

    __slots__ = ("close_start", "end", "kids", "open_end", "start", "tag")

    def __init__(self, tag: str, start: int, open_end: int) -> None:
        self.tag = tag
        self.start = start
        self.open_end = self.close_start = self.end = open_end
        self.kids: list[Node] = []


def descendants(root: Node) -> Iterator[Node]:
    """Every element below one, in document order."""
    stack = list(reversed(root.kids))
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(node.kids))


def parse(source: str) -> Node:
    """Parse a body; the root's kids are the top-level elements.

    Raises:
        MalformedStorage: it is not well-formed, nests too deeply, or names an unknown entity.
    """
    if len(source) > MAX_SIZE:
        raise MalformedStorage(f"the body is longer than {MAX_SIZE} characters")
    root = _tree(source)
    # What the lexer cannot pair, expat cannot either, and it can say why.
    check_well_formed(source)
    if root is None:
        raise MalformedStorage("the body is not well-formed")
    return root


def _tree(source: str) -> Node | None:
    """The elements by their tags alone; None where these do not pair up.

    Raises:
        MalformedStorage: they nest too deeply.
    """
    node = root = Node("", 0, 0)
    stack: list[Node] = []
    for found in _MARKUP.finditer(source):
        kind = found.lastindex
        if kind == _START:
            start, end = found.span()
            inside = Node(found[_START], start, end)
            node.kids.append(inside)
            if source[end - 2] != "/":
                stack.append(node)
                node = inside
                if len(stack) > MAX_DEPTH:
                    raise MalformedStorage(f"elements nest more than {MAX_DEPTH} deep")
        elif kind == _END:
            node.close_start, node.end = found.span()
            if not stack:
                return None
            node = stack.pop()
        elif kind == _TORN:
            return None
    root.close_start = root.end = len(source)
    return None if stack else root


def check_well_formed(source: str) -> None:
    """Whether a body is XML, and names only entities that Confluence knows; also the gate of what leaves.

    Raises:
        MalformedStorage: it could not be read; the message says where.
    """
    odd = None if source.isascii() else _odd(source)
    if odd is not None:
        raise MalformedStorage(f"the body holds a character that XML forbids: U+{ord(odd[0]):04X}")
    parser = ParserCreate("utf-8")
    # With a DTD that is never read, entities that it might define are no errors.
    parser.UseForeignDTD(True)  # noqa: FBT003  (a C function without keywords)
    try:
        # One `?` for each character beyond ASCII: expat's offsets are offsets into the string.
        parser.Parse(_PROLOGUE + source.encode("ascii", "replace") + b"</r>", True)  # noqa: FBT003
    except ExpatError as error:
        raise MalformedStorage(_explained(source, error, parser.ErrorByteIndex - len(_PROLOGUE))) from error
    if not _KNOWN.issuperset(_NAMED.findall(source)):
        for name in _NAMED.findall(_LITERAL.sub("", source)):
            if name not in _KNOWN:
                raise MalformedStorage(f"unknown entity &{name};")


def _odd(source: str) -> re.Match[str] | None:
    """The first character that has no place in XML."""
    try:
        source.encode()
    except UnicodeEncodeError:
        return _NOT_XML.search(source)
    # The two that Python can encode; looking for them is much faster than the search.
    return _NOT_XML.search(source) if "\ufffe" in source or "\uffff" in source else None


def _explained(source: str, error: ExpatError, at: int) -> str:
    before = source[: max(0, at)]
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return f"the body is not well-formed: {ErrorString(error.code)} (line {line}, column {column})"


def attributes(source: str, node: Node) -> dict[str, str]:
    """The attributes of an element, decoded, in source order."""
    if node.open_end - node.start == len(node.tag) + len("<>"):
        return {}
    return dict(_attributes(source[node.start : node.open_end]))


def start_tag_attributes(tag: str) -> dict[str, str]:
    """The attributes of a start tag given as text, decoded."""
    return dict(_attributes(tag))


@lru_cache(maxsize=4096)
def _attributes(tag: str) -> dict[str, str]:
    found = {name: double or single for name, double, single in _ATTRIBUTE.findall(tag)}
    if "&" in tag:
        return {name: html.unescape(value) for name, value in found.items()}
    return found


def forget_attributes() -> None:
    """Forget the start tags that were read."""
    _attributes.cache_clear()


def children(node: Node, tag: str) -> Iterator[Node]:
    """Child elements with this tag."""
    return (kid for kid in node.kids if kid.tag == tag)


def child(node: Node, tag: str) -> Node | None:
    """The first child element with this tag."""
    for kid in node.kids:
        if kid.tag == tag:
            return kid
    return None
