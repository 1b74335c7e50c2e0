"""Merging two records of one page, and telling git how."""

import shlex
import sys
from dataclasses import replace
from typing import Final, TypeVar

from confsync.errors import RecordError
from confsync.history.place import Place
from confsync.history.process import Git
from confsync.model.content import Attachment
from confsync.model.record import Record, dump_record, load_record
from confsync.ports import TEMP_PREFIX

COMMAND: Final = f"{shlex.quote(sys.executable)} -m confsync merge-record %O %A %B"
"""What git calls. This very interpreter: git may be started where confsync is not on the PATH."""

_T = TypeVar("_T")


def install(place: Place, git: Git) -> None:
    """Make git merge records by our driver in this repository, and leave our temporary files out of it.

    Written to `info/attributes`, which wins over everything committed, to `info/exclude` and to the
    repository's own configuration.
    """
    pattern = f"{place.prefix}.confsync/pages/**/*.page"
    if " " in pattern:
        pattern = f'"{pattern}"'
    _add_line(place, "attributes", f"{pattern} merge=confsync")
    _add_line(place, "exclude", f"{TEMP_PREFIX}*")
    if git.run("config", "--local", "merge.confsync.driver", allow=(1,)).stdout.decode().strip() != COMMAND:
        git.run("config", "--local", "merge.confsync.name", "the newer record of a Confluence page")
        git.run("config", "--local", "merge.confsync.driver", COMMAND)


def _add_line(place: Place, name: str, line: str) -> None:
    path = place.common_dir / "info" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    text = path.read_text(encoding="utf-8", errors="surrogateescape") if path.exists() else ""
    if line not in text.splitlines():
        text += "\n" if text and not text.endswith("\n") else ""
        path.write_text(f"{text}{line}\n", encoding="utf-8", errors="surrogateescape")


def merge_records(base: bytes, ours: bytes, theirs: bytes) -> bytes:
    """Return the record that both sides may be replaced by.

    The higher version wins. Records of one version can differ, because labels and attachments change
    without it: then the answer claims only what both claim, since a base that claims less can only cause a
    pull, never a removal. A record that does not match its checksum counts for nothing.

    Args:
        base: the common ancestor's record, empty where there is none.
        ours: one side.
        theirs: the other; swapping the two changes nothing.

    Raises:
        RecordError: neither side can be trusted.
    """
    if ours == theirs:
        load_record(ours)
        return ours
    one, two = _trusted(ours), _trusted(theirs)
    if one is None or two is None:
        if one is two:
            raise RecordError("neither side of the merge is a record that can be trusted")
        return ours if two is None else theirs
    if one.id != two.id:
        raise RecordError(f"these are records of two pages, {one.id} and {two.id}")
    if one.row.version.number != two.row.version.number:
        return ours if one.row.version.number > two.row.version.number else theirs
    return dump_record(_common(_trusted(base), one, two))


def _trusted(data: bytes) -> Record | None:
    try:
        return load_record(data)
    except RecordError:
        return None


def _common(base: Record | None, one: Record, two: Record) -> Record:
    known = base if base is not None and base.id == one.id else None
    row = _older(known.row if known else None, one.row, two.row)
    body = _older(known.page.body if known else None, one.page.body, two.page.body)
    page = replace(one.page, row=row, body=body, labels=one.page.labels & two.page.labels)
    names = {item.name: item for item in two.attachments}
    return Record(
        page=page,
        attachments=tuple(_earlier(item, names[item.name]) for item in one.attachments if item.name in names),
        restricted=one.restricted or two.restricted,
        properties={
            key: value
            for key, value in one.properties.items()
            if key in two.properties and two.properties[key] == value
        },
    )


def _older(base: _T | None, one: _T, two: _T) -> _T:
    """What the base still said, else the shorter: any rule does, as long as both sides come to the same."""
    if base is not None and base in {one, two}:
        return base
    return min(one, two, key=lambda value: (len(repr(value)), repr(value)))


def _earlier(one: Attachment, two: Attachment) -> Attachment:
    return min(one, two, key=lambda item: (item.version, repr(item)))
