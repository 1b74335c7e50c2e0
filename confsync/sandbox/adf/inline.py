"""Storage to document: what stands in a line."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from confsync.sandbox.adf.macros import extension
from confsync.sandbox.adf.names import MARK_OF_TAG, MARK_ORDER, STATUS_COLOR
from confsync.sandbox.adf.nodes import Node
from confsync.sandbox.adf.places import Places
from confsync.sandbox.saving.elements import Element

INLINE_MACROS = frozenset(
    {"status", "anchor", "jira", "page-creator", "profile-link", "inline-media", "math-inline"}
)
"""Macros that stand in a line; all others are blocks."""

_COLOR = re.compile(r"(?<![-\w])color:\s*(#[0-9a-fA-F]{3,8}|rgb\([^)]*\))")
_BACKGROUND = re.compile(r"background-color:\s*(#[0-9a-fA-F]{3,8}|rgb\([^)]*\))")
_WRAP = re.compile(r"[ \t]*[\r\n]\s*")
_RGB = re.compile(r"rgb\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*\)")


def inline(children: Sequence[Element | str], places: Places) -> list[Node]:
    """Inline nodes with their marks. Line ends in storage are blanks, and nothing at the edges."""
    return _joined(_nodes(_unwrapped(children), places, []))


def marked(node: Node, marks: Sequence[Node]) -> Node:
    """A node with marks, in the editor's order; as it is without any."""
    if not marks:
        return node
    order = {name: rank for rank, name in enumerate(MARK_ORDER)}
    ranked = sorted(marks, key=lambda mark: order.get(str(mark["type"]), 0))
    return node | {"marks": ranked}


def _nodes(children: Sequence[Element | str], places: Places, marks: list[Node]) -> list[Node]:
    found: list[Node] = []
    for child in children:
        if isinstance(child, Element):
            found += _node(child, places, marks)
        elif child:
            found.append(marked({"type": "text", "text": _WRAP.sub(" ", child)}, marks))
    return found


def _node(element: Element, places: Places, marks: list[Node]) -> list[Node]:
    mark = _mark(element)
    if mark is not None:
        known = [one for one in marks if one["type"] != mark["type"] or mark["type"] == "annotation"]
        return _nodes(element.children, places, [*known, mark])
    maker = _MAKERS.get(element.name)
    if maker is not None:
        return [marked(node, marks) for node in maker(element, places)]
    if element.name == "ac:link":
        return _link(element, places, marks)
    colours = _colours(element)
    return _nodes(element.children, places, [*marks, *colours])


def _mark(element: Element) -> Node | None:
    name = MARK_OF_TAG.get(element.name)
    if name:
        return {"type": name}
    if element.name in ("sub", "sup"):
        return {"type": "subsup", "attrs": {"type": element.name}}
    if element.name == "ac:inline-comment-marker":
        return {
            "type": "annotation",
            "attrs": {"annotationType": "inlineComment", "id": element.get("ac:ref")},
        }
    if element.name == "a" and element.get("href") and element.get("data-card-appearance") != "inline":
        return {"type": "link", "attrs": {"href": element.get("href")}}
    return None


def _colours(element: Element) -> list[Node]:
    style = element.get("style")
    found: list[Node] = []
    for pattern, name in ((_COLOR, "textColor"), (_BACKGROUND, "backgroundColor")):
        if colour := pattern.search(style):
            found.append({"type": name, "attrs": {"color": _hex(colour.group(1))}})
    return found


def _hex(colour: str) -> str:
    parts = _RGB.fullmatch(colour)
    return "#" + "".join(f"{min(255, int(part)):02x}" for part in parts.groups()) if parts else colour.lower()


# ------------------------------------------------------------------------------------------- single nodes


def _break(_element: Element, _places: Places) -> list[Node]:
    return [{"type": "hardBreak"}]


def _time(element: Element, _places: Places) -> list[Node]:
    try:
        when = datetime.fromisoformat(element.get("datetime")).replace(tzinfo=UTC)
    except ValueError:
        return []
    return [{"type": "date", "attrs": {"timestamp": str(int(when.timestamp() * 1000))}}]


def _emoticon(element: Element, _places: Places) -> list[Node]:
    short = element.get("ac:emoji-shortname") or f":{element.get('ac:name')}:"
    attributes: Node = {"shortName": short}
    for own, adf in (("ac:emoji-id", "id"), ("ac:emoji-fallback", "text")):
        if element.get(own):
            attributes[adf] = element.get(own)
    return [{"type": "emoji", "attrs": attributes}]


