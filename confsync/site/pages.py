"""Rendered bodies into whole pages, through the templates."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from confsync.site.feeds import FEED, address
from confsync.site.links import url_between
from confsync.site.model import Heading, Kind, Node, Rendered, Updated
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


@dataclass(frozen=True, slots=True)
class Chrome:
    """What else stands around pages."""

    page_url: str = ""
    """The address of a page on the server, with `{id}`; empty where unknown."""
    base_url: str = ""
    """Where the site will be served, with a slash at the end; empty where unknown."""
    labels: Mapping[str, Node] = field(default_factory=dict)
    """The page of each label."""
    updated: Callable[[Node], Updated | None] = lambda _: None
    """When a page was last saved."""


class Pages:
    """Makes pages of one site.

    Args:
        theme: the templates.
        navigation: what stands around each page.
        tree: the pages.
        chrome: what else stands around them.
    """

    def __init__(self, theme: Theme, navigation: Navigation, tree: Tree, chrome: Chrome) -> None:
        self._theme = theme
        self._navigation = navigation
        self._tree = tree
        self._chrome = chrome
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
            **self._around(node, self._static(node)),
            body=rendered.html,
            summary=rendered.summary,
            contents=_contents(rendered.headings),
            previous=before,
            next=after,
            children=self._navigation.children(node),
            linked_from=tuple(self._navigation.link(node, other) for other in linked_from),
            posts=self._posts(node) if node.kind is Kind.BLOG else (),
            server_url=self._chrome.page_url.format(id=node.meta.id or "") if node.meta.id else "",
            labels=tuple(self._navigation.link(node, self._chrome.labels[one]) for one in node.meta.labels),
            updated=self._chrome.updated(node),
        )

    def label(self, node: Node, overview: Node, carriers: Sequence[Node]) -> str:
        """Return the page of one label.

        Raises:
            UsageError: a template is wrong.
        """
        links = tuple(self._navigation.link(node, one) for one in carriers)
        up = self._navigation.link(node, overview)
        return self._theme.render("label.html", **self._around(node, self._static(node)), pages=links, up=up)

    def labels(self, node: Node, counts: Mapping[Node, int]) -> str:
        """Return the page of all labels.

        Raises:
            UsageError: a template is wrong.
        """
        rows = tuple((self._navigation.link(node, one), count) for one, count in counts.items())
        return self._theme.render("labels.html", **self._around(node, self._static(node)), rows=rows)

    def told(self) -> Iterator[tuple[Node, str]]:
        """The posts, newest first, with what each says first."""
        for post in self._tree.posts:
            yield post, self._summaries.get(post.out, "")

    @staticmethod
    def _static(node: Node) -> str:
        return url_between(node.out, f"{STATIC}/site.css").removesuffix("site.css")

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
            "address": address(self._chrome.base_url, node.out) if self._chrome.base_url else "",
            "feed": url_between(node.out, FEED) if self._chrome.base_url and self._tree.posts else "",
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
