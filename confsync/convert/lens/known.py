"""Colours that a text names by hand and that the base already has.

`get` shows no colours, but a writer may add `<span style="color: red">…</span>` or `<mark>…</mark>`. Once
pushed they are invisible marks of the base, and the tags that still stand in the file say nothing new.
"""

import re
from collections.abc import Sequence

from confsync.convert.storage.heads import HEAD
from confsync.convert.tree import CLOSE, OPEN, Atom, Hidden, fields_of

_NAMED = (OPEN + "span", OPEN + "mark", OPEN + "strong")
_STYLE = re.compile(r"""\sstyle\s*=\s*["']([^"']*)["']""")


def without_known(atoms: Sequence[Atom], marks: Sequence[Hidden]) -> list[Atom]:
    """The atoms without the marks that are invisible marks of the base already."""
    if not marks or not any(atom.startswith(_NAMED) for atom in atoms):
        return list(atoms)
    bold = any(mark.kind == HEAD for mark in marks)
    styles = [_declarations(found[1]) for mark in marks if (found := _STYLE.search(mark.open))]
    out: list[Atom] = []
    stack: list[bool] = []
    for atom in atoms:
        if atom[0] == OPEN:
            stack.append(_is_known(atom, styles) or (bold and atom == OPEN + "strong"))
            if stack[-1]:
                continue
        elif atom[0] == CLOSE and stack and stack.pop():
            continue
        out.append(atom)
    return out


def _is_known(atom: Atom, styles: Sequence[frozenset[str]]) -> bool:
    name, *said = fields_of(atom)
    if name == "mark":
        return any(one.startswith("background-color:") for style in styles for one in style)
    if name != "span":
        return False
    wanted = _declarations(said[0] if said else "")
    return any(wanted <= style for style in styles)


def _declarations(style: str) -> frozenset[str]:
    return frozenset("".join(part.split()).lower() for part in style.split(";") if part.strip())
