"""The three-way merge of block trees, written into the local text.

Whatever only one side changed is taken; containers are descended into; in a leaf that both sides changed,
words are merged. Everything the remote side left alone keeps the local file's own bytes.
"""

from collections.abc import Callable, Sequence

from confsync.errors import ConvertError
from confsync.merge.align import LIKE, likeness
from confsync.merge.grid import column_pairs, columns, fits
from confsync.merge.join import Entry, in_line, joined
from confsync.merge.node import GAP, Node, reprefixed
from confsync.merge.order import Pairs, Slot, slots
from confsync.merge.pieces import Clash, Piece, swapped
from confsync.merge.transplant import transplanted
from confsync.merge.words import merge_lists, merge_words
from confsync.model.block import Block

Read = Callable[[str], Sequence[Block]]
"""Reads Markdown into blocks; raises `ConvertError` where it cannot."""

_VERBATIM = frozenset({"code", "opaque", GAP})


def reading(read: Read, text: str) -> Sequence[Block] | None:
    """Read a text, or return None where it cannot be read."""
    try:
        return read(text)
    except ConvertError:
        return None


class Merger:
    """Merges nodes of three texts into the local one.

    Args:
        newline: the local text's line end.
        read: where given, the words of a merged leaf are read back and compared.
        whole: rewrite a changed block as a whole instead of descending into it.
    """

    def __init__(self, newline: str, read: Read | None = None, *, whole: bool = False) -> None:
        self.newline = newline
        self.read = read
        self.whole = whole
        self._cells: dict[Node, Pairs] = {}

    def entries(self, base: Node, local: Node, remote: Node) -> list[Entry]:
        """Merge the children of three nodes."""
        pairs = None
        if local in self._cells and remote in self._cells:
            pairs = (self._cells[local], self._cells[remote])
        found = slots(base.children, local.children, remote.children, pairs)
        return [entry for slot in found if (entry := self._entry(slot, local, found))]

    def _entry(self, slot: Slot, parent: Node, siblings: Sequence[Slot]) -> Entry | None:
        base, local, remote = slot.base, slot.local, slot.remote
        if local and remote:
            return Entry(slot, self.block(base, local, remote))
        if local:
            if base and local.key == base.key and local.kind != GAP:
                return None
            edited = base is not None and likeness(base, local) >= LIKE and local.kind != GAP
            return Entry(slot, [Clash(local.source, "")] if edited else [local.source], optional=edited)
        if remote is None or (base and (remote.key == base.key or remote.kind == GAP)):
            return None
        text = transplanted(remote, parent, siblings, self.newline)
        edited = base is not None and likeness(base, remote) >= LIKE
        return Entry(slot, [Clash("", text)] if edited else [text], optional=edited)

    def block(self, base: Node | None, local: Node, remote: Node) -> list[Piece]:
        """Return what replaces the local block's bytes."""
        if base is None or remote.key in (local.key, base.key):
            return [local.source]
        if GAP in (local.kind, remote.kind):
            return [self._theirs(local, remote) if local.key == base.key else local.source]
        if self.whole and local.key == base.key:
            return [self._theirs(local, remote)]
        return self._descended(base, local, remote) or self._leaf(base, local, remote)

    # ----------------------------------------------------------------------------- containers

    def _descended(self, base: Node, local: Node, remote: Node) -> list[Piece] | None:
        """Merge containers child by child, or return None where they are none, or too different."""
        if not (
            base.kind == local.kind == remote.kind and base.children and local.children and remote.children
        ):
            return None
        if not (
            base.is_inline == local.is_inline == remote.is_inline and self._columns_fit(base, local, remote)
        ):
            return None
        if base.is_grid and columns(remote) != columns(base):
            return self._into_remote(base, local, remote)
        if remote.shell not in (base.shell, local.shell):
            return self._with_shell(base, local, remote)
        return self._inside(base, local, remote, local.head, local.tail)

    def _columns_fit(self, base: Node, local: Node, remote: Node) -> bool:
        """Match the columns of tables, and say whether they can be merged cell by cell."""
        if not base.is_grid == local.is_grid == remote.is_grid:
            return False
        if not base.is_grid:
            return True
        for table in (local, remote):
            self._cells.update(column_pairs(base, table))
        return fits(base, local, remote) and fits(base, remote, local)

    def _inside(self, base: Node, local: Node, remote: Node, head: str, tail: str) -> list[Piece] | None:
        entries = self.entries(base, local, remote)
        if not local.is_inline:
            return [head, *joined(entries, local, remote, self.newline), tail]
        if [entry.slot.local for entry in entries] != local.children or any(e.optional for e in entries):
            return None
        return [head, *in_line(entries, local, tail)]

    def _with_shell(self, base: Node, local: Node, remote: Node) -> list[Piece] | None:
        """Merge containers whose remote shell (title, state, level) changed."""
        if local.shell != base.shell:
            return None
        if (base.head, base.tail) == (remote.head, remote.tail):
            return self._into_remote(base, local, remote)
        head = self._edge(base, local, remote, [_opening(node) for node in (base, local, remote)])
        tail = self._edge(base, local, remote, [node.tail for node in (base, local, remote)])
        if head is None or tail is None:
            return self._into_remote(base, local, remote)
        head += local.head[len(_opening(local)) :]
        return self._inside(base, local, remote, head, tail)

    def _edge(self, base: Node, local: Node, remote: Node, texts: Sequence[str]) -> str | None:
        """Merge what stands before or behind the children of three containers."""
        prefixes = (base.prefix, local.prefix, remote.prefix)
        bare = [reprefixed(text, prefix, "", "\n") for text, prefix in zip(texts, prefixes, strict=True)]
        merged = merge_words(bare[0], bare[1], bare[2], verbatim=True)
        return None if merged is None else reprefixed(merged, "", local.prefix, self.newline)

    def _into_remote(self, base: Node, local: Node, remote: Node) -> list[Piece] | None:
        """Write the local side's edits into the remote block, where that is easier than the other way."""
        if local.key == base.key:
            return [self._theirs(local, remote)]
        if local.prefix != remote.prefix or local.shell not in (base.shell, remote.shell):
            return None
        other = Merger("\n", self.read)
        if base.is_grid:
            for table in (local, remote):
                other._cells.update(column_pairs(base, table))
        pieces = other._inside(base, remote, local, remote.head, remote.tail)
        return None if pieces is None else [self._with_newlines(piece) for piece in swapped(pieces)]

    def _with_newlines(self, piece: Piece) -> Piece:
        if isinstance(piece, Clash):
            return Clash(self._lines(piece.ours), self._lines(piece.theirs))
        return self._lines(piece)

    def _lines(self, text: str) -> str:
        return text.replace("\r\n", "\n").replace("\n", self.newline)

    # --------------------------------------------------------------------------------- leaves

    def _leaf(self, base: Node, local: Node, remote: Node) -> list[Piece]:
        """Merge the words of a leaf (or of anything that could not be descended into)."""
        theirs = self._theirs(local, remote)
        merged = self._words(base, local, remote)
        if local.key == base.key and not self._is(remote, merged):
            return [theirs]
        if merged is None:
            return [Clash(local.source, theirs)]
        return [reprefixed(merged, "", local.prefix, self.newline)]

    def _is(self, remote: Node, merged: str | None) -> bool:
        """Whether remote words in the local file's wrapping and forms say just what the remote block says."""
        found = None if merged is None or self.read is None else reading(self.read, merged)
        return found is not None and [block.key for block in found] == [remote.key]

    def _words(self, base: Node, local: Node, remote: Node) -> str | None:
        if (
            any(node.children for node in (base, local, remote))
            or len({base.kind, local.kind, remote.kind}) > 1
        ):
            return None
        verbatim = base.kind in _VERBATIM or any("\n" in word for word in base.words)
        merged = merge_words(base.bare, local.bare, remote.bare, verbatim=verbatim)
        return merged if merged is not None and self._says(merged, base, local, remote) else None

    def _says(self, merged: str, base: Node, local: Node, remote: Node) -> bool:
        """Read a merged leaf back: marks that cross each other are a conflict though their words are not."""
        if self.read is None or not base.words:
            return True
        expected = merge_lists(base.words, local.words, remote.words)
        found = reading(self.read, merged)
        if found is None:
            return False
        if expected is None or len(found) != 1 or found[0].kind != local.kind:
            return True
        return found[0].words == expected

    def _theirs(self, local: Node, remote: Node) -> str:
        return reprefixed(remote.source, remote.prefix, local.prefix, self.newline)


def _opening(node: Node) -> str:
    """Return the head without what stands on the first child's own line, where that has one."""
    before, found, _ = node.head.rpartition("\n")
    return before.removesuffix("\r") if found else node.head
