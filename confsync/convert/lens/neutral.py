"""The neutral tree that the merge compares."""

from collections.abc import Sequence

from confsync.convert.tree import Item
from confsync.model.block import Block

_COMMENTS = frozenset(("header-column",))


def neutral(items: Sequence[Item]) -> tuple[Block, ...]:
    """Items read from Markdown as neutral blocks."""
    return tuple(_block(item) for item in items if item.kind not in _COMMENTS)


def _block(item: Item) -> Block:
    words: tuple[str, ...] = ()
    if item.atoms is not None:
        words = tuple(item.atoms)
    elif item.text is not None:
        words = tuple(item.text.splitlines(keepends=True))
    return Block(
        kind=item.kind,
        shell=item.shell(),
        key=item.key,
        span=item.span,
        prefix=item.prefix,
        words=words,
        children=neutral(item.children or ()),
    )
