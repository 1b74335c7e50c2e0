"""From the raw entries of a leaf to what Markdown can show.

Spaces are collapsed and trimmed, empty marks hidden, spaces at the edges of marks moved outside, artefacts of
editors (a no-break space beside a space, an empty mark) not shown. Bytes are only re-labelled, never changed.
"""

import re

from confsync.convert.spaces import WIDE
from confsync.convert.storage.inline import InlineReader
from confsync.convert.tree import BREAK, CLOSE, OPEN, SPACE, SPECIAL, TOKEN, Atom, Entry, Hidden

_WIDE = re.compile(f"[{WIDE}]")
_WIDE_EDGE = re.compile(rf"(?:&nbsp;|&#160;|&#[xX][aA]0;|&ensp;|&emsp;|&thinsp;|&#820[0-2];|[{WIDE}])+")
_SIGNS = {OPEN: "o", CLOSE: "c", TOKEN: "t", SPACE: "s", BREAK: "s", "": "i"}
_EMPTY = re.compile(r"o[si]*c")
_EDGE = re.compile(r"oi*s|si*c")
Unit = tuple[Atom, int, int]
"""An atom and the entries (first, last) that spell it: a word may be cut by an invisible mark."""


def settle(reader: InlineReader) -> tuple[list[Entry], list[Hidden]]:
    """Bring a leaf's entries into their final form."""
    entries, marks = reader.entries, reader.marks
    wide = _WIDE.search("".join([entry.atom for entry in entries])) is not None
    signs = "".join([_SIGNS.get(entry.atom[:1], "w") for entry in entries])
    if "o" in signs:
        # A glance at the sequence of signs tells which of these have anything to do.
        if wide or _EMPTY.search(signs):
            entries = _without_empty(entries, marks)
        if "co" in signs:
            entries = _merged(entries)
        if _EDGE.search(signs):
            entries = _outward(entries)
        if "oo" in signs:
            _ordered(entries)
    if wide and any(_at_edge(entry.atom) for entry in entries):
        entries = _without_artefacts(entries)
    _trim(entries)
    return entries, marks


def _at_edge(atom: Atom) -> bool:
    """Whether a word begins or ends with a wide space: only there can it be an artefact."""
    return atom > SPACE and (atom[0].isspace() or atom[-1].isspace())


def units(entries: list[Entry]) -> list[Unit]:
    """The visible atoms, words merged across what is invisible."""
    out: list[Unit] = []
    word = False
    for index, entry in enumerate(entries):
        atom = entry.atom
        if not atom:
            continue
        is_word = atom[0] not in SPECIAL
        if is_word and word:
            before, first, _ = out[-1]
            out[-1] = (before + atom, first, index)
        else:
            out.append((atom, index, index))
        word = is_word
    return out


def _without_empty(entries: list[Entry], marks: list[Hidden]) -> list[Entry]:
    """Marks around nothing visible become invisible ones."""
    stack: list[tuple[int, bool]] = []
    pairs: list[tuple[int, int]] = []
    for index, entry in enumerate(entries):
        sign = entry.atom[:1]
        if sign == OPEN:
            stack.append((index, False))
        elif sign == CLOSE and stack:
            start, seen = stack.pop()
            if not seen:
                pairs.append((start, index))
            elif stack:
                stack[-1] = (stack[-1][0], True)
        elif entry.atom and entry.atom not in (SPACE, BREAK) and stack and not _blank(entry.atom):
            stack[-1] = (stack[-1][0], True)
    for start, end in pairs:
        hide(entries, start, end, marks)
    return [entry for entry in entries if entry.form != "gone"]


def _blank(atom: Atom) -> bool:
    return atom[0] not in SPECIAL and atom.isspace()


def hide(entries: list[Entry], start: int, end: int, marks: list[Hidden]) -> None:
    """Make the mark whose signs stand at `start` and `end` an invisible one; its signs are then `gone`."""
    first, last = entries[start], entries[end]
    inside = [entry for entry in entries[start + 1 : end] if entry.form != "gone"]
    last.form = "gone"
    if not inside:
        first.atom, first.raw = "", first.raw + last.raw
        return
    marks.append(Hidden("mark", first.raw, last.raw))
    depth = len(first.hidden)
    for entry in inside:
        entry.hidden = (*first.hidden, len(marks) - 1, *entry.hidden[depth:])
    first.form = "gone"


def _merged(entries: list[Entry]) -> list[Entry]:
    """`<b>a</b><b>b</b>` is shown as one mark; the bytes between become invisible."""
    out: list[Entry] = []
    for entry in entries:
        if (
            entry.atom[:1] == OPEN
            and out
            and out[-1].atom == CLOSE + entry.atom[1:]
            and out[-1].hidden == entry.hidden
            and entry.raw.startswith("<" + out[-1].raw[2:-1] + ">")
        ):
            out[-1] = Entry("", out[-1].raw + entry.raw, entry.hidden)
        else:
            out.append(entry)
    return out


