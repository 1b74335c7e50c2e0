"""REST v2: the blocks that a single answer carries on request, such as `include-labels`."""

import json
from collections.abc import Callable, Mapping

from confsync.sandbox.call import Call, Json
from confsync.sandbox.rows import Content, SpaceRow
from confsync.sandbox.store.access import Access
from confsync.sandbox.store.interest import FAVOURITE, LIKE
from confsync.sandbox.wire import cursor, permits, v2

_SHOWN = 50
"""Rows at most in a block."""

_HAS_TEXT = frozenset({"labels", "properties", "versions", "operations", "likes", "collaborators"})
_HAS_COMMENT = frozenset({"properties", "versions", "operations", "likes"})
_HAS_PLACED = frozenset({"properties", "operations", "collaborators", "direct-children"})
_HAS = {
    "pages": _HAS_TEXT | {"direct-children"},
    "blogposts": _HAS_TEXT,
    "attachments": _HAS_TEXT - {"likes"},
    "footer-comments": _HAS_COMMENT,
    "inline-comments": _HAS_COMMENT,
}
"""Which blocks there are, by the root of the route; all other roots are of what only has a place."""

Makers = Mapping[str, Callable[[], list[object]]]


def included(call: Call, content: Content, root: str) -> v2.Wire:
    """The blocks of a page, post, attachment, comment or other content, under its route's root."""
    store = call.store
    authors = dict.fromkeys(version.author for version in store.contents.versions(content.id))
    makers: Makers = {
        "labels": lambda: [v2.label(row) for row in store.labels.of(content.id)],
        "properties": lambda: _properties(call, "content", content.id),
        "versions": lambda: [v2.version(row) for row in store.contents.versions(content.id)],
        "operations": lambda: list(operations(call, content)),
        "likes": lambda: [{"accountId": one} for one in store.interest.who(LIKE, "content", str(content.id))],
        "collaborators": lambda: [{"accountId": author} for author in authors],
        "direct-children": lambda: _children(call, content),
    }
    allowed = {name: make for name, make in makers.items() if name in _HAS.get(root, _HAS_PLACED)}
    said = _blocks(call, allowed, f"{root}/{content.id}")
    if call.flag("include-favorited-by-current-user-status"):
        kept = store.interest.has(FAVOURITE, "content", str(content.id), call.viewer)
        said["isFavoritedByCurrentUser"] = kept
    return said


def included_in_space(call: Call, space: SpaceRow) -> v2.Wire:
    """The blocks of a space."""
    makers: Makers = {
        "labels": lambda: [v2.label(row) for row in call.store.labels.of(space.id)],
        "properties": lambda: _properties(call, "space", space.id),
        "operations": lambda: list(space_operations(call, space)),
        "permissions": lambda: list(permissions(call, space)),
        "role-assignments": list,
    }
    return _blocks(call, makers, f"spaces/{space.id}")


def operations(call: Call, content: Content) -> list[Json]:
    """What the caller may do with content."""
    editable = call.store.restrictions.may_edit(content.id, call.viewer)
    names = ("read", "update", "delete", "create") if editable else ("read",)
    return [{"operation": name, "targetType": content.type} for name in names]


def space_operations(call: Call, space: SpaceRow) -> list[Json]:
    """What the caller may do with a space."""
    access = Access(call.store.database)
    names = ["read"]
    if space.id not in access.closed("admin", call.viewer):
        names += ["update", "delete"]
    return [{"operation": name, "targetType": "space"} for name in names]


def permissions(call: Call, space: SpaceRow) -> list[Json]:
    """Who may do what in a space."""
    return [
        {
            "id": str(one.id),
            "principal": {"type": one.kind, "id": _principal(call, one)},
            "operation": {"key": one.key, "targetType": one.target},
        }
        for one in permits.of(Access(call.store.database), space)
    ]


def _principal(call: Call, one: permits.Spelled) -> str:
    return call.store.groups.get(one.subject).id if one.kind == "group" else one.subject


def _properties(call: Call, kind: str, owner: int) -> list[object]:
    rows = call.store.properties.of(kind, owner)
    return [v2.prop(row, json.loads(row.value)) for row in rows]


def _children(call: Call, content: Content) -> list[object]:
    hidden = call.store.restrictions.hidden_from(call.viewer)
    return [v2.child(c) for c in call.store.tree.children(content.id) if c.id not in hidden]


def _blocks(call: Call, makers: Makers, owner: str) -> v2.Wire:
    asked = [name for name in makers if call.flag(f"include-{name}")]
    return {_camel(name): _block(call, f"{owner}/{name}", makers[name]()) for name in asked}


def _camel(name: str) -> str:
    first, *rest = name.split("-")
    return first + "".join(part.capitalize() for part in rest)


def _block(call: Call, path: str, rows: list[object]) -> v2.Wire:
    meta: v2.Wire = {"hasMore": len(rows) > _SHOWN}
    if len(rows) > _SHOWN:
        meta["cursor"] = cursor.encode(_SHOWN)
    return {
        "results": rows[:_SHOWN],
        "meta": meta,
        "_links": {"self": f"{call.context}/api/v2/{path}"},
    }
