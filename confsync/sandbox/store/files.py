"""Attachments: content whose versions are files, kept in pieces so that none is ever whole in memory."""

import mimetypes
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from confsync.sandbox.refusals import Exists, Invalid, Missing
from confsync.sandbox.rows import Content, FileRow
from confsync.sandbox.store.contents import Contents, Edit, New
from confsync.sandbox.store.database import Database
from confsync.sandbox.store.titles import fold

CHUNK = 256 * 1024
"""Bytes a piece."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way in."""

    name: str
    pieces: Iterable[bytes]
    by: str
    media_type: str = ""
    comment: str = ""
    minor: bool = False


class Files:
    """The attachments of all pages."""

    def __init__(self, database: Database, contents: Contents) -> None:
        self._db = database
        self._contents = contents

    def of(self, container: int, *, statuses: tuple[str, ...] = ("current",)) -> list[Content]:
        """The attachments of one page, oldest first."""
        rows = self._db.all(
            "SELECT * FROM content WHERE container = ? AND type = 'attachment' ORDER BY id", container
        )
        return [c for c in map(Content.of, rows) if c.status in statuses]

    def named(self, container: int, name: str) -> Content | None:
        """The current attachment with exactly this name."""
        return next((c for c in self.of(container) if c.title == name), None)

    def file(self, attachment: int, number: int | None = None) -> FileRow:
        """What one version (the current one by default) is made of.

        Raises:
            Missing: no such version.
        """
        row = self._db.one(
            "SELECT * FROM file WHERE content = ? "
            "AND number = coalesce(?, (SELECT number FROM content WHERE id = ?))",
            attachment,
            number,
            attachment,
        )
        if row is None:
            raise Missing("attachment", str(attachment))
        return FileRow(*row)

    def add(self, container: Content, upload: Upload) -> Content:
        """Attach a new file.

        Raises:
            Exists: the page has a file of this name.
            Invalid: the name cannot be one.
        """
        if not upload.name or "/" in upload.name or "\x00" in upload.name:
            raise Invalid(f"Invalid file name: {upload.name}")
        with self._db.write():
            if self.named(container.id, upload.name):
                raise Exists("attachment", upload.name)
            made = self._contents.create(
                New(
                    "attachment",
                    container.space,
                    upload.name,
                    upload.by,
                    container=container.id,
                    message=upload.comment,
                )
            )
            self.store(made.id, 1, upload)
        return self._contents.get(made.id)

    def replace(self, attachment: Content, upload: Upload) -> Content:
        """Add a new version of the bytes; the name stays."""
        with self._db.write():
            edit = Edit(by=upload.by, message=upload.comment, minor=upload.minor)
            now = self._contents.update(attachment.id, edit)
            self.store(attachment.id, now.version.number, upload)
        return now

    def describe(
        self, attachment: Content, edit: Edit, *, comment: str | None, media_type: str | None
    ) -> Content:
        """Change name, comment or media type as a new version of the same bytes."""
        with self._db.write():
            old = self.file(attachment.id)
            now = self._contents.update(attachment.id, edit)
            self._db.insert(
                "file",
                content=attachment.id,
                number=now.version.number,
                file_id=old.file_id,
                media_type=media_type or old.media_type,
                size=old.size,
                comment=old.comment if comment is None else comment,
            )
        return now

    def move(self, attachment: Content, container: Content, name: str) -> None:
        """Put an attachment on another page, or under another name.

        Raises:
            Exists: the page has a file of this name.
        """
        with self._db.write():
            other = self.named(container.id, name)
            if other is not None and other.id != attachment.id:
                raise Exists("attachment", name)
            self._db.run(
                "UPDATE content SET container = ?, space = ?, title = ?, folded = ? WHERE id = ?",
                container.id,
                container.space,
                name,
                fold(name),
                attachment.id,
            )

    def store(self, attachment: int, number: int, upload: Upload) -> None:
        """Write the bytes of one version."""
        file_id = str(uuid.uuid4())
        size = 0
        for seq, piece in enumerate(_pieces(upload.pieces)):
            self._db.insert("chunk", file_id=file_id, seq=seq, bytes=piece)
            size += len(piece)
        guessed = mimetypes.guess_type(upload.name)[0] or "application/octet-stream"
        sniffed = upload.media_type if upload.media_type not in ("", "application/octet-stream") else guessed
        self._db.insert(
            "file",
            content=attachment,
            number=number,
            file_id=file_id,
            media_type=sniffed,
            size=size,
            comment=upload.comment,
        )

    def pieces(self, file: FileRow, start: int = 0) -> Iterator[bytes]:
        """The bytes of a file from an offset on, piece by piece."""
        seq, skip = divmod(start, CHUNK)
        while True:
            row = self._db.one("SELECT bytes FROM chunk WHERE file_id = ? AND seq = ?", file.file_id, seq)
            if row is None:
                return
            yield bytes(row["bytes"])[skip:]
            seq, skip = seq + 1, 0


def _pieces(source: Iterable[bytes]) -> Iterator[bytes]:
    """Cut any stream into pieces of `CHUNK` bytes."""
    held = b""
    for part in source:
        held += part
        while len(held) >= CHUNK:
            yield held[:CHUNK]
            held = held[CHUNK:]
    if held:
        yield held
