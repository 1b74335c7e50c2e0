"""Markdown with fewer backslashes: those that a text does not need to be read as it is."""

import re
from collections.abc import Callable, Sequence

from confsync.convert.tree import Atom

_ESCAPED = re.compile(r"(?<=[^\s\\*_~])\\([*_~])(?=[^\s\\*_~])")
"""Single signs in the middle of a word. At its edge a formatter that wraps might move one to a line's start,
and in a row of them some readers see emphasis."""


def relaxed(text: str, atoms: Sequence[Atom], read: Callable[[str], tuple[Atom, ...]]) -> str:
    """A leaf's Markdown without the backslashes in words, where it still reads back as `atoms`.

    Args:
        text: the Markdown, surely right.
        atoms: what it says.
        read: how it is read back.
    """
    if "\\" not in text:
        return text
    without = _ESCAPED.sub(r"\1", text)
    return without if without != text and read(without) == tuple(atoms) else text
