"""Three texts into one."""

from collections.abc import Sequence

from confsync.merge.body import Merger, Read, reading
from confsync.merge.join import Entry, joined
from confsync.merge.node import GAP, Node, newline_of, reprefixed, root
from confsync.merge.order import Slot
from confsync.merge.pieces import Clash, Piece, assemble, clashes, ours_of
from confsync.merge.sequence import matches
from confsync.merge.side import MarkerLabels, Merged, Side
from confsync.model.block import Block


def merge_text(
    base: Side, local: Side, remote: Side, *, labels: MarkerLabels, read: Read | None = None
) -> Merged:
    """Merge what the remote side changed into the local text.

    Blocks the remote side did not change keep the local text's own bytes; changed ones take the remote text
    (or the words of both), in the local text's line ends, indentation and list marks. Where both sides
    changed the same words, or one deleted what the other edited, the block is a conflict.

    Args:
        base: the last common text; without blocks where there is none.
        local: the file's body, formatted in any way.
        remote: the other side's text in canonical form.
        labels: what stands behind the conflict markers.
        read: reads Markdown into blocks. Where given, the result is read back; where it does not say what it
            should, whole blocks are rewritten, and in the end the whole text is a conflict.
    """
    newline = newline_of(local.text)
    before, ours, theirs = ([block.key for block in side.blocks] for side in (base, local, remote))
    if theirs in (before, ours):
        return Merged(local.text, local.text, local.text)
    their_text = remote.text.replace("\r\n", "\n").replace("\n", newline)
    if ours == before and not local.text.strip():
        return Merged(their_text, their_text, their_text)
    if not before:
        return assemble(_without_base(root(local), root(remote), newline), labels, newline)
    nodes = (root(base), root(local), root(remote))
    for whole in (False, True):
        pieces, keys = _attempt(nodes, Merger(newline, read, whole=whole), newline)
        if read is None or _says(reading(read, ours_of(pieces)), keys):
            return assemble(pieces, labels, newline)
    rest: Piece = their_text if ours == before else Clash(local.text, their_text)
    return assemble([rest], labels, newline)


def _attempt(
    nodes: tuple[Node, Node, Node], merger: Merger, newline: str
) -> tuple[list[Piece], list[str | None]]:
    """Return the merged text, and the keys of its blocks as far as they are known beforehand."""
    base, local, remote = nodes
    entries = merger.entries(base, local, remote)
    head = local.head if local.children else ""
    tail = local.tail if local.children else newline
    if not entries:
        return [""], []
    return [head, *joined(entries, local, remote, newline), tail], [key for e in entries for key in _key(e)]


def _key(entry: Entry) -> list[str | None]:
    slot = entry.slot
    known = slot.local or slot.remote
    if known is None or known.kind == GAP or (entry.optional and not slot.local):
        return []
    if slot.local is None or slot.remote is None or clashes(entry.pieces):
        return [None if clashes(entry.pieces) and not entry.optional else known.key]
    if slot.base is None or slot.base.key == slot.remote.key:
        return [slot.local.key]
    return [slot.remote.key if slot.local.key in (slot.base.key, slot.remote.key) else None]


def _says(found: Sequence[Block] | None, keys: Sequence[str | None]) -> bool:
    if found is None or len(found) != len(keys):
        return False
    return all(want in (None, block.key) for want, block in zip(keys, found, strict=True))


def _without_base(local: Node, remote: Node, newline: str) -> list[Piece]:
    """Merge two texts without a common ancestor: what differs is a conflict, what one lacks is kept."""
    mine, theirs = local.children, remote.children
    entries: list[Entry] = []
    i = j = 0
    for i_next, j_next in [
        *matches([n.key for n in mine], [n.key for n in theirs]),
        (len(mine), len(theirs)),
    ]:
        entries += _unlike(mine[i:i_next], theirs[j:j_next], newline)
        entries += (Entry(Slot(None, node, None), [node.source]) for node in mine[i_next : i_next + 1])
        i, j = i_next + 1, j_next + 1
    tail = local.tail if mine else newline
    return [local.head if mine else "", *joined(entries, local, remote, newline), tail]


def _unlike(mine: Sequence[Node], theirs: Sequence[Node], newline: str) -> list[Entry]:
    """Return a stretch without a common block: a conflict, unless only one side has anything there."""
    their_text = [reprefixed(node.source, node.prefix, "", newline) for node in theirs]
    if not theirs:
        return [Entry(Slot(None, node, None), [node.source]) for node in mine]
    if not mine:
        return [Entry(Slot(None, None, n), [t]) for n, t in zip(theirs, their_text, strict=True)]
    both = min(len(mine), len(theirs))
    entries = [
        Entry(Slot(None, mine[k], theirs[k]), [Clash(mine[k].source, their_text[k])]) for k in range(both)
    ]
    entries += [Entry(Slot(None, n, None), [Clash(n.source, "")], optional=True) for n in mine[both:]]
    entries += [
        Entry(Slot(None, None, theirs[k]), [Clash("", their_text[k])], optional=True)
        for k in range(both, len(theirs))
    ]
    return entries
