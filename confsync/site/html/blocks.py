"""Containers: panels, expands, columns, excerpts, and the bodies of macros that only Confluence shows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from html import escape

from confsync.convert.markdown.directive import Directive
from confsync.site.html.colours import hue
from confsync.site.html.names import humane

Pair = tuple[str, str]
"""What opens and what closes a container."""


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
    if found.name == "macro" and not found.id and found.label in {*_CONTAINERS, *_PANELS}:
        found = replace(found, name=found.label or "", label=found.get("title"))
    look = _PANELS.get(found.name)
    if look is not None:
        return _panel(look.style, look.name, found.label or "")
    return _CONTAINERS.get(found.name, _unknown)(found)


def is_hidden(found: Directive) -> bool:
    """Whether a container's body is not shown on its page, as in Confluence."""
    return found.name in ("excerpt", "details") and found.get("hidden") in ("", "true")


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
    what = humane(found)
    return f'<div class="macro-box"><p class="macro-name">{escape(what)}</p>', "</div>\n"


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
    "toc-zone": lambda _: ("<div>", "</div>\n"),
    "div": lambda _: ("<div>", "</div>\n"),
    "center": lambda _: ('<div class="align-center">', "</div>\n"),
    "centre": lambda _: ('<div class="align-center">', "</div>\n"),
    "chart": lambda found: (f'<p class="list-title">{escape(found.get("title") or "")}</p><div>', "</div>\n"),
}


def is_known(name: str) -> bool:
    """Whether a macro with a body has a form of its own here."""
    return name in _CONTAINERS or name in _PANELS
