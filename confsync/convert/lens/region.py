"""Only what differs from the base's own Markdown is parsed.

The base's text is known block by block, so the blocks that an edited text shares with it at both ends need no
parser. The blocks next to the change are parsed along, and must come out as they are known: where they do not
(an unclosed fence, a list that swallows its neighbour), the whole text is parsed after all.
"""

import re
from collections.abc import Sequence

from confsync.convert.lens.get import Base
from confsync.convert.lens.tidy import tidied
from confsync.convert.markdown.blocks import MarkdownReader
from confsync.convert.tree import Item
from confsync.errors import MalformedMarkdown

_DEFINITION = re.compile(r"^ {0,3}\[[^\]]+\]:", re.MULTILINE)
_MARGIN = 1


def edited_region(base: Base, body: str) -> tuple[list[Item], list[Item]] | None:  # noqa: PLR0911  (one return per case)
    """The base's blocks and the edited blocks of the region that changed, with a margin of equal blocks.

    None where the text shares too little with the base, or where a part cannot be read on its own.
    """
    items, texts = base.items, base.parts
    if "\r" in body or not body.endswith("\n"):
        return None
    head, tail = _shared(texts, body)
    first, last = max(0, head - _MARGIN), len(items) - max(0, tail - _MARGIN)
    if first == 0 and last == len(items):
        return None
    start = sum(len(text) for text in texts[:first])
    end = len(body) - sum(len(text) for text in texts[last:])
    middle = body[start:end]
    if _DEFINITION.search(middle):
        return None
    try:
        edited = MarkdownReader(middle).document()
    except MalformedMarkdown:
        return None
    known = items[first:last]
    lead, trail = head - first, last - (len(items) - tail)
    if len(edited) < lead + trail:
        return None
    same = [one.key for one in known[:lead]] == [one.key for one in edited[:lead]]
    tail_known = [one.key for one in known[len(known) - trail :]] if trail else []
    tail_edited = [one.key for one in edited[len(edited) - trail :]] if trail else []
    if not same or tail_known != tail_edited:
        return None
    return list(items), [*items[:first], *tidied(edited), *items[last:]]


def _shared(texts: Sequence[str], body: str) -> tuple[int, int]:
    """How many blocks at the beginning and at the end are the same text."""
    head, at = 0, 0
    while head < len(texts) and body.startswith(texts[head], at):
        at += len(texts[head])
        head += 1
    tail, end = 0, len(body)
    while (
        tail < len(texts) - head
        and end - len(texts[-1 - tail]) >= at
        and body.endswith(texts[-1 - tail], 0, end)
    ):
        end -= len(texts[-1 - tail])
        tail += 1
    return head, tail