def _placeholder(element: Element, _places: Places) -> list[Node]:
    return [{"type": "placeholder", "attrs": {"text": element.text}}]


def _macro(element: Element, _places: Places) -> list[Node]:
    if element.get("ac:name") != "status":
        return [extension(element, None, inline=True)]
    colour = STATUS_COLOR.get(element.parameter("colour", "Grey").lower(), "neutral")
    attributes: Node = {
        "text": element.parameter("title"),
        "color": colour,
        "localId": element.get("ac:local-id") or element.get("ac:macro-id"),
        "style": "subtle" if element.parameter("subtle") == "true" else "",
    }
    return [{"type": "status", "attrs": attributes}]


def _card(element: Element, _places: Places) -> list[Node]:
    return [{"type": "inlineCard", "attrs": {"url": element.get("href")}}] if element.get("href") else []


_MAKERS: Mapping[str, Callable[[Element, Places], list[Node]]] = {
    "br": _break,
    "time": _time,
    "ac:emoticon": _emoticon,
    "ac:placeholder": _placeholder,
    "ac:structured-macro": _macro,
    "a": _card,
}


# ------------------------------------------------------------------------------------------------- links


def _link(element: Element, places: Places, marks: list[Node]) -> list[Node]:
    user = element.child("ri:user")
    if user is not None:
        account = user.get("ri:account-id") or user.get("ri:userkey")
        name = places.person_name(account)
        said: Node = {"id": account, "text": f"@{name}", "accessLevel": ""}
        if user.get("ri:local-id"):
            said["localId"] = user.get("ri:local-id")
        return [{"type": "mention", "attrs": said}]
    href, metadata = _target(element, places)
    mark: Node = {"type": "link", "attrs": {"href": href, "__confluenceMetadata": metadata}}
    body = element.child("ac:link-body", "ac:plain-text-link-body")
    inside: Sequence[Element | str] = body.children if body else [_title(metadata)]
    return _nodes(inside, places, [*marks, mark])


def _title(metadata: Node) -> str:
    return str(metadata.get("contentTitle") or metadata.get("fileName") or metadata.get("anchorName") or "")


def _target(element: Element, places: Places) -> tuple[str, Node]:
    anchor = element.get("ac:anchor")
    fragment = f"#{anchor}" if anchor else ""
    page = element.child("ri:page", "ri:blog-post")
    file = element.child("ri:attachment")
    space = element.child("ri:space")
    if page is not None:
        title, key = page.get("ri:content-title"), page.get("ri:space-key")
        found = places.page_address(title, key)
        metadata: Node = {
            "linkType": "page",
            "contentTitle": title,
            "versionAtSave": page.get("ri:version-at-save") or None,
        }
        if page.name == "ri:blog-post":
            metadata |= {"linkType": "blogpost", "postingDay": page.get("ri:posting-day")}
        if key:
            metadata["spaceKey"] = key
        if anchor:
            metadata["anchorName"] = anchor
        return (found or "") + fragment, metadata
    if file is not None:
        name = file.get("ri:filename")
        return "", {"linkType": "attachment", "fileName": name}
    if space is not None:
        return "", {"linkType": "space", "spaceKey": space.get("ri:space-key")}
    return fragment, {"linkType": "self", "anchorName": anchor}


# ------------------------------------------------------------------------------------------------- texts


def _unwrapped(children: Sequence[Element | str]) -> list[Element | str]:
    found = list(children)
    if found and isinstance(found[0], str):
        found[0] = re.sub(r"^[ \t]*[\r\n]\s*", "", found[0])
    if found and isinstance(found[-1], str):
        found[-1] = re.sub(r"\s*[\r\n][ \t]*$", "", found[-1])
    return found


def _joined(nodes: list[Node]) -> list[Node]:
    """Neighbouring texts with the same marks as one."""
    found: list[Node] = []
    for node in nodes:
        last = found[-1] if found else {}
        same = node["type"] == last.get("type") == "text" and node.get("marks") == last.get("marks")
        if same:
            found[-1] = last | {"text": f"{last['text']}{node['text']}"}
        elif node["type"] != "text" or node["text"]:
            found.append(node)
    return found
