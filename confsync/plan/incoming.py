"""What a run has seen of the server, reduced to what differs from the base."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from confsync.model.ids import PageId
from confsync.model.record import Record, dump_record
from confsync.ports import Fate


@dataclass(frozen=True, slots=True)
class Incoming:
    """The differences between server and base, page by page."""

    records: Mapping[PageId, Record] = field(default_factory=dict)
    """New or changed content, complete; checksums of attachments we never had are empty."""
    fates: Mapping[PageId, Fate] = field(default_factory=dict)
    """What became of pages that the base knows and the listing no longer shows."""
    ours: frozenset[PageId] = frozenset()
    """Pages whose newer versions are all our own pushes, of commits that HEAD contains."""
    frozen: Mapping[PageId, str] = field(default_factory=dict)
    """Pages whose text could not be believed, with the reason; neither pulled nor pushed."""
    homepage: PageId | None = None
    authors: Mapping[str, str] = field(default_factory=dict)
    """Public names by account id, as far as asked for."""


def differs(new: Record, base: Record | None) -> bool:
    """Whether the server says something the base does not; versions alone do not decide."""
    return base is None or dump_record(with_known_checksums(new, base)) != dump_record(base)


def with_known_checksums(new: Record, base: Record | None) -> Record:
    """A record whose unchanged attachments keep the checksum the base has for them."""
    known = {(a.id, a.version, a.size): a.sha256 for a in base.attachments} if base else {}
    return with_checksums(
        new, {a.name: known.get((a.id, a.version, a.size), a.sha256) for a in new.attachments}
    )


def with_checksums(record: Record, checksums: Mapping[str, str]) -> Record:
    """A record whose attachments have these checksums, by name."""
    return replace(
        record,
        attachments=tuple(replace(a, sha256=checksums.get(a.name, a.sha256)) for a in record.attachments),
    )
