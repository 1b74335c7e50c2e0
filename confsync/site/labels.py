"""A page for every label: what carries it."""

from collections.abc import Mapping

from confsync.site.anchors import Anchors
from confsync.site.model import Kind, Node
from confsync.site.tree import Tree

FOLDER = "_labels"
"""Where they lie. Pages never do: their names begin with no underscore."""
_LONGEST = 60


class Labels:
    """The labels of a site, sorted, with their pages by title."""

    def __init__(self, tree: Tree) -> None:
        found: dict[str, list[Node]] = {}
        for node in tree.nodes.values():
            for label in dict.fromkeys(node.meta.labels):
                found.setdefault(label, []).append(node)
        names = Anchors()
        self.overview = Node(f"{FOLDER}/{names.take('index')}.html", "Labels", Kind.FOLDER, None)
        self._pages = found
        self._nodes = {
            label: Node(f"{FOLDER}/{names.take(label[:_LONGEST])}.html", label, Kind.FOLDER, None)
            for label in sorted(found)
        }

    @property
    def nodes(self) -> Mapping[str, Node]:
        """The page of each label."""
        return self._nodes

    def pages(self, label: str) -> tuple[Node, ...]:
        """The pages that carry a label."""
        return tuple(sorted(self._pages[label], key=lambda node: (node.title.casefold(), node.out)))
