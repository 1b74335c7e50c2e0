"""Storage to document: blocks."""

import re
from collections.abc import Callable, Mapping, Sequence

from confsync.sandbox.adf.inline import INLINE_MACROS, inline, marked
from confsync.sandbox.adf.macros import extension
from confsync.sandbox.adf.names import LAYOUTS, PANEL_OF_MACRO
from confsync.sandbox.adf.nodes import Node
from confsync.sandbox.adf.nodes import content as inside_of
from confsync.sandbox.adf.places import Places
from confsync.sandbox.saving.elements import Element, tree

_HEADING = re.compile(r"h([1-6])")
_ALIGN = re.compile(r"text-align:\s*(center|right|end)")
_INDENT = re.compile(r"margin-left:\s*([0-9.]+)(?:px|rem)")
_INDENT_STEP = 30
_BLOCKS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote", "hr", "pre", "table",
                     "div", "ac:layout", "ac:task-list", "ac:image", "ac:adf-extension",
                     "ac:structured-macro"})  # fmt: skip


def to_adf(body: str, places: Places) -> Node:
    """The document of a page. The body must be well-formed."""
    return {"type": "doc", "content": blocks(tree(body).children, places), "version": 1}


def blocks(children: Sequence[Element | str], places: Places) -> list[Node]:
    """Block nodes; text that stands loose between blocks becomes paragraphs of its own."""
    found: list[Node] = []
    loose: list[Element | str] = []
    for child in [*children, None]:
        if child is not None and not (isinstance(child, Element) and _is_block(child)):
            loose.append(child)
            continue
        if any(isinstance(one, Element) or one.strip() for one in loose):
            found.append(_paragraph(loose, places))
        loose = []
        if isinstance(child, Element):
            found += _block(child, places)
    return found


def _is_block(element: Element) -> bool:
    if element.name == "ac:structured-macro":
        return element.get("ac:name") not in INLINE_MACROS
    return element.name in _BLOCKS or (element.name == "a" and _card(element) != "")


def _card(element: Element) -> str:
    found = element.get("data-card-appearance")
    return found if found in ("block", "embed") else ""


def _block(element: Element, places: Places) -> list[Node]:
    heading = _HEADING.fullmatch(element.name)
    if heading:
        node = _textual("heading", element, places, {"level": int(heading.group(1))})
        return [node]
    maker = _MAKERS.get(element.name)
    return maker(element, places) if maker else blocks(element.children, places)


def _textual(
    kind: str, element: Element, places: Places, attributes: Mapping[str, object] | None = None
) -> Node:
    node: Node = {"type": kind, **({"attrs": dict(attributes)} if attributes else {})}
    content = inline(element.children, places)
    if content:
        node["content"] = content
    style = element.get("style")
    found: list[Node] = []
    if align := _ALIGN.search(style):
        found.append(
            {
                "type": "alignment",
                "attrs": {"align": "end" if align.group(1) == "right" else align.group(1)},
            }
        )
    if indent := _INDENT.search(style):
        found.append(
            {
                "type": "indentation",
                "attrs": {"level": max(1, round(float(indent.group(1)) / _INDENT_STEP))},
            }
        )
    return marked(node, found)


def _paragraph(children: Sequence[Element | str], places: Places) -> Node:
    content = inline(children, places)
    return {"type": "paragraph", **({"content": content} if content else {})}


def _p(element: Element, places: Places) -> list[Node]:
    """A paragraph; pictures in it stand for themselves."""
    if not any(child.name == "ac:image" for child in element.elements):
        return [_textual("paragraph", element, places)]
    return blocks(element.children, places)


def _list(kind: str) -> Callable[[Element, Places], list[Node]]:
    def make(element: Element, places: Places) -> list[Node]:
        node: Node = {"type": kind}
        if kind == "orderedList":
            node["attrs"] = {"order": int(element.get("start") or 1)}
        node["content"] = [_item("listItem", child, places) for child in element.elements]
        return [node]

    return make


def _item(kind: str, element: Element, places: Places, attributes: Node | None = None) -> Node:
    content = blocks(element.children, places) or [{"type": "paragraph"}]
    return {"type": kind, **({"attrs": attributes} if attributes is not None else {}), "content": content}


def _table(element: Element, places: Places) -> list[Node]:
    widths = [
        float(found.group(1)) for col in _columns(element) if (found := _WIDTH.search(col.get("style")))
    ]
    attributes: Node = {"layout": element.get("data-layout", "default")}
    if "numberingColumn" in element.get("class"):
        attributes["isNumberColumnEnabled"] = True
    if element.get("data-table-width"):
        attributes["width"] = float(element.get("data-table-width"))
    if element.get("ac:local-id"):
        attributes["localId"] = element.get("ac:local-id")
    rows = [_row(row, widths, places) for row in _own_rows(element)]
    return [{"type": "table", "attrs": attributes, "content": rows}]


