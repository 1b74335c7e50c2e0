"""What the text of a page refers to by a relative path: pages, attachments, files anywhere in the copy."""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from confsync.model.ids import RelPath
from confsync.names import ASSETS, decode, resolve

_CODE = re.compile(
    r"^[ \t>]*(?P<fence>`{3,}|~{3,})[^\n]*\n.*?(?:^[ \t>]*(?P=fence)[`~]*[ \t]*$|\Z)"
    r"|(?P<ticks>(?<!`)`{1,8}(?!`)).{1,1000}?(?<!`)(?P=ticks)(?!`)|<!--.{0,100000}?-->",
    re.MULTILINE | re.DOTALL,
)
TARGET = re.compile(
    r"""(?P<before>\]\(\s*<?|(?:href|src)\s*=\s*["']|^[ ]{0,3}\[[^\]\n]{1,999}\]:[ \t]*<?)"""
    r"""(?P<target>[^\s"'<>()#][^\s"'<>()#]*)""",
    re.MULTILINE,
)
"""The target of a link, an image, an HTML attribute or a definition, up to its fragment."""

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")


@dataclass(frozen=True, slots=True)
class Reference:
    """One relative target in a text."""

    target: str
    """As written."""
    path: RelPath
    line: int
    """In the text, counted from 1."""


def prose(text: str) -> Iterator[tuple[int, int]]:
    """The stretches of a Markdown text that are not code."""
    at = 0
    for code in _CODE.finditer(text):
        yield at, code.start()
        at = code.end()
    yield at, len(text)


def is_relative(target: str) -> bool:
    """Whether a target is a path from here, and no address."""
    return not (_SCHEME.match(target) or target.startswith("/"))


def references(text: str, here: RelPath) -> Iterator[Reference]:
    """Every relative target of the text of the file at `here` that stays in the working copy."""
    for start, end in prose(text):
        for found in TARGET.finditer(text, start, end):
            target = found["target"]
            path = (
                resolve(here, decode(html.unescape(target).partition("?")[0]))
                if is_relative(target)
                else None
            )
            if path is not None:
                yield Reference(target, path, text.count("\n", 0, found.start("target")) + 1)


def outside_files(text: str, here: RelPath, media: Mapping[RelPath, str]) -> dict[str, list[RelPath]]:
    """Files beside the `.assets` folders that a text refers to, by the name they get as attachments."""
    found: dict[str, list[RelPath]] = {}
    for reference in references(text, here) if media else ():
        name = reference.path.rpartition("/")[2]
        if reference.path in media and reference.path not in found.setdefault(name, []):
            found[name].append(reference.path)
    return {name: paths for name, paths in found.items() if paths}


def may_be_attached(path: RelPath) -> bool:
    """Whether a file that a text refers to becomes an attachment: no page, and in no page's own folder."""
    folder = path.rpartition("/")[0]
    return not path.endswith(".md") and not folder.endswith(ASSETS) and not path.startswith(".confsync/")
