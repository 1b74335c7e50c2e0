"""The `Cache` port: small files in git's folder, shared by all linked work trees of a space."""

from contextlib import suppress
from pathlib import Path

from confsync.history.place import encode_key


class FileCache:
    """One file a name, replaced atomically. What cannot be read or written is as if it had been forgotten.

    Args:
        folder: where the files lie; made when the first is written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def recall(self, name: str) -> str:
        """What was remembered under a name; empty where nothing was."""
        try:
            return self._file(name).read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError):
            return ""

    def remember(self, name: str, value: str) -> None:
        """Remember something; not on disk for sure, but never half of it."""
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            temp = self._folder / f"{encode_key(name)}.tmp"
            temp.write_bytes(value.encode())
            temp.replace(self._file(name))

    def _file(self, name: str) -> Path:
        return self._folder / encode_key(name)
