"""One page: Markdown in, a sanitised body with its headings, links and problems out."""

import secrets
from collections.abc import Sequence
from functools import lru_cache
from html import escape
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

from markdown_it.token import Token

from confsync.convert.markdown import front_matter
from confsync.convert.markdown.directive import Directive
from confsync.model.ids import RelPath
from confsync.names.slug import fold
from confsync.site.clean import clean
from confsync.site.html import blocks
from confsync.site.html.inlines import time
from confsync.site.html.tokens import RULES, Env
from confsync.site.links import INTERNAL, Linker, Surroundings
from confsync.site.model import Heading, Kind, Node, Problem, Rendered
from confsync.site.parser import Parsed, make_parser, parse
from confsync.site.search.text import sections
from confsync.site.source import read_text
from confsync.site.tree import Tree

_DEEPEST_INCLUDE = 8
_LISTED_PAGES = 500
_POSTS = 15
"""How many posts the macro lists where it does not say."""
_SUMMARY = 200


class PageRenderer:
    """Renders pages of one site, one after the other. It keeps no texts but a few recently included ones.

    Args:
        around: the site.
        page_url: the address of a page on the server by its id, with `{id}`; empty where unknown.
    """

    def __init__(self, around: Surroundings, page_url: str = "") -> None:
        self.around = around
        self.page_url = page_url
        self._parser = make_parser()
        for name, rule in RULES.items():
            self._parser.add_render_rule(name, rule)
        self._parsed = lru_cache(maxsize=64)(self._read)

    def render(self, node: Node) -> Rendered:
        """Render the page of one file.

        Raises:
            OSError: the file cannot be read.
            UnicodeDecodeError: it is not UTF-8.
            ValueError: `node` has no file.
        """
        if node.source is None:
            raise ValueError(f"{node.out} is made from no file")
        parsed = self._read(node.source, node.title)
        view = _View(self, self.around.tree, node, node.source, parsed)
        return view.rendered()

    def linker(self, host: Node, origin: RelPath) -> Linker:
        """A linker for text from one file on the page of another."""
        return Linker(self.around, host, origin)

    def html(self, tokens: Sequence[Token], env: Env) -> str:
        """Tokens to HTML that is not yet sanitised."""
        return str(self._parser.renderer.render(tokens, self._parser.options, env))

    def parsed(self, node: Node) -> Parsed | None:
        """Another page as tokens, for includes; None where it has no file."""
        return self._parsed(node.source, node.title) if node.source else None

    def on_server(self, node: Node) -> str:
        """A link to the page on the server, as HTML; empty where it is unknown."""
        if not node.meta.id or not self.page_url:
            return ""
        address = escape(self.page_url.format(id=node.meta.id))
        return f' <a class="on-server" href="{address}">Open in Confluence</a>'

    def _read(self, source: RelPath, title: str) -> Parsed:
        text = read_text(Path(self.around.top) / source)
        return parse(self._parser, front_matter.split(text).body, title)


