"""Which pages a macro is about: by a query, or by the older parameters for labels, types and spaces."""

from collections.abc import Sequence

from confsync.convert.markdown.directive import Directive
from confsync.names.slug import fold
from confsync.site.macros.cql import Unanswerable, World, evaluate, parse
from confsync.site.macros.desk import Desk, number, yes
from confsync.site.model import Kind, Node

_MOST = 500
"""How many pages a list shows at most."""
_KINDS = {"page": (Kind.PAGE,), "blogpost": (Kind.POST,), "blog": (Kind.POST,), "news": (Kind.POST,)}


def chosen(found: Directive, desk: Desk, *, default: int = 15) -> list[Node]:
    """Return the pages that the parameters of a macro name, in their order.

    Args:
        found: the macro.
        desk: the page it stands on.
        default: how many, where it does not say.

    Raises:
        Unanswerable: its query asks for what a folder does not know.
    """
    world = World(desk.tree, desk.host, desk.space, desk.updated)
    candidates = [node for node in desk.tree.nodes.values() if node.source is not None]
    candidates.sort(key=lambda node: (fold(node.title), node.out))
    if query := found.get("cql"):
        candidates = evaluate(parse(query, world), candidates, world)
    labels = listed(found.get("labels") or found.get("label"))
    if labels:
        candidates = [node for node in candidates if _carries(node, labels, found.get("operator") or "")]
    kinds = {kind for name in listed(found.get("type") or found.get("types")) for kind in _kinds(name)}
    if kinds:
        candidates = [node for node in candidates if node.kind in kinds]
    if not _this_space(found, desk):
        candidates = []
    if yes(found, "excludeCurrent"):
        candidates = [node for node in candidates if node.out != desk.host.out]
    shown = number(found.get("max") or found.get("maxResults") or found.get("pageSize"), default, _MOST)
    return _sorted(found, desk, candidates)[: shown or _MOST]


def listed(value: str | None) -> list[str]:
    """Return the members of a list as parameters hold it: separated by commas."""
    return [one.strip() for one in (value or "").split(",") if one.strip()]


def _kinds(name: str) -> Sequence[Kind]:
    return _KINDS.get(name.lower().removesuffix("s"), ())


def _carries(node: Node, labels: Sequence[str], operator: str) -> bool:
    own = {fold(label) for label in node.meta.labels}
    wanted = {fold(label.lstrip("+-")) for label in labels if not label.startswith("-")}
    unwanted = {fold(label[1:]) for label in labels if label.startswith("-")}
    if own & unwanted:
        return False
    every = operator.upper() == "AND" or any(label.startswith("+") for label in labels)
    return wanted <= own if every else bool(wanted & own) or not wanted


def _this_space(found: Directive, desk: Desk) -> bool:
    """Whether the pages of this space are among those asked for."""
    spaces = listed(found.get("spaces") or found.get("space"))
    return not spaces or any(one in (desk.space, "@self", "@all", "*", "currentSpace()") for one in spaces)


def _sorted(found: Directive, desk: Desk, nodes: list[Node]) -> list[Node]:
    order = (found.get("sort") or "").lower()
    turned = yes(found, "reverse")
    if order in ("modified", "creation", "created"):

        def when(node: Node) -> str:
            known = desk.updated(node)
            if known is None:
                return node.date
            return known.when if order == "modified" else known.created or node.date

        # Confluence's lists begin with the oldest; `reverse` turns that round, as people mostly want it.
        return sorted(nodes, key=when, reverse=turned)
    if order == "title":
        return sorted(nodes, key=lambda node: (fold(node.title), node.out), reverse=turned)
    return nodes[::-1] if turned else nodes


__all__ = ["Unanswerable", "chosen", "listed"]
