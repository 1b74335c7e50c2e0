"""What a container or macro says of itself besides its content, changed in its own tags."""

import re
from collections.abc import Mapping, Sequence

from confsync.convert.rules.adf import set_panel_attribute
from confsync.convert.rules.labels import MACROS as MACRO_ELEMENTS
from confsync.convert.rules.macros import MACROS
from confsync.convert.rules.parameters import Splice, set_parameter, set_target
from confsync.convert.storage.page import Page
from confsync.convert.storage.parse import Node, child, children
from confsync.convert.tree import Item

_NAME = re.compile(r"^<[\w:.-]+")


class Shells:
    """Changes shells; each method returns replacements in the page's source."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def revised(self, base: Item, edited: Item) -> list[Splice] | None:
        """What to change where a block now says something else of itself; None where it must be made anew."""
        node = base.source_node
        match base.kind:
            case "list":
                return self._list(base, edited)
            case "task" if isinstance(node, Node):
                return self._task(node, done="done" in edited.props)
            case "layout":
                return self.attribute(base, {"ac:type": edited.props["type"]})
            case "cell":
                spans = {name: edited.props.get(name) for name in ("rowspan", "colspan")}
                changed = {name: value for name, value in spans.items() if base.props.get(name) != value}
                return self.attribute(base, changed)
            case "macro" | "leaf" if isinstance(node, Node):
                return self._macro(node, base, edited)
            case _:
                return []

    def attribute(self, item: Item, values: Mapping[str, str | None]) -> list[Splice]:
        """Set attributes of an item's element; None takes one away."""
        start, end = self._tag(item)
        head = new = self.page.source[start:end]
        for name, value in values.items():
            said = f' {name}="{value}"' if value is not None else ""
            pattern = rf"\s{re.escape(name)}\s*=\s*(?:\"[^\"]*\"|'[^']*')"
            new, count = re.subn(pattern, lambda _, said=said: said, new, count=1)  # type: ignore[misc]
            if not count:
                new = _NAME.sub(lambda found, said=said: found[0] + said, new)  # type: ignore[misc]
        return [(start, end, new)] if new != head else []

    def retagged(self, item: Item, tag: str) -> list[Splice]:
        """Another name for an item's element, in both its tags."""
        start, end = self._tag(item)
        source, close = self.page.source, item.inner[1]
        head = _NAME.sub(f"<{tag}", source[start:end])
        closing = re.sub(r"^</[\w:.-]+", f"</{tag}", source[close : item.end])
        return [(start, end, head), (close, item.end, closing)]

    def _tag(self, item: Item) -> tuple[int, int]:
        """Where the start tag stands that a block's content follows; a paragraph may stand around it."""
        end = item.inner[0]
        return self.page.source.rindex("<", item.start, end), end

    def parameters(self, node: Node, base: Item, edited: Item, cleared: Sequence[str]) -> list[Splice]:
        """Change the parameters that the edited shell names otherwise; what it does not name stays."""
        rule = MACROS.by_directive.get(base.props.get("name", ""))
        keys = [key for key in (*base.props, *edited.props) if key[0] == "@" or key in ("label", "language")]
        splices: list[Splice] = []
        for key in dict.fromkeys(keys):
            old, new = base.props.get(key), edited.props.get(key)
            if old == new or (new is None and key not in (*cleared, "label")):
                continue
            name = key[1:] if key[0] == "@" else (rule.label if rule else "") if key == "label" else key
            name = "" if name == "default" else name
            if name or key != "label":
                splices += set_parameter(self.page, node, name, new or None)
        return splices

    def without_fallback(self, base: Item) -> list[Splice]:
        """What the new editor keeps as a rendered copy of its content would now be out of date."""
        node = base.source_node
        if not isinstance(node, Node) or node.tag != "ac:adf-extension":
            return []
        return [(kid.start, kid.end, "") for kid in children(node, "ac:adf-fallback")]

    def _list(self, base: Item, edited: Item) -> list[Splice]:
        old, new = base.props.get("ordered"), edited.props.get("ordered")
        if (old is None) != (new is None):
            return self.retagged(base, "ul" if new is None else "ol")
        return self.attribute(base, {"start": new}) if new is not None else []

    def _task(self, node: Node, *, done: bool) -> list[Splice]:
        if node.tag == "ac:adf-node":
            states = (kid for kid in children(node, "ac:adf-attribute") if self._is_state(kid))
            return [(kid.open_end, kid.close_start, "DECIDED" if done else "UNDECIDED") for kid in states]
        status = child(node, "ac:task-status")
        if status is None:
            return []
        return [(status.open_end, status.close_start, "complete" if done else "incomplete")]

    def _is_state(self, node: Node) -> bool:
        return self.page.attributes(node).get("key") == "state"

    def _macro(self, node: Node, base: Item, edited: Item) -> list[Splice] | None:
        one, other = base.props["name"], edited.props["name"]
        if node.tag == "a" and one == other:
            return self._card(node, base, edited)
        splices = self._target(node, base, edited)
        if splices is None:
            return None
        if one != other:
            rule = MACROS.by_directive.get(other)
            if rule is None or one not in MACROS.by_directive:
                return None
            splices.append(self._renamed(node, rule.name))
        elif one == "macro" and base.props.get("label") != edited.props.get("label"):
            splices.append(self._renamed(node, edited.props.get("label", "macro")))
        if node.tag in MACRO_ELEMENTS:
            splices += self.parameters(node, base, edited, cleared=())
        elif node.tag == "ac:adf-extension":
            for key, value in edited.props.items():
                if key[0] == "@" and base.props.get(key) != value:
                    splices += set_panel_attribute(self.page, node, key[1:], value)
        return splices

    def _target(self, node: Node, base: Item, edited: Item) -> list[Splice] | None:
        """Another target; None where the macro has none that could change."""
        target = edited.props.get("target")
        if target is None or base.props.get("target") == target:
            return []
        rule = MACROS.by_directive.get(base.props["name"])
        if rule is None or rule.target is None or base.props["name"] != edited.props["name"]:
            return None
        return set_target(self.page, node, rule.target, target) or None

    def _renamed(self, node: Node, name: str) -> Splice:
        """Another macro in the same element."""
        written = self.page.spelling.attribute(name)
        pattern = r"(\sac:name\s*=\s*)(?:\"[^\"]*\"|'[^']*')"
        renamed = re.sub(pattern, lambda found: f'{found[1]}"{written}"', self.page.start_tag(node))
        return node.start, node.open_end, renamed

    def _card(self, node: Node, base: Item, edited: Item) -> list[Splice]:
        """Another address, text or width of a smart link; everything else of it stays."""
        head = self.page.start_tag(node)
        said = {"href": edited.props["target"], "data-width": edited.props.get("@width", "")}
        for name, value in said.items():
            written = f' {name}="{self.page.spelling.attribute(value)}"'
            pattern = rf"\s{name}\s*=\s*(?:\"[^\"]*\"|'[^']*')"
            changed, count = re.subn(pattern, lambda _, written=written: written, head)  # type: ignore[misc]
            if value and head != changed:
                head = changed
            elif value and not count:
                head = head[:-1] + written + ">"
        splices: list[Splice] = [(node.start, node.open_end, head)]
        shown = [item.props.get("label", item.props["target"]) for item in (base, edited)]
        if shown[0] != shown[1]:
            splices.append((node.open_end, node.close_start, self.page.spelling.encode(shown[1])))
        return splices