class _View:
    """One page while it is being rendered; what block directives ask of it."""

    def __init__(
        self,
        site: PageRenderer,
        tree: Tree,
        host: Node,
        origin: RelPath,
        parsed: Parsed,
        *,
        within: tuple[str, ...] = (),
    ) -> None:
        self._site = site
        self._tree = tree
        self._host = host
        self._origin = origin
        self._parsed = parsed
        self._within = (*within, origin)
        self._linker = site.linker(host, origin)
        # Nobody who writes a page can guess it, and it is gone from what is written.
        self._slot_key = f"include-{secrets.token_hex(16)}"
        self._slots: dict[str, str] = {}
        self._inner: list[Rendered] = []
        self._problems = [Problem(origin, message) for message in parsed.complaints]

    def rendered(self, tokens: list[Token] | None = None) -> Rendered:
        shown = self._parsed.shown if tokens is None else tokens
        env: Env = {"page": self}
        html, ids = clean(self._site.html(shown, env), self._linker)
        for slot, inner in self._slots.items():
            html = html.replace(slot, inner)
        inside = self._inner
        return Rendered(
            html=html,
            headings=self._parsed.headings if tokens is None else (),
            ids=ids.union(*(one.ids for one in inside)),
            files=frozenset(self._linker.files).union(*(one.files for one in inside)),
            references=tuple(self._linker.references),
            broken=tuple(self._linker.broken),
            problems=tuple(self._problems),
            summary=_summary(shown),
            sections=sections(shown) if tokens is None else (),
            links=frozenset(self._linker.nodes).union(*(one.links for one in inside)),
        )

    def children_list(self, found: Directive) -> str:
        root = self._host
        if found.label or found.get("root") or found.get("page"):
            wanted = found.label or found.get("root") or found.get("page") or ""
            root = self._tree.by_title.get(fold(wanted), root)
        elif found.name == "pagetree":
            root = self._tree.home
        depth = found.get("depth") or ("" if found.get("all") == "true" or found.name == "pagetree" else "1")
        budget = [_LISTED_PAGES]
        listed = self._listed(root, int(depth) if depth.isdecimal() and depth != "0" else 99, budget)
        return f'<div class="listing">{listed}</div>\n' if listed else ""

    def _listed(self, root: Node, depth: int, budget: list[int]) -> str:
        rows = []
        for child in self._tree.children.get(root.out, ()) if depth else ():
            if budget[0] <= 0 or child.kind is Kind.BLOG:
                break
            budget[0] -= 1
            link = f'<a href="{INTERNAL}{quote(child.out)}">{escape(child.title)}</a>'
            rows.append(f"<li>{link}{self._listed(child, depth - 1, budget)}</li>")
        return f"<ul>{''.join(rows)}</ul>" if rows else ""

    def posts(self, found: Directive) -> str:
        shown = self._tree.posts[: min(_number(found.get("max"), _POSTS), _LISTED_PAGES)]
        rows = "".join(
            f'<li><a href="{INTERNAL}{quote(post.out)}">{escape(post.title)}</a> {time(post.date)}</li>'
            for post in shown
        )
        return f'<div class="listing"><ul>{rows}</ul></div>\n' if rows else ""

    def toc(self, found: Directive) -> str:
        low, high = _number(found.get("minLevel"), 1), _number(found.get("maxLevel"), 7)
        shift = 1 if any(heading.level == 1 for heading in self._parsed.headings) else 0
        wanted = [
            one for one in self._parsed.headings if low <= one.level - shift <= high or one.level == low
        ]
        return f'<div class="contents">{_nested(wanted)}</div>\n' if wanted else ""

    def include(self, found: Directive) -> str:
        node = (
            self._linker.node(found.target)
            if found.target
            else self._tree.by_title.get(fold(found.label or ""))
        )
        parsed = self._site.parsed(node) if node else None
        if node is None or node.source is None or parsed is None:
            if found.target:
                self._linker.link(found.target)
            return blocks.placeholder(found, self)
        if node.source in self._within or len(self._within) > _DEEPEST_INCLUDE:
            self._problems.append(Problem(self._origin, f"{node.title} includes itself"))
            return blocks.placeholder(found, self)
        tokens = parsed.shown
        if found.name == "excerpt-include":
            excerpt = parsed.excerpt(found.get("name") or "")
            if excerpt is None:
                self._problems.append(Problem(self._origin, f"{node.title} has no such excerpt"))
                return blocks.placeholder(found, self)
            tokens = excerpt
        view = _View(self._site, self._tree, self._host, node.source, parsed, within=self._within)
        return self._slot(view.rendered(tokens))

    def on_server(self) -> str:
        return self._site.on_server(self._host)

    def _slot(self, inner: Rendered) -> str:
        """Put sanitised HTML aside: its links are relative to this page already."""
        slot = f"{self._slot_key}-{len(self._slots)}-"
        self._slots[slot] = inner.html
        self._inner.append(inner)
        return f"<div>{slot}</div>\n"


def _number(value: str | None, default: int) -> int:
    return int(value) if value and value.isdecimal() else default


def _nested(headings: Sequence[Heading]) -> str:
    """Headings as nested lists; a level that is skipped opens no empty list."""
    out: list[str] = []
    levels: list[int] = []
    for heading in headings:
        while levels and heading.level < levels[-1] and len(levels) > 1 and heading.level <= levels[-2]:
            out.append("</li></ul>")
            levels.pop()
        if not levels or heading.level > levels[-1]:
            out.append("<ul>")
            levels.append(heading.level)
        else:
            out.append("</li>")
        out.append(f'<li><a href="#{quote(heading.id)}">{escape(heading.text)}</a>')
    return "".join(out) + "</li></ul>" * len(levels)


def _summary(tokens: Sequence[Token]) -> str:
    """The first paragraph of the page itself, as plain text."""
    for before, token in pairwise(tokens):
        if before.type == "paragraph_open" and before.level == 0 and token.children:
            words = "".join(
                child.meta["directive"].label or ""
                if child.type == "directive_inline"
                else child.content or " "
                for child in token.children
                if child.type in ("text", "code_inline", "softbreak", "hardbreak", "directive_inline")
            )
            text = " ".join(words.split())
            if text:
                return text if len(text) <= _SUMMARY else text[:_SUMMARY].rsplit(" ", 1)[0] + "…"
    return ""
