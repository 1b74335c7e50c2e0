"""Block directives: panels, expands, columns, listings, cards, and what only Confluence shows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Protocol

from confsync.convert.markdown.directive import Directive
from confsync.site.html.colours import hue

Pair = tuple[str, str]
"""What opens and what closes a container."""


class Page(Protocol):
    """What block directives need to know of the page they stand on."""

    def children_list(self, found: Directive) -> str:
        """The pages below this one (or below another) as a list."""

    def toc(self, found: Directive) -> str:
        """The headings of this page as a list."""

    def posts(self, found: Directive) -> str:
        """The newest blog posts as a list."""

    def include(self, found: Directive) -> str:
        """The text, or an excerpt, of another page."""

    def on_server(self) -> str:
        """A link to this page on the server, as HTML; empty where the server is unknown."""


@dataclass(frozen=True, slots=True)
class _Look:
    style: str
    name: str
    """Said to people who do not see the colour."""


_PANELS: Mapping[str, _Look] = {
    "info": _Look("info", "Info"),
    "tip": _Look("tip", "Tip"),
    "note": _Look("note", "Note"),
    "warning": _Look("warning", "Warning"),
    "adf-note": _Look("important", "Important"),
    "adf-info": _Look("info", "Info"),
    "adf-success": _Look("tip", "Success"),
    "adf-warning": _Look("note", "Warning"),
    "adf-error": _Look("warning", "Error"),
}


def container(found: Directive) -> Pair:
    """Return the HTML around a container's body."""
    look = _PANELS.get(found.name)
    if look is not None:
        return _panel(look.style, look.name, found.label or "")
    return _CONTAINERS.get(found.name, _unknown)(found)


def leaf(found: Directive, page: Page) -> str:
    """Return a directive without body as HTML."""
    make = _LEAVES.get(found.name)
    return make(found, page) if make else placeholder(found, page)


def is_hidden(found: Directive) -> bool:
    """Whether a container's body is not shown on its page, as in Confluence."""
    return found.name in ("excerpt", "details") and found.get("hidden") in ("", "true")


def placeholder(found: Directive, page: Page) -> str:
    """Return a quiet box for what only Confluence can show."""
    what = found.label if found.name == "macro" and found.label else _humane(found)
    return f'<p class="macro"><span class="macro-name">{escape(what)}</span>{page.on_server()}</p>\n'


def _panel(style: str, name: str, title: str) -> Pair:
    heading = f'<p class="panel-title">{escape(title)}</p>' if title else ""
    return f'<div class="panel panel-{style}" role="note" aria-label="{name}">{heading}', "</div>\n"


def _custom_panel(found: Directive) -> Pair:
    colour = hue(found.get("bgColor") or found.get("borderColor") or "")
    opening, closing = _panel("custom", "Panel", found.label or "")
    return opening.replace(
        "panel-custom", f"panel-custom hue-{colour}" if colour else "panel-custom"
    ), closing


def _expand(found: Directive) -> Pair:
    title = escape(found.label or "Click here to expand")
    return (
        f'<details class="expand"><summary>{title}</summary><div class="expand-body">',
        "</div></details>\n",
    )


def _column(found: Directive) -> Pair:
    return f'<div class="column{_width(found.get("width") or "")}">', "</div>\n"


def _width(value: str) -> str:
    percent = value.strip().removesuffix("%")
    if not value.endswith("%") or not percent.isdecimal():
        return ""
    return f" w-{min(max(round(int(percent) / 5) * 5, 10), 100)}"


def _align(found: Directive) -> Pair:
    side = found.label or next((key for key, value in found.attributes if value is None), "")
    return (f'<div class="align-{side}">' if side in ("left", "center", "right") else "<div>"), "</div>\n"


def _unknown(found: Directive) -> Pair:
    what = found.label if found.name == "macro" and found.label else _humane(found)
    return f'<div class="macro-box"><p class="macro-name">{escape(what)}</p>', "</div>\n"


def _humane(found: Directive) -> str:
    name = found.name.replace("-", " ").capitalize()
    return f"{name}: {found.label}" if found.label else name


_CONTAINERS: Mapping[str, Callable[[Directive], Pair]] = {
    "panel": _custom_panel,
    "adf-custom": _custom_panel,
    "expand": _expand,
    "section": lambda _: ('<div class="columns">', "</div>\n"),
    "column": _column,
    "align": _align,
    "decisions": lambda _: ('<div class="decision-list">', "</div>\n"),
    "excerpt": lambda _: ('<div class="excerpt">', "</div>\n"),
    "details": lambda _: ('<div class="properties">', "</div>\n"),
}


def _card(found: Directive, page: Page) -> str:
    target = escape(found.target or "")
    label = escape(found.label or found.target or "")
    if not target:
        return placeholder(found, page)
    where = target.partition("://")[2].partition("/")[0]
    return f'<p class="card"><a href="{target}">{label}</a> <span class="card-site">{where}</span></p>\n'


def _jira(found: Directive, page: Page) -> str:
    query = found.get("jqlQuery") or found.get("jql") or found.get("key") or ""
    shown = f" <code>{escape(query)}</code>" if query else ""
    name = '<span class="macro-name">Jira issues</span>'
    return f'<p class="macro">{name}{shown}{page.on_server()}</p>\n'


_LEAVES: Mapping[str, Callable[[Directive, Page], str]] = {
    "toc": lambda found, page: page.toc(found),
    "children": lambda found, page: page.children_list(found),
    "pagetree": lambda found, page: page.children_list(found),
    "blog-posts": lambda found, page: page.posts(found) or placeholder(found, page),
    "include": lambda found, page: page.include(found),
    "excerpt-include": lambda found, page: page.include(found),
    "card": _card,
    "embed": _card,
    "jira": _jira,
    "anchor": lambda found, _: f'<a id="{escape(found.label or found.get("default") or "")}"></a>',
}
