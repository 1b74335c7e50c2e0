"""Markdown to tokens: one parser for all pages, with every construct of the folder's grammar."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from confsync.convert.markdown.directive import Directive
from confsync.site.html.blocks import is_hidden
from confsync.site.model import Heading
from confsync.site.rules.alerts import alerts
from confsync.site.rules.containers import CLOSE, OPEN, Containers
from confsync.site.rules.figures import figures, sizes
from confsync.site.rules.headings import headings
from confsync.site.rules.inline import EXCERPT_CLOSE, EXCERPT_OPEN, directive, math, mentions
from confsync.site.rules.layouts import layouts
from confsync.site.rules.tables import tables
from confsync.site.rules.tasks import tasks
from confsync.site.rules.zones import zones

_DEEPEST = 60
"""How deep blocks may nest; CommonMark's own preset silently drops what lies deeper than 20."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """One page as tokens."""

    tokens: tuple[Token, ...]
    headings: tuple[Heading, ...]
    complaints: tuple[str, ...]
    """What is wrong with its directives."""

    @property
    def shown(self) -> list[Token]:
        """The tokens without what is hidden on the page itself."""
        return _visible(self.tokens)

    def excerpt(self, name: str) -> list[Token] | None:
        """The tokens of the excerpt with this name (empty: the first), hidden or not."""
        return _excerpt(self.tokens, name)


def make_parser() -> MarkdownIt:
    """Build the parser: CommonMark, tables, strikethrough, raw HTML (sanitised later), our directives."""
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": _DEEPEST}).enable(
        ["table", "strikethrough"]
    )
    parser.core.ruler.before("inline", "confsync_blocks", _blocks)
    parser.inline.ruler.before("link", "confsync_directive", directive)
    parser.core.ruler.push("confsync_inlines", _inlines)
    return parser


def parse(parser: MarkdownIt, text: str, title: str) -> Parsed:
    """Parse a page's text, without its front matter.

    Args:
        parser: from `make_parser`.
        text: the Markdown.
        title: the page's title; a first heading that repeats it is taken out.
    """
    env: dict[str, object] = {"title": title, "headings": (), "complaints": []}
    tokens = parser.parse(text, env)
    found = env["headings"]
    complaints = env["complaints"]
    return Parsed(
        tuple(tokens),
        found if isinstance(found, tuple) else (),
        tuple(complaints) if isinstance(complaints, list) else (),
    )


def _blocks(state: StateCore) -> None:
    containers = Containers()
    tokens = containers.read(alerts(state.tokens))
    state.env["complaints"] = containers.complaints
    state.tokens = tasks(tables(layouts(tokens)))


def _inlines(state: StateCore) -> None:
    for token in state.tokens:
        if token.children:
            sizes(token.children)
            token.children = mentions(math(token.children))
    tokens, found = headings(state.tokens, str(state.env.get("title", "")))
    state.tokens = figures(tokens)
    zones(state.tokens, found)
    state.env["headings"] = found


def _visible(tokens: Sequence[Token]) -> list[Token]:
    out: list[Token] = []
    hidden = 0
    for token in tokens:
        concerns = token.type in (OPEN, CLOSE) and is_hidden(_directive(token))
        if concerns:
            hidden += token.nesting
        elif not hidden:
            out.append(token)
    return out


def _excerpt(tokens: Sequence[Token], name: str) -> list[Token] | None:
    """The body of an excerpt: blocks between two directives, or words within a paragraph."""
    for token in tokens:
        words = _between(token.children or (), name, EXCERPT_OPEN, EXCERPT_CLOSE)
        if words is not None:
            return [
                Token("paragraph_open", "p", 1, block=True),
                Token("inline", "", 0, children=words, block=True),
                Token("paragraph_close", "p", -1, block=True),
            ]
    return _between(tokens, name, OPEN, CLOSE)


def containers(tokens: Sequence[Token], name: str) -> Iterator[tuple[Directive, list[Token]]]:
    """Return every outermost container of this name with the tokens inside."""
    start, depth = -1, 0
    for at, token in enumerate(tokens):
        if token.type not in (OPEN, CLOSE) or _directive(token).name != name:
            continue
        start = at if depth == 0 else start
        depth += token.nesting
        if depth == 0:
            yield _directive(tokens[start]), list(tokens[start + 1 : at])


def _between(tokens: Sequence[Token], name: str, opening: str, closing: str) -> list[Token] | None:
    start, depth = -1, 0
    for at, token in enumerate(tokens):
        if token.type not in (opening, closing) or _directive(token).name != "excerpt":
            continue
        if start < 0 and token.nesting > 0 and (not name or _directive(token).get("name") == name):
            start = at
        if start >= 0:
            depth += token.nesting
            if depth == 0:
                return list(tokens[start + 1 : at])
    return None


def _directive(token: Token) -> Directive:
    found = token.meta["directive"]
    if not isinstance(found, Directive):
        raise TypeError("a directive token without a directive")
    return found
