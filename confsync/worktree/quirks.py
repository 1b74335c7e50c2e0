"""What this file system takes for the same name."""

import os
import secrets
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from confsync.ports import TEMP_PREFIX


@dataclass(frozen=True, slots=True)
class Folding:
    """Which differences between names the file system does not see."""

    case: bool
    """`API.md` and `api.md` are one file, as on macOS and Windows."""
    unicode: bool
    """`é` and `e` with a combining accent are one name, as on macOS."""

    def key(self, path: str) -> str:
        """Return the same string for paths that are one file here."""
        if self.unicode or self.case:
            path = unicodedata.normalize("NFC", path)
        return path.casefold() if self.case else path


def probe(folder: Path) -> Folding:
    """Find out by making one file; where that is not possible, take every difference as seen.

    Args:
        folder: an existing folder on the file system in question.
    """
    name = f"{TEMP_PREFIX}{secrets.token_hex(6)}-a\u00e9"
    target = folder / name
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError:
        return Folding(case=False, unicode=False)
    try:
        return Folding(
            case=(folder / name.upper()).exists(),
            unicode=(folder / unicodedata.normalize("NFD", name)).exists(),
        )
    finally:
        target.unlink()