_WIDTH = re.compile(r"width:\s*([0-9.]+)px")


def _columns(table: Element) -> list[Element]:
    group = table.child("colgroup")
    return group.elements if group else []


def _own_rows(table: Element) -> list[Element]:
    """The rows of a table, not those of tables in its cells."""
    parts = [part for part in table.elements if part.name in ("tbody", "thead", "tfoot")]
    return [row for part in (table, *parts) for row in part.elements if row.name == "tr"]


def _row(row: Element, widths: list[float], places: Places) -> Node:
    cells: list[Node] = []
    column = 0
    for cell in row.elements:
        across = int(cell.get("colspan") or 1)
        attributes: Node = {"colspan": across, "rowspan": int(cell.get("rowspan") or 1)}
        if cell.get("data-highlight-colour"):
            attributes["background"] = cell.get("data-highlight-colour")
        if widths[column : column + across]:
            attributes["colwidth"] = widths[column : column + across]
        cells.append(_item("tableHeader" if cell.name == "th" else "tableCell", cell, places, attributes))
        column += across
    return {"type": "tableRow", "content": cells}


def _macro(element: Element, places: Places) -> list[Node]:
    name = element.get("ac:name")
    if name in ("code", "noformat"):
        return [_code(element)]
    rich = element.child("ac:rich-text-body")
    inside = blocks(rich.children, places) if rich else []
    if name in PANEL_OF_MACRO and not set(element.parameters) - {"icon"}:
        return [{"type": "panel", "attrs": {"panelType": PANEL_OF_MACRO[name]}, "content": inside}]
    if name == "panel" and "bgColor" in element.parameters and "title" not in element.parameters:
        return [{"type": "panel", "attrs": _custom_panel(element), "content": inside}]
    if name == "expand":
        return [{"type": "expand", "attrs": {"title": element.parameter("title")}, "content": inside}]
    return [extension(element, inside if rich else None)]


def _custom_panel(element: Element) -> Node:
    names = {
        "bgColor": "panelColor",
        "panelIcon": "panelIcon",
        "panelIconId": "panelIconId",
        "panelIconText": "panelIconText",
    }
    said = element.parameters
    return {"panelType": "custom", **{adf: said[own] for own, adf in names.items() if own in said}}


def _code(element: Element) -> Node:
    said = element.child("ac:plain-text-body")
    node: Node = {"type": "codeBlock"}
    if language := element.parameter("language"):
        node["attrs"] = {"language": language}
    if said and said.text:
        node["content"] = [{"type": "text", "text": said.text}]
    width = element.parameter("breakoutWidth")
    mode = element.parameter("breakoutMode")
    attributes: Node = {"mode": mode} | ({"width": int(width)} if width.isdigit() else {})
    return marked(node, [{"type": "breakout", "attrs": attributes}] if mode else [])


def _image(element: Element, places: Places) -> list[Node]:
    attributes: Node = {"layout": element.get("ac:layout", "center")}
    if element.get("ac:width").isdigit():
        attributes |= {"width": int(element.get("ac:width")), "widthType": "pixel"}
    content = [_media(element, places)]
    if caption := element.child("ac:caption"):
        inside = [c for child in caption.children for c in _unwrapped(child)]
        content.append({"type": "caption", "content": inline(inside, places)})
    return [{"type": "mediaSingle", "attrs": attributes, "content": content}]


def _unwrapped(child: Element | str) -> Sequence[Element | str]:
    return child.children if isinstance(child, Element) and child.name == "p" else [child]


def _media(element: Element, places: Places) -> Node:
    attributes: Node = {}
    file, address = element.child("ri:attachment"), element.child("ri:url")
    found = places.media(file.get("ri:filename")) if file else None
    if found:
        attributes |= {"type": "file", "id": found.file_id, "collection": found.collection}
    elif address:
        attributes |= {"type": "external", "url": address.get("ri:value")}
    else:
        name = file.get("ri:filename") if file else ""
        attributes |= {"type": "file", "id": "UNKNOWN_MEDIA_ID", "collection": "", "__fileName": name}
    for own, adf in (("ac:original-width", "width"), ("ac:original-height", "height")):
        if element.get(own).isdigit():
            attributes[adf] = int(element.get(own))
    if element.get("ac:alt"):
        attributes["alt"] = element.get("ac:alt")
    link: list[Node] = (
        [{"type": "link", "attrs": {"href": element.get("ac:href")}}] if element.get("ac:href") else []
    )
    return marked({"type": "media", "attrs": attributes}, link)


