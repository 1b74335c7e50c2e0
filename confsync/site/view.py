"""One page while it is being rendered: what macros may ask for, and what was learned on the way."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import Protocol
from urllib.parse import quote

from markdown_it.token import Token

from confsync.convert.markdown.directive import Directive
from confsync.model.ids import RelPath
from confsync.names.slug import fold
from confsync.site.bases import Behind
from confsync.site.clean import clean
from confsync.site.html.tokens import Env
from confsync.site.links import Linker
from confsync.site.macros import table
from confsync.site.macros.desk import link, placeholder
from confsync.site.model import Asset, Heading, Node, Rendered, Updated
from confsync.site.opaque import Opaque
from confsync.site.parser import Parsed
from confsync.site.past import name_of
from confsync.site.report import Problem
from confsync.site.search.text import sections
from confsync.site.summary import summary
from confsync.site.surroundings import Surroundings
from confsync.site.tree import Tree

_DEEPEST_INCLUDE = 8


class Site(Protocol):
    """What a view needs of whoever renders pages."""

    around: Surroundings

    def html(self, tokens: Sequence[Token], env: Env) -> str:
        """Tokens to HTML that is not yet sanitised."""

    def parsed(self, node: Node) -> Parsed | None:
        """Another page as tokens; None where it has no file."""

    def parse(self, text: str) -> Parsed:
        """Markdown as tokens."""

    def holds(self, node: Node, needle: str) -> bool:
        """Whether a page's file holds these characters."""

    def behind(self, found: Directive, node: Node) -> Behind | None:
        """What a placeholder stands for."""

    def on_server(self, node: Node) -> str:
        """A link to the page on the server, as HTML; empty where it is unknown."""


