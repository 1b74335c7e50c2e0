"""Markdown in, sanitised bodies out, page after page."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from html import escape
from pathlib import Path

from markdown_it.token import Token

from confsync.convert.markdown import front_matter
from confsync.convert.markdown.directive import Directive
from confsync.site.bases import Bases, Behind
from confsync.site.html.tokens import RULES, Env
from confsync.site.model import Node, Rendered
from confsync.site.parser import Parsed, make_parser, parse
from confsync.site.source import read_text
from confsync.site.surroundings import Surroundings
from confsync.site.view import View


class PageRenderer:
    """Renders pages of one site, one after the other. It keeps no texts but a few recently included ones.

    Args:
        around: the site.
        before: changes the Markdown of a page before it is read.
    """

    def __init__(
        self, around: Surroundings, before: Callable[[Node, str], str] = lambda _, text: text
    ) -> None:
        self.around = around
        self._before = before
        self._parser = make_parser()
        for name, rule in RULES.items():
            self._parser.add_render_rule(name, rule)
        self._parsed = lru_cache(maxsize=256)(self._read)
        self._bases = Bases(around.base, around.key)
        self._needles: dict[tuple[str, str], bool] = {}

    def render(self, node: Node) -> Rendered:
        """Render the page of one file.

        Raises:
            OSError: the file cannot be read.
            UnicodeDecodeError: it is not UTF-8.
            ValueError: `node` has no file.
        """
        if node.source is None:
            raise ValueError(f"{node.out} is made from no file")
        return View(self, node, node, self._read(node)).rendered()

    def html(self, tokens: Sequence[Token], env: Env) -> str:
        """Tokens to HTML that is not yet sanitised."""
        return str(self._parser.renderer.render(tokens, self._parser.options, env))

    def parsed(self, node: Node) -> Parsed | None:
        """Another page as tokens, for includes; None where it has no file."""
        return self._parsed(node) if node.source else None

    def parse(self, text: str) -> Parsed:
        """Markdown as tokens."""
        return parse(self._parser, text, "")

    def holds(self, node: Node, needle: str) -> bool:
        """Whether a page's file holds these characters."""
        key = (node.out, needle)
        if key not in self._needles:
            self._needles[key] = node.source is not None and needle in self._text(node)
        return self._needles[key]

    def behind(self, found: Directive, node: Node) -> Behind | None:
        """What a placeholder stands for."""
        return self._bases.behind(found, node.meta.id)

    def on_server(self, node: Node) -> str:
        """A link to the page on the server, as HTML; empty where it is unknown."""
        address = self.around.page_url(node)
        return f' <a class="on-server" href="{escape(address)}">Open in Confluence</a>' if address else ""

    def _read(self, node: Node) -> Parsed:
        text = front_matter.split(self._text(node)).body
        return parse(self._parser, self._before(node, text), node.title)

    def _text(self, node: Node) -> str:
        return read_text(Path(self.around.top) / (node.source or ""))
