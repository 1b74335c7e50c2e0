"""The order of a page's children: shown in its front matter only where it is not the title order.

The server's positions are gap integers that one drag rewrites for all siblings: what counts is the
sequence.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from confsync.model.content import ContentType, Row, Status
from confsync.model.ids import PageId, RelPath


def sequences(rows: Mapping[PageId, Row]) -> dict[PageId, tuple[PageId, ...]]:
    """The children of every parent in their order: by position, those without one behind, by title.

    Drafts and archived pages have no place among them.
    """
    children: dict[PageId, list[Row]] = {}
    for row in rows.values():
        has_place = row.status is Status.CURRENT and row.type is not ContentType.BLOGPOST
        if row.parent is not None and has_place:
            children.setdefault(row.parent, []).append(row)
    return {parent: tuple(row.id for row in sorted(found, key=_rank)) for parent, found in children.items()}


def in_title_order(sequence: Iterable[PageId], rows: Mapping[PageId, Row]) -> bool:
    """Whether siblings stand in the order of their titles."""
    keys = [title_key(rows[page].title) for page in sequence]
    return keys == sorted(keys)


def listed(
    sequence: tuple[PageId, ...], rows: Mapping[PageId, Row], paths: Mapping[PageId, RelPath]
) -> tuple[str, ...] | None:
    """What `children:` says of a sequence; None where the key is not needed."""
    known = tuple(page for page in sequence if page in paths)
    if len(known) < 2 or in_title_order(known, rows):  # noqa: PLR2004
        return None
    return tuple(child_name(paths[page]) for page in known)


def child_name(path: RelPath) -> str:
    """How `children:` names a child: its file without `.md`, or its folder."""
    name = path.rpartition("/")[2].removesuffix(".md")
    return path.split("/")[-2] if name.lower() in ("index", "readme") and "/" in path else name


def title_key(title: str) -> tuple[object, ...]:
    """Titles in the order people expect: case does not count, numbers count as numbers."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    return tuple(
        (0, int(part), "") if part.isdecimal() else (1, 0, part) for part in re.findall(r"\d+|\D+", folded)
    )


def _rank(row: Row) -> tuple[object, ...]:
    return (row.position is None, row.position or 0, title_key(row.title), row.id)