class View:
    """Renders one page; the desk that its macros sit at.

    Args:
        site: renders tokens and knows the other pages.
        host: the page of the site.
        origin: the page whose text is rendered; another one inside an include.
        parsed: that text.
        within: the pages that include this text, from the outside in.
        taken: ids that the page has already.
    """

    def __init__(
        self,
        site: Site,
        host: Node,
        origin: Node,
        parsed: Parsed,
        *,
        within: tuple[str, ...] = (),
        taken: set[str] | None = None,
    ) -> None:
        self._site = site
        self._parsed = parsed
        self._origin = origin
        self._within = (*within, origin.out)
        self._host = host
        path = origin.source or RelPath("")
        self._linker = Linker(site.around, host, path)
        self._taken = {one.id for one in parsed.headings} if taken is None else taken
        # Nobody who writes a page can guess it, and it is gone from what is written.
        self._slot_key = f"slot-{secrets.token_hex(16)}"
        self._slots: dict[str, str] = {}
        self._inner: list[Rendered] = []
        self._opaque = Opaque(self, origin, site.behind)
        self._reads: set[str] = set()
        self._problems = [Problem(path, message) for message in parsed.complaints]

    def rendered(self) -> Rendered:
        """Render all of the page."""
        shown = self._parsed.shown
        own = {one.id for one in self._parsed.headings}
        html, ids = self.finished(shown, self._taken - own)
        return replace(
            self.learned(ids),
            html=html,
            headings=self._parsed.headings,
            references=tuple(self._linker.references),
            broken=tuple(self._linker.broken),
            problems=tuple(self._problems),
            summary=summary(shown),
            sections=sections(shown),
            diagrams="mermaid-frame" in html,
        )

    def finished(self, tokens: Sequence[Token], taken: set[str]) -> tuple[str, frozenset[str]]:
        """Tokens as sanitised HTML, and the ids in it.

        Args:
            tokens: of this text.
            taken: ids that it may not use.
        """
        env: Env = {"page": self}
        html, ids = clean(self._site.html(tokens, env), self._linker, taken)
        if self._slots:
            html = self._filled(html)
        return html, ids

    def _filled(self, html: str) -> str:
        """HTML with what was put aside in its place; that may have such places itself."""
        place = re.compile(rf"{self._slot_key}-\d+-")

        def inner(found: re.Match[str]) -> str:
            held = self._slots[found[0]]
            return place.sub(inner, held) if self._slot_key in held else held

        return place.sub(inner, html)

    # ---- what macros ask

    @property
    def host(self) -> Node:
        """The page of the site."""
        return self._host

    @property
    def tree(self) -> Tree:
        """All pages. Who looks at it depends on all of them."""
        self._reads.add(TREE)
        return self._site.around.tree

    @property
    def space(self) -> str:
        """The key of the space."""
        return self._site.around.key

    @property
    def headings(self) -> Sequence[Heading]:
        """The headings of this text."""
        return self._parsed.headings

    def updated(self, node: Node) -> Updated | None:
        """When a page was last saved."""
        self._reads.add(TREE)
        return self._site.around.updated.get(node.out)

    def assets(self, node: Node) -> list[Asset]:
        """The attachments of a page."""
        self._reads.add(TREE)
        return list(self._site.around.assets.get(node.out, ()))

    def find(self, wanted: str) -> Node | None:
        """A page by the target of a link to it, or by its title."""
        if wanted.startswith("confluence:") or wanted.partition("#")[0].endswith(".md"):
            return self._linker.node(wanted)
        title = wanted.partition(":")[2] if ":" in wanted and not self._titled(wanted) else wanted
        return self._titled(title)

    def _titled(self, title: str) -> Node | None:
        self._reads.add(TREE)
        return self._site.around.tree.by_title.get(fold(title))

    def parsed(self, node: Node) -> Parsed | None:
        """Another page as tokens."""
        self._reads.add(node.out)
        return self._site.parsed(node)

    def mentions_text(self, node: Node, needle: str) -> bool:
        """Whether a page's file holds these characters."""
        self._reads.add(node.out)
        return self._site.holds(node, needle)

    def html_of(self, node: Node, tokens: Sequence[Token]) -> str:
        """Tokens of another page as sanitised HTML, without ids."""
        inner = self._view_of(node, Parsed(tuple(tokens), (), ()))
        html, _ = inner.finished(tokens, _NO_IDS)
        self._inner.append(inner.learned(frozenset()))
        return html

    def fragment(self, node: Node, tokens: Sequence[Token]) -> str:
        """The same, put aside."""
        return self.safe(self.html_of(node, tokens))

    def safe(self, html: str) -> str:
        """Put safe HTML aside."""
        slot = f"{self._slot_key}-{len(self._slots)}-"
        self._slots[slot] = html
        return slot

    def address(self, node: Node) -> str:
        """The address of a page, relative to this one."""
        return self._linker.to(node)

    def on_server(self) -> str:
        """A link to this page on the server."""
        return self._site.on_server(self._origin)

    def label_link(self, label: str) -> str:
        """A link to the page of a label."""
        node = self._site.around.labels.get(label)
        return (
            self.safe(f'<a href="{escape(self.address(node))}">{escape(label)}</a>')
            if node
            else escape(label)
        )

    def jira_search(self, query: str) -> str:
        """A link to the answers to a query in Jira."""
        server = self._site.around.jira
        if not server:
            return ""
        address = f"{server}/issues/?jql={quote(query, safe='')}"
        return f' <a class="on-server" href="{escape(address)}">Open in Jira</a>'

    def person(self, account: str) -> str:
        """The name of somebody by account id."""
        return name_of(self._site.around.people, account)

    def complain(self, message: str) -> None:
        """Tell the author."""
        self._problems.append(Problem(self._origin.source or "", message))

    # ---- directives

    def leaf(self, found: Directive) -> str:
        """A directive without body as HTML."""
        return self._opaque.leaf(found) if found.name == "macro" else table.leaf(found, self)

    def inline(self, found: Directive) -> str | None:
        """A macro within a line as HTML; None where it is not for here to say."""
        return self._opaque.inline(found) if found.name == "macro" and found.id else None

    def html(self, text: str) -> str:
        """Markdown that stands behind a placeholder as HTML that is not yet sanitised."""
        return self._site.html(self._site.parse(text).shown, {"page": self})

    def include(self, found: Directive) -> str:
        """The text, or an excerpt, of another page."""
        node = self.find(found.target or found.label or found.get("default") or "")
        parsed = self.parsed(node) if node else None
        if node is None or node.source is None or parsed is None:
            if found.target:
                self._linker.link(found.target)
            return placeholder(found, self)
        if node.out in self._within or len(self._within) > _DEEPEST_INCLUDE:
            self.complain(f"{node.title} includes itself")
            return placeholder(found, self)
        if found.name == "include":
            return f"<div>{self._whole(node, parsed)}</div>\n"
        excerpt = parsed.excerpt(found.get("name") or "")
        if excerpt is None:
            self.complain(f"{node.title} has no such excerpt")
            return placeholder(found, self)
        shown = self.fragment(node, excerpt)
        if found.get("nopanel") in ("", "true"):
            return f"<div>{shown}</div>\n"
        return f'<div class="included"><p class="list-title">{link(node)}</p>{shown}</div>\n'

    def _whole(self, node: Node, parsed: Parsed) -> str:
        inner = self._view_of(node, parsed)
        html, ids = inner.finished(parsed.shown, self._taken)
        self._taken |= ids
        self._inner.append(inner.learned(ids))
        return self.safe(html)

    def _view_of(self, node: Node, parsed: Parsed) -> "View":
        return View(self._site, self._host, node, parsed, within=self._within, taken=self._taken)

    def learned(self, ids: frozenset[str]) -> Rendered:
        """What is known of this text besides its HTML."""
        linker, inside = self._linker, self._inner
        return Rendered(
            html="",
            ids=ids.union(*(one.ids for one in inside)),
            files=frozenset(linker.files).union(*(one.files for one in inside)),
            links=frozenset(linker.nodes).union(*(one.links for one in inside)),
            reads=frozenset(self._reads).union(*(one.reads for one in inside)),
            asked=frozenset(linker.asked).union(*(one.asked for one in inside)),
        )


class _Nothing(set[str]):
    """A set that holds everything: no id is free."""

    def __contains__(self, _: object) -> bool:
        return True


_NO_IDS: set[str] = _Nothing()
TREE = "*"
"""Among what a page reads: everything that is known of all pages, but not their texts."""
