"""Rendered bodies into whole pages, through the templates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

from confsync.model.ids import PageId
from confsync.site.feeds import CHANGES, FEED, address
from confsync.site.language import direction, language
from confsync.site.links import url_between
from confsync.site.macros.files import readable_size
from confsync.site.model import Heading, Kind, Node, Rendered
from confsync.site.nav import Link, Navigation
from confsync.site.options import Options
from confsync.site.redirects import history_page, permalink
from confsync.site.served import served
from confsync.site.surroundings import Surroundings
from confsync.site.theme import STATIC, Theme

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
class Attached:
    """One file at the foot of a page."""

    link: Link
    size: str


@dataclass(frozen=True, slots=True)
class Chrome:
    """What else stands around pages."""

    around: Surroundings
    options: Options = field(default_factory=Options)
    edit_url: str = ""
    """Where a file is edited on the web, with `{path}`; empty where unknown."""
    told: frozenset[PageId] = frozenset()
    """The pages with a history."""
    live: bool = False

    @property
    def title(self) -> str:
        """What the site is called."""
        return self.options.title or self.around.tree.home.title


class Pages:
    """Makes pages of one site.

    Args:
        theme: the templates.
        chrome: what stands around each page.
    """

    def __init__(self, theme: Theme, chrome: Chrome) -> None:
        self._theme = theme
        self._tree = chrome.around.tree
        self._navigation = Navigation(self._tree)
        self._chrome = chrome

    def page(
        self,
        node: Node,
        rendered: Rendered,
        linked_from: Sequence[Node] = (),
        posts: Sequence[tuple[Node, str]] = (),
    ) -> str:
        """Return the whole HTML of one page.

        Args:
            node: the page.
            rendered: its body.
            linked_from: the pages that lead to it.
            posts: for the blog's list, with what each says first.

        Raises:
            UsageError: a template is wrong.
        """
        before, after = self._navigation.neighbours(node)
        around = self._chrome.around
        said = f"{node.title} {rendered.summary}"
        return self._theme.render(
            _TEMPLATES[node.kind],
            **self._around(node, self._static(node)),
            body=rendered.html,
            summary=rendered.summary,
            diagrams=rendered.diagrams,
            direction=direction(said),
            text_language=language(said),
            contents=_contents(rendered.headings),
            previous=before,
            next=after,
            children=self._navigation.children(node),
            linked_from=tuple(self._navigation.link(node, other) for other in linked_from),
            posts=tuple(Post(self._navigation.link(node, one), one.date, text) for one, text in posts),
            server_url=around.page_url(node),
            edit_url=self._edit_url(node),
            history=self._history(node),
            permalink=url_between(node.out, permalink(node)) if permalink(node) else "",
            labels=tuple(self._navigation.link(node, around.labels[one]) for one in node.meta.labels),
            updated=around.updated.get(node.out),
            attachments=self._attachments(node),
        )

    def label(self, node: Node, overview: Node, carriers: Sequence[Node]) -> str:
        """Return the page of one label.

        Raises:
            UsageError: a template is wrong.
        """
        links = tuple((self._navigation.link(node, one), self._others(node, one)) for one in carriers)
        others = sorted({name for one in carriers for name in one.meta.labels if name != node.title})
        up = self._navigation.link(node, overview)
        around = self._around(node, self._static(node))
        return self._theme.render("label.html", **around, pages=links, others=others, up=up)

    def labels(self, node: Node, counts: Mapping[Node, int]) -> str:
        """Return the page of all labels.

        Raises:
            UsageError: a template is wrong.
        """
        rows = tuple((self._navigation.link(node, one), count) for one, count in counts.items())
        return self._theme.render("labels.html", **self._around(node, self._static(node)), rows=rows)

    def history(self, node: Node, page: Node, versions: Sequence[object]) -> str:
        """Return the page that tells how a page became what it is.

        Args:
            node: the history.
            page: the page.
            versions: newest first, as `confsync.site.history` has them.

        Raises:
            UsageError: a template is wrong.
        """
        around = self._around(node, self._static(node))
        up = self._navigation.link(node, page)
        return self._theme.render("history.html", **around, versions=versions, up=up)

    def redirect(self, out: str, page: Node) -> str:
        """Return a page that leads to another one at once.

        Raises:
            UsageError: a template is wrong.
        """
        base = self._chrome.options.base_url
        target = url_between(out, page.out)
        full = address(base, page.out) if base else ""
        return self._theme.render("redirect.html", target=target, address=full, node=page)

    def not_found(self) -> str:
        """Return the page for addresses that lead nowhere.

        It is shown under any address, so its links need to know where the site is: the base address.
        """
        node = Node("404.html", "Page not found", Kind.FOLDER, None)
        base = self._chrome.options.base_url
        root = urlsplit(base).path if base else ""
        return self._theme.render("404.html", **self._around(node, f"{root}{STATIC}/", root=root))

    @staticmethod
    def _static(node: Node) -> str:
        return url_between(node.out, f"{STATIC}/site.css").removesuffix("site.css")

    def _around(self, node: Node, static: str, root: str = "") -> dict[str, object]:
        home, options = self._tree.home, self._chrome.options
        lost = node.out == "404.html"
        full = address(options.base_url, node.out) if options.base_url and not lost else ""
        feeds = [(FEED, "Blog")] if self._tree.posts else []
        feeds += [(CHANGES, "Recent changes")] if self._chrome.around.updated else []
        return {
            "node": node,
            "static": static,
            "site": Link(root + url_between(node.out, home.out), self._chrome.title),
            "options": options,
            "logo": root + url_between(node.out, options.logo) if options.logo else "",
            "live": self._chrome.live,
            "address": full,
            "feeds": [(url_between(node.out, path), title) for path, title in feeds] if full else [],
            "is_home": node.out == home.out,
            "trail": self._navigation.trail(node),
            "nav": () if lost else self._navigation.items(node),
        }

    def _edit_url(self, node: Node) -> str:
        form = self._chrome.edit_url
        return form.replace("{path}", quote(node.source)) if form and node.source else ""

    def _history(self, node: Node) -> str:
        told = node.meta.id is not None and node.meta.id in self._chrome.told
        return url_between(node.out, history_page(node)) if told else ""

    def _attachments(self, node: Node) -> tuple[Attached, ...]:
        files = self._chrome.around.assets.get(node.out, ())
        return tuple(
            Attached(Link(url_between(node.out, served(one.path)), one.name), readable_size(one.size))
            for one in files
        )

    @staticmethod
    def _others(label: Node, page: Node) -> tuple[str, ...]:
        return tuple(name for name in page.meta.labels if name != label.title)


def _contents(headings: tuple[Heading, ...]) -> tuple[Heading, ...]:
    found = tuple(one for one in headings if _CONTENTS_FROM <= one.level <= _CONTENTS_TO)
    return found if len(found) >= _FEWEST else ()
