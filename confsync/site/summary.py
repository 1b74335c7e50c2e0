"""The first words of a page, for lists, previews and descriptions."""

from collections.abc import Sequence
from itertools import pairwise

from markdown_it.token import Token

_LONGEST = 200
_WORDS = frozenset({"text", "code_inline", "softbreak", "hardbreak", "directive_inline"})


def summary(tokens: Sequence[Token]) -> str:
    """Return the first paragraph of a page itself, as plain text."""
    for before, token in pairwise(tokens):
        if before.type == "paragraph_open" and before.level == 0 and token.children:
            text = " ".join("".join(map(_said, token.children)).split())
            if text:
                return text if len(text) <= _LONGEST else text[:_LONGEST].rsplit(" ", 1)[0] + "…"
    return ""


def _said(token: Token) -> str:
    if token.type not in _WORDS:
        return ""
    if token.type == "directive_inline":
        return token.meta["directive"].label or ""
    return token.content or " "
