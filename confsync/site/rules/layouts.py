"""Page layouts: `<!-- layout: two_equal -->` … `<!-- column -->` … `<!-- /layout -->` at the top level."""

import re

from markdown_it.token import Token

_MARK = re.compile(r"\s*<!--\s*(?:layout:\s*([a-z_]+)|(column)|(/layout))\s*-->\s*")
_KINDS = {
    "single": "one",
    "fixed-width": "one",
    "two_equal": "two",
    "two_left_sidebar": "side-left",
    "two_right_sidebar": "side-right",
    "three_equal": "three",
    "three_with_sidebars": "sides",
    "four_equal": "four",
    "five_equal": "five",
}


def layouts(tokens: list[Token]) -> list[Token]:
    """Return the tokens with layout comments as the `div`s they stand for."""
    out: list[Token] = []
    inside = False
    for token in tokens:
        found = _MARK.fullmatch(token.content) if token.type == "html_block" and not token.level else None
        if found is None:
            out.append(token)
        elif found[1]:
            kind = _KINDS.get(found[1], "two")
            out.append(
                _html(f'{_END if inside else ""}<div class="layout layout-{kind}"><div class="layout-cell">')
            )
            inside = True
        elif inside:
            out.append(_html('</div><div class="layout-cell">' if found[2] else _END))
            inside = not found[3]
    if inside:
        out.append(_html(_END))
    return out


_END = "</div></div>"


def _html(content: str) -> Token:
    return Token("html_block", "", 0, content=content, block=True)
