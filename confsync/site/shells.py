"""Whether what stands around a page's body is as it was, without making it."""

from collections.abc import Sequence
from functools import lru_cache

from confsync.site.memory import digest
from confsync.site.model import Node
from confsync.site.nav import WHOLE_TREE
from confsync.site.pages import Chrome


class Shells:
    """Digests of everything that the templates are given besides the body.

    Args:
        chrome: what stands around pages.
    """

    def __init__(self, chrome: Chrome) -> None:
        self._chrome = chrome
        self._around = chrome.around
        self._tree = chrome.around.tree
        self._order = [node.out for node in self._tree.walk()]
        self._place = {out: at for at, out in enumerate(self._order)}
        self._posts = {node.out: at for at, node in enumerate(self._tree.posts)}
        self._level = lru_cache(maxsize=None)(self._level_digest)
        top = (self._chrome.title, [(one.out, one.title) for one in self._tree.beside])
        whole = len(self._order) <= WHOLE_TREE
        self._whole = digest(top, [self._level(out) for out in self._order]) if whole else digest(top)

    def digest(self, node: Node, linked_from: Sequence[Node], posts: Sequence[tuple[Node, str]]) -> str:
        """The digest for one page."""
        around, out = self._around, node.out
        way = [one.out for one in self._tree.trail(node)]
        levels = [self._level(above) for above in (self._tree.home.out, *way, out)]
        return digest(
            self._whole,
            levels,
            self._neighbours(node),
            (node.title, node.kind.value, node.date, node.source, node.meta.id, node.meta.labels),
            [(one.out, one.title) for one in linked_from],
            [(one.out, one.title, one.date, said) for one, said in posts],
            [around.labels[label].out for label in node.meta.labels],
            around.updated.get(out),
            around.assets.get(out, ()),
            node.meta.id in self._chrome.told,
        )

    def _neighbours(self, node: Node) -> Sequence[tuple[str, str]]:
        if node.out in self._posts:
            at, row = self._posts[node.out], [one.out for one in self._tree.posts]
        elif node.out in self._place:
            at, row = self._place[node.out], self._order
        else:
            return ()
        around = (row[at - 1] if at else "", row[at + 1] if at + 1 < len(row) else "")
        return [(out, self._tree.nodes[out].title if out else "") for out in around]

    def _level_digest(self, out: str) -> str:
        node = self._tree.nodes[out]
        below = self._tree.children.get(out, ())
        rows = [(one.out, one.title, one.kind.value, bool(self._tree.children.get(one.out))) for one in below]
        return digest(node.title, rows)
