"""The functions of CQL that stand for people, content and spaces; those of dates are with the dates."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from confsync.sandbox.cql.grammar import Function, Value
from confsync.sandbox.refusals import Invalid, Missing
from confsync.sandbox.store import Store
from confsync.sandbox.store.interest import FAVOURITE, VIEW

_RECENT = 20


@dataclass(frozen=True, slots=True)
class Scope:
    """Who asks, when, of which site, and from where."""

    store: Store
    viewer: str
    now: datetime
    content: str = ""
    """The id of the content the asker is at; empty: none."""
    space: str = ""
    """The key of the space the asker is in; empty: none."""


def values_of(value: Value, scope: Scope) -> Sequence[str]:
    """What a value stands for: itself, or whatever its function finds.

    Raises:
        Invalid: there is no such function, or it needs something it was not given.
    """
    if not isinstance(value, Function):
        return [value]
    maker = _FUNCTIONS.get(value.name)
    if maker is None:
        raise Invalid(f"No function exists with the name: '{value.name}'")
    return maker(scope, value.arguments)


Maker = Callable[[Scope, Sequence[str]], Sequence[str]]


def _current_user(scope: Scope, _arguments: Sequence[str]) -> Sequence[str]:
    return [scope.viewer]


def _current_content(scope: Scope, _arguments: Sequence[str]) -> Sequence[str]:
    if not scope.content:
        raise Invalid("currentContent() is not supported without a content in the cqlcontext")
    return [scope.content]


def _current_space(scope: Scope, _arguments: Sequence[str]) -> Sequence[str]:
    if not scope.space:
        raise Invalid("currentSpace() is not supported without a space in the cqlcontext")
    return [scope.space]


def _members_of(scope: Scope, arguments: Sequence[str]) -> Sequence[str]:
    if not arguments:
        raise Invalid("membersOf() expects the name of a group")
    try:
        group = scope.store.groups.get(arguments[0])
    except Missing as error:
        raise Invalid(f"No group exists with the name: '{arguments[0]}'") from error
    return [person.account_id for person in scope.store.groups.members(group)]


def _favourite_spaces(scope: Scope, _arguments: Sequence[str]) -> Sequence[str]:
    return scope.store.interest.whats(FAVOURITE, "space", scope.viewer)


def _viewed(scope: Scope) -> list[str]:
    return scope.store.interest.whats(VIEW, "content", scope.viewer)[::-1]


def _recent_content(scope: Scope, arguments: Sequence[str]) -> Sequence[str]:
    """`recentlyViewedContent(limit, offset)`."""
    limit, offset = (_whole(arguments, 0, _RECENT), _whole(arguments, 1, 0))
    return _viewed(scope)[offset : offset + limit]


def _recent_spaces(scope: Scope, arguments: Sequence[str]) -> Sequence[str]:
    """`recentlyViewedSpaces(limit)`."""
    keys: dict[str, None] = {}
    for content in _viewed(scope):
        row = scope.store.database.one(
            "SELECT s.key FROM content c JOIN space s ON s.id = c.space WHERE c.id = ?", int(content)
        )
        if row is not None:
            keys.setdefault(str(row["key"]))
    return list(keys)[: _whole(arguments, 0, _RECENT)]


def _contributed_spaces(scope: Scope, _arguments: Sequence[str]) -> Sequence[str]:
    rows = scope.store.database.all(
        "SELECT DISTINCT s.key FROM version v JOIN content c ON c.id = v.content "
        "JOIN space s ON s.id = c.space WHERE v.author = ?",
        scope.viewer,
    )
    return [str(row["key"]) for row in rows]


def _whole(arguments: Sequence[str], index: int, default: int) -> int:
    if len(arguments) <= index:
        return default
    if not arguments[index].isdigit():
        raise Invalid(f"Expected a number, got : {arguments[index]}")
    return int(arguments[index])


_FUNCTIONS: Mapping[str, Maker] = {
    "currentuser": _current_user,
    "currentcontent": _current_content,
    "currentspace": _current_space,
    "membersof": _members_of,
    "favouritespaces": _favourite_spaces,
    "favoritespaces": _favourite_spaces,
    "recentlyviewedcontent": _recent_content,
    "recentlyviewedspaces": _recent_spaces,
    "contributedspaces": _contributed_spaces,
}
