"""Inline content put back: atoms that are still there keep their bytes, and so does what encloses them.

The edited atoms are aligned with the base's; the result is a list of pieces, each with its bytes and the
invisible marks around it. These marks are then drawn round their pieces again, cut where they would cross a
visible mark, so that an inline comment stays on its words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from confsync.convert.markdown.directive import Attribute, parse_inline
from confsync.convert.rules.excerpt import excerpt_tags, revise_excerpt
from confsync.convert.rules.link import link_tags, retarget
from confsync.convert.rules.marks import storage_tags
from confsync.convert.rules.parameters import new_macro
from confsync.convert.rules.tokens import TOKENS
from confsync.convert.storage.leaf import units
from confsync.convert.storage.page import Page
from confsync.convert.storage.text import cdata
from confsync.convert.tree import BREAK, CLOSE, OPEN, SPACE, SPECIAL, TOKEN, Atom, Entry, Hidden, fields_of

_TAG_NAME = re.compile(r"<([A-Za-z][\w:.-]*)")
_LARGE = 250_000
_ELSEWHERE = frozenset(("moved", "trailer", "swapped"))


@dataclass(slots=True)
class Piece:
    """One atom of the result."""

    atom: Atom
    raw: str | None
    """None: to be made from the atom."""
    hidden: tuple[int, ...] = ()
    at: int = -1
    """Which entry of the base it is; -1 for none."""
    form: str = ""
    partner: int = -1
    """For signs: the index of the other sign of the mark."""


@dataclass(slots=True)
class Writer:
    """Makes storage of inline atoms."""

    page: Page
    placeholder: "PlaceholderSource"

    def atoms(self, atoms: Sequence[Atom]) -> str:
        """New inline content."""
        return self._text([Piece(atom, None) for atom in atoms], [])

    def splice(self, entries: Sequence[Entry], marks: Sequence[Hidden], atoms: Sequence[Atom]) -> str:
        """The bytes of a leaf whose atoms are now these."""
        return self._text(_Splicer(self.page, entries, atoms).pieces(), marks)

    def _text(self, pieces: list[Piece], marks: Sequence[Hidden]) -> str:
        _pair(pieces)
        before, behind = _drawn(pieces, marks)
        out: list[str] = []
        self._emit(pieces, 0, len(pieces), before, behind, out)
        return "".join(out)

    def _emit(  # noqa: PLR0917  (offsets travel together)
        self, pieces: list[Piece], start: int, end: int,
        before: dict[int, str], behind: dict[int, str], out: list[str],
    ) -> None:  # fmt: skip
        index = start
        while index < end:
            piece = pieces[index]
            out.append(before.get(index, ""))
            if piece.atom[:1] == OPEN and piece.partner > index:
                last = piece.partner
                if piece.form in ("cdata", "implicit") and not _intact(pieces, index, last, piece.form):
                    out.append(self._relinked(pieces, index, last))
                else:
                    opened, closed = self._tags(pieces, index, last)
                    out.append(opened)
                    out.append(behind.get(index, ""))
                    self._emit(pieces, index + 1, last, before, behind, out)
                    out.append(before.get(last, ""))
                    out.append(closed)
                index = last
            elif piece.atom[:1] in (OPEN, CLOSE):
                pass
            else:
                out.append(piece.raw if piece.raw is not None else self.atom(piece.atom))
            out.append(behind.get(index, ""))
            index += 1

    def _tags(self, pieces: list[Piece], start: int, end: int) -> tuple[str, str]:
        opened, closed = pieces[start], pieces[end]
        if opened.raw is not None and (closed.raw is not None and closed.at >= 0 and opened.at >= 0):
            return opened.raw, closed.raw
        if opened.raw:
            return opened.raw, _end_of(opened.raw)
        name, *said = fields_of(opened.atom)
        if name == "a":
            return link_tags(self.page, said[0])
        if name == "excerpt":
            return excerpt_tags(self.page, said)
        return storage_tags(name, said)

    def _relinked(self, pieces: list[Piece], start: int, end: int) -> str:
        """A link whose text was CDATA, or only the target's title, with another text."""
        opened = pieces[start]
        inner = [Piece(piece.atom, None) for piece in pieces[start + 1 : end] if piece.atom]
        raw = opened.raw or ""
        if opened.form == "cdata" and all(
            piece.atom[0] not in (OPEN, CLOSE, TOKEN, BREAK) for piece in inner
        ):
            return raw + cdata("".join(piece.atom for piece in inner)) + _end_of(raw)
        head = raw
        if opened.form == "implicit":
            head = re.sub(r"\s*</ac:link>$", "", raw)
            head = re.sub(r"\s*/>$", ">", head) if head == raw else head
        head = head.replace("<ac:plain-text-link-body>", "") + "<ac:link-body>"
        return head + self._text(inner, []) + "</ac:link-body></ac:link>"

    def atom(self, atom: Atom) -> str:  # noqa: PLR0911  (one return per case)
        """The bytes of a new atom."""
        if atom == BREAK:
            return "<br />"
        if atom[0] != TOKEN:
            return self.page.spelling.encode(atom)
        kind, *fields = fields_of(atom)
        spelling = self.page.spelling
        match kind:
            case "code":
                return f"<code>{spelling.encode(fields[0])}</code>"
            case "url":
                href = spelling.attribute(fields[0])
                return f'<a href="{href}" data-card-appearance="inline">{spelling.encode(fields[0])}</a>'
            case "macro" if fields[0]:
                return self.placeholder.take(fields[0])
            case "macro":
                return new_macro(self.page, fields[1], _pairs(fields[2]))
            case _:
                return TOKENS.kinds[kind].storage(fields, self.page)


