"""Bodies of pages between their rendering and their writing: on disk, for memory is small."""

import tempfile
from types import TracebackType
from typing import Self


class Spool:
    """A temporary file of texts by name; gone when the block ends."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 (closed by __exit__)
        self._places: dict[str, tuple[int, int]] = {}
        self._end = 0

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Forget everything."""
        self._file.close()

    def put(self, name: str, text: str) -> None:
        """Keep a text."""
        data = text.encode()
        self._file.seek(self._end)
        self._file.write(data)
        self._places[name] = (self._end, len(data))
        self._end += len(data)

    def take(self, name: str) -> str:
        """Return a text that was kept; empty where none was."""
        start, length = self._places.get(name, (0, 0))
        if not length:
            return ""
        self._file.seek(start)
        return self._file.read(length).decode()
