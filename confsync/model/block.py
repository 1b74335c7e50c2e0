"""The neutral block tree: what a page says, whichever side it was read from.

The lens makes one from storage and one from Markdown; the merge aligns and merges them without knowing
either syntax. Two blocks with the same key say the same thing, however they are spelt.
"""

from dataclasses import dataclass

Word = str
"""One atom of a leaf's content in normal form: a word, a space, an open or close mark, a token.
Equal strings are equal content. The alphabet is the lens's own; the merge only compares."""


@dataclass(frozen=True, slots=True)
class Block:
    """One block.

    `text[span]` of the Markdown it was read from (or would be written as) is this block's source. A block is
    a leaf (`words`, no children) or a container (`children`).
    """

    kind: str
    """`paragraph`, `heading`, `code`, `list`, `item`, `table`, `row`, `cell`, `panel`, `opaque`, …"""
    shell: str
    """What the block says besides words and children (level, language, title, parameters), normalised."""
    key: str
    """A digest of kind, shell and everything inside. Equal keys: equal content."""
    span: tuple[int, int]
    """Offsets into the Markdown text, end exclusive, whole lines where the block owns whole lines."""
    prefix: str = ""
    """What its containers put before every line but its first (`> `, list indent), as in this text."""
    words: tuple[Word, ...] = ()
    children: tuple["Block", ...] = ()
