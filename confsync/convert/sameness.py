"""Whether two bodies say the same, whatever a server's saving did to the bytes."""

import re
from html.entities import name2codepoint

from confsync.convert.lens.get import get

_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]*);")
_MARKUP = frozenset({"amp", "lt", "gt", "quot", "apos"})


def says_the_same(one: str, other: str) -> bool:
    """Compare what two bodies show as Markdown; ids, entity spellings and empty attributes do not count."""
    return one == other or get(_spelt_out(one)).markdown == get(_spelt_out(other)).markdown


def _spelt_out(storage: str) -> str:
    return _NAMED.sub(_character, storage)


def _character(found: re.Match[str]) -> str:
    code = None if found[1] in _MARKUP else name2codepoint.get(found[1])
    return found[0] if code is None else chr(code)
