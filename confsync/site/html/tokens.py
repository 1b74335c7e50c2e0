"""How markdown-it's tokens become HTML, where it is not markdown-it's own way.

Nothing here is safe yet: everything goes through the allow-list afterwards.
"""

import re
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from html import escape
from typing import Any
from urllib.parse import quote

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from confsync.site.html import blocks
from confsync.site.html.code import code_block
from confsync.site.html.inlines import directives_in_html, inline_directive
from confsync.site.html.math import formula
from confsync.site.macros.contents import contents
from confsync.site.rules.containers import CLOSE, LEAF, OPEN
from confsync.site.rules.inline import EXCERPT_CLOSE, EXCERPT_OPEN, MENTION_CLOSE, MENTION_OPEN

Env = MutableMapping[str, Any]
"""`page` is the page being rendered, a `blocks.Page`."""

Rule = Callable[[RendererHTML, Sequence[Token], int, OptionsDict, Env], str]

_TABLE = re.compile(r"<(/?)table\b([^<>]*)>", re.IGNORECASE)


def _open(_: RendererHTML, tokens: Sequence[Token], at: int, __: OptionsDict, ___: Env) -> str:
    found = tokens[at].meta["directive"]
    return blocks.container(found)[0] + _zone(tokens[at], ("", "top", "both"))


def _close(_: RendererHTML, tokens: Sequence[Token], at: int, __: OptionsDict, ___: Env) -> str:
    found = tokens[at].meta["directive"]
    return _zone(tokens[at], ("bottom", "both")) + blocks.container(found)[1]


def _zone(token: Token, places: Sequence[str]) -> str:
    """The list of headings of a `toc-zone`, where it stands at this end."""
    if "headings" not in token.meta:
        return ""
    found = token.meta["directive"]
    return contents(found, token.meta["headings"]) if (found.get("location") or "") in places else ""


def _leaf(_: RendererHTML, tokens: Sequence[Token], at: int, __: OptionsDict, env: Env) -> str:
    return str(env["page"].leaf(tokens[at].meta["directive"]))


def _inline(_: RendererHTML, tokens: Sequence[Token], at: int, __: OptionsDict, env: Env) -> str:
    found = tokens[at].meta["directive"]
    said = env["page"].inline(found)
    return inline_directive(found) if said is None else str(said)


def _nothing(_: RendererHTML, __: Sequence[Token], ___: int, ____: OptionsDict, _____: Env) -> str:
    return ""


def _fence(_: RendererHTML, tokens: Sequence[Token], at: int, __: OptionsDict, env: Env) -> str:
    return code_block(tokens[at].content, tokens[at].info, env["page"])


def _indented(_: RendererHTML, tokens: Sequence[Token], at: int, __: OptionsDict, env: Env) -> str:
    return code_block(tokens[at].content, "", env["page"])


def _math(_: RendererHTML, tokens: Sequence[Token], at: int, __: OptionsDict, env: Env) -> str:
    return str(env["page"].safe(formula(tokens[at].content, block=False)))


def _table_open(_: RendererHTML, __: Sequence[Token], ___: int, ____: OptionsDict, _____: Env) -> str:
    return '<div class="scroll" tabindex="0"><table>\n'


def _table_close(_: RendererHTML, __: Sequence[Token], ___: int, ____: OptionsDict, _____: Env) -> str:
    return "</table></div>\n"


def _raw(_: RendererHTML, tokens: Sequence[Token], at: int, __: OptionsDict, ___: Env) -> str:
    html = directives_in_html(tokens[at].content)
    return _TABLE.sub(
        lambda tag: f"{tag[0]}</div>" if tag[1] else f'<div class="scroll" tabindex="0">{tag[0]}', html
    )


def _raw_inline(_: RendererHTML, tokens: Sequence[Token], at: int, __: OptionsDict, ___: Env) -> str:
    return tokens[at].content


def _heading_close(_: RendererHTML, tokens: Sequence[Token], at: int, __: OptionsDict, ___: Env) -> str:
    opening = tokens[at - 2]
    place = quote(str(opening.attrGet("id") or ""))
    anchor = f'<a class="anchor" href="#{place}" aria-label="Link to this section">#</a>'
    return f"{anchor}</{tokens[at].tag}>\n"


def _list_item_open(
    self: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, _: Env
) -> str:
    opening = self.renderToken(tokens, at, options, {})
    inline = tokens[at + 2] if at + 2 < len(tokens) else None
    label = inline.meta.get("box") if inline is not None and inline.type == "inline" else None
    if not label:
        return opening
    return f'{opening}<span class="box" role="img" aria-label="{label}" title="{label}"></span>'


def _mention_open(_: RendererHTML, __: Sequence[Token], ___: int, ____: OptionsDict, _____: Env) -> str:
    return '<span class="mention">'


def _mention_close(_: RendererHTML, __: Sequence[Token], ___: int, ____: OptionsDict, _____: Env) -> str:
    return "</span>"


def _image(self: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: Env) -> str:
    token = tokens[at]
    alt = self.renderInlineAsText(token.children or [], options, env)
    source = str(token.attrGet("src") or "")
    if source.startswith(("http:", "https:", "//")):
        shown = escape(alt or source)
        return f'<span class="outside-image"><a href="{escape(source)}">{shown}</a></span>'
    size = "".join(f' {key}="{token.attrGet(key)}"' for key in ("width", "height") if token.attrGet(key))
    title = f' title="{escape(str(token.attrGet("title")))}"' if token.attrGet("title") else ""
    return f'<img src="{escape(source)}" alt="{escape(alt)}"{title}{size} loading="lazy" decoding="async">'


RULES: Mapping[str, Rule] = {
    OPEN: _open,
    CLOSE: _close,
    LEAF: _leaf,
    "directive_inline": _inline,
    EXCERPT_OPEN: _nothing,
    EXCERPT_CLOSE: _nothing,
    "fence": _fence,
    "code_block": _indented,
    "math_inline": _math,
    "table_open": _table_open,
    "table_close": _table_close,
    "html_block": _raw,
    "html_inline": _raw_inline,
    "heading_close": _heading_close,
    "list_item_open": _list_item_open,
    MENTION_OPEN: _mention_open,
    MENTION_CLOSE: _mention_close,
    "image": _image,
}
