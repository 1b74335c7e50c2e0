"""The proof: storage before and after, byte by byte."""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from confsync.model.ids import PageId
from confsync.model.record import Record

_TOKEN = re.compile(rb"<[^>]*>|[^<\s]+|\s+")


@dataclass(frozen=True, slots=True)
class Kept:
    """How much of a page's storage is what it was."""

    title: str
    size: int
    """Bytes now."""
    same: int
    """Bytes that are the very ones from before."""
    changed: tuple[str, ...]
    """The words that are new."""


def compare(before: Record, after: Record) -> Kept:
    """Compare two states of a page, tag by tag and word by word."""
    old, new = before.page.body.encode(), after.page.body.encode()
    was, now = _TOKEN.findall(old), _TOKEN.findall(new)
    matcher = difflib.SequenceMatcher(None, was, now, autojunk=False)
    same = 0
    changed: list[str] = []
    for kind, _, _, start, end in matcher.get_opcodes():
        text = b"".join(now[start:end])
        if kind == "equal":
            same += len(text)
        elif text.strip():
            changed.append(text.decode("utf-8", "replace").strip())
    return Kept(after.page.title, len(new), same, tuple(changed))


def untouched(
    before: Mapping[PageId, Record], after: Mapping[PageId, Record], edited: set[PageId]
) -> list[str]:
    """Titles of pages that nobody edited and that are not what they were; there should be none."""
    return [
        record.page.title
        for page, record in before.items()
        if page not in edited and (page not in after or after[page].page != record.page)
    ]