def _tasks(element: Element, places: Places) -> list[Node]:
    content: list[Node] = []
    for child in element.elements:
        if child.name == "ac:task-list":
            content += _tasks(child, places)
            continue
        done = (found := child.child("ac:task-status")) is not None and found.text.strip() == "complete"
        number = child.child("ac:task-id")
        body = child.child("ac:task-body")
        node: Node = {
            "type": "taskItem",
            "attrs": {"localId": number.text if number else "", "state": "DONE" if done else "TODO"},
        }
        if body and (inside := inline(_flat(body), places)):
            node["content"] = inside
        content.append(node)
    return [{"type": "taskList", "attrs": {"localId": element.get("ac:local-id")}, "content": content}]


def _flat(body: Element) -> list[Element | str]:
    """The text of a task, taken out of the span the server puts around placeholders."""
    found: list[Element | str] = []
    for child in body.children:
        placed = isinstance(child, Element) and child.get("class") == "placeholder-inline-tasks"
        found += child.children if isinstance(child, Element) and placed else [child]
    return found


def _layout(element: Element, places: Places) -> list[Node]:
    found: list[Node] = []
    for section in element.elements:
        cells = section.elements
        known = LAYOUTS.get(section.get("ac:type"), ())
        widths = known if len(known) == len(cells) else (100 / max(1, len(cells)),) * len(cells)
        own = [float(cell.get("ac:width") or width) for cell, width in zip(cells, widths, strict=True)]
        columns: list[Node] = [
            _item("layoutColumn", cell, places, {"width": width})
            for cell, width in zip(cells, own, strict=True)
        ]
        mode = section.get("ac:breakout-mode")
        marks: list[Node] = [{"type": "breakout", "attrs": {"mode": mode}}] if mode else []
        found.append(marked({"type": "layoutSection", "content": columns}, marks))
    return found


def _anchor(element: Element, _places: Places) -> list[Node]:
    if _card(element) == "embed":
        layout = element.get("data-layout", "center")
        return [{"type": "embedCard", "attrs": {"url": element.get("href"), "layout": layout}}]
    return [{"type": "blockCard", "attrs": {"url": element.get("href")}}]


def _extension(element: Element, places: Places) -> list[Node]:
    node = element.child("ac:adf-node")
    return [] if node is None else [_filled(node, places)]


def _filled(given: Element, places: Places) -> Node:
    """A node kept as `ac:adf-node`: its attributes, and its content read as storage."""
    said: Node = {"type": given.get("type")}
    attributes: Node = {}
    content: list[Node] = []
    for child in given.elements:
        if child.name == "ac:adf-attribute":
            attributes[_camel(child.get("key"))] = _value(child.text)
        elif child.name == "ac:adf-content":
            content += blocks(child.children, places)
        elif child.name == "ac:adf-node":
            content.append(_filled(child, places))
    if attributes:
        said["attrs"] = attributes
    if content and given.get("type") in _TEXTUAL:
        content = [dict(one) for paragraph in content for one in inside_of(paragraph)]
    if content:
        said["content"] = content
    return said


_TEXTUAL = frozenset({"decisionItem", "taskItem", "caption"})


def _camel(key: str) -> str:
    first, *rest = key.split("-")
    return first + "".join(part.capitalize() for part in rest)


def _value(text: str) -> object:
    if text in ("true", "false"):
        return text == "true"
    return int(text) if re.fullmatch(r"-?\d{1,9}", text) else text


def _rule(_element: Element, _places: Places) -> list[Node]:
    return [{"type": "rule"}]


def _quote(element: Element, places: Places) -> list[Node]:
    return [_item("blockquote", element, places)]


def _pre(element: Element, _places: Places) -> list[Node]:
    return [{"type": "codeBlock", "content": [{"type": "text", "text": element.text}]}]


_MAKERS: Mapping[str, Callable[[Element, Places], list[Node]]] = {
    "p": _p,
    "ul": _list("bulletList"),
    "ol": _list("orderedList"),
    "blockquote": _quote,
    "hr": _rule,
    "pre": _pre,
    "table": _table,
    "a": _anchor,
    "ac:structured-macro": _macro,
    "ac:image": _image,
    "ac:task-list": _tasks,
    "ac:layout": _layout,
    "ac:adf-extension": _extension,
}
