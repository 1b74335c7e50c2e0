"""What stands around a page: navigation, breadcrumbs, neighbours in reading order."""

from collections.abc import Mapping
from dataclasses import dataclass

from confsync.site.links import url_between
from confsync.site.model import Kind, Node
from confsync.site.tree import Tree

WHOLE_TREE = 150
"""Up to this many pages every page shows the whole tree, folded; beyond, only what surrounds it."""


@dataclass(frozen=True, slots=True)
class Link:
    """A page, as a link from another page."""

    url: str
    title: str


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the navigation tree."""

    url: str
    title: str
    current: bool
    open: bool
    children: tuple["NavItem", ...]


class Navigation:
    """The navigation of a site, cut for each page."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        order = list(tree.walk())
        self._whole = len(order) <= WHOLE_TREE
        self._place: Mapping[str, int] = {node.out: at for at, node in enumerate(order)}
        self._order = order
        self._posts = {post.out: at for at, post in enumerate(tree.posts)}

    def items(self, here: Node) -> tuple[NavItem, ...]:
        """The tree as one page shows it, the home page's children first."""
        path = {node.out for node in self._tree.trail(here)} | {here.out}
        tops = (*self._tree.children.get(self._tree.home.out, ()), *self._tree.beside)
        return tuple(self._item(node, here, path) for node in tops)

    def trail(self, here: Node) -> tuple[Link, ...]:
        """The pages above this one; home first."""
        nodes = self._tree.trail(here)
        if not nodes and here.out != self._tree.home.out:
            nodes = (self._tree.home,)
        return tuple(self.link(here, node) for node in nodes)

    def neighbours(self, here: Node) -> tuple[Link | None, Link | None]:
        """The pages before and after this one in reading order; of a post, the older and the newer one."""
        if here.kind is Kind.POST:
            at = self._posts[here.out]
            newer = self._tree.posts[at - 1] if at else None
            older = self._tree.posts[at + 1] if at + 1 < len(self._tree.posts) else None
            return self._maybe(here, older), self._maybe(here, newer)
        place = self._place.get(here.out)
        if place is None:
            return None, None
        before = self._order[place - 1] if place else None
        after = self._order[place + 1] if place + 1 < len(self._order) else None
        return self._maybe(here, before), self._maybe(here, after)

    def children(self, here: Node) -> tuple[Link, ...]:
        """The pages right below this one; the blog is not one of them."""
        below = self._tree.children.get(here.out, ())
        return tuple(self.link(here, node) for node in below if node.kind is not Kind.BLOG)

    @staticmethod
    def link(here: Node, node: Node) -> Link:
        """Another page, as a link from this one."""
        return Link(url_between(here.out, node.out), node.title)

    def _maybe(self, here: Node, node: Node | None) -> Link | None:
        return self.link(here, node) if node else None

    def _item(self, node: Node, here: Node, path: set[str]) -> NavItem:
        inside = node.out in path
        below = self._tree.children.get(node.out, ()) if self._whole or inside else ()
        children = tuple(self._item(child, here, path) for child in below)
        return NavItem(url_between(here.out, node.out), node.title, node.out == here.out, inside, children)
