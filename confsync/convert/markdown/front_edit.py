"""Changing keys of front matter in place.

An edit replaces the bytes of one value; comments, order, unknown keys, quoting and line ends of everything
else stay.
"""

import re
from collections.abc import Mapping, Sequence

from confsync.convert.markdown.front_entries import (
    Document,
    Entry,
    Value,
    entries_of,
    line_start,
    split,
    text_end,
)
from confsync.convert.markdown.yaml_scalar import quoted, written

ORDER = ("id", "title", "labels", "type", "parent", "children", "status")
"""Our own keys, in the order in which new ones are written."""


def edit(text: str, changes: Mapping[str, Value | None], names: Mapping[str, str] | None = None) -> str:
    """Change keys of a file's front matter in place and return the whole text.

    Args:
        text: the whole file; front matter is made where there is none.
        changes: our key (or any other) to its new value; None removes the key.
        names: as for `read`.

    Raises:
        FrontMatterError: the front matter there is cannot be read.
    """
    names = names or {}
    document = split(text)
    newline = _newline(text)
    if document.front is None:
        return _created(text, document, changes, names, newline)
    entries = {entry.key: entry for entry in entries_of(document)}
    splices: list[tuple[int, int, str]] = []
    added: list[tuple[str, Value]] = []
    for key in sorted(changes, key=_rank):
        value, entry = changes[key], entries.get(names.get(key, key))
        if entry is None:
            if value is not None:
                added.append((key, value))
        elif value is None:
            splices.append((*entry.lines, ""))
        elif entry.value != value:
            splices.append(_replacement(entry, value, document.front, newline))
    front = _spliced(document.front, splices + _insertions(entries, added, names, document.front, newline))
    if front and not front.endswith(("\n", "\r")):
        front += newline
    return text[: document.front_offset] + front + text[document.front_offset + len(document.front) :]


def _created(
    text: str, document: Document, changes: Mapping[str, Value | None], names: Mapping[str, str], newline: str
) -> str:
    added = [(key, value) for key in sorted(changes, key=_rank) if (value := changes[key]) is not None]
    if not added:
        return text
    lines = "".join(f"{names.get(key, key)}: {written(value)}{newline}" for key, value in added)
    gap = "" if not document.body or document.body[0] in "\r\n" else newline
    return f"{text[: document.body_offset]}---{newline}{lines}---{newline}{gap}{document.body}"


def _newline(text: str) -> str:
    found = re.search(r"\r\n|\n", text)
    return found[0] if found else "\n"


def _replacement(entry: Entry, value: Value, front: str, newline: str) -> tuple[int, int, str]:
    start, end = entry.span
    if isinstance(value, tuple) and entry.style is None and isinstance(entry.value, tuple) and value:
        column = start - line_start(front, start)
        old_end = len(front[:end].rstrip())
        return start, old_end, (newline + " " * column).join(f"- {written(item)}" for item in value)
    new = (
        quoted(value, entry.style) if isinstance(value, str) and entry.style in ("'", '"') else written(value)
    )
    if start == end:
        # An empty value: its mark may stand behind the line break.
        start = end = text_end(front, entry.lines[0])
        return start, end, new if front[start - 1 : start].isspace() else " " + new
    return start, len(front[:end].rstrip()), new


def _insertions(
    entries: Mapping[str, Entry],
    added: Sequence[tuple[str, Value]],
    names: Mapping[str, str],
    front: str,
    newline: str,
) -> list[tuple[int, int, str]]:
    present = {key: entries[name] for key in ORDER if (name := names.get(key, key)) in entries}
    out: list[tuple[int, int, str]] = []
    for key, value in added:
        at = _place(key, present, front)
        lead = newline if at and front[at - 1] not in "\r\n" else ""
        out.append((at, at, f"{lead}{names.get(key, key)}: {written(value)}{newline if not lead else ''}"))
    return out


def _place(key: str, present: Mapping[str, Entry], front: str) -> int:
    """Behind the nearest of our keys that comes earlier in the order, else before the first later one."""
    if key in ORDER:
        before = [entry.lines[1] for other, entry in present.items() if _rank(other) < _rank(key)]
        if before:
            return max(before)
        after = [entry.lines[0] for other, entry in present.items() if _rank(other) > _rank(key)]
        if after:
            return min(after)
        if key == "id":
            return 0
    return len(front)


def _spliced(front: str, splices: Sequence[tuple[int, int, str]]) -> str:
    out, at = [], 0
    for start, end, new in sorted(splices, key=lambda s: (s[0], s[1])):
        out.append(front[at:start])
        out.append(new)
        at = end
    return "".join(out) + front[at:]


def _rank(key: str) -> tuple[int, str]:
    return (ORDER.index(key) if key in ORDER else len(ORDER), key)
