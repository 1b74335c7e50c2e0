"""Placeholders: what the bytes that Markdown does not show are on a page."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from html import escape
from typing import Protocol
from urllib.parse import quote

from confsync.convert import Links, get
from confsync.convert.markdown.directive import Directive
from confsync.site.bases import Behind, behind, placeholders
from confsync.site.clean import visible
from confsync.site.html import blocks
from confsync.site.html.code import code_block
from confsync.site.links import INTERNAL
from confsync.site.macros import table
from confsync.site.macros.desk import Desk, placeholder
from confsync.site.model import Node

_DEEPEST = 8
"""Placeholders within placeholders."""


class Writer(Desk, Protocol):
    """A desk that also turns Markdown into HTML."""

    def html(self, text: str) -> str:
        """Markdown as HTML that is not yet sanitised."""


class Opaque:
    """The placeholders of one text.

    Args:
        desk: the page that it is rendered for.
        origin: the page whose text it is.
        look: finds what stands behind a placeholder of a page.
    """

    def __init__(self, desk: Writer, origin: Node, look: Callable[[Directive, Node], Behind | None]) -> None:
        self._desk = desk
        self._origin = origin
        self._look = look
        self._opened: list[str] = []
        self._nested: dict[str, str] = {}

    def leaf(self, found: Directive) -> str:
        """A directive without body as HTML."""
        known = self._behind(found) if found.id else None
        if known is None:
            named = _by_label(found)
            return (
                table.leaf(named, self._desk)
                if named.name in table.MACROS
                else placeholder(found, self._desk)
            )
        if known.macro is None:
            return self._storage(known.storage)
        return self._macro(known.macro, known, found)

    def _macro(self, macro: Directive, known: Behind, found: Directive) -> str:
        if known.storage:
            before, after = blocks.container(macro)
            return f"{before}{self._storage(known.storage)}{after}"
        if known.text and macro.name in _FENCED:
            return code_block(known.text, _FENCED[macro.name], self._desk)
        return table.leaf(macro, self._desk) if macro.name in table.MACROS else placeholder(found, self._desk)

    def inline(self, found: Directive) -> str | None:
        """A macro within a line as HTML; None where it is not for here to say."""
        known = self._behind(found)
        macro = known.macro if known else None
        if macro is None:
            return None
        make = self._inlines.get(macro.name)
        return make(self, macro) if make else None

    def _inline_excerpt(self, macro: Directive) -> str | None:
        node = self._desk.find(macro.target or macro.get("default") or "")
        parsed = self._desk.parsed(node) if node else None
        tokens = parsed.excerpt(macro.get("name") or "") if parsed else None
        if node is None or tokens is None:
            return None
        words = [token for token in tokens if token.type == "inline"]
        return self._desk.fragment(node, words[:1])

    def _inline_anchor(self, macro: Directive) -> str:
        return f'<a id="{escape(macro.get("default") or "")}"></a>'

    def _inline_person(self, macro: Directive) -> str | None:
        name = self._desk.person(macro.get("user") or "")
        return f'<span class="mention">{escape(f"@{name}")}</span>' if name else None

    def _inline_issue(self, macro: Directive) -> str | None:
        key = macro.get("key") or ""
        return f'<a href="jira:{escape(key)}">{escape(key)}</a>' if key else None

    def _inline_file(self, macro: Directive) -> str | None:
        name = macro.get("name") or ""
        one = next((one for one in self._desk.assets(self._origin) if one.name == name), None)
        return f'<a href="{INTERNAL}{quote(one.path)}">{escape(name)}</a>' if one else None

    _inlines: Mapping[str, Callable[["Opaque", Directive], str | None]] = {
        "excerpt-include": _inline_excerpt,
        "anchor": _inline_anchor,
        "profile": _inline_person,
        "profile-picture": _inline_person,
        "jira": _inline_issue,
        "jiraissues": _inline_issue,
        **dict.fromkeys(("view-file", "viewpdf", "viewdoc", "viewxls"), _inline_file),
    }

    def _behind(self, found: Directive) -> Behind | None:
        nested = self._nested.get(found.id)
        if nested is not None:
            return behind(nested, found, self._desk.space)
        return self._look(found, self._origin)

    def _storage(self, storage: str) -> str:
        """The storage behind a placeholder: as Markdown where the lens can say it, else its text."""
        if len(self._opened) > _DEEPEST or storage in self._opened:
            return ""
        got = get(storage, Links(space=self._desk.space))
        if got.reason or list(got.placeholders.values()) == [storage]:
            return visible(storage)
        self._nested |= placeholders(storage, self._desk.space)
        self._opened.append(storage)
        html = self._desk.html(got.markdown)
        self._opened.pop()
        return html


_FENCED = {
    "code": "",
    "noformat": "text", "mermaid": "mermaid", "mermaid-macro": "mermaid", "mermaiddiagram": "mermaid",
    "plantuml": "plantuml", "plantumlrender": "plantuml", "mathblock": "math", "easy-math-block": "math",
    "eazy-math-block": "math",
}  # fmt: skip


def _by_label(found: Directive) -> Directive:
    """What a placeholder says of itself, `drawio: flow`, or a macro by hand, `::macro[livesearch]{…}`."""
    name, _, label = (found.label or "").partition(":")
    return replace(found, name=name.strip(), label=label.strip() or None)