def _outward(entries: list[Entry]) -> list[Entry]:
    """Move spaces at the inner edges of marks outside: `**bold** x` for `<b>bold </b>x`."""
    out: list[Entry] = []
    for entry in entries:
        if entry.atom[:1] == CLOSE and not entry.form:
            at = _edge(out)
            if at < len(out) and all(one.hidden == entry.hidden for one in out[at:]):
                trailer = Entry("", entry.raw, entry.hidden, "trailer")
                moved = Entry(entry.atom, "", entry.hidden, "moved")
                moved.twin = trailer
                out.insert(at, moved)
                out.append(trailer)
                continue
        out.append(entry)
    out.reverse()
    back: list[Entry] = []
    for entry in out:
        if entry.atom[:1] == OPEN and not entry.form:
            at = _edge(back)
            if at < len(back) and all(one.hidden == entry.hidden for one in back[at:]):
                leader = Entry("", entry.raw, entry.hidden, "trailer")
                moved = Entry(entry.atom, "", entry.hidden, "moved")
                moved.twin = leader
                back.insert(at, moved)
                back.append(leader)
                continue
        back.append(entry)
    back.reverse()
    return back


def _edge(out: list[Entry]) -> int:
    """Where the spaces at the end of a list begin."""
    at = len(out)
    while at and (out[at - 1].atom in (SPACE, BREAK, "")):
        at -= 1
    while at < len(out) and out[at].atom == "":
        at += 1
    return at


def _ordered(entries: list[Entry]) -> None:
    """Marks over the same text have no order: emphasis is written outside strong."""
    visible = [entry for entry in entries if entry.atom]
    partner: dict[int, int] = {}
    stack: list[int] = []
    for index, entry in enumerate(visible):
        if entry.atom[0] == OPEN:
            stack.append(index)
        elif entry.atom[0] == CLOSE and stack:
            partner[stack.pop()] = index
    for index in range(len(visible) - 1):
        outer, inner = visible[index], visible[index + 1]
        if outer.atom == OPEN + "strong" and inner.atom == OPEN + "em":
            last = partner.get(index, -1)
            if last >= 1 and partner.get(index + 1) == last - 1:
                for one, two in ((outer, inner), (visible[last], visible[last - 1])):
                    one.atom, two.atom = two.atom, one.atom
                    one.form = one.form or "swapped"
                    two.form = two.form or "swapped"


def _without_artefacts(entries: list[Entry]) -> list[Entry]:
    """No-break spaces beside a space or at an edge say nothing: they are not shown."""
    out: list[Entry] = []
    for entry in entries:
        atom = entry.atom
        if not atom or atom[0] in SPECIAL or not _WIDE.search(atom):
            out.append(entry)
            continue
        core = atom.strip()
        head = _WIDE_EDGE.match(entry.raw)
        if not core:
            out.append(entry)
            continue
        cut = head.end() if head else 0
        tail = len(entry.raw)
        while cut < tail and (found := _last_wide(entry.raw, cut, tail)) < tail:
            tail = found
        for raw, text in (
            (entry.raw[:cut], atom[: len(atom) - len(atom.lstrip())]),
            (entry.raw[cut:tail], core),
            (entry.raw[tail:], atom[len(atom.rstrip()) :]),
        ):
            if raw:
                out.append(Entry(text, raw, entry.hidden, entry.form))
    _blind(out)
    _blind(out[::-1])
    return out


def _last_wide(raw: str, start: int, end: int) -> int:
    """Where the wide space that ends at `end` begins; `end` where there is none."""
    if _WIDE.match(raw[end - 1]):
        return end - 1
    if raw[end - 1] == ";":
        sign = raw.rfind("&", start, end)
        if sign >= 0 and _WIDE_EDGE.fullmatch(raw, sign, end):
            return sign
    return end


def _blind(entries: list[Entry]) -> None:
    """Hide wide spaces that follow a space, a break or the edge, in this direction."""
    after_space = True
    for entry in entries:
        atom = entry.atom
        if not atom or atom[0] in (OPEN, CLOSE):
            continue
        if atom in (SPACE, BREAK):
            after_space = True
        elif atom[0] != TOKEN and atom.isspace():
            if after_space:
                entry.atom = ""
        else:
            after_space = False


def _trim(entries: list[Entry]) -> None:  # noqa: C901  (one branch per kind)
    """Collapse runs of spaces; hide spaces and breaks at the edges and spaces beside breaks."""
    last: Entry | None = None
    for entry in entries:
        atom = entry.atom
        if not atom or atom[0] in (OPEN, CLOSE):
            if atom:
                # A space on both sides of a sign is shown once, outside where it can be.
                continue
            continue
        if atom == SPACE:
            if last is None or last.atom in (SPACE, BREAK):
                entry.atom = ""
                continue
        elif atom == BREAK:
            if last is None:
                entry.atom = ""
                continue
            if last.atom == SPACE:
                last.atom = ""
        last = entry
    for entry in reversed(entries):
        if entry.atom in (SPACE, BREAK):
            entry.atom = ""
        elif entry.atom and entry.atom[0] not in (OPEN, CLOSE):
            break
