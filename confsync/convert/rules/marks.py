"""Inline marks: which elements are which, and how they are written."""

from collections.abc import Mapping

MARKS: Mapping[str, str] = {
    "strong": "strong",
    "b": "strong",
    "em": "em",
    "i": "em",
    "s": "del",
    "del": "del",
    "strike": "del",
    "u": "u",
    "ins": "ins",
    "sub": "sub",
    "sup": "sup",
    "code": "code",
    "kbd": "code",
    "samp": "code",
    "tt": "code",
    "mark": "mark",
}
"""Elements, in storage or in HTML, and the mark they make."""

DELIMITERS: Mapping[str, str] = {"strong": "**", "em": "*", "del": "~~"}
"""Marks that Markdown has a sign for."""

STORAGE_MARK: Mapping[str, tuple[str, str]] = {
    "mark": ('<span style="background-color: rgb(255,240,179);">', "</span>"),
}
"""Marks that are spelt differently in new storage; all others are their own tags."""


def storage_tags(name: str, fields: list[str], escape: Mapping[str, str] | None = None) -> tuple[str, str]:
    """The start and end tag of a new mark."""
    if name == "span":
        style = fields[0] if fields else ""
        for char, entity in (escape or {"&": "&amp;", '"': "&quot;", "<": "&lt;"}).items():
            style = style.replace(char, entity)
        return f'<span style="{style}">', "</span>"
    return STORAGE_MARK.get(name, (f"<{name}>", f"</{name}>"))
