"""How a page became what it is: its versions, newest first, each with what it changed, word by word."""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from confsync.errors import RecordError
from confsync.model.record import load_record
from confsync.site.past import Version
from confsync.site.source import text_of

_CONTEXT = 2
_LONGEST = 300
"""Rows of one change that are shown."""
_LINES = 6000
"""Of a version; longer ones are not compared."""
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
_LONG_LINE = 2000


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a change."""

    kind: str
    """`same`, `gone`, `new`, or `gap` for lines that are left out."""
    html: str
    """Escaped; changed words are marked."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One version as its page shows it."""

    number: int
    """1 for the oldest that is known."""
    author: str
    when: str
    message: str
    rows: tuple[Row, ...]
    first: bool
    """Whether nothing is known from before."""
    cut: bool
    """Whether there is more than is shown."""


def shown(versions: Sequence[Version], texts: Mapping[str, bytes], most: int) -> tuple[Shown, ...]:
    """Return the newest versions of a page that everybody might see.

    Args:
        versions: all that git knows, oldest first.
        texts: the bytes of their objects; what is missing is left out.
        most: how many.
    """
    open_ones = [(at, one) for at, one in enumerate(versions, 1) if _for_everybody(one, texts)]
    made = []
    for place, (number, one) in enumerate(open_ones):
        if place < len(open_ones) - most:
            continue
        before = _text(texts, open_ones[place - 1][1].blob) if place else None
        after = _text(texts, one.blob)
        rows = tuple(_changes(before.split("\n"), after.split("\n"))) if before is not None else ()
        cut = len(rows) > _LONGEST
        made.append(
            Shown(number, one.author, one.when, one.message, rows[:_LONGEST], first=before is None, cut=cut)
        )
    return tuple(reversed(made))


def objects(versions: Sequence[Version], most: int) -> list[str]:
    """The objects that `shown` needs."""
    newest = versions[-(most + 1) :]
    return [blob for one in newest for blob in (one.blob, one.record) if blob]


def _for_everybody(version: Version, texts: Mapping[str, bytes]) -> bool:
    """Whether a version was not restricted then; without its record nobody knows."""
    if version.blob not in texts:
        return False
    try:
        return not load_record(texts[version.record]).restricted
    except (KeyError, RecordError):
        return False


def _text(texts: Mapping[str, bytes], blob: str) -> str:
    try:
        return text_of(texts[blob])
    except UnicodeDecodeError:
        return ""


def _changes(before: Sequence[str], after: Sequence[str]) -> Iterator[Row]:
    if len(before) > _LINES or len(after) > _LINES:
        yield Row("gap", "This version is too long to be compared.")
        return
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for at, group in enumerate(matcher.get_grouped_opcodes(_CONTEXT)):
        if at:
            yield Row("gap", "…")
        for tag, from_, to, low, high in group:
            if tag == "equal":
                yield from (Row("same", escape(line)) for line in before[from_:to])
            else:
                yield from _replaced(before[from_:to], after[low:high])


def _replaced(before: Sequence[str], after: Sequence[str]) -> Iterator[Row]:
    """Lines that went and came; where one stands for the other, the words that changed are marked."""
    pairs = [_marked(old, new) for old, new in zip(before, after, strict=False)]
    gone = [pair[0] for pair in pairs] + [escape(line) for line in before[len(pairs) :]]
    new = [pair[1] for pair in pairs] + [escape(line) for line in after[len(pairs) :]]
    yield from (Row("gone", line) for line in gone)
    yield from (Row("new", line) for line in new)


def _marked(before: str, after: str) -> tuple[str, str]:
    if len(before) > _LONG_LINE or len(after) > _LONG_LINE:
        return escape(before), escape(after)
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < 1 / 3:
        return escape(before), escape(after)
    left, right = [], []
    for tag, from_, to, low, high in matcher.get_opcodes():
        gone, came = escape("".join(old[from_:to])), escape("".join(new[low:high]))
        left.append(gone if tag == "equal" or not gone else f"<del>{gone}</del>")
        right.append(came if tag == "equal" or not came else f"<ins>{came}</ins>")
    return "".join(left), "".join(right)
