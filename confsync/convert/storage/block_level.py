"""What stands as a block of its own, and what is part of a line."""

from confsync.convert.rules.excerpt import inline_body
from confsync.convert.rules.formula import MACROS as FORMULAS
from confsync.convert.rules.labels import MACROS as MACRO_ELEMENTS
from confsync.convert.rules.macros import MACROS
from confsync.convert.rules.parameters import macro_name
from confsync.convert.rules.tokens import TOKENS
from confsync.convert.storage.page import Page
from confsync.convert.storage.parse import Node, child
from confsync.convert.storage.text import decode

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
BLOCKS = HEADINGS | frozenset(
    ("p", "ul", "ol", "table", "hr", "blockquote", "pre", "div", "ac:layout", "ac:layout-section",
     "ac:layout-cell", "ac:task-list", "ac:adf-extension", "ac:adf-node", "dl")
)  # fmt: skip
WRAPPERS = frozenset(
    ("div", "ac:layout", "ac:layout-cell", "section", "article", "center", "main", "header", "footer",
     "aside", "nav", "address", "html", "body", "details", "ac:rich-text-body", "ac:task-body",
     "ac:adf-content")
)  # fmt: skip
"""Elements that say nothing of their content, among them bodies that have lost their macro."""
_SINGLE = frozenset(("single", "fixed-width", "default", ""))


def is_block(page: Page, node: Node) -> bool:
    """Whether an element stands between blocks instead of in a line."""
    tag = node.tag
    if tag in BLOCKS or tag in WRAPPERS:
        return True
    if tag in MACRO_ELEMENTS:
        return _is_block_macro(page, node)
    if tag == "a":
        return page.attributes(node).get("data-card-appearance") in ("block", "embed")
    return tag == "ac:image" and child(node, "ac:caption") is not None


def _is_block_macro(page: Page, node: Node) -> bool:
    name = macro_name(page, node)
    rule = TOKENS.macros.get(name)
    if rule is not None and rule.read is not None:
        if name in ("status", "anchor") or name in FORMULAS:
            return False
        return rule.read(page, node) is None
    return True


def holds_blocks(page: Page, node: Node) -> bool:
    """Whether a paragraph is in truth several blocks: an older editor let macros stand in its text."""
    macros = [kid for kid in node.kids if kid.tag in MACRO_ELEMENTS and _is_block_macro(page, kid)]
    return any(_has_blocks(page, kid) for kid in macros) or (
        len(macros) == len(node.kids) and not loose_text(page, node)
    )


def _has_blocks(page: Page, macro: Node) -> bool:
    """Whether a macro holds code, or text in paragraphs or in a panel: no part of a line."""
    if child(macro, "ac:plain-text-body") is not None:
        return True
    body = child(macro, "ac:rich-text-body")
    rule = MACROS.by_name.get(macro_name(page, macro))
    if body is None:
        return False
    if rule is not None and rule.name != "excerpt":
        return True
    return inline_body(page, macro) is None and any(is_block(page, kid) for kid in body.kids)


def wraps_block(page: Page, node: Node) -> bool:
    """Whether the one child of a paragraph is a block with nothing beside it."""
    kid = node.kids[0]
    around = page.source[node.open_end : kid.start] + page.source[kid.end : node.close_start]
    return not decode(around).strip() and kid.tag not in ("p", "div") and is_block(page, kid)


def is_single(page: Page, node: Node) -> bool:
    """Whether a section of a layout has one column as wide as the page, which says nothing."""
    kind = page.attributes(node).get("ac:type", "")
    return kind in _SINGLE and len(node.kids) == 1 and node.kids[0].tag == "ac:layout-cell"


def loose_text(page: Page, node: Node) -> bool:
    """Whether text stands between the children of an element that has only element content."""
    at = node.open_end
    for kid in node.kids:
        if page.source[at : kid.start].strip():
            return True
        at = kid.end
    return bool(page.source[at : node.close_start].strip())
