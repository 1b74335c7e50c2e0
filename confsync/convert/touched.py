"""Which constructs of a body an edit touches, for people who review it."""

import re
from collections import Counter
from typing import Final

from confsync.convert.storage.parse import Node, descendants, parse
from confsync.errors import MalformedStorage

_MACRO: Final = frozenset({"ac:structured-macro", "ac:macro"})
_NAMED: Final = {
    "ac:adf-extension": "app",
    "ac:image": "image",
    "ac:inline-comment-marker": "inline comment",
    "ac:layout-section": "layout",
    "ac:link": "link",
    "ac:task": "task",
    "table": "table",
}
"""Elements that people know by a name of their own."""
_NAME = re.compile(r"""\sac:name\s*=\s*["']([^"']*)["']""")


def touched(before: str, after: str) -> Counter[str]:
    """How many of each construct are added, taken away or changed, inside or themselves.

    A macro goes by its name in backticks, everything else by a word. A body that is not well-formed tells
    nothing.
    """
    old, new = _constructs(before), _constructs(after)
    found: Counter[str] = Counter()
    for name in old.keys() | new.keys():
        gone, came = old.get(name, Counter()), new.get(name, Counter())
        changed = max((gone - came).total(), (came - gone).total())
        if changed:
            found[name] = changed
    return found


def _constructs(storage: str) -> dict[str, Counter[str]]:
    """The bytes of every construct, by its name."""
    found: dict[str, Counter[str]] = {}
    try:
        root = parse(storage)
    except MalformedStorage:
        return found
    for node in descendants(root):
        name = _name(storage, node)
        if name:
            found.setdefault(name, Counter())[storage[node.start : node.end]] += 1
    return found


def _name(storage: str, node: Node) -> str:
    if node.tag in _MACRO:
        named = _NAME.search(storage, node.start, node.open_end)
        return f"`{named[1]}`" if named else "macro"
    return _NAMED.get(node.tag, "")
