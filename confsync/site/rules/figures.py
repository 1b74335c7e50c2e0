"""Pictures: `![alt](a.png){width=491 align=center}`, alone in a paragraph or with a caption after them."""

import re
from itertools import pairwise

from markdown_it.token import Token

from confsync.convert.markdown.directive import parse_directive
from confsync.errors import MalformedMarkdown

_SIZE = re.compile(r"\d{1,5}(?=(?:px)?\Z)")
_ALIGNED = frozenset({"left", "center", "right"})
_BRACES = re.compile(r"\{[^{}]*\}")


def sizes(children: list[Token]) -> None:
    """Move the attributes behind a picture into it."""
    for image, after in pairwise(children):
        if image.type != "image" or after.type != "text":
            continue
        found = _BRACES.match(after.content)
        attributes = _attributes(found[0]) if found else None
        if found and attributes is not None:
            after.content = after.content[found.end() :]
            for key, value in attributes.items():
                _apply(image, key, value)


def figures(tokens: list[Token]) -> list[Token]:
    """Turn paragraphs that hold one picture, and perhaps one emphasis as caption, into figures."""
    out = list(tokens)
    for at, token in enumerate(tokens):
        if token.type != "inline" or token.children is None or tokens[at - 1].type != "paragraph_open":
            continue
        solid = [child for child in token.children if child.content.strip() or child.type not in _GLUE]
        if not solid or solid[0].type != "image" or not _is_caption(solid[1:]):
            continue
        out[at - 1] = _figure_tag(tokens[at - 1], 1, str(solid[0].meta.get("align", "")))
        out[at + 1] = _figure_tag(tokens[at + 1], -1, "")
        token.children = [solid[0], *_caption(solid[1:])]
    return out


_GLUE = frozenset({"text", "softbreak"})


def _attributes(braces: str) -> dict[str, str] | None:
    try:
        read = parse_directive(f"::image{braces}")
    except MalformedMarkdown:
        return None
    pairs = getattr(read, "attributes", ())
    return {key: value or "" for key, value in pairs}


def _apply(image: Token, key: str, value: str) -> None:
    if key in ("width", "height") and (size := _SIZE.match(value)):
        image.attrSet(key, size[0])
    elif key == "align" and value in _ALIGNED:
        image.meta["align"] = value
    elif key == "title" and value:
        image.attrSet("title", value)


def _is_caption(rest: list[Token]) -> bool:
    """Whether this is nothing, or one emphasis from its first token to its last."""
    if not rest:
        return True
    level, first, last = 0, rest[0], rest[-1]
    if first.type != "em_open" or last.type != "em_close":
        return False
    for token in rest[:-1]:
        level += token.nesting
        if level == 0:
            return False
    return True


def _caption(rest: list[Token]) -> list[Token]:
    if not rest:
        return []
    opening = Token("figcaption_open", "figcaption", 1)
    return [opening, *rest[1:-1], Token("figcaption_close", "figcaption", -1)]


def _figure_tag(paragraph: Token, nesting: int, align: str) -> Token:
    name = "figure_open" if nesting > 0 else "figure_close"
    tag = Token(name, "figure", 1 if nesting > 0 else -1, block=True, level=paragraph.level)
    if align:
        tag.attrSet("class", f"align-{align}")
    return tag
