"""Storage format as a tree of exact spans.

A body is an XML fragment with the XHTML entities and undeclared prefixes. pyexpat validates it and says where
elements begin and end; everything else (text, attributes) is read from the source by these offsets, because
the handlers decode and drop. Characters beyond ASCII are masked by one `?` each before parsing, so that
expat's byte offsets are offsets into the Python string.
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
_LEAD = len(_PROLOGUE)
_DEEPEST = MAX_DEPTH + 2
_TAG_END = re.compile(r"""[^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*>""")
_ATTRIBUTE = re.compile(r"""([^\s=<>"'/]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ENTITY = re.compile(r"&(?:#[0-9]+|#[xX][0-9a-fA-F]+|([A-Za-z][A-Za-z0-9]*));")
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]*);")
_KNOWN = frozenset(name2codepoint) | {"apos"}
_NOT_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")


class Node:
    """One element. `source[start:open_end]` is its start tag, `source[close_start:end]` its end tag."""

    __slots__ = ("close_start", "end", "kids", "open_end", "start", "tag")

    def __init__(self, tag: str, start: int, open_end: int) -> None:
        self.tag = tag
        self.start = start
        self.open_end = open_end
        self.close_start = open_end
        self.end = open_end
        self.kids: list[Node] = []


def parse(source: str) -> Node:
    """Parse a body; the root's kids are the top-level elements.

    Raises:
        MalformedStorage: it is not well-formed, nests too deeply, or names an unknown entity.
    """
    if len(source) > MAX_SIZE:
        raise MalformedStorage(f"the body is longer than {MAX_SIZE} characters")
    odd = _NOT_XML.search(source)
    if odd is not None:
        raise MalformedStorage(f"the body holds a character that XML forbids: U+{ord(odd[0]):04X}")
    return _Builder(source).tree()


def check_well_formed(source: str) -> None:
    """The output gate.

    Raises:
        MalformedStorage: what is about to leave would not be readable.
    """
    odd = _NOT_XML.search(source)
    unknown = set(_NAMED.findall(source)) - _KNOWN
    if odd is not None or unknown:
        # Rare, and perhaps only code that looks like an entity: the tree says exactly what is wrong.
        parse(source)
        return
    parser = ParserCreate("utf-8")
    parser.UseForeignDTD(True)  # noqa: FBT003
    try:
        parser.Parse(_PROLOGUE + source.encode("ascii", "replace") + b"</r>", True)  # noqa: FBT003
    except ExpatError:
        parse(source)


def attributes(source: str, node: Node) -> dict[str, str]:
    """The attributes of an element, decoded, in source order."""
    return dict(_attributes(source[node.start : node.open_end]))


def start_tag_attributes(tag: str) -> dict[str, str]:
    """The attributes of a start tag given as text, decoded."""
    return dict(_attributes(tag))


@lru_cache(maxsize=4096)
def _attributes(tag: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (m[1], html.unescape(value) if "&" in value else value)
        for m in _ATTRIBUTE.finditer(tag)
        for value in (m[2] if m[2] is not None else m[3],)
    )


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


class _Builder:
    """Feeds expat and builds the tree from its offsets."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.root = Node("", 0, 0)
        self.problem = ""
        parser = ParserCreate("utf-8")
        parser.UseForeignDTD(True)  # noqa: FBT003  (a C function without keywords)
        parser.SkippedEntityHandler = self._skipped
        parser.ordered_attributes = True
        parser.specified_attributes = True
        self.parser = parser
        self._handle_elements()

    def _handle_elements(self) -> None:
        """Two closures, as these run for every element."""
        source, parser, stack = self.source, self.parser, [self.root]
        find = source.find

        def start(tag: str, found: list[str]) -> None:
            at = parser.CurrentByteIndex - _LEAD
            end = find(">", at) + 1 if at >= 0 else 0
            if found:
                end = self._tag_end(at, end, found)
            node = Node(tag, max(at, 0), end)
            stack[-1].kids.append(node)
            stack.append(node)
            if len(stack) > _DEEPEST:
                self._stop(f"elements nest more than {MAX_DEPTH} deep")

        def end(_tag: str) -> None:
            node = stack.pop()
            at = parser.CurrentByteIndex - _LEAD
            if at >= node.open_end > 0 and source[node.open_end - 2] != "/":
                node.close_start = at
                node.end = find(">", at) + 1

        parser.StartElementHandler = start
        parser.EndElementHandler = end

    def _tag_end(self, at: int, end: int, found: list[str]) -> int:
        """Where a start tag with attributes ends; its entities are checked, as expat drops unknown ones."""
        raw = self.source[at:end]
        if raw.count('"') != len(found) or "'" in raw:
            # Other quotes, or a `>` inside one.
            closed = _TAG_END.match(self.source, at)
            end = closed.end() if closed else at
            raw = self.source[at:end]
        if "&" in raw:
            self._check_entities(raw)
        return end

    def tree(self) -> Node:
        data = _PROLOGUE + self.source.encode("ascii", "replace") + b"</r>"
        try:
            self.parser.Parse(data, True)  # noqa: FBT003
        except ExpatError as error:
            raise MalformedStorage(self.problem or self._explain(error)) from error
        finally:
            # The handlers hold the parser that holds them.
            self.parser.StartElementHandler = self.parser.EndElementHandler = None
            self.parser.SkippedEntityHandler = None
        if self.problem:
            raise MalformedStorage(self.problem)
        root = self.root.kids[0]
        root.tag = ""
        root.start = root.open_end = 0
        root.close_start = root.end = len(self.source)
        return root

    def _skipped(self, name: str, _is_parameter: bool) -> None:  # noqa: FBT001  (expat's signature)
        if name not in name2codepoint:
            self._stop(f"unknown entity &{name};")

    def _check_entities(self, tag: str) -> None:
        for found in _ENTITY.finditer(tag):
            if found[1] and found[1] not in name2codepoint and found[1] != "apos":
                self._stop(f"unknown entity &{found[1]};")

    def _stop(self, problem: str) -> None:
        self.problem = self.problem or problem
        raise MalformedStorage(problem)

    def _explain(self, error: ExpatError) -> str:
        before = self.source[: max(0, self.parser.ErrorByteIndex - len(_PROLOGUE))]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        return f"the body is not well-formed: {ErrorString(error.code)} (line {line}, column {column})"
