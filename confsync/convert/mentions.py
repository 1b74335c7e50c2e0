"""Mentions written by hand: `[@Jane Doe](confluence:user)` until somebody looks up who she is."""

import re
from collections.abc import Mapping

_PENDING = re.compile(r"(\[@((?:\\.|[^\[\]\\\n]){1,200})\]\(confluence:user)\)")
_HTML_PENDING = re.compile(r'(<a href="confluence:user)(">@([^<\n]{1,200})</a>)')
_FENCE = re.compile(
    r"^[ >]*(`{3,}|~{3,}).*?(?:^[ >]*\1[ \t]*$|\Z)|(?<!`)(`+)(?!`).*?(?<!`)\2(?!`)", re.MULTILINE | re.DOTALL
)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


def pending_mentions(markdown: str) -> tuple[str, ...]:
    """The names that wait for an account id, each once, in order."""
    names = (_ESCAPE.sub(r"\1", found[2]) for found in _PENDING.finditer(_without_code(markdown)))
    html = (found[3] for found in _HTML_PENDING.finditer(_without_code(markdown)))
    return tuple(dict.fromkeys((*names, *html)))


def complete_mentions(markdown: str, accounts: Mapping[str, str]) -> str:
    """Write account ids into the mentions of these names; nothing else changes."""
    code = [found.span() for found in _FENCE.finditer(markdown)]

    def completed(found: re.Match[str], name: str, tail: str) -> str:
        account = accounts.get(name)
        if account is None or any(start <= found.start() < end for start, end in code):
            return found[0]
        return f"{found[1]}/{account}{tail}"

    out = _PENDING.sub(lambda m: completed(m, _ESCAPE.sub(r"\1", m[2]), ")"), markdown)
    if "<a href" not in out:
        return out
    code = [found.span() for found in _FENCE.finditer(out)]
    return _HTML_PENDING.sub(lambda m: completed(m, m[3], m[2]), out)


def _without_code(markdown: str) -> str:
    return _FENCE.sub(lambda m: " " * len(m[0]), markdown)
