"""What people say of a page at the head of its file: a YAML block, read as strings and edited in place."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from confsync.convert.markdown.front_edit import ORDER, edit
from confsync.convert.markdown.front_entries import Document, Value, entries_of, split
from confsync.model.content import ContentType, Status

_E = TypeVar("_E", ContentType, Status)

_DIGITS = re.compile(r"[0-9]{1,19}")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What people say of a page at the head of its file. None: the key is absent, or somebody else's."""

    id: str | None = None
    title: str | None = None
    labels: tuple[str, ...] | None = None
    type: ContentType | None = None
    parent: str | None = None
    """A title, an id, a path, or `none`."""
    children: tuple[str, ...] | None = None
    status: Status | None = None
    confluence: bool = True
    """False keeps the file local."""
    extra: Mapping[str, Value] = field(default_factory=dict)
    """Every other key, under the name in the file."""


def read(text: str, names: Mapping[str, str] | None = None) -> FrontMatter:
    """Read the front matter of a file's text.

    Args:
        text: the whole file, or anything that begins like it.
        names: our key to the file's key, where they differ (`{"labels": "tags"}`).

    Raises:
        FrontMatterError: it is not YAML, not a mapping, or names a key twice; the message names the line.
    """
    names = names or {}
    document = split(text)
    if document.front is None:
        return FrontMatter()
    found = {entry.key: entry.value for entry in entries_of(document)}
    ours = {key: found.get(names.get(key, key)) for key in (*ORDER, "confluence")}
    taken = {names.get(key, key) for key in ours}
    return FrontMatter(
        id=_scalar(ours["id"], _DIGITS),
        title=_scalar(ours["title"]),
        labels=_listed(ours["labels"]),
        type=_member(ContentType, ours["type"]),
        parent=_scalar(ours["parent"]),
        children=_listed(ours["children"]),
        status=_member(Status, ours["status"]),
        confluence=ours["confluence"] not in ("false", "False", "FALSE", "no", "off"),
        extra={key: value for key, value in found.items() if value is not None and key not in taken},
    )


def _scalar(value: Value | None, form: re.Pattern[str] | None = None) -> str | None:
    if not isinstance(value, str) or not value.strip():
        return None
    return value if form is None or form.fullmatch(value) else None


def _listed(value: Value | None) -> tuple[str, ...] | None:
    """A list; `labels: a, b` and `labels: a b` are understood as people mean them."""
    if value is None or isinstance(value, tuple):
        return value
    return tuple(
        part for part in re.split(r"[,\s]+" if "," not in value else r"\s*,\s*", value.strip()) if part
    )


def _member(kind: type[_E], value: Value | None) -> _E | None:
    return next((member for member in kind if member.value == value), None)


__all__ = ["ORDER", "Document", "FrontMatter", "Value", "edit", "read", "split"]