class PlaceholderSource:
    """Where the bytes of placeholders come from."""

    def take(self, identity: str) -> str:
        """The bytes behind an `#id`; each use after the first is a copy without ids of its own."""
        raise NotImplementedError


def _pairs(written: str) -> list[tuple[str, str]]:
    found = parse_inline(f":x[]{written}", 0) if written else None
    pairs: Sequence[Attribute] = found.attributes if found else ()
    return [("" if key == "default" else key, "true" if value is None else value) for key, value in pairs]


def _end_of(raw: str) -> str:
    """The end tags for the bytes that open a mark."""
    if raw.startswith("<ac:link"):
        if raw.rstrip().endswith("<ac:plain-text-link-body>"):
            return "</ac:plain-text-link-body></ac:link>"
        return "</ac:link-body></ac:link>"
    if raw.startswith("<ac:structured-macro"):
        return "</ac:rich-text-body></ac:structured-macro>"
    return "".join(f"</{name}>" for name in reversed(_TAG_NAME.findall(raw)))


def _pair(pieces: list[Piece]) -> None:
    """Tell each sign where its other one is; a sign without one is not written."""
    stack: list[int] = []
    for index, piece in enumerate(pieces):
        if piece.atom[:1] == OPEN:
            stack.append(index)
        elif piece.atom[:1] == CLOSE and stack:
            start = stack.pop()
            pieces[start].partner, piece.partner = index, start


def _intact(pieces: Sequence[Piece], start: int, end: int, form: str) -> bool:
    """Whether the bytes of a link's text can stay in the form they have."""
    first = pieces[start].at
    if form == "cdata" and first >= 0 and pieces[end].at >= 0:
        inner = pieces[start + 1 : end]
        sections = [piece.raw for piece in inner if not piece.atom and piece.raw and piece.raw.strip()]
        return sections in ([], ["<![CDATA[", "]]>"]) and all(
            piece.raw is not None and piece.atom[:1] not in (OPEN, CLOSE, TOKEN, BREAK) for piece in inner
        )
    return first >= 0 and all(
        piece.at == first + offset for offset, piece in enumerate(pieces[start : end + 1])
    )


# ----------------------------------------------------------------------------------- invisible marks


def _drawn(pieces: Sequence[Piece], marks: Sequence[Hidden]) -> tuple[dict[int, str], dict[int, str]]:
    """What to write before and behind which piece, so that invisible marks enclose their pieces."""
    before: dict[int, list[tuple[int, str]]] = {}
    behind: dict[int, list[tuple[int, str]]] = {}
    for number, mark in enumerate(marks):
        runs = [run for whole in _runs(pieces, number) for run in _balanced(pieces, *whole)]
        shown = [run for run in runs if any(_says(piece) for piece in pieces[run[0] : run[1] + 1])]
        for first, last in shown or runs[:1]:
            depth = next(
                piece.hidden.index(number) for piece in pieces[first : last + 1] if number in piece.hidden
            )
            before.setdefault(first, []).append((depth, mark.open))
            behind.setdefault(last, []).append((-depth, mark.close))
    return (
        {index: "".join(text for _, text in sorted(said, key=_depth)) for index, said in before.items()},
        {index: "".join(text for _, text in sorted(said, key=_depth)) for index, said in behind.items()},
    )


def _depth(said: tuple[int, str]) -> int:
    return said[0]


def _says(piece: Piece) -> bool:
    return bool(piece.atom) and piece.atom != SPACE and piece.atom[0] not in (OPEN, CLOSE)


def _runs(pieces: Sequence[Piece], number: int) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for index, piece in enumerate(pieces):
        if number in piece.hidden:
            if runs and runs[-1][1] == index - 1:
                runs[-1] = (runs[-1][0], index)
            else:
                runs.append((index, index))
    return runs


def _balanced(pieces: Sequence[Piece], first: int, last: int) -> list[tuple[int, int]]:
    """Cut a run at signs whose other one lies outside it."""
    out: list[tuple[int, int]] = []
    start = first
    for index in range(first, last + 1):
        piece = pieces[index]
        if piece.atom[:1] in (OPEN, CLOSE) and not first <= piece.partner <= last:
            if index > start:
                out.append((start, index - 1))
            start = index + 1
    if start <= last:
        out.append((start, last))
    return out


# ------------------------------------------------------------------------------------------ alignment


@dataclass(slots=True)
class _Splicer:
    page: Page
    entries: Sequence[Entry]
    atoms: Sequence[Atom]
    out: list[Piece] = field(default_factory=list)

    def pieces(self) -> list[Piece]:
        base = units(list(self.entries))
        old = [atom for atom, _, _ in base]
        last = -1
        for tag, i1, i2, j1, j2 in _opcodes(old, list(self.atoms)):
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
        _pair(self.out)
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


def _opcodes(old: list[Atom], new: list[Atom]) -> list[tuple[str, int, int, int, int]]:
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    a, b = old[head : len(old) - tail], new[head : len(new) - tail]
    out: list[tuple[str, int, int, int, int]] = [("equal", 0, head, 0, head)] if head else []
    if len(a) * len(b) > _LARGE:
        out.append(("replace", head, head + len(a), head, head + len(b)))
    elif a or b:
        for tag, i1, i2, j1, j2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
            out.append((tag, i1 + head, i2 + head, j1 + head, j2 + head))
    if tail:
        out.append(("equal", len(old) - tail, len(old), len(new) - tail, len(new)))
    return out
