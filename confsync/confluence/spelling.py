"""What makes two storage texts the same one, as far as finding our own work again goes."""

import re
from typing import Final

LONGEST_MESSAGE: Final = 255
"""Characters of a version message."""
# What the server adds or respells on save; it must not hide our own text from us.
_ADDED = re.compile(
    r'\s(?:ac:macro-id|ac:schema-version|ac:local-id|local-id|ac:task-uuid|ri:version-at-save)="[^"]*"'
)
_EMPTY = re.compile(r"<([\w:-]+)([^<>]*)></\1>")
_SPACE = re.compile(r"\s+")


def plain(body: str) -> str:
    """A text without what the server adds or respells on save."""
    text_only = _ADDED.sub("", body)
    return _SPACE.sub("", _EMPTY.sub(r"<\1\2/>", text_only))
