"""GitHub's alerts: a quote whose first line is `[!NOTE]` becomes a panel."""

import re

from markdown_it.token import Token

from confsync.convert.markdown.directive import Directive, Shape
from confsync.site.rules.containers import CLOSE, OPEN

_MARKER = re.compile(r"\\?\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\\?\][ \t]*(?:\n|\Z)?", re.IGNORECASE)
_PANELS = {
    "note": "info",
    "tip": "tip",
    "important": "adf-note",
    "warning": "note",
    "caution": "warning",
}
_HEAD = 4
"""A quote's opening token and the three of its first paragraph."""


def alerts(tokens: list[Token]) -> list[Token]:
    """Return the tokens with alerts as directives, named as Confluence names the panel."""
    out: list[Token] = []
    open_quotes: list[Directive | None] = []
    skip = 0
    for at, token in enumerate(tokens):
        if skip:
            skip -= 1
        elif token.type == "blockquote_open":
            found = _marker(tokens, at)
            panel = Directive(Shape.CONTAINER, _PANELS[found[1].lower()]) if found else None
            open_quotes.append(panel)
            if panel is None or found is None:
                out.append(token)
                continue
            out.append(Token(OPEN, "", 1, block=True, level=token.level, meta={"directive": panel}))
            skip = _strip(tokens, at, found.end())
        elif token.type == "blockquote_close" and (panel := open_quotes.pop()) is not None:
            out.append(Token(CLOSE, "", -1, block=True, level=token.level, meta={"directive": panel}))
        else:
            out.append(token)
    return out


def _marker(tokens: list[Token], at: int) -> re.Match[str] | None:
    if len(tokens) < at + _HEAD or tokens[at + 1].type != "paragraph_open":
        return None
    return _MARKER.match(tokens[at + 2].content)


def _strip(tokens: list[Token], at: int, end: int) -> int:
    """Take the marker off the first paragraph; return how many tokens vanish with it."""
    inline = tokens[at + 2]
    inline.content = inline.content[end:].lstrip()
    return 0 if inline.content else _HEAD - 1
