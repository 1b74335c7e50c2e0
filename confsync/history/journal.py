"""The `Journal` port: one JSON object a line, appended and on disk before anything is done about it."""

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from confsync.errors import HistoryError


class FileJournal:
    """Intentions in an append-only file; the file is emptied whenever none is open.

    Args:
        path: the file; its folder is made. Only the holder of the lock may write.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._open: dict[str, Mapping[str, object]] | None = None

    def open(self) -> Sequence[Mapping[str, object]]:
        """Intentions not yet closed, oldest first.

        A last line without an end is a write that a crash cut off: what it announced was never begun.

        Raises:
            HistoryError: some other line cannot be read.
        """
        self._open = None
        return list(self._load().values())

    def intend(self, entry: Mapping[str, object]) -> None:
        """Write an intention, or a later state of one, down durably; `entry["key"]` names it."""
        intentions = self._load()
        key = str(entry["key"])
        self._append({"intend": entry})
        intentions[key] = dict(entry)

    def done(self, key: str) -> None:
        """Close an intention; one that is not open is fine."""
        intentions = self._load()
        if key not in intentions:
            return
        del intentions[key]
        if intentions:
            self._append({"done": key})
        else:
            with self._path.open("r+b") as stream:
                stream.truncate(0)
                os.fsync(stream.fileno())

    def _load(self) -> dict[str, Mapping[str, object]]:
        if self._open is None:
            self._open = {}
            for number, line in enumerate(self._whole_lines(), 1):
                self._replay(number, line, self._open)
        return self._open

    def _whole_lines(self) -> list[bytes]:
        """The lines that were written completely; a torn one is cut off, so that the next starts afresh."""
        if not self._path.exists():
            return []
        data = self._path.read_bytes()
        whole = data[: data.rfind(b"\n") + 1]
        return whole.splitlines()

    def _replay(self, number: int, line: bytes, intentions: dict[str, Mapping[str, object]]) -> None:
        try:
            step = json.loads(line)
            if "done" in step:
                intentions.pop(step["done"], None)
            else:
                intentions[str(step["intend"]["key"])] = step["intend"]
        except (ValueError, KeyError, TypeError) as error:
            raise HistoryError(
                f"line {number} of the journal {self._path} cannot be read",
                hint="Keep a copy of that file, remove the line, and run again.",
            ) from error

    def _append(self, step: Mapping[str, object]) -> None:
        line = json.dumps(step, ensure_ascii=True, sort_keys=True).encode() + b"\n"
        new = not self._path.exists()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("w+b" if new else "r+b") as stream:
            _cut_torn_line(stream)
            stream.write(line)
            stream.flush()
            os.fsync(stream.fileno())
        if new:
            _sync_folder(self._path.parent)


def _cut_torn_line(stream: BinaryIO) -> None:
    """Leave the stream at the end of the last whole line, which is then the end of the file."""
    if stream.seek(0, os.SEEK_END) == 0:
        return
    stream.seek(-1, os.SEEK_END)
    if stream.read(1) == b"\n":
        return
    stream.seek(0)
    stream.truncate(stream.read().rfind(b"\n") + 1)
    stream.seek(0, os.SEEK_END)


def _sync_folder(folder: Path) -> None:
    with suppress(OSError):  # Windows opens no folders
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
