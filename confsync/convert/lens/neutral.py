"""The neutral tree that the merge compares."""

from collections.abc import Iterator, Sequence

from confsync.convert.cells import is_simple
from confsync.convert.tree import Item
from confsync.model.block import Block, Word

BOUNDARY = "\x1d"
"""The word between two blocks of something that is compared as one leaf: a cell that stands on one line."""


def neutral(items: Sequence[Item]) -> tuple[Block, ...]:
    """Items read from Markdown as neutral blocks.

    Where spans of children cannot be told apart (a cell on one line, HTML rows on one line) the block is a
    leaf whose words are those of all its children.
    """
    return tuple(_block(item) for item in items if item.kind != "header-column")


def _block(item: Item) -> Block:
    children = () if item.kind == "cell" and is_simple(item) else neutral(item.children or ())
    if not _nested(children, item.span):
        children = ()
    return Block(
        kind=item.kind,
        shell=item.shell(),
        key=item.key,
        span=item.span,
        prefix=item.prefix,
        words=() if children else tuple(_words(item)),
        children=children,
    )


def _words(item: Item) -> Iterator[Word]:
    if item.atoms is not None:
        yield from item.atoms
    elif item.text is not None:
        yield from item.text.splitlines(keepends=True)
    for index, child in enumerate(item.children or ()):
        if index or child.kind not in ("paragraph", "item"):
            yield BOUNDARY + child.kind
        yield from _words(child)


def _nested(children: Sequence[Block], span: tuple[int, int]) -> bool:
    """Whether children lie inside their parent, one behind the other."""
    at = span[0]
    for child in children:
        if child.span[0] < at or child.span[1] < child.span[0]:
            return False
        at = child.span[1]
    return at <= span[1]
