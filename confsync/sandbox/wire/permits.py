"""Permissions of spaces as the APIs spell them: an operation on a kind of thing, for a user or a group."""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from confsync.sandbox.rows import SpaceRow
from confsync.sandbox.store.access import Access, Permit
from confsync.sandbox.store.groups import USERS

_READ = (("read", "space"),)
_EDIT = (
    *_READ,
    *(("create", target) for target in ("page", "blogpost", "comment", "attachment")),
    *(("delete", target) for target in ("page", "blogpost", "comment", "attachment")),
    ("archive", "page"),
)
_ADMIN = (*_EDIT, ("export", "space"), ("restrict_content", "space"), ("administer", "space"))
_SPELLED = {"read": _READ, "edit": _EDIT, "admin": _ADMIN}
"""What each of the sandbox's three permissions is made of."""


@dataclass(frozen=True, slots=True)
class Spelled:
    """One permission as the APIs know it."""

    id: int
    kind: str
    """`user` or `group`."""
    subject: str
    key: str
    target: str


def usual(space: SpaceRow) -> list[Permit]:
    """What a space without permissions of its own allows: its owner all, everybody to edit."""
    return [Permit("admin", "user", space.author), Permit("edit", "group", USERS)]


def of(access: Access, space: SpaceRow) -> list[Spelled]:
    """All permissions of a space for users and groups."""
    return [one for permit in access.of(space.id) or usual(space) for one in _spelled(space, permit)]


def _spelled(space: SpaceRow, permit: Permit) -> Iterator[Spelled]:
    if permit.kind == "anonymous":
        return
    for key, target in _SPELLED[permit.operation]:
        number = zlib.crc32(f"{permit.kind}:{permit.subject}:{key}:{target}".encode())
        yield Spelled(space.id << 32 | number, permit.kind, permit.subject, key, target)


def level(key: str, target: str) -> str | None:
    """The least of the three permissions that holds an operation; None: no such operation."""
    return next((name for name, spelled in _SPELLED.items() if (key, target) in spelled), None)


def without(operation: str, key: str, target: str) -> str | None:
    """What is left of a permission when an operation is taken from it; None: nothing."""
    left = [name for name, spelled in _SPELLED.items() if (key, target) not in spelled]
    order = list(_SPELLED)
    below: Sequence[str] = [name for name in left if order.index(name) < order.index(operation)]
    return below[-1] if below else None
