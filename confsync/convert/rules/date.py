"""`:date[2026-01-02]`: a date that Confluence shows in the reader's language."""

from collections.abc import Sequence

from confsync.convert.markdown.directive import Directive, Shape, write_directive
from confsync.convert.rules.inline import TokenRule
from confsync.convert.storage.page import Page
from confsync.convert.storage.parse import Node
from confsync.convert.tree import Atom, token


def _read(page: Page, node: Node) -> Atom | None:
    value = page.attributes(node).get("datetime", "")
    return token("date", value) if value.strip() and not page.inside(node).strip() else None


def _markdown(fields: Sequence[str], _page: Page | None) -> str:
    return write_directive(Shape.INLINE, "date", fields[0])


def _from_directive(found: Directive) -> Atom | None:
    return token("date", found.label or "")


def _storage(fields: Sequence[str], page: Page) -> str:
    return f'<time datetime="{page.spelling.attribute(fields[0])}" />'


RULE = TokenRule(
    "date",
    _markdown,
    _storage,
    elements=("time",),
    read=_read,
    directive="date",
    from_directive=_from_directive,
)
