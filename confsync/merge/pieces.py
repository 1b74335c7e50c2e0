"""Merged text in the making: plain strings and places where the sides clash."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from confsync.merge.side import MarkerLabels, Merged, TextConflict


@dataclass(frozen=True, slots=True)
class Clash:
    """A place where both sides want something else."""

    ours: str
    theirs: str


Piece = str | Clash


def ours_of(pieces: Iterable[Piece]) -> str:
    """Return the text with our side of every clash."""
    return "".join(piece if isinstance(piece, str) else piece.ours for piece in pieces)


def theirs_of(pieces: Iterable[Piece]) -> str:
    """Return the text with their side of every clash."""
    return "".join(piece if isinstance(piece, str) else piece.theirs for piece in pieces)


def clashes(pieces: Iterable[Piece]) -> bool:
    """Whether the sides differ anywhere."""
    return any(isinstance(piece, Clash) and piece.ours != piece.theirs for piece in pieces)


def swapped(pieces: Iterable[Piece]) -> list[Piece]:
    """Exchange the sides."""
    return [piece if isinstance(piece, str) else Clash(piece.theirs, piece.ours) for piece in pieces]


def assemble(pieces: Sequence[Piece], labels: MarkerLabels, newline: str) -> Merged:
    """Join the pieces; where they clash, whole lines get git's markers."""
    ours, theirs = ours_of(pieces), theirs_of(pieces)
    if ours == theirs:
        return Merged(ours, theirs, ours)
    marked: list[str] = []
    conflicts: list[TextConflict] = []
    line = 1
    for piece in _whole_lines(pieces):
        if isinstance(piece, Clash):
            conflicts.append(TextConflict(line, piece.ours, piece.theirs))
            text = _marked(piece, labels, newline)
        else:
            text = piece
        marked.append(text)
        line += text.count("\n")
    return Merged(ours, theirs, "".join(marked), tuple(conflicts))


def _marked(clash: Clash, labels: MarkerLabels, newline: str) -> str:
    ours, theirs = (_ended(text, newline) for text in (clash.ours, clash.theirs))
    return f"<<<<<<< {labels.local}{newline}{ours}======={newline}{theirs}>>>>>>> {labels.remote}{newline}"


def _ended(text: str, newline: str) -> str:
    return text if not text or text.endswith("\n") else text + newline


def _whole_lines(pieces: Sequence[Piece]) -> list[Piece]:
    """Widen every clash to whole lines; clashes on one line become one."""
    result: list[Piece] = []
    plain = ""
    begins_later = False
    region: Clash | None = None
    for piece in _split_lines(pieces):
        if region is None and isinstance(piece, str):
            plain += piece
            continue
        if region is None:
            before, partial = _cut_last_line(plain)
            result.append(before)
            plain, region = "", Clash(partial, partial)
            begins_later = isinstance(piece, Clash) and all(
                not text or text.startswith(("\n", "\r\n")) for text in (piece.ours, piece.theirs)
            )
        region = _add(region, piece)
        if _at_line_start(region):
            result += _narrowed(region) if begins_later else [region]
            region = None
    return [piece for piece in [*result, region or "", plain] if piece]


def _split_lines(pieces: Iterable[Piece]) -> Iterable[Piece]:
    """Cut plain pieces behind each line end, so that a region ends as early as it can."""
    for piece in pieces:
        if isinstance(piece, Clash):
            if piece.ours != piece.theirs:
                yield piece
            elif piece.ours:
                yield from piece.ours.splitlines(keepends=True)
        else:
            yield from (line + "\n" for line in piece.split("\n")[:-1])
            if rest := piece.rpartition("\n")[2]:
                yield rest


def _cut_last_line(text: str) -> tuple[str, str]:
    at = text.rfind("\n") + 1
    return text[:at], text[at:]


def _add(region: Clash, piece: Piece) -> Clash:
    if isinstance(piece, str):
        return Clash(region.ours + piece, region.theirs + piece)
    return Clash(region.ours + piece.ours, region.theirs + piece.theirs)


def _at_line_start(region: Clash) -> bool:
    return all(not text or text.endswith("\n") for text in (region.ours, region.theirs))


def _narrowed(region: Clash) -> list[Piece]:
    """Move the first line out again, which widening alone had brought in."""
    ours, theirs = region.ours.splitlines(keepends=True), region.theirs.splitlines(keepends=True)
    if not ours or not theirs or ours[0] != theirs[0]:
        return [region]
    return [ours[0], Clash("".join(ours[1:]), "".join(theirs[1:]))]
