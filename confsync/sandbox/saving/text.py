"""The words of a page, for search and for excerpts."""

import html
import re
from functools import lru_cache

from confsync.sandbox.saving.tokens import Kind, tokens

_WORD = re.compile(r"\w+")
_TERM = re.compile(r'"([^"]*)"|(\S+)')
_TAG = r"(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>"
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_SILENT = re.compile(
    rf"<(ac:parameter|ac:task-id|ac:task-uuid|ac:task-status|ac:adf-attribute)\b{_TAG}.*?</\1\s*>|<!--.*?-->",
    re.DOTALL,
)
_INLINE = re.compile(rf"</?(?:strong|em|b|i|span|a|code|u|sub|sup|ac:inline-comment-marker)\b{_TAG}")
_OTHER = re.compile(rf"<{_TAG}")


def plain_text(body: str) -> str:
    """What a reader sees of a storage body, blanks collapsed; parameters of macros are left out."""
    escaped = _CDATA.sub(lambda match: html.escape(match.group(1)), body)
    said = _OTHER.sub(" ", _INLINE.sub("", _SILENT.sub("", escaped)))
    return " ".join(html.unescape(said).split())


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
