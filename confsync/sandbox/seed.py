"""Fill a site from a working copy: what its records say is served again, byte for byte.

Ids, versions, dates, positions and bodies are exactly the records'; bodies are not normalised. Attachment
bytes come from the folders beside the Markdown files, people's names from the mentions in them.
"""

import glob
import hashlib
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import yaml

from confsync.errors import ConfsyncError, RecordError
from confsync.model.content import Attachment, ContentType
from confsync.model.ids import PageId
from confsync.model.record import Record, load_record
from confsync.names import attachment_path, safe_name
from confsync.sandbox.rows import SpaceRow, VersionRow
from confsync.sandbox.saving.markers import marked
from confsync.sandbox.store import Store
from confsync.sandbox.store.files import CHUNK, Upload
from confsync.sandbox.store.titles import fold

_FRONT = re.compile(r"\A---\r?\n(.*?)^---\s*$", re.DOTALL | re.MULTILINE)
_MENTION = re.compile(r"\[@((?:[^\]\\]|\\.)+)\]\(<?confluence:user/([^)>\s]+)")
_ESCAPED = re.compile(r"\\(.)")
_DEFAULT_SPACE = 98305


@dataclass(frozen=True, slots=True)
class WorkingCopy:
    """A working copy as far as seeding needs it."""

    folder: Path
    space: Mapping[str, object]
    records: tuple[Record, ...]
    paths: Mapping[str, str]
    """Page id to the path of its Markdown file."""
    names: Mapping[str, str]
    """Account id to name, as mentions spell it."""


def seed(store: Store, folder: Path, *, reader: str) -> SpaceRow:
    """Make a space of a working copy; `reader` (an account id) may see its restricted pages.

    Raises:
        ConfsyncError: no working copy, a broken record, an attachment without its file.
    """
    copy = read(folder)
    with store.database.write():
        for account, name in copy.names.items():
            store.people.ensure(account, name)
        space = _space(store, copy, reader)
        for record in copy.records:
            _content(store, space, record, reader)
        for record in copy.records:
            _attachments(store, space, copy, record)
        for record in copy.records:
            _comments(store, record)
    return store.spaces.get(space.id)


def read(folder: Path) -> WorkingCopy:
    """Read a working copy.

    Raises:
        ConfsyncError: there is none, or a record is broken.
    """
    settings = folder / "confsync.toml"
    if not settings.is_file():
        raise ConfsyncError(f"{folder} is no working copy: it has no confsync.toml")
    said = tomllib.loads(settings.read_text(encoding="utf-8"))
    space = said.get("space", said)
    mapped = said.get("front-matter", {})
    names: dict[str, str] = {}
    paths: dict[str, str] = {}
    for path in sorted(folder.rglob("*.md")):
        if ".confsync" in path.parts or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        names |= dict(_mentions(text))
        page = _page_id(text, str(mapped.get("id", "id")))
        if page:
            paths[page] = path.relative_to(folder).as_posix()
    return WorkingCopy(folder, space, tuple(_records(folder)), paths, names)


def _records(folder: Path) -> Iterator[Record]:
    for path in sorted((folder / ".confsync" / "pages").glob("*/*.page")):
        try:
            yield load_record(path.read_bytes())
        except RecordError as error:
            raise ConfsyncError(
                f"{path.relative_to(folder)}: {error}", hint="Restore it from git."
            ) from error


def _page_id(text: str, key: str) -> str:
    front = _FRONT.match(text)
    if front is None:
        return ""
    try:
        said = yaml.load(front.group(1), Loader=yaml.BaseLoader)  # noqa: S506 - it makes strings only
    except yaml.YAMLError:
        return ""
    return str(said.get(key, "")) if isinstance(said, dict) else ""


def _mentions(text: str) -> Iterator[tuple[str, str]]:
    for match in _MENTION.finditer(text):
        yield unquote(match.group(2)), _ESCAPED.sub(r"\1", match.group(1))


def _space(store: Store, copy: WorkingCopy, reader: str) -> SpaceRow:
    said = copy.space
    home = _home(copy)
    title = next((r.page.title for r in copy.records if r.id == home), "")
    key = str(said.get("key", "DOCS"))
    number = int(str(said.get("id", _DEFAULT_SPACE)))
    space = store.spaces.create(key, str(said.get("name") or title or key), author=reader, space_id=number)
    created = min((r.row.created for r in copy.records if r.row.created), default="")
    if created:
        store.database.run("UPDATE space SET created = ? WHERE id = ?", created, space.id)
    store.spaces.set_homepage(space.id, int(home) if home else None)
    return space


