"""Pipe tables: an empty head is no head; `<!-- table: headerColumn -->` makes first cells headings."""

import re

from markdown_it.token import Token

_MARK = re.compile(r"\s*<!--\s*table:\s*headerColumn\s*-->\s*")


def tables(tokens: list[Token]) -> list[Token]:
    """Return the tokens without empty heads, and with heading cells where a comment asks for them."""
    out: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.type == "thead_open":
            end = next(i for i in range(at, len(tokens)) if tokens[i].type == "thead_close")
            head = tokens[at : end + 1]
            at = end + 1
            if any(cell.type == "inline" and cell.content.strip() for cell in head):
                out.extend(head)
            continue
        if token.type == "html_block" and _MARK.fullmatch(token.content):
            _head_column(tokens, at + 1)
        out.append(token)
        at += 1
    return out


def _head_column(tokens: list[Token], start: int) -> None:
    """Make the first cell of every body row of the table that starts here a heading."""
    if start >= len(tokens) or tokens[start].type != "table_open":
        return
    first = False
    pending = False
    for token in tokens[start:]:
        if token.type == "table_close":
            return
        if token.type == "tr_open":
            first = True
        elif token.type == "td_open" and first:
            token.tag, first, pending = "th", False, True
            token.attrSet("scope", "row")
        elif token.type == "td_close" and pending:
            token.tag, pending = "th", False
