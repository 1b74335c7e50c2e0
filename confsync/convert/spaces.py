"""White space that neither XML nor Markdown collapses."""

WIDE = "\x0b\x0c\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""The inside of a character class: all that `str.isspace` knows beyond space, tab and line ends.

Spelt out, because a search for what it is takes a fraction of the time of a search for what it is not.
"""
