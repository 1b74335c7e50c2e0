"""Blocks seen as pieces of their text: what is whose, and what stands between them.

Between the children of a container stand line ends, the prefixes of its lines (`> `, indentation) and
sometimes text that is no block: comments that stay local, the separator of two lists, a table's delimiter
row. Such text becomes a node of kind `GAP`, so that it keeps its place among its neighbours.
"""

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise

from confsync.merge.side import Side
from confsync.model.block import Block

GAP = "gap"
"""The kind of text between blocks."""

ROOT = "document"


class Node:
    """A block of one side. Compared by identity: `key` says what it says."""

    def __init__(self, text: str, block: Block, *, is_root: bool = False) -> None:
        self.text = text
        self.kind = block.kind
        self.shell = block.shell
        self.key = block.key
        self.words = block.words
        self.prefix = block.prefix
        self.start, self.end = block.span if is_root else _trimmed(text, block)
        self._blocks = block.children
        self._is_root = is_root

    @property
    def source(self) -> str:
        """Its own bytes, prefixes of later lines included."""
        return self.text[self.start : self.end]

    @property
    def bare(self) -> str:
        """Its source without prefixes and with line feeds only: as it would stand at the top."""
        return reprefixed(self.source, self.prefix, "", "\n")

    @cached_property
    def children(self) -> list["Node"]:
        """Blocks inside, and the gaps between them that hold text; none where they cannot be told apart."""
        blocks = [Node(self.text, block) for block in self._blocks]
        if any(a.end > b.start for a, b in pairwise(blocks)):
            return []
        if self.is_inline or not (blocks or self._is_root):
            return blocks
        edges = [(a.end, b.start, b.prefix) for a, b in pairwise(blocks)]
        if self._is_root:
            first, last = (blocks[0].start, blocks[-1].end) if blocks else (self.end, self.end)
            edges = [(self.start, first, ""), *edges, (last, self.end, "")]
        gaps = [gap for edge in edges for gap in _gaps(self.text, *edge)]
        return sorted([*blocks, *gaps], key=lambda node: node.start)

    @cached_property
    def is_inline(self) -> bool:
        """Whether children share lines, as the cells of a pipe table do."""
        spans = [_trimmed(self.text, block) for block in self._blocks]
        return any("\n" not in self.text[a[1] : b[0]] for a, b in pairwise(spans))

    @cached_property
    def is_grid(self) -> bool:
        """Whether its children are rows of cells that share lines: no cell can come or go alone."""
        return not self.is_inline and any(child.is_inline for child in self.children)

    @property
    def head(self) -> str:
        """What stands before the first child."""
        return self.text[self.start : self.children[0].start] if self.children else self.source

    @property
    def tail(self) -> str:
        """What stands behind the last child."""
        return self.text[self.children[-1].end : self.end] if self.children else ""

    @cached_property
    def bag(self) -> "Counter[str]":
        """What is said anywhere inside, to tell how alike two nodes are."""
        words = Counter(word for word in self.words if not word.isspace())
        for block in self._blocks:
            words.update(Node(self.text, block).bag)
        return words


def root(side: Side) -> Node:
    """Return the node of a whole text."""
    whole = Block(ROOT, "", "", (0, len(side.text)), children=side.blocks)
    return Node(side.text, whole, is_root=True)


def newline_of(text: str) -> str:
    """Return the line end that a text uses most."""
    return "\r\n" if text.count("\r\n") * 2 > text.count("\n") else "\n"


def reprefixed(text: str, old: str, new: str, newline: str) -> str:
    """Exchange what stands before every line but the first.

    A line without the old prefix (lazy continuation, a blank line without its trailing space) loses as much
    of it as it has.
    """
    first, *rest = text.replace("\r\n", "\n").split("\n")
    lines = [first]
    for line in rest:
        body = line.removeprefix(old) if line.startswith(old) else _without_part(line, old)
        lines.append(new + body if body else new.rstrip())
    return newline.join(lines)


def _without_part(line: str, prefix: str) -> str:
    if not line.strip(prefix + " \t"):
        return ""
    same = 0
    while same < min(len(line), len(prefix)) and line[same] == prefix[same]:
        same += 1
    return line[same:]


def _trimmed(text: str, block: Block) -> tuple[int, int]:
    """Return a block's span without the prefix of its first line and without line ends behind it."""
    start, end = block.span
    while end > start and text[end - 1] in "\r\n":
        end -= 1
    at_line_start = start == 0 or text[start - 1] == "\n"
    if block.prefix and at_line_start and text.startswith(block.prefix, start, end):
        start += len(block.prefix)
    return start, end


def _gaps(text: str, start: int, end: int, prefix: str) -> Iterator[Node]:
    """Find the runs of lines with text between two blocks."""
    run: tuple[int, int] | None = None
    at = start
    for line in text[start:end].splitlines(keepends=True):
        body = line.rstrip("\r\n")
        skipped = len(body) - len(body.removeprefix(prefix)) if at > start or start == 0 else 0
        if body[skipped:].strip() and body.strip() != prefix.strip():
            run = (run[0] if run else at + skipped, at + len(body))
        elif run:
            yield _gap(text, run, prefix)
            run = None
        at += len(line)
    if run:
        yield _gap(text, run, prefix)


def _gap(text: str, span: tuple[int, int], prefix: str) -> Node:
    said = reprefixed(text[span[0] : span[1]], prefix, "", "\n").strip()
    return Node(text, Block(GAP, "", f"{GAP}:{said}", span, prefix, words=tuple(said.split())))
