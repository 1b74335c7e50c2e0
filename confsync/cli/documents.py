"""Documents that people name on the command line: storage format in files, records, exports and pipes."""

import re
import sys
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from confsync.errors import RecordError, UsageError
from confsync.model.record import load_record

STDIN: Final = Path("-")
MARKDOWN: Final = frozenset({".md", ".markdown"})
HTML: Final = frozenset({".html", ".htm"})
SUFFIXES: Final = HTML | {".xml", ".xhtml", ".storage", ".page", ".zip"}
"""What counts as a document in a folder."""
MAX_BYTES: Final = 100_000_000
"""Of one document; Confluence refuses bodies of more than 5 MB."""
_EXPORT: Final = "entities.xml"
"""The file of a space export that holds the bodies."""
MAX_EXPORT: Final = 4_000_000_000
"""Bytes of an export's bodies once unpacked; they are read one at a time."""
_STORAGE: Final = "2"
"""How an export calls a body in storage format."""
_FOREIGN = re.compile(r"\s*(?:<!DOCTYPE\s+html|<html[\s>]|<\?xml)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Document:
    """One document, or why it is none."""

    name: str
    storage: str = ""
    problem: str = ""
    """Why it cannot be read; empty where it can."""
    foreign: bool = False
    """It can be read, but is not storage format."""


def read_text(file: Path) -> str:
    """The text of a file, of the storage in a record, or of standard input; line ends as they are.

    Raises:
        UsageError: it cannot be read, is too large, or is not UTF-8.
    """
    name = "standard input" if file == STDIN else str(file)
    try:
        data = _bytes(file)
        return load_record(data).page.body if file.suffix == ".page" else data.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{name} is not UTF-8 (byte {error.start + 1})", hint="Convert it to UTF-8 first."
        ) from error
    except RecordError as error:
        raise UsageError(f"{name}: {error.message}") from error


def _bytes(file: Path) -> bytes:
    if file == STDIN:
        data = sys.stdin.buffer.read(MAX_BYTES + 1)
    else:
        with file.open("rb") as opened:
            data = opened.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise OSError(f"it is larger than {MAX_BYTES // 1_000_000} MB")
    return data


def documents(files: list[Path]) -> Iterator[Document]:
    """The documents in files, folders, space exports and standard input, those in folders by name."""
    for file in files:
        if file != STDIN and file.is_dir():
            for path in sorted(file.rglob("*")):
                if path.suffix.lower() in SUFFIXES and path.is_file():
                    yield from _documents_in(path)
        else:
            yield from _documents_in(file)


def _documents_in(file: Path) -> Iterator[Document]:
    if file.suffix.lower() == ".zip":
        yield from _archive(file)
    elif file.name == _EXPORT:
        try:
            with file.open("rb") as opened:
                yield from _export(str(file), opened)
        except OSError as error:
            yield Document(str(file), problem=f"cannot be read: {error.strerror}")
    else:
        yield _document(file)


def _document(file: Path) -> Document:
    try:
        text = read_text(file)
    except UsageError as error:
        return Document(str(file), problem=error.message.removeprefix(f"{file} "))
    if file.suffix.lower() in MARKDOWN:
        return Document(str(file), problem="is Markdown, not storage format", foreign=True)
    if _FOREIGN.match(text) and "<ac:" not in text:
        return Document(str(file), problem="is not storage format", foreign=True)
    return Document(str(file), text)


# ------------------------------------------------------------------------------------- space exports


def _archive(file: Path) -> Iterator[Document]:
    """The bodies in a space export as Confluence hands it out."""
    try:
        with zipfile.ZipFile(file) as archive:
            if _EXPORT not in archive.namelist():
                yield Document(str(file), problem="is no XML export of a space", foreign=True)
                return
            if archive.getinfo(_EXPORT).file_size > MAX_EXPORT:
                yield Document(str(file), problem=f"is larger than {MAX_EXPORT // 1_000_000_000} GB unpacked")
                return
            with archive.open(_EXPORT) as opened:
                yield from _export(str(file), opened)
    except (OSError, zipfile.BadZipFile) as error:
        yield Document(str(file), problem=f"cannot be read: {error}")


def _export(name: str, opened: IO[bytes]) -> Iterator[Document]:
    """The bodies of an export, one at a time: the whole may be larger than memory."""
    try:
        # Expat, which this is, bounds what entities may expand to, and fetches nothing.
        for _, element in ET.iterparse(opened):  # noqa: S314
            if element.tag == "object":
                if element.get("class") == "BodyContent":
                    yield from _body(name, element)
                element.clear()
    except ET.ParseError as error:
        yield Document(name, problem=f"is not well-formed: {error}")


def _body(name: str, element: ET.Element) -> Iterator[Document]:
    said = {one.get("name"): one.text or "" for one in element.findall("property")}
    body = said.get("body", "").replace("]] >", "]]>")
    if body.strip() and said.get("bodyType", _STORAGE) == _STORAGE:
        yield Document(f"{name}#{element.findtext('id', '')}", body)
