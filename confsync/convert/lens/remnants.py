"""Pieces of text that left their paragraph for another: one that was split, joined, or moved in part.

What they carry unseen (inline comments, colours, the attributes of links) goes with them: their entries are
put among those of the paragraph they went to, where the words are then found again one by one.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from confsync.convert.lens.opcodes import LARGE, between_ends, opcodes
from confsync.convert.lens.plan import Plan
from confsync.convert.storage.entries import entries_of
from confsync.convert.storage.leaf import units
from confsync.convert.storage.page import Page
from confsync.convert.storage.text import without_identity
from confsync.convert.tree import CLOSE, OPEN, SPACE, TOKEN, Atom, Entry, Hidden, Item

_ENOUGH = 3
"""Words in a row that tell where a piece of text went; fewer do only where they are all of it."""
_RARE = 16
"""A word that more pieces have does not tell which piece it is."""
_CANDIDATES = 4
Leaf = tuple[list[Entry], list[Hidden]]


@dataclass(frozen=True, slots=True)
class _Run:
    """Atoms that a leaf lost or won; `at` is the unit of the base, or the atom of the edited leaf."""

    leaf: Item
    at: int
    atoms: Sequence[Atom]

    @property
    def words(self) -> list[Atom]:
        return [atom for atom in self.atoms if atom != SPACE and atom[0] not in (OPEN, CLOSE)]


class Remnants:
    """What became of text that is not where it was, on one page."""

    def __init__(self, page: Page, plan: Plan) -> None:
        self.page = page
        self.plan = plan

    def entries(self, base: Item | None, edited: Item) -> Leaf:
        """What a leaf's new content can be spliced from: its own entries, and those that came to it."""
        own = entries_of(self.page, base) if base is not None else []
        marks = list(base.marks) if base is not None else []
        arrived = self._arrived.get(id(edited))
        if not arrived:
            return own, marks
        places = units(own)
        out: list[Entry] = []
        at = 0
        for place, run in arrived:
            end = places[place][1] if place < len(places) else len(own)
            out += own[at:end]
            out += self._carried(run, marks)
            at = end
        return out + own[at:], marks

    def _carried(self, run: _Run, marks: list[Hidden]) -> list[Entry]:
        """Copies of a run's entries; their invisible marks are added to `marks`."""
        entries = entries_of(self.page, run.leaf)
        places = units(entries)
        first, last = places[run.at][1], places[run.at + len(run.atoms) - 1][2]
        shift = len(marks)
        marks += run.leaf.marks
        copies: dict[int, Entry] = {}
        for entry in entries[first : last + 1]:
            hidden = tuple(number + shift for number in entry.hidden)
            copies[id(entry)] = Entry(entry.atom, entry.raw, hidden, entry.form)
        for entry in entries[first : last + 1]:
            if entry.twin is not None:
                copies[id(entry)].twin = copies.get(id(entry.twin), entry.twin)
        return list(copies.values())

    # ------------------------------------------------------------------------------------- lost, won

    @cached_property
    def _arrived(self) -> dict[int, list[tuple[int, _Run]]]:
        """For each edited leaf: before which unit of its own base which run is to be put."""
        out: dict[int, list[tuple[int, _Run]]] = {}
        lost = list(self._lost())
        if not lost:
            return out
        won = list(self._won())
        holders: dict[Atom, list[int]] = {}
        for index, (_, run) in enumerate(won):
            for word in set(run.words):
                holders.setdefault(word, []).append(index)
        for run in lost:
            telling = [
                found for word in dict.fromkeys(run.words) if len(found := holders.get(word, [])) <= _RARE
            ]
            likest = Counter(index for found in telling for index in found).most_common(_CANDIDATES)
            size, index = max(((_shared(run, won[one][1]), -one) for one, _ in likest), default=(0, 0))
            if size:
                place, other = won[-index]
                out.setdefault(id(other.leaf), []).append((place, run))
        for edited in out.values():
            edited.sort(key=lambda one: one[0])
        return out

    def _lost(self) -> Iterator[_Run]:
        """What leaves of the base no longer hold, where it carries something unseen."""
        for base, edited in self._changed():
            if self._carries(base) and self._may_have_lost(base, edited):
                old = [atom for atom, _, _ in units(entries_of(self.page, base))]
                for tag, i1, i2, _, _ in opcodes(old, edited.atoms or []):
                    run = _Run(base, i1, old[i1:i2])
                    if tag != "equal" and run.words and self._is_worth(run):
                        yield run
        for leaf in self.plan.gone():
            if self._carries(leaf):
                old = [atom for atom, _, _ in units(entries_of(self.page, leaf))]
                if old:
                    yield _Run(leaf, 0, old)

    def _may_have_lost(self, base: Item, edited: Item) -> bool:
        """Whether anything but plain words lies between the common ends; most edits are told by that."""
        old, new = base.atoms or [], edited.atoms or []
        first, last, _, _ = between_ends(old, new)
        return last > first and self._is_worth(_Run(base, first, old[first:last]))

    def _won(self) -> Iterator[tuple[int, _Run]]:
        """What edited leaves now hold besides their own, and before which of their base's units."""
        for base, edited in self._changed():
            old, new = base.atoms or [], edited.atoms or []
            for tag, _, i2, j1, j2 in opcodes(old, new):
                run = _Run(edited, j1, new[j1:j2])
                if tag != "equal" and run.words:
                    yield i2, run
        for leaf in self.plan.new():
            yield 0, _Run(leaf, 0, leaf.atoms or [])

    def _changed(self) -> Iterator[tuple[Item, Item]]:
        return ((one, other) for one, other in self.plan.changed if one.is_leaf and other.is_leaf)

    def _carries(self, leaf: Item) -> bool:
        return "<" in self.page.source[slice(*leaf.inner)]

    def _is_worth(self, run: _Run) -> bool:
        entries = entries_of(self.page, run.leaf)
        places = units(entries)
        first, last = places[run.at][1], places[run.at + len(run.atoms) - 1][2]
        return any(entry.hidden or "<" in entry.raw for entry in entries[first : last + 1])

    # ---------------------------------------------------------------------------------------- tokens

    def token(self, atom: Atom) -> str | None:
        """The bytes of something that stands in a line, where the base has it; a copy's without ids."""
        holders = self._holders.get(atom)
        if holders is None:
            return None
        if atom not in self._homeless:
            self._homeless[atom] = self._left(atom, holders)
        waiting = self._homeless[atom]
        return waiting.pop() if waiting else without_identity(self._raws(holders[0], atom)[0])

    @cached_property
    def _holders(self) -> dict[Atom, list[Item]]:
        """The leaves of the base by the tokens in them."""
        out: dict[Atom, list[Item]] = {}
        for leaf in (item for top in self.plan.base for item in top.walk() if item.is_leaf):
            for atom in dict.fromkeys(leaf.runs or leaf.atoms or ()):
                if atom[0] == TOKEN:
                    out.setdefault(atom, []).append(leaf)
        return out

    @cached_property
    def _homeless(self) -> dict[Atom, list[str]]:
        return {}

    @cached_property
    def _fate(self) -> dict[int, Item | None]:
        """What became of the base's leaves that are not as they were: the edited leaf, or nothing."""
        gone: dict[int, Item | None] = {id(leaf): None for leaf in self.plan.gone()}
        return {**gone, **{id(base): edited for base, edited in self.plan.changed}}

    def _left(self, atom: Atom, holders: Sequence[Item]) -> list[str]:
        """The bytes of a token in the leaves that lost it, last one first."""
        out: list[str] = []
        for leaf in holders:
            if id(leaf) in self._fate:
                now = self._fate[id(leaf)]
                out += self._raws(leaf, atom)[(now.atoms or []).count(atom) if now is not None else 0 :]
        return out[::-1]

    def _raws(self, leaf: Item, atom: Atom) -> list[str]:
        return [entry.raw for entry in entries_of(self.page, leaf) if entry.atom == atom]


def _shared(lost: _Run, won: _Run) -> int:
    """How many words in a row two runs share; 0 where that says too little."""
    one, other = lost.words, won.words
    if len(one) * len(other) > LARGE:
        common = (Counter(one) & Counter(other)).total()
        return common if 2 * common >= min(len(one), len(other)) else 0
    size = SequenceMatcher(None, one, other, autojunk=False).find_longest_match().size
    return size if size >= _ENOUGH or one == other else 0
