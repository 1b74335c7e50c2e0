"""Reading nodes: whatever is not there is empty."""

from collections.abc import Mapping

Json = Mapping[str, object]
Node = dict[str, object]
"""A node or mark of a document."""


def kind(node: Json) -> str:
    """The type of a node or mark."""
    return str(node.get("type", ""))


def attrs(node: Json) -> dict[str, object]:
    """The attributes of a node or mark."""
    return inner(node, "attrs")


def of(node: Json, key: str) -> list[Json]:
    """The nodes or marks in a node."""
    found = node.get(key)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def content(node: Json) -> list[Json]:
    """The nodes in a node."""
    return of(node, "content")


def text(node: Json, key: str) -> str:
    """A string in a node."""
    found = node.get(key)
    return "" if found is None else str(found)


def inner(node: Json, key: str) -> dict[str, object]:
    """An object in a node."""
    found = node.get(key)
    return found if isinstance(found, dict) else {}
