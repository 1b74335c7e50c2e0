"""Names that are safe in every file system a repository may travel to.

The same rules hold on every system: Windows' reserved names and characters, NTFS streams and short names,
the code points HFS+ ignores, git's own names, and the 255 bytes that a path component may have.
"""

import re
import unicodedata
from functools import lru_cache

MAX_BYTES = 120
"""How long a slug may get, in bytes of UTF-8; leaves room for a date, a suffix and an extension."""

UNTITLED = "untitled"
"""The slug of a title without a single letter or digit."""

NEVER_PAGES = frozenset({"readme", "contributing", "changelog", "license"})
"""Stems of files that belong to the repository, not to the space."""

FOLDER_PAGES = frozenset({"index", "readme"})
"""Stems of files that are the page of the folder they lie in."""

_DEVICES = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9]|lpt[0-9])", re.IGNORECASE)


def fold(name: str) -> str:
    """Return the key under which two names or paths are the same file somewhere (case, NFC/NFD)."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())


def is_device(stem: str) -> bool:
    """Whether Windows takes this name, with any extension, for a device (`COM¹` is `COM1` to it)."""
    first = stem.partition(".")[0].rstrip(" ")
    return _DEVICES.fullmatch(unicodedata.normalize("NFKC", first)) is not None


@lru_cache(maxsize=32768)
def slug(title: str) -> str:
    """Return the file name stem that belongs to a title: lower-case words joined by `-`.

    Letters and digits of every script stay (NFC). The result is never empty, at most `MAX_BYTES` bytes, safe
    on every system and never the name of a file that is no page, or of a folder's page.
    """
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFC", title).lower())
    stem = shorten("-".join(_words(text)), MAX_BYTES - len("-page")) or UNTITLED
    return f"{stem}-page" if stem in NEVER_PAGES | FOLDER_PAGES or is_device(stem) else stem


def shorten(stem: str, limit: int) -> str:
    """Cut a slug to `limit` bytes of UTF-8, at a character and without a dash at its end."""
    return stem.encode()[:limit].decode(errors="ignore").rstrip("-")


def _words(text: str) -> list[str]:
    """Split at everything that is neither letter, digit nor a mark on one; invisible characters vanish."""
    words = [""]
    for char in text:
        category = unicodedata.category(char)
        if category[0] in "LN" or (category[0] == "M" and words[-1]):
            words[-1] += char
        elif category != "Cf" and words[-1]:
            words.append("")
    return [word for word in words if word]
