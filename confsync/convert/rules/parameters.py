"""Parameters of macros: read with exact spans, written, changed in place."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from confsync.convert.rules.resource import said_resources, target_storage, value_storage
from confsync.convert.storage.page import Page
from confsync.convert.storage.parse import Node, parse
from confsync.convert.storage.text import decode

DEFAULT = "default"
"""How Markdown names the parameter whose name is empty."""
_LANGUAGE = "language"
"""The parameter of code that may also be the one without a name."""
_PARAMETERS = ("ac:parameter", "ac:default-parameter")
"""The second is the one without a name, in macros of the first storage format."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of one macro."""

    name: str
    value: str | None
    """Decoded text; None where it is a resource (a page, a user), not text."""
    node: Node

    def said(self, page: Page) -> str | None:
        """Its value as an attribute says it, resources included; None where that cannot be."""
        return self.value if self.value is not None else said_resources(page, self.node)


def macro_name(page: Page, node: Node) -> str:
    """The name of a macro element."""
    found = page.attributes(node)
    return found.get("ac:name", "")


def parameters(page: Page, node: Node) -> list[Parameter]:
    """The parameters of a macro, in order."""
    out = []
    for kid in node.kids:
        if kid.tag in _PARAMETERS:
            raw = page.inside(kid)
            value = None if kid.kids else _plain(raw)
            out.append(Parameter(page.attributes(kid).get("ac:name", ""), value, kid))
    return out


def parameter(page: Page, node: Node, name: str) -> str | None:
    """The text of one parameter, None where it is absent or no text."""
    return next((found.value for found in parameters(page, node) if found.name == name), None)


def _plain(raw: str) -> str:
    if "<![CDATA[" in raw:
        return re.sub(r"<!\[CDATA\[(.*?)\]\]>", lambda m: m[1], raw, flags=re.DOTALL)
    return decode(raw)


def write_parameter(page: Page, name: str, value: str) -> str:
    """A new parameter."""
    if not value:
        return f'<ac:parameter ac:name="{page.spelling.attribute(name)}" />'
    named = page.spelling.attribute(name)
    return f'<ac:parameter ac:name="{named}">{value_storage(page, value)}</ac:parameter>'


def new_macro(
    page: Page, name: str, values: Mapping[str, str] | Sequence[tuple[str, str]], body: str = ""
) -> str:
    """A new macro with text parameters; `body` is its complete body element, or empty."""
    pairs = values.items() if isinstance(values, Mapping) else values
    inside = "".join(write_parameter(page, key, value) for key, value in pairs) + body
    head = f'<ac:structured-macro ac:name="{page.spelling.attribute(name)}" ac:schema-version="1"'
    return f"{head}>{inside}</ac:structured-macro>" if inside else f"{head} />"


Splice = tuple[int, int, str]
"""Replace `source[start:end]` by a text."""


def set_parameter(page: Page, node: Node, name: str, value: str | None) -> list[Splice]:
    """What to change so that a macro's parameter says `value` (None: is gone)."""
    known = {one.name: one for one in reversed(parameters(page, node))}
    found = known.get(name) or (known.get("") if name == _LANGUAGE else None)
    if found is not None:
        return [_revised(page, found, value)]
    if value is None:
        return []
    if node.close_start == node.end:
        # A self-closed macro opens up for its first parameter.
        start = page.start_tag(node).rstrip("/> \t\r\n")
        opened = f"{start}>{write_parameter(page, name, value)}</{node.tag}>"
        return [(node.start, node.end, opened)]
    last = [kid.end for kid in node.kids if kid.tag in _PARAMETERS]
    at = last[-1] if last else node.open_end
    return [(at, at, write_parameter(page, name, value))]


def _revised(page: Page, found: Parameter, value: str | None) -> Splice:
    """What to change in a parameter so that it says `value`, in the way it says things."""
    node = found.node
    if value is None:
        return node.start, node.end, ""
    if found.value is not None and node.open_end < node.end:
        return node.open_end, node.close_start, page.spelling.revise(page.inside(node), found.value, value)
    if [kid.tag for kid in node.kids] == ["ri:url"]:
        return node.open_end, node.close_start, target_storage(page, value)
    return node.start, node.end, write_parameter(page, found.name, value)


def set_target(page: Page, node: Node, name: str, target: str) -> list[Splice]:
    """What to change so that a macro's target is another one; its other parameters and ids stay."""
    found = next((one.node for one in parameters(page, node) if one.name == name), None)
    if found is None or found.close_start == found.end:
        return []
    return [(found.open_end, found.close_start, target_storage(page, target))]


def revise_macro(page: Page, raw: str, values: Mapping[str, str | None]) -> str:
    """A macro's bytes with other parameters; None takes one away."""
    alone = Page(raw, page.links)
    for name, value in values.items():
        node = parse(alone.source).kids[0]
        source = alone.source
        for start, end, text in set_parameter(alone, node, name, value):
            source = source[:start] + text + source[end:]
        alone = Page(source, page.links)
    return alone.source
