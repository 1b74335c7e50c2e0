"""Attachments on their way: streamed in both directions, hashed as they pass."""

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, BinaryIO

import httpx

from confsync.confluence.payload import Json, as_object, results
from confsync.confluence.retry import READING, WRITING, Failed, Stage
from confsync.confluence.shapes import v1_attachment
from confsync.confluence.transport import Transport
from confsync.errors import RemoteError
from confsync.model.content import Attachment
from confsync.model.ids import PageId


def streamed_down(transport: Transport, path: str, item: Attachment, to: Path) -> str:
    """What a path of the site serves for this version of an attachment, into a new file.

    What came before a connection broke is kept, and only the rest asked for again, where the server can.
    """
    with to.open("xb") as target:  # Made once: what is there already is not ours to overwrite.
        coming = _Coming(target, item)

        def once() -> str:
            request = transport.request("GET", transport.base + path, [("version", str(item.version))])
            request.headers.update(coming.wanted())
            with transport.sent(request, elsewhere=True) as response:
                return coming.take(response)

        try:
            return transport.attempt(once, READING)
        except BaseException:
            with suppress(FileNotFoundError):
                to.unlink()
            raise


class _Coming:
    """A file of which some has come."""

    def __init__(self, target: BinaryIO, item: Attachment) -> None:
        self._target = target
        self._item = item
        self._digest = hashlib.sha256()
        self._size = 0

    def wanted(self) -> dict[str, str]:
        """Headers that ask for the rest. Packed answers could not be continued."""
        rest = {"Range": f"bytes={self._size}-"} if self._size else {}
        return {"Accept": "*/*", "Accept-Encoding": "identity", **rest}

    def take(self, response: httpx.Response) -> str:
        """Write what comes, and return the sha256 of the whole."""
        if not self._continues(response):
            self._digest, self._size = hashlib.sha256(), 0
            self._target.seek(0)
            self._target.truncate()
        for piece in response.iter_bytes():
            self._size += len(piece)
            if self._size > self._item.size:
                break
            self._digest.update(piece)
            self._target.write(piece)
        if self._size != self._item.size:
            raise Failed(self._wrong_size(), Stage.FINAL)
        return self._digest.hexdigest()

    def _continues(self, response: httpx.Response) -> bool:
        """Whether an answer goes on where we stopped; any other starts anew."""
        if response.status_code != HTTPStatus.PARTIAL_CONTENT:
            return False
        if response.headers.get("content-range", "").startswith(f"bytes {self._size}-"):
            return True
        raise Failed(RemoteError(f"The server sent another part of {self._item.name}"), Stage.FINAL)

    def _wrong_size(self) -> RemoteError:
        has = "more" if self._size > self._item.size else self._size
        return RemoteError(
            f"{self._item.name} should have {self._item.size} bytes and has {has}",
            hint="somebody may just be uploading it: try again",
        )


@dataclass(frozen=True, slots=True)
class Sending:
    """A file on its way to a page."""

    page: PageId
    name: str
    source: Path
    comment: str
    media_type: str


def streamed_up(transport: Transport, path: str, sending: Sending) -> Attachment:
    """Send a file to the path of a new attachment, or of the next version of one."""
    name = sending.name

    def once() -> tuple[Json, str, int]:
        with sending.source.open("rb") as stream:
            hashed = _Hashed(stream)
            parts: dict[str, Any] = {
                "file": (name, hashed, sending.media_type),
                # Without a charset the server would read it as Latin-1.
                "comment": (None, sending.comment.encode(), "text/plain; charset=utf-8"),
                "minorEdit": (None, b"true"),
            }
            request = transport.request("POST", transport.base + path, files=parts)
            with transport.sent(request) as response:
                response.read()
                return _one(response), hashed.digest.hexdigest(), hashed.size

    data, sha256, size = transport.attempt(once, WRITING)
    item = v1_attachment(data)
    if item.size != size:
        raise RemoteError(
            f"The server stored {item.size} bytes of {name}, not {size}",
            hint="upload it again",
            page=sending.page,
        )
    return Attachment(item.id, item.name, item.version, item.size, item.media_type, item.comment, sha256)


def _one(response: httpx.Response) -> Json:
    """The uploaded attachment: in a list after a create, by itself after a new version."""
    try:
        data = as_object(response.json())
    except ValueError:
        raise Failed(RemoteError("The answer to the upload is not JSON"), Stage.FINAL) from None
    return results(data)[0] if "results" in data else data


class _Hashed:
    """A file that hashes what is read from it, so that the checksum is of the bytes that were sent."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.digest = hashlib.sha256()
        self.size = 0

    def fileno(self) -> int:
        """For httpx to learn the length."""
        return self._stream.fileno()

    def seek(self, offset: int) -> int:
        """Httpx rewinds before it reads."""
        self.digest, self.size = hashlib.sha256(), 0
        return self._stream.seek(offset)

    def read(self, size: int = -1) -> bytes:
        """The next piece."""
        piece = self._stream.read(size)
        self.digest.update(piece)
        self.size += len(piece)
        return piece
