"""The words of a page, for search and for excerpts."""

import html
import re
from functools import lru_cache

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


def words_of(body: str | None) -> str:
    """The words of a body that may be missing or no XML at all."""
    return plain_text(body or "")


def has_mention(body: str | None, *accounts: str) -> bool:
    """Whether one of these users is mentioned on a page."""
    found = (t.attributes for t in tokens(body or "") if t.name == "ri:user")
    return any(said.get("ri:account-id") in accounts or said.get("ri:userkey") in accounts for said in found)


def has_macro(body: str | None, *names: str) -> bool:
    """Whether one of these macros is on a page."""
    found = (t for t in tokens(body or "") if t.name == "ac:structured-macro" and t.kind is not Kind.CLOSE)
    return any(token.attributes.get("ac:name") in names for token in found)


_WORD = re.compile(r"\w+")
_TERM = re.compile(r'"([^"]*)"|(\S+)')


@lru_cache(maxsize=64)
def _patterns(query: str) -> tuple[re.Pattern[str], ...]:
    """One pattern per word or quoted phrase of a query."""
    said = (phrase or term for phrase, term in _TERM.findall(query.casefold()))
    return tuple(_pattern(term) for term in said if _WORD.search(term))


def _pattern(term: str) -> re.Pattern[str]:
    """Letters as they are, `*` and `?` for any of them, everything else a gap between words."""
    wild = {"*": r"\w*", "?": r"\w"}
    trimmed = term.strip("".join({c for c in term if not (c.isalnum() or c in "_*?")}))
    pieces = (re.escape(c) if c.isalnum() or c == "_" else wild.get(c, r"\W+") for c in trimmed)
    return re.compile(rf"(?<!\w){''.join(pieces)}(?!\w)")


def matches(text: str, query: str) -> bool:
    """Whether a text has every word of the query, in any order and case; `*` and `?` stand for letters."""
    patterns = _patterns(query)
    folded = text.casefold()
    return bool(patterns) and all(pattern.search(folded) for pattern in patterns)
