"""`:placeholder[who owns it?]{mention}`: a template's hint, gone as soon as somebody types over it."""

import re
from collections.abc import Sequence

from confsync.convert.markdown.attributes import Attribute
from confsync.convert.markdown.directive import Directive, Shape, write_directive
from confsync.convert.rules.inline import TokenRule
from confsync.convert.storage.page import Page
from confsync.convert.storage.parse import Node
from confsync.convert.storage.text import decode
from confsync.convert.tree import Atom, token

_TYPE = re.compile(r"[a-z][a-z0-9-]*")


def _read(page: Page, node: Node) -> Atom | None:
    text = " ".join(decode(page.inside(node)).split())
    asks = page.attributes(node).get("ac:type", "")
    if not text or node.kids or "<" in page.inside(node) or not _TYPE.fullmatch(asks or "text"):
        return None
    return token("placeholder", text, asks)


def _markdown(fields: Sequence[str], _page: Page | None) -> str:
    text, asks = fields
    asked: list[Attribute] = [(asks, None)] if asks else []
    return write_directive(Shape.INLINE, "placeholder", text, asked)


def _from_directive(found: Directive) -> Atom | None:
    asks = next((key for key, value in found.attributes if value is None), "")
    return token("placeholder", found.label or "", asks)


def _storage(fields: Sequence[str], page: Page) -> str:
    text, asks = fields
    asked = f' ac:type="{page.spelling.attribute(asks)}"' if asks else ""
    return f"<ac:placeholder{asked}>{page.spelling.encode(text)}</ac:placeholder>"


def _revise(raw: str, old: Sequence[str], new: Sequence[str], page: Page) -> str | None:
    """Another text, word by word, or another kind."""
    if old[1] != new[1]:
        return None
    head, tail = raw.index(">") + 1, raw.rindex("</")
    return raw[:head] + page.spelling.revise(raw[head:tail], old[0], new[0]) + raw[tail:]


RULE = TokenRule(
    "placeholder", _markdown, _storage, elements=("ac:placeholder",), read=_read, directive="placeholder",
    from_directive=_from_directive, revise=_revise,
)  # fmt: skip
