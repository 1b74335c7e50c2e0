"""Panels of the new editor that storage has no macro for: what they say of themselves."""

from confsync.convert.markdown.attributes import can_write
from confsync.convert.rules.parameters import Splice
from confsync.convert.storage.page import Page
from confsync.convert.storage.parse import Node, child, children
from confsync.convert.storage.text import decode

SHOWN = {"panelIcon": "panel-icon", "panelColor": "panel-color"}
"""Attributes of a panel by the name they have in Markdown."""


def panel_props(page: Page, panel: Node) -> dict[str, str]:
    """What is shown of a panel besides its kind."""
    said = {page.attributes(one).get("key"): one for one in children(panel, "ac:adf-attribute")}
    values = {name: decode(page.inside(said[key])).strip() for name, key in SHOWN.items() if key in said}
    return {f"@{name}": value for name, value in values.items() if value and can_write(value)}


def write_panel_attribute(page: Page, name: str, value: str) -> str:
    """A new attribute of a panel."""
    key, said = page.spelling.attribute(SHOWN.get(name, name)), page.spelling.encode(value)
    return f'<ac:adf-attribute key="{key}">{said}</ac:adf-attribute>'


def set_panel_attribute(page: Page, node: Node, name: str, value: str) -> list[Splice]:
    """What to change so that a panel's attribute says `value`; empty: is gone."""
    panel = child(node, "ac:adf-node")
    if panel is None:
        return []
    known = list(children(panel, "ac:adf-attribute"))
    found = next((one for one in known if page.attributes(one).get("key") == SHOWN.get(name, name)), None)
    if found is not None and not value:
        return [(found.start, found.end, "")]
    if found is not None:
        return [(found.open_end, found.close_start, page.spelling.encode(value))]
    at = known[-1].end if known else panel.open_end
    return [(at, at, write_panel_attribute(page, name, value))] if value else []
