"""Relative links follow the files they mean.

When files move, the links in other files (and their own) would break although nobody edited them. This
rewrites link targets in Markdown text and nothing else; code is left alone.
"""

import re
import unicodedata
from collections.abc import Mapping

from confsync.model.ids import RelPath
from confsync.names import decode, encode, relative, resolve
from confsync.plan.references import TARGET, is_relative, prose


def relink(text: str, here: RelPath, there: RelPath, moved: Mapping[RelPath, RelPath]) -> str:
    """Rewrite the relative links of a file.

    Args:
        text: Markdown.
        here: where the file lies now, which its links start from.
        there: where it will lie.
        moved: new path by old path, of files and of folders of attachments.
    """
    pieces: list[str] = []
    at = 0
    for start, end in prose(text):
        pieces += [text[at:start], _relinked(text[start:end], here, there, moved)]
        at = end
    return "".join(pieces)


def _relinked(text: str, here: RelPath, there: RelPath, moved: Mapping[RelPath, RelPath]) -> str:
    def rewrite(found: re.Match[str]) -> str:
        return found["before"] + _target(found["target"], here, there, moved)

    return TARGET.sub(rewrite, text)


def _target(target: str, here: RelPath, there: RelPath, moved: Mapping[RelPath, RelPath]) -> str:
    if not is_relative(target):
        return target
    meant = resolve(here, decode(target))
    if meant is None:
        return target
    goal = _goal(RelPath(unicodedata.normalize("NFC", meant)), moved)
    if goal == meant and here.rpartition("/")[0] == there.rpartition("/")[0]:
        return target
    return encode(relative(there, goal))


def _goal(path: RelPath, moved: Mapping[RelPath, RelPath]) -> RelPath:
    """Where a file will lie, seen by itself or by its folder of attachments."""
    if path in moved:
        return moved[path]
    folder, _, name = path.rpartition("/")
    return RelPath(f"{moved[RelPath(folder)]}/{name}") if RelPath(folder) in moved else path
