"""Rendered bodies into whole pages, through the templates."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from confsync.site.links import url_between
from confsync.site.model import Heading, Kind, Node, Rendered
from confsync.site.nav import Link, Navigation
from confsync.site.theme import STATIC, Theme
from confsync.site.tree import Tree

_TEMPLATES = {
    Kind.PAGE: "page.html",
    Kind.POST: "post.html",
    Kind.FOLDER: "folder.html",
    Kind.BLOG: "blog.html",
}
_CONTENTS_FROM, _CONTENTS_TO = 2, 3
_FEWEST = 2
"""A page with fewer headings has no table of contents."""


@dataclass(frozen=True, slots=True)
class Post:
    """One line of the blog's list."""

    link: Link
    date: str
    summary: str


class Pages:
    """Makes pages of one site.

    Args:
        theme: the templates.
        navigation: what stands around each page.
        tree: the pages.
        page_url: the address of a page on the server, with `{id}`; empty where unknown.
    """

    def __init__(self, theme: Theme, navigation: Navigation, tree: Tree, page_url: str = "") -> None:
        self._theme = theme
        self._navigation = navigation
        self._tree = tree
        self._page_url = page_url
        self._summaries: dict[str, str] = {}

    def page(self, node: Node, rendered: Rendered, linked_from: Sequence[Node] = ()) -> str:
        """Return the whole HTML of one page.

        Args:
            node: the page.
            rendered: its body.
            linked_from: the pages that lead to it.

        Raises:
            UsageError: a template is wrong.
        """
        before, after = self._navigation.neighbours(node)
        return self._theme.render(
            _TEMPLATES[node.kind],
            **self._around(node, url_between(node.out, f"{STATIC}/site.css").removesuffix("site.css")),
            body=rendered.html,
            summary=rendered.summary,
            contents=_contents(rendered.headings),
            previous=before,
            next=after,
            children=self._navigation.children(node),
            linked_from=tuple(self._navigation.link(node, other) for other in linked_from),
            posts=self._posts(node) if node.kind is Kind.BLOG else (),
            server_url=self._page_url.format(id=node.meta.id) if node.meta.id and self._page_url else "",
        )

    def summarise(self, node: Node, rendered: Rendered) -> None:
        """Remember what a post says first, for the blog's list."""
        self._summaries[node.out] = rendered.summary

    def not_found(self, base_url: str) -> str:
        """Return the page for addresses that lead nowhere.

        It is shown under any address, so its links need to know where the site is: `base_url`, where given.
        """
        node = Node("404.html", "Page not found", Kind.FOLDER, None)
        root = urlsplit(base_url).path if base_url else ""
        return self._theme.render("404.html", **self._around(node, f"{root}{STATIC}/", root=root))

    def _around(self, node: Node, static: str, root: str = "") -> dict[str, object]:
        home = self._tree.home
        return {
            "node": node,
            "static": static,
            "site": Link(root + url_between(node.out, home.out), home.title),
            "is_home": node.out == home.out,
            "trail": self._navigation.trail(node),
            "nav": () if node.out == "404.html" else self._navigation.items(node),
        }

    def _posts(self, blog: Node) -> tuple[Post, ...]:
        return tuple(
            Post(self._navigation.link(blog, post), post.date, self._summaries.get(post.out, ""))
            for post in self._tree.posts
        )


def _contents(headings: tuple[Heading, ...]) -> tuple[Heading, ...]:
    found = tuple(one for one in headings if _CONTENTS_FROM <= one.level <= _CONTENTS_TO)
    return found if len(found) >= _FEWEST else ()
