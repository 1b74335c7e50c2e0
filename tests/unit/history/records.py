"""Records for tests."""

from confsync.model.content import ContentType, Page, Row, Status, Version
from confsync.model.ids import AccountId, PageId
from confsync.model.record import Record, dump_record


def row(number: int = 1, title: str = "Install", page: str = "12345") -> Row:
    return Row(
        id=PageId(page),
        type=ContentType.PAGE,
        title=title,
        parent=None,
        parent_type=None,
        position=None,
        status=Status.CURRENT,
        version=Version(number=number, author=AccountId("ann"), when="2026-01-01T00:00:00.000Z"),
    )


def record(body: str = "<p>text</p>", number: int = 1, labels: tuple[str, ...] = ()) -> bytes:
    return dump_record(Record(Page(row=row(number), body=body, labels=frozenset(labels))))
