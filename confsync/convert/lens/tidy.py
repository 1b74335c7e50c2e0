"""What a text says in signs of its own, taken into the blocks it speaks of; what says nothing, left out."""

from collections.abc import Sequence

from confsync.convert.tree import Item

_HOLLOW = frozenset(("quote", "table"))
_SIGNS = _HOLLOW | {"header-column"}


def tidied(items: Sequence[Item]) -> list[Item]:
    """Blocks without the sign of a header column, and without tables and quotes of nothing."""
    out: list[Item] = []
    column = False
    for item in items:
        if item.kind == "header-column":
            column = True
            continue
        if item.children and _holds_signs(item.children):
            item.children = tidied(item.children)
            item.seal()
        if item.kind in _HOLLOW and not item.children:
            continue
        if column and item.kind == "table":
            item.bare = True
        column = False
        out.append(item)
    return out


def _holds_signs(items: Sequence[Item]) -> bool:
    return any(
        item.kind == "header-column"
        or item.kind in _HOLLOW
        or (item.children and _holds_signs(item.children))
        for item in items
    )
