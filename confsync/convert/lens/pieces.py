"""Pieces of inline content: what a leaf's new bytes are put together from.

Each has its bytes and the invisible marks around it. These marks are drawn round their pieces again, cut
where they would cross a visible mark, so that an inline comment stays on its words.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from confsync.convert.tree import CLOSE, OPEN, SPACE, Atom, Hidden


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


def pair_signs(pieces: list[Piece]) -> None:
    """Tell each sign where its other one is; a sign without one is not written."""
    stack: list[int] = []
    for index, piece in enumerate(pieces):
        if piece.atom[:1] == OPEN:
            stack.append(index)
        elif piece.atom[:1] == CLOSE and stack:
            start = stack.pop()
            pieces[start].partner, piece.partner = index, start


def drawn(pieces: Sequence[Piece], marks: Sequence[Hidden]) -> tuple[dict[int, str], dict[int, str]]:
    """What to write before and behind which piece, so that invisible marks enclose their pieces."""
    before: dict[int, list[tuple[int, str]]] = {}
    behind: dict[int, list[tuple[int, str]]] = {}
    for number, wholes in sorted(_runs(pieces).items()):
        mark = marks[number]
        runs = [run for whole in wholes for run in _balanced(pieces, *whole)]
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


def _runs(pieces: Sequence[Piece]) -> dict[int, list[tuple[int, int]]]:
    """The stretches of pieces that each invisible mark encloses."""
    runs: dict[int, list[tuple[int, int]]] = {}
    for index, piece in enumerate(pieces):
        for number in piece.hidden:
            found = runs.setdefault(number, [])
            if found and found[-1][1] == index - 1:
                found[-1] = (found[-1][0], index)
            else:
                found.append((index, index))
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
