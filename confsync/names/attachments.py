"""Where a page's attachments lie: `install.md` keeps them in `install.assets/`.

Attachment names come from anybody's computer: they may hold slashes, streams, device names, git's own
names, or differ in case only. A file name is a pure function of all names of one page, so that it can be
computed, and undone, at any time without being stored.
"""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable

from confsync.model.ids import RelPath
from confsync.names.litter import is_litter
from confsync.names.slug import fold, is_device

ASSETS = ".assets"
"""What the folder of a page's attachments ends with."""

_MAX_BYTES = 180
_MAX_EXTENSION = 20
_UNSAFE = frozenset('<>:"/\\|?*')
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_FIRST_TILDE = re.compile(r"^~(?=\$)")
_SHORT_NAME = re.compile(r"git~\d+", re.IGNORECASE)


def assets_folder(page: str) -> RelPath:
    """Return the folder of the attachments of the page in this file."""
    return RelPath(page.removesuffix(".md") + ASSETS)


def attachment_path(page: str, name: str, names: Iterable[str]) -> RelPath:
    """Return the file of one attachment, where `names` are all attachments of the page."""
    return RelPath(f"{assets_folder(page)}/{file_names({*names, name})[name]}")


def attachment_name(file: str, names: Iterable[str]) -> str:
    """Return the attachment that a file name in the assets folder stands for.

    A file that belongs to none of `names` is a new attachment of its own name, in NFC.
    """
    found = {fold(made): name for name, made in file_names(names).items()}
    return found.get(fold(file), unicodedata.normalize("NFC", file))


def file_names(names: Iterable[str]) -> dict[str, str]:
    """Return a file name for each attachment name of one page, distinct even where case does not count.

    Names that are safe as they are come first; of two that meet, the later in code point order gets a
    suffix made from its own name.
    """
    result: dict[str, str] = {}
    taken: set[str] = set()
    for name in sorted(set(names), key=lambda name: (safe_name(name) != name, name)):
        result[name] = _free(safe_name(name), name, taken)
        taken.add(fold(result[name]))
    return result


def safe_name(name: str) -> str:
    """Return the nearest name that is one harmless file in one folder on every system."""
    clean = "".join(map(_harmless, unicodedata.normalize("NFC", name))).rstrip(". ")
    if clean.startswith((".", " ")) or _SHORT_NAME.fullmatch(clean):
        clean = "_" + clean[1:]
    stem, dot, extension = clean.partition(".")
    if is_device(stem):
        clean = f"{stem.rstrip(' ')}_{dot}{extension}"
    if is_litter(clean):
        clean = _FIRST_TILDE.sub("_", clean.replace(".sync-conflict-", "_sync-conflict-")).rstrip("~") + "_"
    return _shorten(clean) or "_"


def _harmless(char: str) -> str:
    return "_" if char in _UNSAFE or unicodedata.category(char) in _INVISIBLE else char


def _split(name: str) -> tuple[str, str]:
    """Split off a plausible extension, its dot included."""
    stem, dot, extension = name.rpartition(".")
    return (stem, dot + extension) if stem and len(extension.encode()) <= _MAX_EXTENSION else (name, "")


def _shorten(name: str) -> str:
    if len(name.encode()) <= _MAX_BYTES:
        return name
    stem, extension = _split(name)
    room = _MAX_BYTES - len(extension.encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(". ") + extension


def _free(wanted: str, name: str, taken: Collection[str]) -> str:
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
    stem, extension = _split(wanted)
    result, length = wanted, 6
    while fold(result) in taken:
        result, length = f"{stem}~{digest[:length]}{extension}", length + 2
    return result
