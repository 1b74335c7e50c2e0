"""The one Markdown parser: markdown-it with tables, strikethrough, directives and math in code signs."""

from collections.abc import MutableMapping, Sequence
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, reference
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from confsync.convert.markdown.directive import parse_inline

INLINE_DIRECTIVES = frozenset(("status", "date", "emoji", "macro", "excerpt", "placeholder"))
"""Names that make `:name[…]` more than text."""


References = MutableMapping[str, Any]
"""The link definitions of a text, as the parser keeps them."""


MAX_NESTED = 102
"""Blocks inside each other: as deep as storage may nest, so that whatever is read can be written."""
_BRACKETS = 20
"""Brackets inside each other in a line."""


def _made(max_nesting: int) -> MarkdownIt:
    """A parser; targets are kept as written."""
    made = MarkdownIt("commonmark", {"maxNesting": max_nesting}).enable(["table", "strikethrough"])
    made.normalizeLink = _as_written  # type: ignore[assignment]
    made.validateLink = _any_target  # type: ignore[assignment]
    made.block.ruler.at("reference", _definition)
    made.inline.ruler.before("escape", "directive", _directive)
    made.inline.ruler.before("escape", "math", _math)
    # What stands in a line is parsed when it is asked for.
    made.core.ruler.disable(["inline", "text_join"])
    return made


@cache
def _for_blocks() -> MarkdownIt:
    return _made(MAX_NESTED)


@cache
def _for_lines(*, links: bool) -> MarkdownIt:
    """The parser of what stands in a line; without links, brackets are mere characters: much faster."""
    made = _made(_BRACKETS)
    if not links:
        made.inline.ruler.disable(["link", "image"])
    return made


def _as_written(target: str) -> str:
    return target


def _any_target(_target: str) -> bool:
    return True


def parse_blocks(text: str) -> tuple[list[Token], References]:
    """The block tokens of a text, inline content not parsed, and the links it defines.

    What stands deeper than `MAX_NESTED` is missing; `too_deep` tells.
    """
    references: References = {}
    return _for_blocks().parse(text, references), references


def too_deep(tokens: Sequence[Token]) -> Token | None:
    """The first block in which the parser gave up, if there is one."""
    return next((tok for tok in tokens if tok.level >= MAX_NESTED - 1), None)


def parse_inline_text(text: str, references: References | None = None) -> Sequence[Token]:
    """The inline tokens of one leaf's text; what was escaped is `text_special`."""
    references = {} if references is None else references
    made, tokens = _for_lines(links="](" in text or bool(references)), list[Token]()
    made.inline.parse(text.replace("\r\n", "\n").replace("\r", "\n"), made, references, tokens)
    return tokens


def _definition(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """A link's definition. A footnote looks like one and is text: a page has no footnotes."""
    at = state.bMarks[start] + state.tShift[start]
    return not state.src.startswith("[^", at) and reference(state, start, end, silent)


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
