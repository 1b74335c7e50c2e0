"""`toc-zone`: the headings inside of it are listed at its beginning, its end, or both."""

from collections.abc import Sequence

from markdown_it.token import Token

from confsync.site.model import Heading
from confsync.site.rules.containers import CLOSE, OPEN

_ZONE = "toc-zone"


def zones(tokens: Sequence[Token], headings: Sequence[Heading]) -> None:
    """Note at both ends of every zone which headings are in it."""
    by_id = {one.id: one for one in headings}
    open_zones: list[tuple[Token, list[Heading]]] = []
    for token in tokens:
        if token.type == "heading_open" and open_zones:
            found = by_id.get(str(token.attrGet("id") or ""))
            for _, inside in open_zones:
                inside.extend([found] if found else [])
        elif token.type in (OPEN, CLOSE) and token.meta["directive"].name == _ZONE:
            if token.type == OPEN:
                open_zones.append((token, []))
                token.meta["headings"] = open_zones[-1][1]
            elif open_zones:
                token.meta["headings"] = open_zones.pop()[1]
