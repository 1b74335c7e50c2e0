"""Headings: ids as GitHub makes them, one `h1` per page, and the page's table of contents."""

from itertools import pairwise

from markdown_it.token import Token

from confsync.names.slug import fold
from confsync.site.anchors import Anchors
from confsync.site.model import Heading

_DEEPEST = 6
_WORDS = frozenset({"text", "code_inline", "text_special"})


def headings(tokens: list[Token], title: str) -> tuple[list[Token], tuple[Heading, ...]]:
    """Give every heading its id and level.

    A first heading that repeats the title is the title and is taken out. Where the text has more of the
    first level, everything moves down one, for the title is the page's only `h1`.

    Returns:
        The tokens and the headings in order.
    """
    anchors = Anchors()
    found: list[tuple[Token, str, str]] = []
    for token, inline in pairwise(tokens):
        if token.type == "heading_open":
            text = _plain(inline)
            found.append((token, anchors.take(_as_github_sees_it(inline)), text))
    if found and found[0][0].tag == "h1" and fold(found[0][2]) == fold(title):
        tokens = _without(tokens, found.pop(0)[0])
    shift = 1 if any(token.tag == "h1" for token, _, _ in found) else 0
    for token, identity, _ in found:
        token.attrSet("id", identity)
    _move_down(tokens, shift)
    return tokens, tuple(Heading(int(token.tag[1]), identity, text) for token, identity, text in found)


def _move_down(tokens: list[Token], shift: int) -> None:
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + shift, _DEEPEST)}"


def _without(tokens: list[Token], heading: Token) -> list[Token]:
    at = tokens.index(heading)
    return tokens[:at] + tokens[at + 3 :]


def _as_github_sees_it(inline: Token) -> str:
    """The text GitHub makes its id from: directives are literal there."""
    return "".join(
        str(child.meta.get("source", "")) if child.type == "directive_inline" else child.content
        for child in inline.children or ()
        if child.type in _WORDS or child.type == "directive_inline"
    )


def _plain(inline: Token) -> str:
    words = (
        str(child.meta["directive"].label or "") if child.type == "directive_inline" else child.content
        for child in inline.children or ()
        if child.type in _WORDS or child.type == "directive_inline"
    )
    return " ".join("".join(words).split())
