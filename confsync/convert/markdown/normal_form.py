"""The normal form of atoms: what is the same to a reader is the same atoms."""

import re

from confsync.convert.spaces import WIDE
from confsync.convert.tree import BREAK, CLOSE, OPEN, SPACE, SPECIAL, TOKEN, Atom, closing, opening

_WIDE = re.compile(f"[{WIDE}]")


def normal_form(atoms: list[Atom]) -> list[Atom]:
    """Trim, collapse, drop empty marks and artefacts, order marks over the same text."""
    if not any(atom[0] in (OPEN, TOKEN) or atom == BREAK or _WIDE.search(atom) for atom in atoms):
        start = 1 if atoms and atoms[0] == SPACE else 0
        end = len(atoms) - (1 if len(atoms) > start and atoms[-1] == SPACE else 0)
        return atoms[start:end]
    atoms = _without_empty_marks(atoms)
    atoms = _without_artefacts(atoms)
    atoms = _trimmed(atoms)
    return _ordered(atoms)


def _without_empty_marks(atoms: list[Atom]) -> list[Atom]:
    out: list[Atom] = []
    for atom in atoms:
        if atom[0] == CLOSE and out:
            at = len(out) - 1
            while at >= 0 and out[at] == SPACE:
                at -= 1
            if at >= 0 and out[at][0] == OPEN and out[at][1:].split("\x1f")[0] == atom[1:]:
                del out[at]
                continue
        out.append(atom)
    return out


def _without_artefacts(atoms: list[Atom]) -> list[Atom]:
    if not any(_WIDE.search(atom) for atom in atoms if atom[0] not in (TOKEN, OPEN)):
        return atoms
    words: list[Atom] = []
    for atom in atoms:
        if atom[0] in SPECIAL or not _WIDE.search(atom):
            words.append(atom)
            continue
        core = atom.strip()
        if not core:
            words.append(atom)
            continue
        head = len(atom) - len(atom.lstrip())
        words.extend(part for part in (atom[:head], core, atom[head + len(core) :]) if part)
    for _ in range(2):
        words.reverse()
        words = _seen(words)
    merged: list[Atom] = []
    for atom in words:
        if merged and merged[-1][0] not in SPECIAL and atom[0] not in SPECIAL:
            merged[-1] += atom
        else:
            merged.append(atom)
    return merged


def _seen(atoms: list[Atom]) -> list[Atom]:
    out, after_space = [], True
    for atom in atoms:
        if atom[0] in (OPEN, CLOSE):
            out.append(atom)
            continue
        if atom in (SPACE, BREAK):
            after_space = True
        elif atom[0] != TOKEN and atom.isspace():
            if after_space:
                continue
        else:
            after_space = False
        out.append(atom)
    return out


def _trimmed(atoms: list[Atom]) -> list[Atom]:
    out: list[Atom] = []
    last = ""
    for atom in atoms:
        if atom[0] in (OPEN, CLOSE):
            out.append(atom)
            continue
        if atom == SPACE and last in ("", SPACE, BREAK):
            continue
        if atom == BREAK:
            if not last:
                continue
            if last == SPACE:
                _drop_last_space(out)
        out.append(atom)
        last = atom
    at = len(out) - 1
    while at >= 0 and (out[at] in (SPACE, BREAK) or out[at][0] in (OPEN, CLOSE)):
        if out[at] in (SPACE, BREAK):
            del out[at]
        at -= 1
    return out


def _drop_last_space(out: list[Atom]) -> None:
    for at in range(len(out) - 1, -1, -1):
        if out[at] == SPACE:
            del out[at]
            return


def _ordered(atoms: list[Atom]) -> list[Atom]:
    strong, em = opening("strong"), opening("em")
    if strong not in atoms or em not in atoms:
        return atoms
    partner: dict[int, int] = {}
    stack: list[int] = []
    for index, atom in enumerate(atoms):
        if atom[0] == OPEN:
            stack.append(index)
        elif atom[0] == CLOSE:
            partner[stack.pop()] = index
    out = list(atoms)
    for index in range(len(out) - 1):
        if out[index] == strong and out[index + 1] == em:
            last = partner[index]
            if partner[index + 1] == last - 1:
                out[index], out[index + 1] = em, strong
                out[last - 1], out[last] = closing("strong"), closing("em")
    return out
