"""`:status[IN PROGRESS]{yellow}`: the coloured lozenge."""

import re
from collections.abc import Sequence

from confsync.convert.markdown.attributes import Attribute
from confsync.convert.markdown.directive import Directive, Shape, write_directive
from confsync.convert.rules.inline import TokenRule
from confsync.convert.rules.parameters import new_macro, parameter, revise_macro
from confsync.convert.storage.page import Page
from confsync.convert.storage.parse import Node
from confsync.convert.tree import Atom, token

_AMERICAN = re.compile(r"""\sac:name\s*=\s*["']color["']""")
COLOURS = ("grey", "red", "yellow", "green", "blue", "purple")


def _read(page: Page, node: Node) -> Atom | None:
    title = parameter(page, node, "title") or ""
    colour = (parameter(page, node, "colour") or parameter(page, node, "color") or "").lower()
    subtle = "subtle" if parameter(page, node, "subtle") == "true" else ""
    if not title.strip() or (colour and colour not in COLOURS):
        return None
    return token("status", " ".join(title.split()), "" if colour == "grey" else colour, subtle)


def _markdown(fields: Sequence[str], _page: Page | None) -> str:
    title, *flags = fields
    attributes: list[Attribute] = [(flag, None) for flag in flags if flag]
    return write_directive(Shape.INLINE, "status", title, attributes)


def _from_directive(found: Directive) -> Atom | None:
    flags = [key for key, value in found.attributes if value is None]
    colour = found.get("colour") or next((flag for flag in flags if flag in COLOURS), "")
    label = found.label or ""
    return token(
        "status", label, "" if colour == "grey" else colour.lower(), "subtle" if "subtle" in flags else ""
    )


def _storage(fields: Sequence[str], page: Page) -> str:
    title, colour, subtle = fields
    values = {"title": title}
    if colour:
        values["colour"] = colour.capitalize()
    if subtle:
        values["subtle"] = "true"
    return new_macro(page, "status", values)


def _revise(raw: str, old: Sequence[str], new: Sequence[str], page: Page) -> str:
    colour = "color" if _AMERICAN.search(raw) else "colour"
    said = {"title": new[0], colour: new[1].capitalize() or None, "subtle": "true" if new[2] else None}
    before = (old[0], old[1].capitalize() or None, "true" if old[2] else None)
    changed = {name: value for (name, value), was in zip(said.items(), before, strict=True) if value != was}
    return revise_macro(page, raw, changed)


RULE = TokenRule(
    "status",
    _markdown,
    _storage,
    macros=("status",),
    read=_read,
    directive="status",
    from_directive=_from_directive,
    revise=_revise,
)
