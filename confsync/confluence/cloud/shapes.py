"""From the JSON of Cloud to our nouns.

v2 shapes follow the schemas PageBulk, PageSingle, AttachmentBulk; v1 shapes the Content object as search
returns it.
"""

from datetime import UTC, datetime

from confsync.confluence.payload import Json, child, maybe_number, maybe_text, number, text
from confsync.confluence.shapes import attachment_id, content_type, global_labels, status, storage
from confsync.model.content import Attachment, ContentType, Page, Row, Version
from confsync.model.ids import AccountId, PageId


def page_row(data: Json, kind: ContentType) -> Row:
    """A row of a v2 list, or the row part of a v2 single answer."""
    parent = maybe_text(data, "parentId")
    return Row(
        id=PageId(text(data, "id")),
        type=kind,
        title=maybe_text(data, "title"),
        parent=PageId(parent) if parent else None,
        parent_type=content_type(maybe_text(data, "parentType")),
        position=maybe_number(data, "position"),
        status=status(data),
        version=v2_version(child(data, "version")),
        subtype="live" if data.get("subtype") == "live" else "",
        created=_date(data, "createdAt"),
    )


def page(data: Json, kind: ContentType) -> Page:
    """A v2 answer with text, and labels where they were asked for."""
    return Page(page_row(data, kind), storage(data), global_labels(child(data, "labels")))


def child_row(data: Json) -> Row | None:
    """A row of direct-children; None for kinds of content we have no noun for."""
    kind = content_type(text(data, "type"))
    if kind is None:
        return None
    nothing = Version(0, AccountId(""), "")
    return Row(
        id=PageId(text(data, "id")),
        type=kind,
        title=maybe_text(data, "title"),
        parent=None,
        parent_type=None,
        position=maybe_number(data, "childPosition"),
        status=status(data),
        version=nothing,
    )


def v2_version(data: Json) -> Version:
    """A v2 Version."""
    return Version(
        number=maybe_number(data, "number") or 0,
        author=AccountId(maybe_text(data, "authorId")),
        when=_date(data, "createdAt"),
        message=maybe_text(data, "message"),
        minor=bool(data.get("minorEdit")),
    )


def v2_attachment(data: Json) -> Attachment:
    """A v2 attachment."""
    return Attachment(
        id=attachment_id(text(data, "id")),
        name=text(data, "title"),
        version=number(child(data, "version"), "number"),
        size=number(data, "fileSize"),
        media_type=maybe_text(data, "mediaType"),
        comment=maybe_text(data, "comment"),
    )


def _date(data: Json, key: str) -> str:
    """A date as the server wrote it; folders have milliseconds since 1970 instead."""
    value = data.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        when = datetime.fromtimestamp(value / 1000, UTC)
        return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return maybe_text(data, key)