def _home(copy: WorkingCopy) -> PageId | None:
    """The home page: as confsync.toml says, else that of index.md, else the top page with most children."""
    known = {r.id for r in copy.records}
    for said in (
        copy.space.get("homepage"),
        *(page for page, path in copy.paths.items() if path == "index.md"),
    ):
        if said is not None and str(said) in known:
            return PageId(str(said))
    children = Counter(r.row.parent for r in copy.records)
    tops = [r.id for r in copy.records if r.row.type is ContentType.PAGE and r.row.parent is None]
    return max(tops, key=lambda page: (children[page], -int(page)), default=None)


def _content(store: Store, space: SpaceRow, record: Record, reader: str) -> None:
    row, page = record.row, int(record.id)
    store.people.ensure(row.version.author)
    store.database.keep_id(page)
    store.database.insert(
        "content",
        id=page,
        type=row.type.value,
        subtype=row.subtype,
        status=row.status.value,
        space=space.id,
        parent=None if row.parent is None else int(row.parent),
        container=None,
        position=row.position,
        title=row.title,
        folded=fold(row.title),
        author=row.version.author,
        owner=row.version.author,
        created=row.created or row.version.when,
        number=row.version.number,
        editor=row.version.author,
        modified=row.version.when,
        message=row.version.message,
        minor=int(row.version.minor),
    )
    store.contents.put_version(_version(record), record.page.body)
    store.labels.add(page, [("global", name) for name in sorted(record.page.labels)])
    for key in sorted(record.properties):
        store.properties.create("content", page, key, record.properties[key], row.version.author)
    if record.restricted:
        store.restrictions.put(page, "read", [("user", reader), ("user", row.version.author)])


def _version(record: Record) -> VersionRow:
    row = record.row
    return VersionRow(
        content=int(row.id),
        number=row.version.number,
        title=row.title,
        author=row.version.author,
        created=row.version.when,
        message=row.version.message,
        minor=row.version.minor,
    )


def _attachments(store: Store, space: SpaceRow, copy: WorkingCopy, record: Record) -> None:
    names = [a.name for a in record.attachments]
    for attachment in record.attachments:
        file = _file(copy, record, attachment, names)
        if file is None:
            raise ConfsyncError(
                f"the attachment {attachment.name} has no file",
                page=record.page.title,
                hint="Pull it, then seed again.",
            )
        _attachment(store, space, record, attachment, file)


def _file(copy: WorkingCopy, record: Record, attachment: Attachment, names: list[str]) -> Path | None:
    """The file of an attachment: beside its page, or, where the page has no file, wherever its bytes are."""
    path = copy.paths.get(record.id)
    if path is not None:
        file = copy.folder / attachment_path(path, attachment.name, names)
        return file if file.is_file() else None
    named = copy.folder.rglob(f"*.assets/{glob.escape(safe_name(attachment.name))}")
    return next((file for file in sorted(named) if _sha256(file) == attachment.sha256), None)


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _attachment(store: Store, space: SpaceRow, record: Record, attachment: Attachment, file: Path) -> None:
    number, author, when = int(attachment.id), record.row.version.author, record.row.version.when
    if store.database.one("SELECT 1 FROM content WHERE id = ?", number):
        raise ConfsyncError(f"two things have the id {number}", page=record.page.title)
    store.database.keep_id(number)
    store.database.insert(
        "content",
        id=number,
        type="attachment",
        subtype="",
        status="current",
        space=space.id,
        parent=None,
        container=int(record.id),
        position=None,
        title=attachment.name,
        folded=fold(attachment.name),
        author=author,
        owner=author,
        created=when,
        number=attachment.version,
        editor=author,
        modified=when,
        message=attachment.comment,
        minor=0,
    )
    store.contents.put_version(
        VersionRow(
            number, attachment.version, attachment.name, author, when, attachment.comment, minor=False
        ),
        "",
    )
    with file.open("rb") as stream:
        pieces = iter(lambda: stream.read(CHUNK), b"")
        upload = Upload(attachment.name, pieces, author, attachment.media_type, attachment.comment)
        store.files.store(number, attachment.version, upload)
    store.database.run("UPDATE file SET media_type = ? WHERE content = ?", attachment.media_type, number)


def _comments(store: Store, record: Record) -> None:
    """A marker in a body means that somebody commented there."""
    for ref, selection in marked(record.page.body).items():
        store.comments.adopt(store.contents.get(int(record.id)), ref, selection, record.row.version.author)
