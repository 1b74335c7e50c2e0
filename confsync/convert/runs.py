"""A leaf as one string in which every mark, token and break is one character.

Most leaves hold nothing that has to be put in order first; for them this is all it takes to know what they
show, on either side of the lens.
"""

import re
from collections.abc import Sequence

from confsync.convert.spaces import WIDE
from confsync.convert.tree import BREAK, CLOSE, OPEN, SPACE, Atom

BREAK_SIGN = "\x01"
_SPACES = re.compile(r"[ \t\r\n]+")
_BESIDE_BREAK = re.compile(f" *{BREAK_SIGN} *")
_RUNS = re.compile("[\x01-\x04]|[^\x01-\x04]+")
_ATOMS = re.compile("[\x01-\x04 ]|[^\x01-\x04 ]+")
_INTRICATE = re.compile(f"{OPEN}[ {BREAK_SIGN}{OPEN}{CLOSE}]|[ {BREAK_SIGN}]{CLOSE}|{CLOSE}{OPEN}")
_WIDE = re.compile(f"[{WIDE}]")
_BESIDE = f"[ {BREAK_SIGN}{OPEN}{CLOSE}]"
_ARTEFACT = re.compile(f"[{WIDE}](?:$|{_BESIDE})|(?:^|{_BESIDE})[{WIDE}]")
"""A wide space beside another space, a sign or an edge may be one."""


def runs_of(text: str, said: Sequence[Atom] = ()) -> list[str] | None:
    """Runs of text, marks, tokens and breaks.

    Args:
        text: what is shown; `OPEN`, `CLOSE` and `TOKEN` stand for the atoms of `said`, in order, and
            `BREAK_SIGN` for a break.
        said: the atoms of marks and tokens.

    Returns:
        The runs in normal form; None where marks or spaces have to be put in order first.
    """
    text = _collapsed(text)
    if (said and _INTRICATE.search(text)) or _has_artefact(text):
        return None
    if not said and BREAK_SIGN not in text:
        return [text] if text else []
    waiting = iter(said)
    return [
        run if run >= SPACE else BREAK if run == BREAK_SIGN else next(waiting) for run in _RUNS.findall(text)
    ]


def atoms_of_signs(text: str, said: Sequence[Atom]) -> list[Atom]:
    """The same as words, spaces, marks, tokens and breaks, before anything is put in order."""
    waiting = iter(said)
    return [
        piece if piece >= SPACE else BREAK if piece == BREAK_SIGN else next(waiting)
        for piece in _ATOMS.findall(_SPACES.sub(" ", text))
    ]


def _has_artefact(text: str) -> bool:
    return not text.isascii() and _WIDE.search(text) is not None and _ARTEFACT.search(text) is not None


def _collapsed(text: str) -> str:
    if "  " in text or "\n" in text or "\t" in text or "\r" in text:
        text = _SPACES.sub(" ", text)
    if BREAK_SIGN in text:
        text = _BESIDE_BREAK.sub(BREAK_SIGN, text)
    return text.strip(f" {BREAK_SIGN}")
