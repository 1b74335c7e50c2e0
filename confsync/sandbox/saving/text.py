"""The words of a page, for search and for excerpts."""

import html

from confsync.sandbox.saving.tokens import Kind, tokens

_SILENT = frozenset({"ac:parameter", "ac:task-id", "ac:task-uuid", "ac:task-status", "ac:adf-attribute"})


def plain_text(body: str) -> str:
    """What a reader sees of a storage body, blanks collapsed; parameters of macros are left out."""
    said: list[str] = []
    silent = 0
    for token in tokens(body):
        if token.name in _SILENT:
            silent += {Kind.OPEN: 1, Kind.CLOSE: -1}.get(token.kind, 0)
        elif token.kind is Kind.TEXT and not silent:
            said.append(html.unescape(token.source))
        elif token.kind is Kind.CDATA and not silent:
            said.append(token.source[9:-3])
        elif token.name.partition(":")[0] not in ("strong", "em", "span", "a", "code", "u", "sub", "sup"):
            said.append(" ")
    return " ".join("".join(said).split())


def macros(body: str) -> frozenset[str]:
    """The names of the macros on a page."""
    return frozenset(
        t.attributes.get("ac:name", "")
        for t in tokens(body)
        if t.name == "ac:structured-macro" and t.kind is not Kind.CLOSE
    )
