"""What changed between two lists of atoms, in the form of difflib's opcodes."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import groupby
from operator import eq

from confsync.convert.tree import Atom

Opcode = tuple[str, int, int, int, int]
LARGE = 250_000
"""Cells; larger differences are taken as one."""


def between_ends(old: Sequence[Atom], new: Sequence[Atom]) -> tuple[int, int, int, int]:
    """The slices of two lists that lie between their common beginning and their common end."""
    least = min(len(old), len(new))
    head = 0
    while head < least and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < least - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return head, len(old) - tail, head, len(new) - tail


def opcodes(old: Sequence[Atom], new: Sequence[Atom]) -> list[Opcode]:
    """Compare two lists; only what lies between their common ends is looked at closely."""
    head, end, _, other = between_ends(old, new)
    a, b = old[head:end], new[head:other]
    out: list[Opcode] = [("equal", 0, head, 0, head)] if head else []
    if len(a) * len(b) > LARGE:
        out.append(("replace", head, head + len(a), head, head + len(b)))
    elif len(a) == len(b) and 2 * sum(map(eq, a, b)) >= len(a) > 0:
        out += _in_place(a, b, head)
    elif a and b:
        for tag, i1, i2, j1, j2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
            out.append((tag, i1 + head, i2 + head, j1 + head, j2 + head))
    elif a or b:
        out.append(("delete" if a else "insert", head, head + len(a), head, head + len(b)))
    if end < len(old):
        out.append(("equal", end, len(old), other, len(new)))
    return out


def _in_place(a: Sequence[Atom], b: Sequence[Atom], shift: int) -> list[Opcode]:
    """Words for words: lists of one length that mostly agree are compared place by place."""
    out: list[Opcode] = []
    at = shift
    for same, run in groupby(map(eq, a, b)):
        end = at + sum(1 for _ in run)
        out.append(("equal" if same else "replace", at, end, at, end))
        at = end
    return out
