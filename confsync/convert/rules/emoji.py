"""Emoji: Unicode where there is a character, else `:emoji[party-blob]`."""

import re
from collections.abc import Mapping, Sequence

from confsync.convert.markdown.directive import Directive, Shape, write_directive
from confsync.convert.rules.inline import TokenRule
from confsync.convert.storage.page import Page
from confsync.convert.storage.parse import Node
from confsync.convert.tree import Atom, token

OLD_NAMES: Mapping[str, str] = {
    "smile": "🙂", "sad": "🙁", "cheeky": "😛", "laugh": "😃", "wink": "😉", "thumbs-up": "👍",
    "thumbs-down": "👎", "information": "ℹ️", "tick": "✅", "cross": "❌", "warning": "⚠️", "plus": "➕",
    "minus": "➖", "question": "❓", "light-on": "💡", "light-off": "🔦", "yellow-star": "⭐",
    "heart": "❤️", "broken-heart": "💔",
}  # fmt: skip
"""Emoticons without emoji attributes, as older editors wrote them."""

STARS = frozenset(("red-star", "green-star", "blue-star"))
"""Emoticons of older editors that no character is."""

SITE_SIGNS: Mapping[str, str] = {
    ":check_mark:": "✅", ":cross_mark:": "❌", ":warning:": "⚠️", ":info:": "ℹ️", ":plus:": "➕",
    ":minus:": "➖", ":question_mark:": "❓",
    ":light_bulb_on:": "💡", ":light_bulb_off:": "🔦", ":yellow_star:": "⭐",
}  # fmt: skip
"""Signs of Atlassian's own that have a name where others have a character."""

_EMOJI = re.compile(r"[^\x00-\u203b\s\w]+|[#*0-9]\ufe0f\u20e3|[\u203c-\U0010ffff]+")
_SURROGATES = re.compile(r"\\u[dD][89abAB]")


def _read(page: Page, node: Node) -> Atom | None:
    found = page.attributes(node)
    fallback = found.get("ac:emoji-fallback", "")
    if found.get("ac:emoji-id", "").startswith("atlassian-"):
        fallback = SITE_SIGNS.get(fallback or found.get("ac:emoji-shortname", ""), fallback)
    if not fallback and "ac:emoji-shortname" not in found:
        fallback = OLD_NAMES.get(found.get("ac:name", ""), "")
    if fallback and _EMOJI.fullmatch(fallback) and not _SURROGATES.search(fallback):
        return fallback
    name = found.get("ac:emoji-shortname", "").strip(":") or found.get("ac:name", "")
    name = name or found.get("ac:shortcut", "")
    return token("emoji", name) if name.strip() else None


def _markdown(fields: Sequence[str], _page: Page | None) -> str:
    return write_directive(Shape.INLINE, "emoji", fields[0])


def _from_directive(found: Directive) -> Atom | None:
    return token("emoji", found.label or "")


def _storage(fields: Sequence[str], page: Page) -> str:
    name = page.spelling.attribute(fields[0])
    if fields[0] in OLD_NAMES or fields[0] in STARS:
        return f'<ac:emoticon ac:name="{name}" />'
    return f'<ac:emoticon ac:name="blue-star" ac:emoji-shortname=":{name}:" ac:emoji-fallback=":{name}:" />'


RULE = TokenRule(
    "emoji", _markdown, _storage, elements=("ac:emoticon", "ac:hipchat-emoticon"), read=_read,
    directive="emoji", from_directive=_from_directive,
)  # fmt: skip
