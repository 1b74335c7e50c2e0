"""A remote block in local clothes: the local list's bullets, numbers and indentation."""

import re
from collections.abc import Sequence

from confsync.merge.node import Node, reprefixed
from confsync.merge.order import Slot

_NUMBER = re.compile(r"\d+")


def transplanted(remote: Node, parent: Node, siblings: Sequence[Slot], newline: str) -> str:
    """Return a new remote block as it is written among the children of a local parent."""
    prefix = parent.children[0].prefix if parent.children else parent.prefix
    example = _example(remote, siblings)
    if example is None or not remote.children:
        return reprefixed(remote.source, remote.prefix, prefix, newline)
    local, theirs = example
    head = _head(remote, theirs, local, siblings)
    indent = local.children[0].prefix.removeprefix(local.prefix)
    if indent.isspace():
        indent += " " * (len(head) - len(local.head))
    inner = remote.text[remote.children[0].start : remote.end]
    return head + reprefixed(inner, remote.children[0].prefix, prefix + indent, newline)


def _example(remote: Node, siblings: Sequence[Slot]) -> tuple[Node, Node] | None:
    """Find a sibling of the same kind that both sides have, to see how its opening is written locally."""
    if not _opens(remote):
        return None
    alike = [
        (slot.local, slot.remote)
        for slot in siblings
        if slot.local
        and slot.remote
        and slot.remote.kind == remote.kind
        and _opens(slot.local)
        and _opens(slot.remote)
    ]
    same = [one for one in alike if one[0].shell == one[1].shell == remote.shell]
    return same[0] if same else None


def _opens(node: Node) -> bool:
    """Whether it opens with a mark on the line of its first child, as list items do."""
    return bool(node.children) and bool(node.head) and "\n" not in node.head


def _head(remote: Node, theirs: Node, local: Node, siblings: Sequence[Slot]) -> str:
    if _NUMBER.sub("0", remote.head) != _NUMBER.sub("0", theirs.head):
        return remote.head
    heads = {slot.local.head for slot in siblings if slot.local and slot.local.kind == local.kind}
    number = _NUMBER.search(remote.head)
    if number is None or len(heads) == 1 < len(siblings):
        return local.head
    return _NUMBER.sub(number[0], local.head, count=1)
