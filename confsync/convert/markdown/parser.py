"""The one Markdown parser: markdown-it with tables, strikethrough, directives and math in code signs."""

from collections.abc import Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from confsync.convert.markdown.directive import parse_inline

INLINE_DIRECTIVES = frozenset(("status", "date", "emoji", "macro", "excerpt", "placeholder"))
"""Names that make `:name[…]` more than text."""


@cache
def parser() -> MarkdownIt:
    """The parser, made once. Targets are kept as written."""
    made = MarkdownIt("commonmark", {"maxNesting": 60}).enable(["table", "strikethrough"])
    made.normalizeLink = _as_written  # type: ignore[assignment]
    made.validateLink = _any_target  # type: ignore[assignment]
    made.inline.ruler.before("escape", "directive", _directive)
    made.inline.ruler.before("escape", "math", _math)
    return made


def _as_written(target: str) -> str:
    return target


def _any_target(_target: str) -> bool:
    return True


def parse_blocks(text: str) -> list[Token]:
    """The block tokens of a text, inline content parsed."""
    return parser().parse(text)


def parse_inline_text(text: str) -> Sequence[Token]:
    """The inline tokens of one leaf's text."""
    return parser().parseInline(text)[0].children or ()


def _directive(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  (the parser's signature)
    if state.src[state.pos] != ":":
        return False
    found = parse_inline(state.src, state.pos)
    if found is None or (found.name not in INLINE_DIRECTIVES and not found.id):
        return False
    if not silent:
        state.push("directive", "", 0).meta = {"directive": found}
    state.pos = found.span[1]
    return True


def _math(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    if not state.src.startswith("$`", state.pos):
        return False
    end = state.src.find("`$", state.pos + 2, state.pos + 4000)
    if end <= state.pos + 2:
        return False
    if not silent:
        state.push("math", "", 0).content = state.src[state.pos + 2 : end]
    state.pos = end + 2
    return True
