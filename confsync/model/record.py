"""The base of one page: what Confluence last said, in one self-verifying text file.

    confsync-record: 1
    sha256: 5f70bf18…                      of everything below this line
    id: "12345"
    title: "Install"
    …
    attachment: {"id": "77", "name": "a.png", …}     one line each, sorted by name
                                                     one empty line
    <p>raw storage, byte for byte</p>

Each header line is `key: JSON`, in a fixed order, so that a record is a pure function of what the server
said and git diffs of it are readable. A record whose checksum does not match is never trusted.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from confsync.errors import RecordError
from confsync.model.content import Attachment, ContentType, Page, Row, Status, Version
from confsync.model.ids import AccountId, AttachmentId, PageId, RelPath

FORMAT = 1

BASE_FILES: Final[Mapping[RelPath, bytes]] = {
    RelPath(".confsync/.gitattributes"): (
        b"pages/**/*.page -text -eol -filter -ident -working-tree-encoding -diff -merge linguist-generated\n"
    ),
    RelPath(".confsync/.ignore"): b"*\n",
}
"""Files beside the records. The attributes keep every byte of a record as it is, even below a root
`* text eol=crlf`; `-merge` is what a clone without our driver falls back to: a conflict without markers in
it. `.ignore` keeps records out of searches (ripgrep, VS Code)."""

_MAGIC = f"confsync-record: {FORMAT}\nsha256: "


@dataclass(frozen=True, slots=True)
class Record:
    """A page with its attachments and the properties that are synced."""

    page: Page
    attachments: tuple[Attachment, ...] = ()
    """Sorted by name."""
    restricted: bool = False
    """Somebody set a view restriction on the page itself."""
    properties: Mapping[str, object] = field(default_factory=dict)
    """Content properties named in confsync.toml: JSON values by key."""

    @property
    def id(self) -> PageId:
        """The content id."""
        return self.page.row.id

    @property
    def row(self) -> Row:
        """What a listing says of it."""
        return self.page.row


def record_path(page: PageId) -> str:
    """Where the record of a page lies below the working copy: sharded by the last two digits."""
    return f".confsync/pages/{page[-2:].rjust(2, '0')}/{page}.page"


def dump_record(record: Record) -> bytes:
    """Return the bytes of a record, UTF-8; the same record gives the same bytes."""
    header = "".join(f"{key}: {_json(value)}\n" for key, value in _header(record))
    covered = f"{header}\n{record.page.body}".encode()
    return f"{_MAGIC}{hashlib.sha256(covered).hexdigest()}\n".encode() + covered


def load_record(data: bytes) -> Record:
    """Read a record back.

    Raises:
        RecordError: the bytes are no record, or do not match their checksum.
    """
    magic = _MAGIC.encode()
    end = len(magic) + 64
    if not data.startswith(magic) or data[end : end + 1] != b"\n":
        raise RecordError("this is no record of a page")
    covered = data[end + 1 :]
    if hashlib.sha256(covered).hexdigest().encode() != data[len(magic) : end]:
        raise RecordError("the record does not match its checksum")
    try:
        return _parse(covered.decode("utf-8"))
    except (KeyError, ValueError, TypeError) as error:
        raise RecordError(f"the record cannot be read: {error}") from error


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _header(record: Record) -> Iterator[tuple[str, object]]:
    row = record.page.row
    yield "id", row.id
    yield "type", row.type.value
    yield "title", row.title
    yield "status", row.status.value
    yield "subtype", row.subtype
    yield "parent", row.parent
    yield "parent-type", row.parent_type.value if row.parent_type else None
    yield "position", row.position
    yield "created", row.created
    yield "version", row.version.number
    yield "author", row.version.author
    yield "when", row.version.when
    yield "message", row.version.message
    yield "minor", row.version.minor
    yield "labels", sorted(record.page.labels)
    yield "restricted", record.restricted
    for key in sorted(record.properties):
        yield "property", {"key": key, "value": record.properties[key]}
    for item in sorted(record.attachments, key=lambda a: a.name):
        yield "attachment", _attachment(item)


def _attachment(item: Attachment) -> dict[str, object]:
    return {
        "comment": item.comment,
        "id": item.id,
        "media-type": item.media_type,
        "name": item.name,
        "sha256": item.sha256,
        "size": item.size,
        "version": item.version,
    }


def _parse(text: str) -> Record:
    header, _, body = text.partition("\n\n")
    one: dict[str, object] = {}
    attachments: list[Attachment] = []
    properties: dict[str, object] = {}
    for line in header.split("\n"):
        key, _, raw = line.partition(": ")
        value = json.loads(raw)
        if key == "attachment":
            attachments.append(_load_attachment(value))
        elif key == "property":
            properties[value["key"]] = value["value"]
        else:
            one[key] = value
    labels = one["labels"]
    if not isinstance(labels, list):
        raise TypeError("labels must be a list")
    return Record(
        page=Page(row=_row(one), body=body, labels=frozenset(map(str, labels))),
        attachments=tuple(attachments),
        restricted=bool(one["restricted"]),
        properties=properties,
    )


def _row(one: Mapping[str, object]) -> Row:
    parent, parent_type, position = one["parent"], one["parent-type"], one["position"]
    return Row(
        id=PageId(str(one["id"])),
        type=ContentType(str(one["type"])),
        title=str(one["title"]),
        parent=None if parent is None else PageId(str(parent)),
        parent_type=None if parent_type is None else ContentType(str(parent_type)),
        position=None if position is None else int(str(position)),
        status=Status(str(one["status"])),
        subtype=str(one["subtype"]),
        created=str(one["created"]),
        version=Version(
            number=int(str(one["version"])),
            author=AccountId(str(one["author"])),
            when=str(one["when"]),
            message=str(one["message"]),
            minor=bool(one["minor"]),
        ),
    )


def _load_attachment(value: Mapping[str, object]) -> Attachment:
    return Attachment(
        id=AttachmentId(str(value["id"])),
        name=str(value["name"]),
        version=int(str(value["version"])),
        size=int(str(value["size"])),
        media_type=str(value["media-type"]),
        comment=str(value["comment"]),
        sha256=str(value["sha256"]),
    )
