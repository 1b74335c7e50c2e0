"""What a macro may ask of the page that it stands on and of the site around it."""

from collections.abc import Callable, Sequence
from html import escape
from typing import Protocol
from urllib.parse import quote

from markdown_it.token import Token

from confsync.convert.markdown.directive import Directive
from confsync.model.ids import RelPath
from confsync.site.html.names import humane
from confsync.site.links import INTERNAL
from confsync.site.model import Asset, Heading, Node, Updated
from confsync.site.parser import Parsed
from confsync.site.tree import Tree


class Desk(Protocol):
    """One page while it is being rendered."""

    @property
    def host(self) -> Node:
        """The page of the site."""

    @property
    def tree(self) -> Tree:
        """All pages of the site."""

    @property
    def space(self) -> str:
        """The key of the space; empty where there is none."""

    @property
    def headings(self) -> Sequence[Heading]:
        """The headings of the text that is being rendered."""

    def updated(self, node: Node) -> Updated | None:
        """When a page was last saved in Confluence."""

    def assets(self, node: Node) -> Sequence[Asset]:
        """The attachments of a page."""

    def find(self, wanted: str) -> Node | None:
        """A page by its title, or by the target of a link to it."""

    def parsed(self, node: Node) -> Parsed | None:
        """Another page as tokens; None where it has no file."""

    def mentions_text(self, node: Node, needle: str) -> bool:
        """Whether a page's file holds these characters; cheaper than `parsed`."""

    def fragment(self, node: Node, tokens: Sequence[Token]) -> str:
        """Tokens of another page as HTML for this one, sanitised."""

    def html_of(self, node: Node, tokens: Sequence[Token]) -> str:
        """Like `fragment`, as text that can be taken apart; it is safe only where it is put aside."""

    def safe(self, html: str) -> str:
        """Put HTML aside that is known to be safe; what is returned stands for it."""

    def address(self, node: Node) -> str:
        """The address of a page, relative to this one, for HTML that is put aside."""

    def include(self, found: Directive) -> str:
        """The text, or an excerpt, of another page."""

    def on_server(self) -> str:
        """A link to this page on the server, as HTML; empty where the server is unknown."""

    def label_link(self, label: str) -> str:
        """A link to the page of a label."""

    def jira_search(self, query: str) -> str:
        """A link to the answers to a query in Jira; empty where the server is unknown."""

    def person(self, account: str) -> str:
        """The name of somebody by account id; empty where nobody knows it."""

    def complain(self, message: str) -> None:
        """Tell the author of the page."""


Macro = Callable[[Directive, Desk], str]
"""Returns HTML that still goes through the allow-list."""


def link(node: Node, text: str = "") -> str:
    """Return a link to a page of the site, by its title."""
    return f'<a href="{INTERNAL}{quote(node.out)}">{escape(text or node.title)}</a>'


def file_address(path: RelPath) -> str:
    """Return the address of a file of the folder, to be resolved by the allow-list."""
    return f"{INTERNAL}{quote(path)}"


def placeholder(found: Directive, desk: Desk) -> str:
    """Return a quiet box for what only Confluence can show."""
    return f'<p class="macro"><span class="macro-name">{escape(humane(found))}</span>{desk.on_server()}</p>\n'


def unanswered(found: Directive, desk: Desk, why: str) -> str:
    """Return a box for a query that a folder cannot answer."""
    query = f"<code>{escape(found.get('cql') or '')}</code> ({escape(why)})"
    name = f'<span class="macro-name">{escape(humane(found))}</span>'
    return f'<p class="macro">{name} {query}{desk.on_server()}</p>\n'


def number(value: str | None, default: int, most: int = 1000) -> int:
    """Return a parameter that is a number, within bounds; `default` where it is none."""
    return min(int(value), most) if value and value.isdecimal() and len(value) < _DIGITS else default


def yes(found: Directive, key: str, *, default: bool = False) -> bool:
    """Return whether a parameter is on; a bare flag is."""
    value = found.get(key)
    return default if value is None else value.strip().lower() in ("", "true", "yes", "1", "on")


_DIGITS = 8
