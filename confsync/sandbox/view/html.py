"""Elements of storage as elements of HTML."""

import html
import re
from collections.abc import Callable, Mapping
from urllib.parse import quote_plus

from confsync.sandbox.saving.elements import Element, tree
from confsync.sandbox.view import macros
from confsync.sandbox.view.brush import Brush, tag
from confsync.sandbox.view.scene import NOWHERE, Scene

_KEPT = frozenset({"p", "ul", "ol", "li", "tbody", "thead", "tfoot", "tr", "colgroup", "col", "strong", "em",
                   "b", "i", "u", "s", "del", "ins", "sub", "sup", "code", "pre", "blockquote", "br", "hr",
                   "span", "div", "small", "big", "caption", "h1", "h2", "h3", "h4", "h5", "h6"})  # fmt: skip
_ATTRIBUTES = frozenset({"colspan", "rowspan", "class", "start"})
_EMPTY = frozenset({"br", "hr", "col"})
_SILENT = frozenset({"ac:parameter", "ac:task-id", "ac:task-uuid", "ac:task-status", "ac:adf-node"})
_SCHEMES = ("http://", "https://", "mailto:", "/", "#")
_HEADING = re.compile(r"h[1-6]")


def rendered(body: str, base: str = "", scene: Scene = NOWHERE) -> str:
    """Return well-formed storage as HTML; links that belong to the site begin with `base`."""
    root = tree(body)
    brush = Brush(scene, base, root, _paint)
    return brush.children(root)


def _paint(brush: Brush, child: Element | str) -> str:
    if isinstance(child, str):
        return html.escape(child, quote=False)
    maker = _MAKERS.get(child.name)
    if maker is not None:
        return maker(brush, child)
    if child.name in _SILENT:
        return ""
    if child.name in _KEPT:
        return _kept(brush, child)
    return brush.children(child)


def _kept(brush: Brush, element: Element) -> str:
    given = {key: value for key, value in element.attributes.items() if key in _ATTRIBUTES}
    if _HEADING.fullmatch(element.name):
        given["id"] = brush.anchor(element)
    if element.name in _EMPTY:
        return tag(element.name, given, None)
    return tag(element.name, given, brush.children(element))


def _table(brush: Brush, element: Element) -> str:
    inside = tag("table", {"class": "confluenceTable"}, brush.children(element))
    return tag("div", {"class": "table-wrap"}, inside)


def _cell(brush: Brush, element: Element) -> str:
    given = {key: value for key, value in element.attributes.items() if key in ("colspan", "rowspan")}
    name = "confluenceTh" if element.name == "th" else "confluenceTd"
    return tag(element.name, {**given, "class": name}, brush.children(element))


def _anchor(brush: Brush, element: Element) -> str:
    href = element.get("href")
    if not href.startswith(_SCHEMES):
        return brush.children(element)
    outside = {"class": "external-link", "rel": "nofollow"} if href.startswith("http") else {}
    return tag("a", {"href": href, **outside}, brush.children(element))


def _link(brush: Brush, element: Element) -> str:
    shown = element.child("ac:link-body", "ac:plain-text-link-body")
    said = brush.children(shown) if shown else ""
    anchor = element.get("ac:anchor")
    user, page = element.child("ri:user"), element.child("ri:page", "ri:blog-post", "ri:content-entity")
    file, space = element.child("ri:attachment"), element.child("ri:space")
    if user is not None:
        return _mention(brush, user.get("ri:account-id") or user.get("ri:userkey"))
    if page is not None:
        return _to_page(brush, page, anchor, said)
    if file is not None:
        return _to_file(brush, file.get("ri:filename"), said)
    if space is not None:
        key = space.get("ri:space-key")
        return tag("a", {"href": f"{brush.base}/spaces/{key}"}, said or html.escape(key))
    return tag("a", {"href": f"#{anchor}"}, said or html.escape(anchor)) if anchor else said


def _mention(brush: Brush, account: str) -> str:
    name = brush.scene.person(account)
    given = {
        "class": "confluence-userlink user-mention",
        "data-account-id": account,
        "href": f"{brush.base}/people/{account}",
    }
    return tag("a", given, html.escape(name))


def _to_page(brush: Brush, page: Element, anchor: str, said: str) -> str:
    title = page.get("ri:content-title")
    found = brush.scene.page(title, page.get("ri:space-key"))
    shown = said or html.escape(title)
    if found is None:
        missing = {"class": "createlink", "href": f"{brush.base}/search?title={quote_plus(title)}"}
        return tag("a", missing, shown)
    fragment = f"#{anchor}" if anchor else ""
    given = {
        "href": brush.base + found.address + fragment,
        "data-linked-resource-id": found.id,
        "data-linked-resource-type": "page",
    }
    return tag("a", given, shown)


