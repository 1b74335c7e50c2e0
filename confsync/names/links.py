"""Path arithmetic of relative links, as Markdown writes them."""

import re
import unicodedata
from urllib.parse import unquote_to_bytes

from confsync.model.ids import RelPath

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def parent(path: str) -> str:
    """Return the folder of a path; empty for the top."""
    return path.rpartition("/")[0]


def join(folder: str, name: str) -> RelPath:
    """Put a name into a folder; the empty folder and `.` are the top."""
    return RelPath(name if folder in ("", ".") else f"{folder}/{name}")


def relative(from_path: str, to_path: str) -> str:
    """Return the link, decoded, that leads from one file to another (or to itself by name)."""
    here, there = from_path.split("/")[:-1], to_path.split("/")
    same = 0
    while same < min(len(here), len(there) - 1) and here[same] == there[same]:
        same += 1
    link = "/".join([".."] * (len(here) - same) + there[same:])
    return f"./{link}" if _SCHEME.match(link) else link


def resolve(from_path: str, link: str) -> RelPath | None:
    """Return the path that a decoded link leads to, or None where it leaves the working copy.

    A link that starts with `/` counts from the top. Neither a query nor a fragment is looked for.
    """
    parts = [] if link.startswith("/") else from_path.split("/")[:-1]
    for part in link.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return RelPath("/".join(parts)) if parts else None


def encode(path: str) -> str:
    r"""Percent-encode what would end or change a Markdown link target; letters stay readable.

    That is white space of any kind, control characters, `( ) < > %`, and the `# ? \` that a target cannot
    hold literally.
    """
    return "".join(_percent(char) if _needs_percent(char) else char for char in path)


def decode(target: str) -> str:
    """Undo percent-encoding; a target that does not decode to UTF-8 is taken literally."""
    try:
        return unquote_to_bytes(target).decode("utf-8")
    except UnicodeDecodeError:
        return target


def _needs_percent(char: str) -> bool:
    return char in "()<>%#?\\" or char.isspace() or unicodedata.category(char) == "Cc"


def _percent(char: str) -> str:
    return "".join(f"%{byte:02X}" for byte in char.encode())
