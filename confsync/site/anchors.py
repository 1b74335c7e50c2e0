"""Ids of headings, made the way GitHub makes them, so that links work in both places."""

import unicodedata

_KEPT = ("L", "N", "M")


def anchor(text: str) -> str:
    """Return the id of a heading with this text: lower case, blanks to dashes, punctuation dropped."""
    kept = (char for char in text.strip().lower() if char in " -_" or unicodedata.category(char)[0] in _KEPT)
    return "".join(kept).replace(" ", "-")


class Anchors:
    """The ids of one page: a second heading of the same text gets `-1`, a third `-2`."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def take(self, text: str) -> str:
        """Return an id for a heading that no earlier heading of the page has."""
        base = result = anchor(text) or "section"
        while result in self._seen:
            self._seen[base] += 1
            result = f"{base}-{self._seen[base]}"
        self._seen[result] = 0
        return result