def _to_file(brush: Brush, name: str, said: str) -> str:
    found = brush.scene.file(name)
    shown = said or html.escape(name)
    if found is None:
        return tag("a", {"href": f"#{quote_plus(name)}"}, shown)
    return tag("a", {"href": brush.base + found.address, **brush.resource(found)}, shown)


def _image(brush: Brush, element: Element) -> str:
    file, address = element.child("ri:attachment"), element.child("ri:url")
    given = {"class": "confluence-embedded-image", "alt": element.get("ac:alt")}
    if element.get("ac:width"):
        given["width"] = element.get("ac:width")
    if file is not None:
        found = brush.scene.file(file.get("ri:filename"))
        if found is None:
            return tag("span", {"class": "error"}, html.escape(file.get("ri:filename")))
        source = brush.base + found.address
        given |= {"src": source, "data-image-src": source, **brush.resource(found)}
    elif address is not None and address.get("ri:value").startswith(("http://", "https://")):
        source = address.get("ri:value")
        given |= {"class": "confluence-embedded-image confluence-external-resource"}
        given |= {"src": source, "data-image-src": source}
    else:
        return ""
    caption = element.child("ac:caption")
    under = tag("div", {"class": "caption"}, brush.children(caption)) if caption else ""
    return tag("span", {"class": "confluence-embedded-file-wrapper"}, tag("img", given, None)) + under


def _tasks(brush: Brush, element: Element) -> str:
    given = {"class": "inline-task-list", "data-inline-tasks-content-id": brush.scene.id}
    return tag("ul", given, "".join(_task(brush, task) for task in element.elements))


def _task(brush: Brush, task: Element) -> str:
    if task.name == "ac:task-list":
        return _tasks(brush, task)
    number, status = task.child("ac:task-id"), task.child("ac:task-status")
    given = {"data-inline-task-id": number.text if number else ""}
    if status is not None and status.text.strip() == "complete":
        given["class"] = "checked"
    body = task.child("ac:task-body")
    return tag("li", given, tag("span", {}, brush.children(body) if body else ""))


def _emoticon(brush: Brush, element: Element) -> str:
    del brush
    name = re.sub(r"[^\w-]", "", element.get("ac:name"))
    short = element.get("ac:emoji-shortname") or f":{name}:"
    given = {
        "class": f"emoticon emoticon-{name}",
        "data-emoji-id": element.get("ac:emoji-id"),
        "data-emoji-shortname": short,
        "data-emoji-fallback": element.get("ac:emoji-fallback"),
        "alt": element.get("ac:emoji-fallback") or short,
    }
    return tag("img", {key: value for key, value in given.items() if value}, None)


def _time(brush: Brush, element: Element) -> str:
    del brush
    day = element.get("datetime")
    return tag("time", {"datetime": day, "class": "date-future"}, html.escape(day))


def _layout(brush: Brush, element: Element) -> str:
    return tag("div", {"class": "contentLayout2"}, brush.children(element))


def _section(brush: Brush, element: Element) -> str:
    name = re.sub(r"[^\w-]", "", element.get("ac:type")).replace("_", "-")
    return tag("div", {"class": f"columnLayout {name}", "data-layout": name}, brush.children(element))


def _layout_cell(brush: Brush, element: Element) -> str:
    inside = tag("div", {"class": "innerCell"}, brush.children(element))
    return tag("div", {"class": "cell normal", "data-type": "normal"}, inside)


def _marker(brush: Brush, element: Element) -> str:
    given = {"class": "inline-comment-marker", "data-ref": element.get("ac:ref")}
    return tag("span", given, brush.children(element))


def _plain(brush: Brush, element: Element) -> str:
    return tag("pre", {}, brush.children(element))


_MAKERS: Mapping[str, Callable[[Brush, Element], str]] = {
    "table": _table,
    "th": _cell,
    "td": _cell,
    "a": _anchor,
    "ac:link": _link,
    "ac:image": _image,
    "ac:task-list": _tasks,
    "ac:emoticon": _emoticon,
    "time": _time,
    "ac:layout": _layout,
    "ac:layout-section": _section,
    "ac:layout-cell": _layout_cell,
    "ac:inline-comment-marker": _marker,
    "ac:plain-text-body": _plain,
    "ac:structured-macro": macros.shown,
    "ac:macro": macros.shown,
}


def styled(body: str, title: str) -> str:
    """A rendered body as a document of its own, as `styled_view` is."""
    said = html.escape(title)
    return (
        f'<!DOCTYPE html><html><head><meta charset="UTF-8" /><title>{said}</title>'
        f"<style>{_STYLE}</style></head><body>{body}</body></html>"
    )


_STYLE = "body{font-family:sans-serif}.confluenceTable{border-collapse:collapse}"
