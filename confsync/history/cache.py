"""The `Cache` port: one small text file per fact, in the git directory that all work trees share."""

import secrets
from pathlib import Path


class FileCache:
    """Facts below one folder.

    Args:
        folder: `<git common dir>/confsync/<space>`; made when something is first remembered.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "cache"

    def recall(self, name: str) -> str:
        """What was remembered under a name; empty where nothing was, or it cannot be read."""
        try:
            return (self._folder / name).read_text(encoding="utf-8")
        except (FileNotFoundError, UnicodeDecodeError):
            return ""

    def remember(self, name: str, value: str) -> None:
        """Remember something; readers see the old value or the new one, never half of it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        draft = self._folder / f".{name}-{secrets.token_hex(4)}"
        draft.write_text(value, encoding="utf-8")
        draft.replace(self._folder / name)
