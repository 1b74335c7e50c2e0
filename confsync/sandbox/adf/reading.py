"""Document to storage: blocks."""

import json
import re
from collections.abc import Callable, Mapping, Sequence

from confsync.sandbox.adf.macros import macro, macro_of
from confsync.sandbox.adf.names import LAYOUTS, MACRO_OF_PANEL, MACROS
from confsync.sandbox.adf.nodes import Json, attrs, content, kind, of, text
from confsync.sandbox.adf.places import Places
from confsync.sandbox.adf.runs import runs
from confsync.sandbox.refusals import Invalid
from confsync.sandbox.saving.elements import cdata, element, spelt

_INDENT_STEP = 30
_MOST_DEEP = 60


def from_adf(document: str, places: Places) -> str:
    """The storage of a document, given as JSON text.

    Raises:
        Invalid: it is no document, or has a node that no document may have.
    """
    try:
        said = json.loads(document)
    except (ValueError, RecursionError) as error:
        raise Invalid("Content body cannot be converted to new editor format: invalid JSON") from error
    if not isinstance(said, dict) or kind(said) != "doc" or said.get("version", 1) != 1:
        raise Invalid("Content body cannot be converted to new editor format: no document")
    return _Reader(places).blocks(content(said))


class _Reader:
    """One document on its way."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._deep = 0

    def blocks(self, nodes: Sequence[Json]) -> str:
        self._deep += 1
        if self._deep > _MOST_DEEP:
            raise Invalid("Content body cannot be converted to new editor format: nested too deep")
        found = "".join(self._block(node) for node in nodes)
        self._deep -= 1
        return found

    def _block(self, node: Json) -> str:
        maker = _MAKERS.get(kind(node))
        if maker is None:
            raise Invalid(f"Content body cannot be converted to new editor format: {kind(node)} is no block")
        return maker(self, node)

    def line(self, node: Json) -> str:
        """What stands in a line of a node."""
        return runs(content(node), self._places)

    # ---------------------------------------------------------------------------------------- makers

    def paragraph(self, node: Json) -> str:
        inside = self.line(node)
        return element("p", _style(node), inside or None)

    def heading(self, node: Json) -> str:
        level = min(6, max(1, int(str(attrs(node).get("level", 1)))))
        return element(f"h{level}", _style(node), self.line(node)) if content(node) else ""

    def bullets(self, node: Json) -> str:
        return element("ul", {}, "".join(self.item(one) for one in content(node)))

    def numbers(self, node: Json) -> str:
        first = str(attrs(node).get("order", 1))
        return element("ol", {"start": first}, "".join(self.item(one) for one in content(node)))

    def item(self, node: Json) -> str:
        return element("li", {}, self.blocks(content(node)))

    def quote(self, node: Json) -> str:
        return element("blockquote", {}, self.blocks(content(node)))

    def rule(self, _node: Json) -> str:
        return element("hr", {}, None)

    def code(self, node: Json) -> str:
        said = "".join(text(one, "text") for one in content(node))
        language = text(attrs(node), "language")
        found = {"language": language} if language else {}
        for mark in of(node, "marks"):
            if kind(mark) == "breakout":
                found |= {"breakoutMode": text(attrs(mark), "mode")}
                if "width" in attrs(mark):
                    found["breakoutWidth"] = text(attrs(mark), "width")
        return macro("code", found, element("ac:plain-text-body", {}, cdata(said)))

    def panel(self, node: Json) -> str:
        said = attrs(node)
        name = text(said, "panelType")
        inside = element("ac:rich-text-body", {}, self.blocks(content(node)))
        if name in MACRO_OF_PANEL:
            return macro(MACRO_OF_PANEL[name], {}, inside)
        if name == "custom":
            names = (
                ("panelIcon", "panelIcon"),
                ("panelIconId", "panelIconId"),
                ("panelIconText", "panelIconText"),
                ("bgColor", "panelColor"),
            )
            return macro("panel", {own: text(said, adf) for own, adf in names if adf in said}, inside)
        return self.kept(node)

    def expand(self, node: Json) -> str:
        inside = element("ac:rich-text-body", {}, self.blocks(content(node)))
        title = text(attrs(node), "title")
        return macro("expand", {"title": title} if title else {}, inside)

    def table(self, node: Json) -> str:
        said = attrs(node)
        given = {"data-table-width": _number(said["width"])} if said.get("width") is not None else {}
        given["data-layout"] = text(said, "layout") or "default"
        if said.get("isNumberColumnEnabled") is True:
            given["class"] = "numberingColumn"
        if said.get("localId"):
            given["ac:local-id"] = text(said, "localId")
        rows = content(node)
        widths = [width for cell in (content(rows[0]) if rows else []) for width in _widths(cell)]
        columns = "".join(element("col", {"style": f"width: {width}px;"}, None) for width in widths)
        shown = "".join(element("tr", {}, "".join(map(self.cell, content(row)))) for row in rows)
        return element(
            "table",
            given,
            (element("colgroup", {}, columns) if columns else "") + element("tbody", {}, shown),
        )

    def cell(self, node: Json) -> str:
        said = attrs(node)
        given = {
            name: _number(said[name]) for name in ("rowspan", "colspan") if said.get(name) not in (None, 1)
        }
        if said.get("background"):
            given["data-highlight-colour"] = text(said, "background")
        return element("th" if kind(node) == "tableHeader" else "td", given, self.blocks(content(node)))

    def picture(self, node: Json) -> str:
        said, (media, *rest) = attrs(node), content(node) or [{}]
        given = {"ac:align": "center", "ac:layout": text(said, "layout") or "center"}
        facts = attrs(media)
        for own, adf in (("ac:original-height", "height"), ("ac:original-width", "width")):
            if facts.get(adf) is not None:
                given[own] = _number(facts[adf])
        if said.get("width") is not None:
            given |= {"ac:custom-width": "true", "ac:width": _number(said["width"])}
        if facts.get("alt"):
            given["ac:alt"] = text(facts, "alt")
        for mark in of(media, "marks"):
            if kind(mark) == "link":
                given["ac:href"] = text(attrs(mark), "href")
        source = self._source(facts)
        if source is None:
            return self.kept(node)
        captions = [element("ac:caption", {}, element("p", {}, self.line(one))) for one in rest]
        return element("ac:image", given, source + "".join(captions))

    def _source(self, facts: Json) -> str | None:
        if text(facts, "type") == "external":
            return element("ri:url", {"ri:value": text(facts, "url")}, None)
        name = self._places.filename(text(facts, "id")) or text(facts, "__fileName")
        return element("ri:attachment", {"ri:filename": name}, None) if name else None

    def pictures(self, node: Json) -> str:
        return "".join(self.picture({"type": "mediaSingle", "content": [one]}) for one in content(node))

    def tasks(self, node: Json) -> str:
        found = []
        for one in content(node):
            if kind(one) == "taskList":
                found.append(self.tasks(one))
                continue
            said = attrs(one)
            number = text(said, "localId")
            state = "complete" if said.get("state") == "DONE" else "incomplete"
            found.append(
                element(
                    "ac:task",
                    {},
                    (element("ac:task-id", {}, number) if number.isdigit() else "")
                    + element("ac:task-status", {}, state)
                    + element("ac:task-body", {}, self.line(one)),
                )
            )
        local = text(attrs(node), "localId")
        return element("ac:task-list", {"ac:local-id": local} if local else {}, "".join(found))

    def section(self, node: Json) -> str:
        columns = content(node)
        widths = tuple(float(str(attrs(one).get("width", 0))) for one in columns)
        name = next((n for n, known in LAYOUTS.items() if n != "single" and known == widths), "fixed-width")
        given = {"ac:type": name}
        for mark in of(node, "marks"):
            if kind(mark) == "breakout":
                given["ac:breakout-mode"] = text(attrs(mark), "mode")
        cells = "".join(
            element(
                "ac:layout-cell",
                {} if LAYOUTS[name] == widths else {"ac:width": _number(width)},
                self.blocks(content(one)),
            )
            for one, width in zip(columns, widths, strict=True)
        )
        return element("ac:layout", {}, element("ac:layout-section", given, cells))

    def card(self, node: Json) -> str:
        address = text(attrs(node), "url")
        if not address:
            return self.kept(node)
        how = "embed" if kind(node) == "embedCard" else "block"
        given = {"href": address, "data-card-appearance": how}
        if how == "embed":
            given["data-layout"] = text(attrs(node), "layout") or "center"
        return element("a", given, spelt(address))

    def extension(self, node: Json) -> str:
        said = attrs(node)
        if text(said, "extensionType") != MACROS:
            return self.kept(node)
        return macro_of(said, self.blocks(content(node)) if kind(node) == "bodiedExtension" else None)

    def kept(self, node: Json) -> str:
        """A node that storage has no element for."""
        inside = self._kept(node)
        fallback = element("ac:adf-fallback", {}, "".join(self._fallback(one) for one in content(node)))
        return element("ac:adf-extension", {}, inside + fallback)

    def _kept(self, node: Json) -> str:
        said = "".join(
            element("ac:adf-attribute", {"key": _dashed(key)}, spelt(_plain(value)))
            for key, value in attrs(node).items()
            if isinstance(value, str | int | float | bool)
        )
        inside = content(node)
        if kind(node) in _LINES:
            body = element("ac:adf-content", {}, self.line(node))
        elif inside and kind(inside[0]) in _LINES | {"media"}:
            body = "".join(self._kept(one) for one in inside)
        else:
            body = element("ac:adf-content", {}, self.blocks(inside)) if inside else ""
        return element("ac:adf-node", {"type": kind(node)}, said + body)

    def _fallback(self, node: Json) -> str:
        return (
            element("p", {}, self.line(node))
            if kind(node) in _LINES
            else self.blocks([node] if kind(node) in _MAKERS else [])
        )


_LINES = frozenset({"decisionItem"})


def _style(node: Json) -> dict[str, str]:
    said = []
    for mark in of(node, "marks"):
        if kind(mark) == "alignment":
            align = text(attrs(mark), "align")
            said.append(f"text-align: {'right' if align == 'end' else align};")
        elif kind(mark) == "indentation":
            said.append(f"margin-left: {_INDENT_STEP * int(str(attrs(mark).get('level', 1)))}.0px;")
    return {"style": " ".join(said)} if said else {}


def _widths(cell: Json) -> list[str]:
    found = attrs(cell).get("colwidth")
    return [f"{float(str(width))}" for width in found] if isinstance(found, list) else []


def _number(value: object) -> str:
    number = float(str(value))
    return str(int(number)) if number.is_integer() else str(number)


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _dashed(key: str) -> str:
    return re.sub(r"([A-Z])", lambda found: f"-{found.group(1).lower()}", key)


_MAKERS: Mapping[str, Callable[[_Reader, Json], str]] = {
    "paragraph": _Reader.paragraph,
    "heading": _Reader.heading,
    "bulletList": _Reader.bullets,
    "orderedList": _Reader.numbers,
    "listItem": _Reader.item,
    "blockquote": _Reader.quote,
    "rule": _Reader.rule,
    "codeBlock": _Reader.code,
    "panel": _Reader.panel,
    "expand": _Reader.expand,
    "nestedExpand": _Reader.expand,
    "table": _Reader.table,
    "mediaSingle": _Reader.picture,
    "mediaGroup": _Reader.pictures,
    "taskList": _Reader.tasks,
    "decisionList": _Reader.kept,
    "layoutSection": _Reader.section,
    "blockCard": _Reader.card,
    "embedCard": _Reader.card,
    "extension": _Reader.extension,
    "bodiedExtension": _Reader.extension,
    "syncBlock": _Reader.kept,
}
