"""`toc`: the headings of a page, as nested lists or in one line."""

import re
from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import quote

from confsync.convert.markdown.directive import Directive
from confsync.site.macros.desk import Desk, Macro, number, yes
from confsync.site.model import Heading

_SEPARATORS = {
    "pipe": (" | ", ""),
    "brackets": ("[ ", " ] "),
    "braces": ("{ ", " } "),
    "comma": (", ", ""),
    "none": (" ", ""),
}
_STYLES = frozenset(
    {"none", "disc", "circle", "square", "decimal", "lower-alpha", "lower-roman", "upper-roman"}
)
_LONGEST_PATTERN = 200
_PIECE = re.compile(r"\\.|\.\*\??|.", re.DOTALL)


def toc(found: Directive, desk: Desk) -> str:
    """Return the table of contents that the parameters ask for."""
    return contents(found, desk.headings)


def contents(found: Directive, headings: Sequence[Heading]) -> str:
    """Return these headings as the parameters ask for."""
    low, high = number(found.get("minLevel"), 1), number(found.get("maxLevel"), 7)
    shift = 1 if any(heading.level == 1 for heading in headings) else 0
    only, never = _pattern(found.get("include")), _pattern(found.get("exclude"))
    wanted = [
        one
        for one in headings
        if (low <= one.level - shift <= high or one.level == low)
        and (only is None or only.fullmatch(one.text[:500]))
        and (never is None or not never.fullmatch(one.text[:500]))
    ]
    if not wanted:
        return ""
    if (found.get("type") or "list") == "flat":
        return f'<div class="contents flat">{_flat(wanted, found.get("separator") or "brackets")}</div>\n'
    style = found.get("style") or ""
    classes = f"contents style-{style}" if style in _STYLES else "contents"
    return f'<div class="{classes}">{_nested(wanted, outline=yes(found, "outline"))}</div>\n'


def _flat(headings: Sequence[Heading], separator: str) -> str:
    before, after = _SEPARATORS.get(separator, (f" {separator} ", ""))
    links = [f'<a href="#{quote(one.id)}">{escape(one.text)}</a>' for one in headings]
    if after:
        return "".join(f"{escape(before)}{link}{escape(after)}" for link in links)
    return escape(before).join(links)


def _nested(headings: Sequence[Heading], *, outline: bool = False) -> str:
    """Headings as nested lists; a level that is skipped opens no empty list."""
    out: list[str] = []
    levels: list[int] = []
    counts: list[int] = []
    for heading in headings:
        while levels and heading.level < levels[-1] and len(levels) > 1 and heading.level <= levels[-2]:
            out.append("</li></ul>")
            levels.pop()
            counts.pop()
        if not levels or heading.level > levels[-1]:
            out.append("<ul>")
            levels.append(heading.level)
            counts.append(1)
        else:
            out.append("</li>")
            counts[-1] += 1
        numbered = f'<span class="outline">{".".join(map(str, counts))}</span> ' if outline else ""
        out.append(f'<li><a href="#{quote(heading.id)}">{numbered}{escape(heading.text)}</a>')
    return "".join(out) + "</li></ul>" * len(levels)


def _pattern(text: str | None) -> re.Pattern[str] | None:
    """An expression as people write them here, `Old.*|^Draft`; groups could be made to hang, so none."""
    if not text or len(text) > _LONGEST_PATTERN or text.count("*") > len("***"):
        return None
    pieces = (_safe(piece) for piece in _PIECE.findall(text.strip().removeprefix("^").removesuffix("$")))
    return re.compile("".join(pieces))


def _safe(piece: str) -> str:
    if piece in (".", "|", ".*", ".*?"):
        return piece
    return ".*" if piece == "*" else re.escape(piece[-1])


MACROS: Mapping[str, Macro] = {"toc": toc}
