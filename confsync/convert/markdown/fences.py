"""Which panels are written as alerts, and how many colons the others need."""

from confsync.convert.rules.macros import MACROS
from confsync.convert.tree import Item

_BRACKETED = frozenset(("macro", "leaf", "opaque", "table", "layout"))
"""What no alert holds: GitHub would show it as text, or break the quote."""
_INNERMOST = 3


class Fences:
    """Chooses the fences of the panels and macros of one page."""

    def __init__(self) -> None:
        self.depths: dict[int, int] = {}
        """How deep directives nest inside an item, by its identity."""

    def colons(self, item: Item) -> str:
        """The fence of a container: three colons for the innermost, one more for each one outwards."""
        return ":" * (_INNERMOST + self._depth_inside(item))

    def _depth_inside(self, item: Item) -> int:
        """How many directives enclose each other inside an item; panels written as alerts are none."""
        known = self.depths.get(id(item))
        if known is None:
            known = max((self._depth(kid) for kid in item.children or ()), default=0)
            self.depths[id(item)] = known
        return known

    def _depth(self, item: Item) -> int:
        inner = self._depth_inside(item)
        return inner + 1 if item.kind == "macro" and (inner or not alert_of(item)) else inner


def alert_of(item: Item) -> str:
    """The alert a panel is written as, or nothing."""
    name = item.props.get("name", "")
    rule = MACROS.by_directive.get(name)
    alert = rule.alert if rule else "IMPORTANT" if name == "adf-note" else ""
    if not alert or len(item.props) > 1 or not item.children:
        return ""
    deep = any(kid.kind in _BRACKETED for child in item.children for kid in child.walk())
    return "" if deep else alert
