r"""Finding conflict markers that somebody left in a file.

Formatters damage them: mdformat makes a heading `# \<<\<<\<<< local` of the first, both it and Prettier
make seven quotes `> > > > > > >` of the last. A line that the base has too is content, and so is one in
fenced code where no other marker stands outside of it: pages about git exist.
"""

import re
from dataclasses import dataclass

_OPENING = re.compile(r"(?:#+ )?(?:\\?<){7,9}(?: |$)")
_CLOSING = re.compile(r"(?:\\?> ?){6}\\?>(?: |$)")
_FENCE = re.compile(r"(?P<mark>`{3,}|~{3,})(?P<info>[^\n]*)")


@dataclass(frozen=True, slots=True)
class Marker:
    """A line that is, or was, a conflict marker."""

    line: int
    """Counted from 1."""
    text: str


def find_markers(text: str, base_text: str = "", *, in_conflict: bool = False) -> tuple[Marker, ...]:
    """Return the conflict markers in a text, whole or damaged, that its base does not have.

    Args:
        text: the file's text.
        base_text: what Confluence last said; marker lines that stand in it too are content.
        in_conflict: the page is known to wait for a decision; markers inside of fenced code count then.
    """
    known = {line.strip() for line in base_text.splitlines()}
    found: list[tuple[Marker, bool]] = []
    fence = ""
    for number, line in enumerate(text.splitlines(), start=1):
        bare = line.strip()
        fence = _next_fence(fence, bare)
        if _is_marker(bare) and bare not in known:
            found.append((Marker(number, line), bool(fence)))
    counts = in_conflict or any(not fenced for _, fenced in found)
    return tuple(marker for marker, fenced in found if counts or not fenced)


def _is_marker(line: str) -> bool:
    return bool(_OPENING.match(line) or _CLOSING.match(line))


def _next_fence(fence: str, line: str) -> str:
    """Return the fence that is open behind this line, empty where none is."""
    match = _FENCE.match(line)
    if match is None:
        return fence
    mark = match["mark"]
    if not fence:
        return "" if mark[0] == "`" and "`" in match["info"] else mark
    closes = mark[0] == fence[0] and len(mark) >= len(fence) and not match["info"].strip()
    return "" if closes else fence
