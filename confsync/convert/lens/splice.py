"""Inline content put back: atoms that are still there keep their bytes, and so does what encloses them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from confsync.convert.lens.opcodes import between_ends, opcodes
from confsync.convert.lens.pieces import Piece, pair_signs
from confsync.convert.rules.excerpt import revise_excerpt
from confsync.convert.rules.link import retarget
from confsync.convert.rules.tokens import TOKENS
from confsync.convert.storage.leaf import units
from confsync.convert.storage.page import Page
from confsync.convert.tree import CLOSE, OPEN, SPECIAL, TOKEN, Atom, Entry, fields_of

_ELSEWHERE = frozenset(("moved", "trailer", "swapped"))


@dataclass(slots=True)
class Splicer:
    """Aligns a leaf's edited atoms with its entries."""

    page: Page
    entries: Sequence[Entry]
    atoms: Sequence[Atom]
    out: list[Piece] = field(default_factory=list)

    def pieces(self) -> list[Piece]:
        """What the leaf is now made of."""
        base = units(list(self.entries))
        old = [atom for atom, _, _ in base]
        last = -1
        for tag, i1, i2, j1, j2 in opcodes(old, self.atoms):
            if tag == "equal":
                for index in range(i1, i2):
                    _, first, end = base[index]
                    if index == last + 1:
                        self._copy(base[last][2] + 1 if last >= 0 else 0, first)
                    self._copy(first, end + 1)
                    last = index
            elif self._reshaped(old[i1:i2], self.atoms[j1:j2]):
                for index, atom in zip(range(i1, i2), self.atoms[j1:j2], strict=True):
                    if index == last + 1:
                        self._copy(base[last][2] + 1 if last >= 0 else 0, base[index][1])
                    self._revised(base[index], atom)
                    last = index
            else:
                self._replaced(base, i1, i2, j1, j2)
                if i1 < i2:
                    last = -2
        if last == len(base) - 1 and base:
            self._copy(base[last][2] + 1, len(self.entries))
        self._settle_moved()
        return self.out

    def _reshaped(self, old: Sequence[Atom], new: Sequence[Atom]) -> bool:
        """Whether every atom only changed what it says: a word for a word, an image for an image."""
        return len(old) == len(new) and all(
            _sort(one) == _sort(other) and (_sort(one) == "word" or one[0] == TOKEN)
            for one, other in zip(old, new, strict=True)
        )

    def _copy(self, start: int, end: int) -> None:
        for index in range(start, end):
            entry = self.entries[index]
            self.out.append(Piece(entry.atom, entry.raw, entry.hidden, index, entry.form))

    def _replaced(self, base: Sequence[tuple[Atom, int, int]], i1: int, i2: int, j1: int, j2: int) -> None:
        deleted = base[i1:i2]
        partner = _partners([atom for atom, _, _ in deleted], self.atoms[j1:j2])
        for offset, atom in enumerate(self.atoms[j1:j2]):
            old = partner.get(offset)
            if old is not None and self._revised(deleted[old], atom):
                continue
            if deleted:
                near = self.entries[deleted[min(offset * len(deleted) // (j2 - j1), len(deleted) - 1)][1]]
                hidden = near.hidden
            else:
                hidden = self._around(base, i1)
            self.out.append(Piece(atom, None, hidden))

    def _around(self, base: Sequence[tuple[Atom, int, int]], index: int) -> tuple[int, ...]:
        """The invisible marks on both sides of a place between two atoms."""
        if not 0 < index < len(base):
            return ()
        left, right = self.entries[base[index - 1][2]].hidden, self.entries[base[index][1]].hidden
        common = 0
        while common < min(len(left), len(right)) and left[common] == right[common]:
            common += 1
        return left[:common]

    def _revised(self, unit: tuple[Atom, int, int], atom: Atom) -> bool:
        """Write an atom by changing the bytes of the one it replaces."""
        old, first, last = unit
        entry = self.entries[first]
        if atom[0] not in SPECIAL:
            self._reworded(first, last, atom)
            return True
        if atom[0] == OPEN and old[:3] == atom[:3] == OPEN + "a\x1f":
            raw = (
                retarget(self.page, entry.raw, fields_of(atom)[1])
                if entry.raw and entry.form != "moved"
                else None
            )
            self.out.append(Piece(atom, raw, entry.hidden, -1, entry.form if raw else ""))
            return True
        if atom[0] == OPEN and old[:9] == atom[:9] == OPEN + "excerpt\x1f":
            head = revise_excerpt(self.page, entry.raw, fields_of(atom)[1:]) if entry.form == "" else None
            self.out.append(Piece(atom, head, entry.hidden))
            return True
        if atom[0] == TOKEN:
            kind, *said = fields_of(atom)
            if kind == "code":
                raw = self._recoded(entry.raw, fields_of(old)[1], said[0])
            else:
                rule = TOKENS.kinds.get(kind)
                raw = (
                    rule.revise(entry.raw, fields_of(old)[1:], said, self.page)
                    if rule and rule.revise
                    else None
                )
            self.out.append(Piece(atom, raw, entry.hidden))
            return True
        return False

    def _recoded(self, raw: str, old: str, new: str) -> str:
        head, tail = raw.index(">") + 1, raw.rindex("</")
        return raw[:head] + self.page.spelling.revise(raw[head:tail], old, new) + raw[tail:]

    def _reworded(self, first: int, last: int, word: str) -> None:
        """Replace a word, which may be cut by invisible marks: what is common stays where it is."""
        shown = [index for index in range(first, last + 1) if self.entries[index].atom]
        texts = [self.entries[index].atom for index in shown]
        head = 0
        while head < len(texts) - 1 and word.startswith(texts[head]):
            word = word[len(texts[head]) :]
            head += 1
        tail = len(texts)
        while tail - 1 > head and word.endswith(texts[tail - 1]):
            tail -= 1
            word = word[: len(word) - len(texts[tail])]
        self._copy(first, shown[head])
        entry = self.entries[shown[head]]
        if word:
            encode = entry.form != "cdata"
            raw = self.page.spelling.revise(entry.raw, entry.atom, word) if encode else word
            self.out.append(Piece(word, raw, entry.hidden, -1, entry.form))
        if tail < len(texts):
            self._copy(shown[tail], last + 1)

    def _settle_moved(self) -> None:
        """Signs whose bytes stand elsewhere keep that only while nothing between has changed."""
        if not any(piece.form in _ELSEWHERE for piece in self.out):
            return
        pair_signs(self.out)
        alone = {
            piece.at
            for piece in self.out
            if piece.form == "moved" and (piece.partner < 0 or self.out[piece.partner].at < 0)
        }
        there = {piece.at for piece in self.out if piece.at >= 0} - alone
        order = [piece.at for piece in self.out]
        place = {at: index for index, at in enumerate(order) if at >= 0}
        twins = {id(entry.twin): index for index, entry in enumerate(self.entries) if entry.twin is not None}
        for piece in self.out:
            if piece.form == "trailer":
                owner = twins.get(id(self.entries[piece.at]), -1)
                if owner not in there or not _contiguous(order, place, owner, piece.at):
                    piece.raw = ""
            elif piece.form == "moved":
                entry = self.entries[piece.at]
                twin = next((i for i, other in enumerate(self.entries) if other is entry.twin), -1)
                if piece.at in alone or twin not in there or not _contiguous(order, place, piece.at, twin):
                    piece.raw = entry.twin.raw if entry.twin else None
            elif piece.form == "swapped" and not self._whole(there):
                piece.raw = None

    def _whole(self, there: set[int]) -> bool:
        return all(index in there for index, entry in enumerate(self.entries) if entry.form == "swapped")


def changed_part(entries: Sequence[Entry], atoms: Sequence[Atom]) -> tuple[int, int, int]:
    """What has to be spliced of a leaf without invisible marks: what its ends have in common stays as it is.

    Returns:
        Where the difference begins on both sides, where it ends among the entries, and where among the atoms.
        All of the leaf where an entry is more than its atom, or where a mark reaches into the difference.
    """
    whole = (0, len(entries), len(atoms))
    old = [entry.atom for entry in entries]
    if not all(old) or any(entry.form for entry in entries):
        return whole
    head, end, _, last = between_ends(old, atoms)
    if head and old[head - 1][0] not in SPECIAL:
        head -= 1
    if end < len(old) and old[end][0] not in SPECIAL:
        end, last = end + 1, last + 1
    parts = (old[:head], old[head:end], atoms[head:last])
    return (head, end, last) if all(_is_balanced(part) for part in parts) else whole


def _is_balanced(atoms: Sequence[Atom]) -> bool:
    """Whether every mark that opens here closes here."""
    depth = 0
    for atom in atoms:
        if atom[0] == OPEN:
            depth += 1
        elif atom[0] == CLOSE:
            depth -= 1
            if depth < 0:
                return False
    return not depth


def _contiguous(order: Sequence[int], place: dict[int, int], one: int, other: int) -> bool:
    low, high = min(one, other), max(one, other)
    if low not in place or high not in place:
        return False
    first = place[low]
    return list(order[first : first + high - low + 1]) == list(range(low, high + 1))


def _partners(old: Sequence[Atom], new: Sequence[Atom]) -> dict[int, int]:
    """Which replaced atom each new one changes: same sort, in order."""
    waiting: dict[str, list[int]] = {}
    for index, atom in enumerate(old):
        waiting.setdefault(_sort(atom), []).append(index)
    out: dict[int, int] = {}
    for index, atom in enumerate(new):
        found = waiting.get(_sort(atom))
        if found:
            out[index] = found.pop(0)
    return out


def _sort(atom: Atom) -> str:
    if atom[0] not in SPECIAL:
        return "word"
    return atom[0] + fields_of(atom)[0] if atom[0] in (TOKEN, OPEN) else atom
