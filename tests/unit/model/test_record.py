"""A record is a pure function of what the server said, and trusts nothing but its own checksum."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confsync.errors import RecordError
from confsync.model.content import Attachment, ContentType, Page, Row, Status, Version
from confsync.model.ids import AccountId, AttachmentId, PageId
from confsync.model.record import Record, dump_record, load_record, record_path

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)

ROWS = st.builds(
    Row,
    id=st.integers(1, 10**12).map(lambda n: PageId(str(n))),
    type=st.sampled_from(ContentType),
    title=TEXT,
    parent=st.none() | st.just(PageId("7")),
    parent_type=st.none() | st.sampled_from(ContentType),
    position=st.none() | st.integers(-5, 10**9),
    status=st.sampled_from(Status),
    version=st.builds(
        Version, st.integers(1, 9999), TEXT.map(AccountId), TEXT, message=TEXT, minor=st.booleans()
    ),
    subtype=TEXT,
    created=TEXT,
)
ATTACHMENTS = st.lists(
    st.builds(
        Attachment,
        id=TEXT.map(AttachmentId),
        name=TEXT,
        version=st.integers(1, 99),
        size=st.integers(0, 10**10),
        media_type=TEXT,
        comment=TEXT,
        sha256=TEXT,
    ),
    max_size=4,
    unique_by=lambda a: a.name,
).map(lambda found: tuple(sorted(found, key=lambda a: a.name)))
RECORDS = st.builds(
    Record,
    page=st.builds(Page, row=ROWS, body=TEXT, labels=st.frozensets(TEXT, max_size=3)),
    attachments=ATTACHMENTS,
    restricted=st.booleans(),
    properties=st.dictionaries(TEXT, st.none() | st.integers() | TEXT, max_size=2),
)


@given(RECORDS)
def test_what_is_written_is_read_back(record: Record) -> None:
    assert load_record(dump_record(record)) == record


@given(RECORDS)
def test_the_body_stands_in_it_byte_for_byte(record: Record) -> None:
    assert dump_record(record).endswith(b"\n\n" + record.page.body.encode())


@given(RECORDS, st.data())
def test_any_other_byte_is_noticed(record: Record, data: st.DataObject) -> None:
    good = dump_record(record)
    at = data.draw(st.integers(0, len(good) - 1))
    bad = bytearray(good)
    bad[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(RecordError):
        load_record(bytes(bad))


@given(RECORDS)
def test_a_header_of_one_version_over_the_body_of_another_is_no_record(record: Record) -> None:
    old = dump_record(record)
    new = dump_record(replace(record, page=replace(record.page, body=record.page.body + "x")))
    header, body = new.split(b"\n\n", 1)[0], old.split(b"\n\n", 1)[1]
    with pytest.raises(RecordError):
        load_record(header + b"\n\n" + body)


def test_records_are_sharded_by_the_last_two_digits() -> None:
    assert record_path(PageId("12345")) == ".confsync/pages/45/12345.page"
    assert record_path(PageId("7")) == ".confsync/pages/07/7.page"


@pytest.mark.parametrize("data", [b"", b"confsync-record: 2\nsha256: x", b"<<<<<<< ours\n"])
def test_what_is_no_record_is_refused(data: bytes) -> None:
    with pytest.raises(RecordError):
        load_record(data)
