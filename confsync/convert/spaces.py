"""White space that neither XML nor Markdown collapses."""

WIDE = "\x0b\x0c\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""The inside of a character class: all that `str.isspace` knows beyond space, tab and line ends.

Spelt out, because a search for what it is takes a fraction of the time of a search for what it is not.
"""

LINE_ENDS = "\x85\u2028\u2029"
"""Ends of lines to Unicode alone. Readers see a space at most, and formatters break quotes there."""


def without_line_ends(text: str) -> str:
    """The text with a space for each of `LINE_ENDS`."""
    if not text.isascii():
        for end in LINE_ENDS:
            if end in text:
                text = text.replace(end, " ")
    return text
