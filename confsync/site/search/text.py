"""What a page says, section by section, as plain text: for the index and for excerpts."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape

from markdown_it.token import Token

from confsync.convert.markdown.directive import Directive

_TAG = re.compile(r"<!--.*?-->|<[^<>]*>", re.DOTALL)
_INLINE_DIRECTIVE = re.compile(r":[a-z][a-z0-9-]*\[([^\[\]]*)\](?:\{[^{}]*\})?")
_LONGEST = 40_000
"""In characters, of one page; what comes after is not searched."""


_SILENT = frozenset(
    f"{name}_{end}"
    for name in (
        "paragraph", "list_item", "bullet_list", "ordered_list", "tr", "td", "th", "tbody", "thead", "table",
        "blockquote", "strong", "em", "s", "link", "heading",
    )
    for end in ("open", "close")
    if (name, end) != ("heading", "open")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the text up to the next one."""

    id: str
    """Of the heading; empty for what stands before the first."""
    heading: str
    text: str


def sections(tokens: Sequence[Token]) -> tuple[Section, ...]:
    """Return the sections of a page, in order, without its title."""
    found: list[Section] = []
    identity, heading, parts, left = "", "", list[str](), _LONGEST
    skip = -1
    for at, token in enumerate(tokens):
        if left <= 0:
            break
        if token.type == "heading_open":
            _close(found, identity, heading, parts)
            identity, heading, parts = str(token.attrGet("id") or ""), _inline(tokens[at + 1]), []
            skip = at + 1
        elif token.type not in _SILENT and at != skip and (said := " ".join("".join(_said(token)).split())):
            parts.append(said[:left])
            left -= len(said)
    _close(found, identity, heading, parts)
    return tuple(found)


def _close(found: list[Section], identity: str, heading: str, parts: list[str]) -> None:
    if heading or parts:
        found.append(Section(identity, heading, " ".join(parts)))


def _inline(token: Token) -> str:
    return " ".join("".join(_said(token)).split())


def _said(token: Token) -> Iterator[str]:
    """The words of one token, in pieces."""
    if token.children and token.type != "image":
        for child in token.children:
            if child.type == "text":
                yield child.content
            elif child.type not in _SILENT:
                yield from _said(child)
    elif token.type in ("text", "code_inline", "math_inline", "text_special", "fence", "code_block"):
        yield token.content
    elif token.type in ("softbreak", "hardbreak"):
        yield " "
    elif token.type == "html_block":
        yield unescape(_TAG.sub(" ", _INLINE_DIRECTIVE.sub(r"\1", token.content)))
    elif token.type == "image":
        yield f"{token.content} "
    elif isinstance(found := token.meta.get("directive"), Directive) and token.nesting >= 0:
        yield found.label or ""
