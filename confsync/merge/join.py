"""Putting merged siblings next to each other again, with the local file's own spacing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from confsync.merge.node import Node
from confsync.merge.order import Slot
from confsync.merge.pieces import Clash, Piece


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One merged sibling."""

    slot: Slot
    pieces: list[Piece]
    optional: bool = False
    """One side of the conflict does not have it at all."""


def joined(entries: Sequence[Entry], local: Node, remote: Node, newline: str) -> list[Piece]:
    """Return the siblings with what stands between them.

    Neighbours that are neighbours locally keep the bytes between them. Elsewhere stand as many line ends as
    between their like in the local list, or as either side has there.
    """
    spacing = _Spacing(local, remote, newline)
    result: list[Piece] = []
    certain = False
    for index, entry in enumerate(entries):
        before = spacing.between(entries[index - 1].slot, entry.slot) if index else ""
        if not entry.optional:
            result += [before if certain or not index else "", *entry.pieces]
            certain = True
        elif certain:
            result.append(_widened(entry, before, ""))
        else:
            after = spacing.between(entry.slot, entries[index + 1].slot) if index + 1 < len(entries) else ""
            result.append(_widened(entry, "", after))
    return result


def in_line(entries: Sequence[Entry], local: Node, tail: str) -> list[Piece]:
    """Return siblings that share a line, the cells of a row, with their own bytes between and behind them.

    Where cells are padded, a cell that got longer or shorter takes its padding with it.
    """
    nodes = local.children
    gaps = [*(local.text[a.end : b.start] for a, b in pairwise(nodes)), tail]
    padded = any(gap.startswith("  ") for gap in gaps)
    result: list[Piece] = []
    for entry, node, gap in zip(entries, nodes, gaps, strict=True):
        spaces = len(gap) - len(gap.lstrip(" "))
        if padded and spaces and all(isinstance(piece, str) for piece in entry.pieces):
            longer = len("".join(map(str, entry.pieces))) - len(node.source)
            result += [*entry.pieces, " " * max(1, spaces - longer) + gap[spaces:]]
        else:
            result += [*entry.pieces, gap]
    return result


def _widened(entry: Entry, before: str, after: str) -> Piece:
    """Give a block that one side lacks its spacing, so that it comes or goes with it."""
    (clash,) = entry.pieces
    if isinstance(clash, str):
        return before + clash + after
    return Clash(*(before + text + after if text else "" for text in (clash.ours, clash.theirs)))


class _Spacing:
    def __init__(self, local: Node, remote: Node, newline: str) -> None:
        self.text = local.text
        self.newline = newline
        self.prefix = local.children[0].prefix if local.children else local.prefix
        self.local, self.remote = _Neighbours(local.children), _Neighbours(remote.children)

    def between(self, one: Slot, two: Slot) -> str:
        if one.local and two.local and self.local.follows(one.local, two.local):
            return self.text[one.local.end : two.local.start]
        count = self._style(one, two) or max(
            self.local.after(one.local),
            self.local.before(two.local),
            self.remote.after(one.remote),
            self.remote.before(two.remote),
        )
        empty = self.prefix.rstrip() + self.newline
        return self.newline + empty * ((count or 2) - 1) + self.prefix

    def _style(self, one: Slot, two: Slot) -> int:
        kinds = {node.kind for slot in (one, two) for node in (slot.local or slot.remote,) if node}
        return self.local.style(kinds.pop()) if len(kinds) == 1 else 0


class _Neighbours:
    """How many line ends stand between the siblings of one side."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self.at = {node: index for index, node in enumerate(nodes)}
        self.nodes = nodes
        self.counts = [a.text.count("\n", a.end, b.start) for a, b in pairwise(nodes)]

    def follows(self, one: Node, two: Node) -> bool:
        return self.at[two] == self.at[one] + 1

    def after(self, node: Node | None) -> int:
        index = self.at[node] if node else len(self.counts)
        return self.counts[index] if index < len(self.counts) else 0

    def before(self, node: Node | None) -> int:
        index = self.at[node] if node else 0
        return self.counts[index - 1] if index else 0

    def style(self, kind: str) -> int:
        """Return the usual distance of two neighbours of this kind, 0 where there are none."""
        found: Counter[int] = Counter()
        for index, count in enumerate(self.counts):
            if self.nodes[index].kind == kind == self.nodes[index + 1].kind:
                found[count] += 1
        return found.most_common(1)[0][0] if found else 0
