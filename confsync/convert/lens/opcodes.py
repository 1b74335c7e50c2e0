"""What changed between two lists of atoms, in the form of difflib's opcodes."""

from collections.abc import Sequence
from difflib import SequenceMatcher

from confsync.convert.tree import Atom

Opcode = tuple[str, int, int, int, int]
_LARGE = 250_000
"""Cells; larger differences are taken as one."""


def opcodes(old: Sequence[Atom], new: Sequence[Atom]) -> list[Opcode]:
    """Compare two lists; only what lies between their common ends is looked at closely."""
    least = min(len(old), len(new))
    head = 0
    while head < least and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < least - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    a, b = old[head : len(old) - tail], new[head : len(new) - tail]
    out: list[Opcode] = [("equal", 0, head, 0, head)] if head else []
    if len(a) * len(b) > _LARGE:
        out.append(("replace", head, head + len(a), head, head + len(b)))
    elif a and b:
        for tag, i1, i2, j1, j2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
            out.append((tag, i1 + head, i2 + head, j1 + head, j2 + head))
    elif a or b:
        out.append(("delete" if a else "insert", head, head + len(a), head, head + len(b)))
    if tail:
        out.append(("equal", len(old) - tail, len(old), len(new) - tail, len(new)))
    return out
