"""A plain, safe picture of a page as HTML: enough for people and for clients that want `view`.

Only harmless elements and attributes come through; macros show their bodies, links their titles.
"""

import html
from urllib.parse import quote, quote_plus

from confsync.sandbox.saving.tokens import Kind, Token, tokens

_KEPT = frozenset(
    [
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "table",
        "tbody",
        "thead",
        "tr",
        "th",
        "td",
        "colgroup",
        "col",
        "strong",
        "em",
        "b",
        "i",
        "u",
        "s",
        "del",
        "ins",
        "sub",
        "sup",
        "code",
        "pre",
        "blockquote",
        "br",
        "hr",
        "span",
        "div",
        "small",
        "big",
        "caption",
        "time",
    ]
)
_ATTRIBUTES = frozenset({"colspan", "rowspan", "class", "datetime", "start"})
_SILENT = frozenset(
    {"ac:parameter", "ac:task-id", "ac:task-uuid", "ac:task-status", "ac:adf-attribute", "ac:adf-fallback"}
)
_STAND_INS = {"ac:plain-text-body": "pre", "ac:task-list": "ul", "ac:task": "li"}
_SCHEMES = ("http://", "https://", "mailto:", "/", "#")


def rendered(body: str, base: str = "") -> str:
    """Return storage as HTML; links that belong to the site begin with `base`."""
    out: list[str] = []
    silent = 0
    open_anchors: list[bool] = []
    for token in tokens(body):
        if token.name in _SILENT:
            silent += {Kind.OPEN: 1, Kind.CLOSE: -1}.get(token.kind, 0)
        elif silent:
            continue
        elif token.name == "a":
            out.append(_anchor(token, open_anchors))
        else:
            out.append(_shown(token, base))
    return "".join(out)


def _shown(token: Token, base: str) -> str:
    match token.kind:
        case Kind.TEXT:
            return html.escape(html.unescape(token.source), quote=False)
        case Kind.CDATA:
            return html.escape(token.source[9:-3], quote=False)
        case Kind.OPEN | Kind.EMPTY | Kind.CLOSE:
            return _tag(token, base)
        case Kind.COMMENT | Kind.INSTRUCTION:
            return ""


def _tag(token: Token, base: str) -> str:
    if token.name in _KEPT:
        return f"</{token.name}>" if token.kind is Kind.CLOSE else _kept(token)
    if token.name in _STAND_INS:
        said = _STAND_INS[token.name]
        return {Kind.OPEN: f"<{said}>", Kind.CLOSE: f"</{said}>"}.get(token.kind, "")
    if token.name == "ac:structured-macro":
        name = html.escape(html.unescape(token.attributes.get("ac:name", "")))
        return {Kind.OPEN: f'<div class="macro {name}">', Kind.CLOSE: "</div>"}.get(token.kind, "")
    if token.kind is Kind.CLOSE:
        return ""
    return _resource(token, base)


def _resource(token: Token, base: str) -> str:
    attributes = {key: html.unescape(value) for key, value in token.attributes.items()}
    match token.name:
        case "ri:page" | "ri:blog-post":
            title = attributes.get("ri:content-title", "")
            return f'<a href="{html.escape(base)}/search?title={quote_plus(title)}">{html.escape(title)}</a>'
        case "ri:attachment":
            name = attributes.get("ri:filename", "")
            return f'<a href="#{quote(name)}">{html.escape(name)}</a>'
        case "ri:url" if attributes.get("ri:value", "").startswith(("http://", "https://")):
            address = html.escape(attributes["ri:value"])
            return f'<a href="{address}">{address}</a>'
        case _:
            return ""


def _kept(token: Token) -> str:
    attributes = "".join(
        f' {key}="{html.escape(html.unescape(value))}"'
        for key, value in token.attributes.items()
        if key in _ATTRIBUTES
    )
    return f"<{token.name}{attributes}{' /' if token.kind is Kind.EMPTY else ''}>"


def _anchor(token: Token, open_anchors: list[bool]) -> str:
    if token.kind is Kind.CLOSE:
        return "</a>" if open_anchors and open_anchors.pop() else ""
    href = html.unescape(token.attributes.get("href", ""))
    safe = href.startswith(_SCHEMES)
    if token.kind is Kind.OPEN:
        open_anchors.append(safe)
        return f'<a href="{html.escape(href)}">' if safe else ""
    return ""
