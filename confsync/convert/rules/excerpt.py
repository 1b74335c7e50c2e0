"""`:excerpt[shared *words*]{name=x}`: an excerpt in the middle of a line, its words editable.

Any other macro with words in a line is shown likewise, with all that it says besides behind its `#id`:
`:tooltip[shared *words*]{#a1b2c3}`.
"""

from collections.abc import Sequence

from confsync.convert.rules.parameters import new_macro, parameter, revise_macro
from confsync.convert.storage.page import Page
from confsync.convert.storage.parse import Node, child

_BODY = "<ac:rich-text-body>"
_TAIL = "</ac:rich-text-body></ac:structured-macro>"
_BLOCKS = frozenset(
    ("p", "ul", "ol", "table", "hr", "blockquote", "pre", "div", "ac:task-list", "ac:adf-extension",
     "ac:image", "ac:structured-macro", "ac:macro", "h1", "h2", "h3", "h4", "h5", "h6", "ac:layout", "dl")
)  # fmt: skip


def inline_body(page: Page, node: Node) -> Node | None:
    """The body of a macro that holds nothing but what may stand in a line; None for any other."""
    body = child(node, "ac:rich-text-body")
    if body is None or body is not node.kids[-1]:
        return None
    said = page.inside(body).strip()
    return None if not said or any(kid.tag in _BLOCKS for kid in body.kids) else body


def excerpt_fields(page: Page, node: Node) -> tuple[str, str]:
    """The excerpt's name, and `hidden` where it is not shown."""
    name = parameter(page, node, "name") or parameter(page, node, "") or ""
    return " ".join(name.split()), "hidden" if parameter(page, node, "hidden") == "true" else ""


def excerpt_tags(page: Page, fields: Sequence[str]) -> tuple[str, str]:
    """The bytes before and behind the words of a new excerpt."""
    values = {"atlassian-macro-output-type": "INLINE", **_values(fields)}
    head, _, tail = new_macro(page, "excerpt", values, f"{_BODY}\x00</ac:rich-text-body>").partition("\x00")
    return head, tail


def worded_tags(raw: str) -> tuple[str, str]:
    """The bytes before and behind the words of a macro whose bytes these are."""
    head = raw.find(_BODY)
    tail = raw.rfind("</ac:rich-text-body>")
    return (raw[: head + len(_BODY)], raw[tail:]) if 0 <= head < tail else ("", "")


def revise_excerpt(page: Page, raw: str, fields: Sequence[str]) -> str | None:
    """The opening bytes of an excerpt with another name; None where they are not as we know them."""
    if not raw.startswith("<ac:structured-macro") or not raw.endswith(">"):
        return None
    said = _values(fields)
    whole = revise_macro(page, raw + _TAIL, {name: said.get(name) for name in ("name", "hidden")})
    return whole.removesuffix(_TAIL)


def _values(fields: Sequence[str]) -> dict[str, str]:
    name, hidden = [*fields, "", ""][:2]
    return {**({"name": name} if name else {}), **({"hidden": "true"} if hidden else {})}
