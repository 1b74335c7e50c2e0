"""What a text says in signs of its own, taken into the blocks it speaks of; what says nothing, left out."""

from collections.abc import Sequence

from confsync.convert.tree import Item


def tidied(items: Sequence[Item]) -> list[Item]:
    """Blocks without signs that stand for a table's header column, and without quotes of nothing."""
    out: list[Item] = []
    column = False
    for item in items:
        if item.kind == "header-column":
            column = True
            continue
        if item.children and _holds_signs(item.children):
            item.children = tidied(item.children)
            item.seal()
        if item.kind == "quote" and not item.children:
            continue
        if column and item.kind == "table":
            item.bare = True
        column = False
        out.append(item)
    return out


def _holds_signs(items: Sequence[Item]) -> bool:
    return any(
        item.kind in ("header-column", "quote") or (item.children and _holds_signs(item.children))
        for item in items
    )
