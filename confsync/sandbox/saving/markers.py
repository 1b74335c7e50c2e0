"""Put an inline comment's marker around the words it is about."""

import html

from confsync.sandbox.refusals import Malformed
from confsync.sandbox.saving.check import check
from confsync.sandbox.saving.tokens import Kind, Token, tokens

_PLAIN = frozenset(
    {"ac:parameter", "ac:plain-text-body", "ac:plain-text-link-body", "ac:task-id", "ac:task-status"}
)


def mark(body: str, selection: str, index: int, ref: str) -> str | None:
    """Wrap the match number `index` (from 0) of `selection` and return the new body; None: no such match.

    Only matches inside one run of text count: a marker cannot cross a tag here.
    """
    seen = 0
    depth = 0
    for token in tokens(body):
        if token.name in _PLAIN:
            depth += {Kind.OPEN: 1, Kind.CLOSE: -1}.get(token.kind, 0)
        if token.kind is not Kind.TEXT or depth:
            continue
        for start, end in _matches(token, selection):
            if seen == index:
                return (
                    f'{body[:start]}<ac:inline-comment-marker ac:ref="{ref}">{body[start:end]}'
                    f"</ac:inline-comment-marker>{body[end:]}"
                )
            seen += 1
    return None


def _matches(token: Token, selection: str) -> list[tuple[int, int]]:
    """Source offsets of every match of the decoded selection in one text token."""
    if not selection:
        return []
    atoms = _atoms(token.source)
    text = "".join(said for said, _ in atoms)
    found = []
    at = text.find(selection)
    while at >= 0:
        begin = token.start + atoms[at][1]
        last = at + len(selection)
        end = token.start + (atoms[last][1] if last < len(atoms) else len(token.source))
        found.append((begin, end))
        at = text.find(selection, last)
    return found


def _atoms(source: str) -> list[tuple[str, int]]:
    """Decoded characters with the offset of their source."""
    atoms: list[tuple[str, int]] = []
    at = 0
    while at < len(source):
        end = source.find(";", at) + 1 if source[at] == "&" else at + 1
        atoms.extend((c, at) for c in html.unescape(source[at:end]))
        at = end
    return atoms


def marked(body: str) -> dict[str, str]:
    """The words under each inline comment marker, by its `ac:ref`; nothing for a body that is not XML."""
    try:
        check(body)
    except Malformed:
        return {}
    found: dict[str, str] = {}
    open_: list[str] = []
    for token in tokens(body):
        if token.name == "ac:inline-comment-marker":
            if token.kind is Kind.OPEN:
                open_.append(token.attributes.get("ac:ref", ""))
                found.setdefault(open_[-1], "")
            elif token.kind is Kind.CLOSE:
                open_.pop()
        elif token.kind is Kind.TEXT:
            for ref in open_:
                found[ref] += html.unescape(token.source)
    return found
