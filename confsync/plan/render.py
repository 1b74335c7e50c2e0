"""The file of a page, written for the first time."""

from confsync.convert import get
from confsync.convert.markdown import front_matter
from confsync.convert.markdown.front_matter import Value
from confsync.model.content import ContentType, Row, Status
from confsync.model.ids import PageId
from confsync.model.links import Links
from confsync.model.record import Record
from confsync.model.settings import Settings


def render_page(
    record: Record,
    links: Links,
    settings: Settings,
    *,
    home: PageId | None,
    children: tuple[str, ...] | None = None,
) -> str:
    """The whole file of a page: front matter and body, LF line ends, one newline at the end."""
    keys = front_values(record, home, children)
    body = get(record.page.body, links).markdown.strip("\n")
    return front_matter.edit(f"\n{body}\n" if body else "", keys, settings.front_matter)


def front_values(
    record: Record, home: PageId | None, children: tuple[str, ...] | None
) -> dict[str, Value | None]:
    """What the front matter says of a page; None where the default says it."""
    row = record.row
    return {
        "id": row.id,
        "title": row.title,
        "labels": tuple(sorted(record.page.labels)) or None,
        "type": None if row.type is ContentType.PAGE else row.type.value,
        "parent": parent_value(row, home),
        "children": children,
        "status": "draft" if row.status is Status.DRAFT else None,
    }


def parent_value(row: Row, home: PageId | None) -> str | None:
    """`none` for a page that lies beside the home page."""
    beside = row.parent is None and row.type is ContentType.PAGE and row.id != home
    return "none" if beside else None
