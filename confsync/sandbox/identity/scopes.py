"""What a token with scopes may call."""

from collections.abc import Iterable
from functools import cache

from confsync.sandbox import catalogue

_IMPLIED = {
    "read:confluence-content.all": frozenset({"read:confluence-content.summary"}),
    "write:confluence-space": frozenset({"read:confluence-space.summary"}),
}
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_WRITING = _READING | {"POST", "PUT", "DELETE"}
_DATA_CENTER = {"READ": _READING, "WRITE": _WRITING, "ADMIN": _WRITING, "SYSTEM_ADMIN": _WRITING}


def opens(scopes: Iterable[str], method: str, path: str) -> bool:
    """Whether a Cloud token with these scopes may call a route.

    The check comes before routing, so a path that leads nowhere needs what the route above it needs.
    """
    held = set(scopes)
    for scope in tuple(held):
        held |= _IMPLIED.get(scope, frozenset())
    entry = catalogue.nearest(method, path)
    return entry is not None and any(enough <= held for enough in entry.enough)


def opens_data_center(scopes: Iterable[str], method: str) -> bool:
    """Whether a Data Center token with these scopes may use a method: its scopes know no routes."""
    return any(method in _DATA_CENTER.get(scope, frozenset()) for scope in scopes)


@cache
def every() -> frozenset[str]:
    """Every scope a Cloud app can ask for."""
    return frozenset(scope for entry in catalogue.entries() for enough in entry.enough for scope in enough)
