"""Inline directives (`:status[DONE]{green}`), mentions, and inline math (``$`a_b`$``)."""

from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from confsync.convert.markdown.directive import Directive, parse_inline

EXCERPT_OPEN, EXCERPT_CLOSE = "excerpt_open", "excerpt_close"
MENTION_OPEN, MENTION_CLOSE = "mention_open", "mention_close"
KNOWN = frozenset({"status", "date", "emoji", "macro", "excerpt", "placeholder"})


def directive(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 (markdown-it calls it like this)
    """A markdown-it inline rule: read a directive at a colon.

    Unknown names stay text unless they carry an id. The label of an excerpt is Markdown of its own, and so
    is that of a macro called by its own name.
    """
    if state.src[state.pos] != ":":
        return False
    found = parse_inline(state.src, state.pos)
    if found is None or (found.name not in KNOWN and not found.id) or found.span[1] > state.posMax:
        return False
    if not silent:
        if found.name == "excerpt" or found.name not in KNOWN:
            state.tokens.extend(_label(state, found))
        else:
            token = state.push("directive_inline", "", 0)
            token.meta = {"directive": found, "source": state.src[found.span[0] : found.span[1]]}
    state.pos = found.span[1]
    return True


def _label(state: StateInline, found: Directive) -> list[Token]:
    if state.pending:
        state.pushPending()
    inner: list[Token] = []
    state.md.inline.parse(found.raw_label, state.md, state.env, inner)
    opening = Token(EXCERPT_OPEN, "", 1, meta={"directive": found})
    return [opening, *inner, Token(EXCERPT_CLOSE, "", -1, meta={"directive": found})]


def mentions(children: list[Token]) -> list[Token]:
    """Return inline tokens in which links to people are mentions: there is no page to go to."""
    links: list[bool] = []
    for token in children:
        if token.type == "link_open":
            links.append(str(token.attrGet("href") or "").startswith("confluence:user"))
            token.type = MENTION_OPEN if links[-1] else token.type
        elif token.type == "link_close" and links and links.pop():
            token.type = MENTION_CLOSE
    return children


def math(children: list[Token]) -> list[Token]:
    """Return inline tokens in which code between two dollar signs is math."""
    for before, code, after in zip(children, children[1:], children[2:], strict=False):
        if (
            code.type == "code_inline"
            and before.type == after.type == "text"
            and before.content.endswith("$")
            and after.content.startswith("$")
        ):
            before.content, after.content = before.content[:-1], after.content[1:]
            code.type = "math_inline"
    return children
