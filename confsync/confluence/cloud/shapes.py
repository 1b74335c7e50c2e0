"""From the JSON of Cloud to our nouns.

v2 shapes follow the schemas PageBulk, PageSingle, AttachmentBulk; v1 shapes the Content object as search
returns it.
"""

from datetime import UTC, datetime

from confsync.confluence.payload import Json, child, maybe_number, maybe_text, number, objects, text
from confsync.model.content import Attachment, ContentType, Page, Row, Status, User, Version
from confsync.model.ids import AccountId, AttachmentId, PageId

V2 = "/api/v2"
V1 = "/rest/api"

_STATUSES = {
    "draft": Status.DRAFT,
    "archived": Status.ARCHIVED,
    "trashed": Status.TRASHED,
    "deleted": Status.TRASHED,
}


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
        status=_status(data),
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
        status=_status(data),
        version=nothing,
    )


def node_row(data: Json) -> Row | None:
    """A folder, whiteboard, database or embed as a v1 search row with ancestors and version."""
    kind = content_type(text(data, "type"))
    if kind is None or kind.has_text:
        return None
    above = objects(data.get("ancestors") or [], "ancestors")
    parent = above[-1] if above else None
    return Row(
        id=PageId(text(data, "id")),
        type=kind,
        title=maybe_text(data, "title"),
        parent=PageId(text(parent, "id")) if parent else None,
        parent_type=content_type(maybe_text(parent, "type")) if parent else None,
        position=maybe_number(child(data, "extensions"), "position"),
        status=_status(data),
        version=_v1_version(child(data, "version")),
    )


def storage(data: Json) -> str:
    """The text of an answer in storage format; empty where there is none."""
    return maybe_text(child(data, "body", "storage"), "value")


def global_labels(listed: Json) -> frozenset[str]:
    """Names of the global labels of a list answer: `my:` and `team:` labels are private."""
    rows = objects(listed.get("results") or [], "labels")
    return frozenset(text(row, "name") for row in rows if row.get("prefix", "global") == "global")


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


def v1_attachment(data: Json) -> Attachment:
    """A v1 Content of type attachment, with version, metadata and extensions."""
    more, meta = child(data, "extensions"), child(data, "metadata")
    return Attachment(
        id=attachment_id(text(data, "id")),
        name=text(data, "title"),
        version=number(child(data, "version"), "number"),
        size=number(more, "fileSize"),
        media_type=maybe_text(more, "mediaType") or maybe_text(meta, "mediaType"),
        comment=maybe_text(more, "comment") or maybe_text(meta, "comment"),
    )


def container(data: Json) -> PageId | None:
    """The content that a v1 attachment or comment hangs on, expanded or not."""
    expanded = child(data, "container")
    if "id" in expanded:
        return PageId(text(expanded, "id"))
    last = maybe_text(child(data, "_expandable"), "container").rpartition("/")[2]
    return PageId(last) if last.isdigit() else None


def attachment_id(raw: str) -> AttachmentId:
    """An attachment's id without its `att`."""
    return AttachmentId(raw.removeprefix("att"))


def user(data: Json) -> User:
    """A person of v1 or v2, by their public name."""
    name = maybe_text(data, "displayName") or maybe_text(data, "publicName")
    account = text(data, "accountId")
    return User(AccountId(account), name or account)


def content_type(name: str) -> ContentType | None:
    """The noun for a type name; None for attachments, comments and whatever is invented next."""
    return next((kind for kind in ContentType if kind.value == name), None)


def _v1_version(data: Json) -> Version:
    return Version(
        number=maybe_number(data, "number") or 0,
        author=AccountId(maybe_text(child(data, "by"), "accountId")),
        when=maybe_text(data, "when"),
        message=maybe_text(data, "message"),
        minor=bool(data.get("minorEdit")),
    )


def _status(data: Json) -> Status:
    return _STATUSES.get(maybe_text(data, "status"), Status.CURRENT)


def _date(data: Json, key: str) -> str:
    """A date as the server wrote it; folders have milliseconds since 1970 instead."""
    value = data.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        when = datetime.fromtimestamp(value / 1000, UTC)
        return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return maybe_text(data, key)
