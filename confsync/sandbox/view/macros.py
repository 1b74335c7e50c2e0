"""Macros as HTML. One that is not in the table shows its body."""

import html
import re
from collections.abc import Callable, Mapping

from confsync.sandbox.saving.elements import Element, tree
from confsync.sandbox.view.brush import Brush, tag

_MOST_INCLUDED = 3
_LOZENGES = {
    "green": "success",
    "yellow": "current",
    "red": "error",
    "blue": "complete",
    "purple": "progress",
    "grey": "default",
}
_PANELS = {"info": "information", "tip": "tip", "note": "note", "warning": "warning"}
_ICONS = {"info": "info", "tip": "approve", "note": "warning", "warning": "error"}
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def shown(brush: Brush, macro: Element) -> str:
    """A macro as its reader sees it."""
    name = macro.get("ac:name")
    maker = _MAKERS.get(name)
    return maker(brush, macro) if maker else _unknown(brush, macro)


def _body(brush: Brush, macro: Element) -> str:
    rich = macro.child("ac:rich-text-body")
    return brush.children(rich) if rich else ""


def _plain(macro: Element) -> str:
    said = macro.child("ac:plain-text-body")
    return html.escape(said.text if said else "", quote=False)


def _boxed(macro: Element, inside: str, extra: str = "") -> str:
    has_body = macro.child("ac:rich-text-body", "ac:plain-text-body") is not None
    given = {
        "class": f"{extra} conf-macro output-block".strip(),
        "data-hasbody": str(has_body).lower(),
        "data-macro-name": macro.get("ac:name"),
    }
    if macro.get("ac:macro-id"):
        given["data-macro-id"] = macro.get("ac:macro-id")
    return tag("div", given, inside)


def _unknown(brush: Brush, macro: Element) -> str:
    plain = macro.child("ac:plain-text-body")
    return _boxed(macro, tag("pre", {}, _plain(macro)) if plain else _body(brush, macro))


def _notice(brush: Brush, macro: Element) -> str:
    name = macro.get("ac:name")
    icon = f"aui-icon aui-icon-small aui-iconfont-{_ICONS[name]} confluence-information-macro-icon"
    title = macro.parameter("title")
    head = tag("p", {"class": "title"}, html.escape(title)) if title else ""
    body = tag("div", {"class": "confluence-information-macro-body"}, _body(brush, macro))
    kind = f"confluence-information-macro confluence-information-macro-{_PANELS[name]}"
    return _boxed(macro, head + tag("span", {"class": icon}, "") + body, kind)


def _panel(brush: Brush, macro: Element) -> str:
    title = macro.parameter("title")
    head = tag("div", {"class": "panelHeader"}, tag("b", {}, html.escape(title))) if title else ""
    return _boxed(macro, head + tag("div", {"class": "panelContent"}, _body(brush, macro)), "panel")


def _code(brush: Brush, macro: Element) -> str:
    del brush
    title = macro.parameter("title")
    head = tag("div", {"class": "codeHeader panelHeader pdl"}, tag("b", {}, html.escape(title)))
    language = re.sub(r"[^\w+#.-]", "", macro.parameter("language", "java")).lower()
    given = {
        "class": "syntaxhighlighter-pre",
        "data-syntaxhighlighter-params": f"brush: {language}; gutter: false; theme: Confluence",
        "data-theme": "Confluence",
    }
    code = tag("div", {"class": "codeContent panelContent pdl"}, tag("pre", given, _plain(macro)))
    return _boxed(macro, (head if title else "") + code, "code panel pdl")


def _noformat(brush: Brush, macro: Element) -> str:
    del brush
    inside = tag("div", {"class": "preformattedContent panelContent"}, tag("pre", {}, _plain(macro)))
    return _boxed(macro, inside, "preformatted panel")


def _expand(brush: Brush, macro: Element) -> str:
    title = html.escape(macro.parameter("title", "Click here to expand..."))
    control = tag("div", {"class": "expand-control"}, tag("span", {"class": "expand-control-text"}, title))
    content = tag("div", {"class": "expand-content"}, _body(brush, macro))
    return _boxed(macro, control + content, "expand-container")


def _status(brush: Brush, macro: Element) -> str:
    del brush
    lozenge = _LOZENGES.get(macro.parameter("colour", "Grey").lower(), "default")
    subtle = " aui-lozenge-subtle" if macro.parameter("subtle") == "true" else ""
    kind = f"status-macro aui-lozenge aui-lozenge-{lozenge}{subtle} conf-macro output-inline"
    given = {"class": kind, "data-hasbody": "false", "data-macro-name": "status"}
    return tag("span", given, html.escape(macro.parameter("title")))


def _anchor(brush: Brush, macro: Element) -> str:
    del brush
    name = macro.parameter("") or next(iter(macro.parameters.values()), "")
    given = {"class": "confluence-anchor-link conf-macro output-inline", "id": name}
    return tag("span", {**given, "data-macro-name": "anchor"}, "")


def _toc(brush: Brush, macro: Element) -> str:
    first, last = (macro.parameter(name, some) for name, some in (("minLevel", "1"), ("maxLevel", "7")))
    levels = [name for name in _HEADINGS if first <= name[1] <= last]
    links = [
        tag("a", {"href": f"#{brush.anchor(heading)}"}, html.escape(heading.text.strip()))
        for heading in brush.root.find(*levels)
    ]
    items = "".join(tag("li", {}, link) for link in links)
    return _boxed(macro, tag("ul", {"class": "toc-indentation"}, items), "toc-macro")


def _children(brush: Brush, macro: Element) -> str:
    items = "".join(
        tag("li", {}, tag("a", {"href": brush.base + one.address}, html.escape(one.title)))
        for one in brush.scene.children()
    )
    return _boxed(macro, tag("ul", {"class": "childpages-macro"}, items))


def _excerpt(brush: Brush, macro: Element) -> str:
    return "" if macro.parameter("hidden") == "true" else _boxed(macro, _body(brush, macro))


def _included(brush: Brush, macro: Element) -> str:
    """Another page's body, or its excerpt alone."""
    page = next(macro.find("ri:page"), None)
    title = page.get("ri:content-title") if page else ""
    body = brush.scene.storage(title, page.get("ri:space-key") if page else "")
    if body is None or brush.included >= _MOST_INCLUDED:
        return _boxed(macro, tag("span", {"class": "error"}, "The included page could not be found."))
    root = tree(body)
    if macro.get("ac:name") == "excerpt-include":
        excerpts = (m for m in root.find("ac:structured-macro") if m.get("ac:name") == "excerpt")
        found = next(excerpts, None)
        root = (found.child("ac:rich-text-body") if found else None) or Element("")
    return _boxed(macro, brush.within(root))


def _jira(brush: Brush, macro: Element) -> str:
    del brush
    key = macro.parameter("key")
    given = {"class": "jira-issue conf-macro output-block", "data-jira-key": key, "data-macro-name": "jira"}
    return tag("span", given, html.escape(key or macro.parameter("jqlQuery")))


_MAKERS: Mapping[str, Callable[[Brush, Element], str]] = {
    **dict.fromkeys(_PANELS, _notice),
    "panel": _panel,
    "code": _code,
    "noformat": _noformat,
    "expand": _expand,
    "status": _status,
    "anchor": _anchor,
    "toc": _toc,
    "children": _children,
    "excerpt": _excerpt,
    "excerpt-include": _included,
    "include": _included,
    "jira": _jira,
}
