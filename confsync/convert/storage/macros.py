"""Macros as blocks, in the form that their rule says or their body allows."""

import re
from typing import TYPE_CHECKING

from confsync.convert.markdown.attributes import can_write
from confsync.convert.rules.macro import ALWAYS_HIDDEN, Form, MacroRule
from confsync.convert.rules.macros import MACROS
from confsync.convert.rules.parameters import DEFAULT, macro_name, parameters
from confsync.convert.rules.resource import target_of
from confsync.convert.storage.block_level import loose_text
from confsync.convert.storage.parse import Node, child
from confsync.convert.storage.text import decode
from confsync.convert.tree import Item

if TYPE_CHECKING:
    from confsync.convert.storage.blocks import BlockReader

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9._-]*")
_LANGUAGE = re.compile(r"[A-Za-z0-9+#._-]+")
_INFO_SAFE = re.compile(r"[^\x00-\x1f\x7f`\\&]+")
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_CODE_OPTIONS = ("title", "linenumbers", "firstline", "collapse")


class MacroReader:
    """Reads `ac:structured-macro`, and `ac:macro` of the first storage format."""

    def __init__(self, reader: "BlockReader") -> None:
        self.reader = reader
        self.page = reader.page

    def block(self, node: Node) -> Item | None:
        """A macro as a block; None for one without a name, which says nothing."""
        name = macro_name(self.page, node)
        rule = MACROS.by_name.get(name)
        rich, plain = child(node, "ac:rich-text-body"), child(node, "ac:plain-text-body")
        found: Item | None = None
        if rule is not None and rich is None and plain is None:
            found = self._bodiless(node, rule)
        elif rule is not None:
            found = self._bodied(node, rule, rich, plain)
        if found is not None or not name:
            return found
        return self._unknown(node, name, rich, plain)

    def _bodied(self, node: Node, rule: MacroRule, rich: Node | None, plain: Node | None) -> Item | None:
        if rule.form is Form.FENCE and plain is not None and rich is None:
            return self._fence(node, plain, rule)
        if rule.form is Form.CONTAINER and rich is not None:
            item = self.reader.spanned(Item("macro", self._props(node, rule)), node)
            return self.reader.region(item, rich.open_end, rich.close_start, rich.kids)
        return None

    def _bodiless(self, node: Node, rule: MacroRule) -> Item | None:
        """A macro that needs no body, has its text in a parameter, or has not been given any yet."""
        if rule.form is Form.LEAF:
            sayable = self._sayable(node, rule)
            return self.reader.spanned(Item("leaf", self._props(node, rule)), node) if sayable else None
        if loose_text(self.page, node):
            return None
        said = {one.name: one for one in parameters(self.page, node)}
        text = said.get(rule.code) if rule.code else None
        if text is not None and text.value and text.value.strip():
            return self._fence(node, text.node, rule)
        at = (node.close_start, node.close_start)
        if rule.form is Form.CONTAINER:
            item = self.reader.spanned(Item("macro", self._props(node, rule)), node)
            item.inner, item.children = at, []
            return item
        if rule.name != "code" or not said:
            return None
        item = self.reader.spanned(Item("code", self._options(node, rule)), node)
        item.inner, item.text = at, ""
        return item

    def _unknown(self, node: Node, name: str, rich: Node | None, plain: Node | None) -> Item | None:
        """A macro that no rule knows: its body is editable all the same, of two the one for people."""
        body = rich or plain
        bare = self._says_nothing(node, body, name)
        if body is None:
            props = {"name": "macro", "label": name}
            return self.reader.spanned(Item("leaf", props), node) if bare else None
        identity = "" if bare else self._shell_id(node, body, name)
        if rich is None:
            props = {"language": f"macro-{name}"} if bare else {"id": identity}
            return self._with_text(self.reader.spanned(Item("code", props), node), body)
        props = {"name": "macro", "label": name} if bare else {"name": "macro", "id": identity}
        item = self.reader.spanned(Item("macro", props), node)
        return self.reader.region(item, body.open_end, body.close_start, body.kids)

    def _shell_id(self, node: Node, body: Node, name: str) -> str:
        """The id of a macro whose body is editable: of what it says besides."""
        source = self.page.source
        head = source[node.start : body.open_end] + source[body.close_start : node.end]
        return self.page.identify(self.page.raw(node), name, said=head)

    def _says_nothing(self, node: Node, body: Node | None, name: str) -> bool:
        """Whether a macro has nothing but its name and perhaps a body: then it needs no `#id`."""
        bare = node.kids == ([] if body is None else [body])
        return bare and _NAME.fullmatch(name) is not None and not loose_text(self.page, node)

    # ----------------------------------------------------------------------------------- parameters

    def _sayable(self, node: Node, rule: MacroRule) -> bool:
        return all(
            one.said(self.page) is not None
            if one.name != rule.target or one.value is not None
            else target_of(self.page, one.node) is not None
            for one in parameters(self.page, node)
        )

    def _props(self, node: Node, rule: MacroRule) -> dict[str, str]:
        props = {"name": rule.markdown_name}
        for one in parameters(self.page, node):
            if one.name == rule.target and one.node.kids:
                self._target(one.node, props)
                continue
            value = one.said(self.page)
            if value is None or one.name in ALWAYS_HIDDEN or one.name in rule.hidden:
                continue
            if one.name == rule.label and rule.label:
                if value.strip() and can_write(value.strip()):
                    props["label"] = " ".join(value.split())
            elif self._shown(one.name, value, rule):
                props[f"@{one.name or DEFAULT}"] = value
        return props

    def _shown(self, name: str, value: str, rule: MacroRule) -> bool:
        if not value or rule.defaults.get(name) == value or not can_write(value):
            return False
        return not name or _NAME.fullmatch(name) is not None

    def _target(self, node: Node, props: dict[str, str]) -> None:
        found = target_of(self.page, node)
        if found is not None:
            props["target"], self.page.labels[found[0]] = found

    # ----------------------------------------------------------------------------------------- code

    def _fence(self, node: Node, body: Node, rule: MacroRule) -> Item:
        """A macro whose text, in its body or a parameter, is code."""
        item = self.reader.spanned(Item("code", self._options(node, rule)), node)
        return self._with_text(item, body)

    def _options(self, node: Node, rule: MacroRule) -> dict[str, str]:
        """The language of code and what else stands behind its fence."""
        props: dict[str, str] = {} if rule.name == "code" else {"language": rule.markdown_name}
        for one in parameters(self.page, node):
            value = one.value
            if value is None or not value.strip():
                continue
            if rule.name == "code" and one.name in ("language", "") and _LANGUAGE.fullmatch(value):
                props["language"] = value
            elif one.name not in _CODE_OPTIONS or value in ("false", rule.defaults.get(one.name)):
                continue
            elif _INFO_SAFE.fullmatch(value):
                props[f"@{one.name}"] = " ".join(value.split())
        if props.get("language") == "text" and len(props) > 1:
            del props["language"]
        return props

    def _with_text(self, item: Item, body: Node) -> Item:
        raw = self.page.inside(body)
        item.inner = (body.open_end, body.close_start)
        text = _CDATA.sub(lambda m: m[1], raw.strip()) if "<![CDATA[" in raw else decode(raw)
        # The last line end belongs to the fence that closes the block.
        item.text = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
        return item
