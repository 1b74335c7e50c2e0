"""Header cells that are bold from edge to edge: a header is bold by itself, so the mark is not shown."""

from confsync.convert.storage.leaf import hide, units
from confsync.convert.tree import CLOSE, OPEN, Item

HEAD = "head"
"""The kind of such an invisible mark."""


def hide_bold(row: Item) -> None:
    """Hide what makes whole cells of a header row bold."""
    for cell in row.children or ():
        inside = cell.children or []
        if len(inside) == 1 and inside[0].kind == "paragraph" and inside[0].entries:
            _hide_whole(inside[0])


def is_bold(cell: Item) -> bool:
    """Whether a cell of the base is one whose mark is hidden."""
    return any(mark.kind == HEAD for kid in cell.children or () for mark in kid.marks)


def _hide_whole(leaf: Item) -> None:
    entries = leaf.entries
    shown = [index for index, entry in enumerate(entries) if entry.atom]
    first, last = shown[0], shown[-1]
    if entries[first].atom != OPEN + "strong" or entries[last].atom != CLOSE + "strong":
        return
    if any(entries[at].form or entries[at].hidden for at in (first, last)) or not _is_one(leaf, first, last):
        return
    hide(entries, first, last, leaf.marks)
    leaf.marks[-1].kind = HEAD
    leaf.entries = [entry for entry in entries if entry.form != "gone"]
    leaf.atoms = [atom for atom, _, _ in units(leaf.entries)]


def _is_one(leaf: Item, first: int, last: int) -> bool:
    """Whether the mark that opens first is the one that closes last."""
    depth = 0
    for index in range(first, last):
        sign = leaf.entries[index].atom[:1]
        depth += (sign == OPEN) - (sign == CLOSE)
        if depth == 0:
            return False
    return True
