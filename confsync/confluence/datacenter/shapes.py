"""From the JSON of Data Center's Content object to our nouns."""

from confsync.confluence.cloud.shapes import content_type, global_labels, storage
from confsync.confluence.payload import Json, child, maybe_number, maybe_text, objects, text
from confsync.errors import RemoteError
from confsync.model.content import ContentType, Page, Row, Status, User, Version
from confsync.model.ids import AccountId, PageId

ROW = "version,ancestors,history,extensions.position"
"""What has to be expanded for a row."""
WHOLE = f"{ROW},body.storage,metadata.labels"
"""What has to be expanded for a page."""

_STATUSES = {"draft": Status.DRAFT, "trashed": Status.TRASHED}


def row(data: Json) -> Row:
    """A page or post.

    Raises:
        RemoteError: it is neither.
    """
    kind = content_type(text(data, "type"))
    if kind is None:
        raise RemoteError(f"Content {text(data, 'id')} is no page, but a {text(data, 'type')}")
    above = objects(data.get("ancestors") or [], "ancestors")
    return Row(
        id=PageId(text(data, "id")),
        type=kind,
        title=maybe_text(data, "title"),
        parent=PageId(text(above[-1], "id")) if above else None,
        parent_type=ContentType.PAGE if above else None,
        position=maybe_number(child(data, "extensions"), "position"),
        status=_STATUSES.get(maybe_text(data, "status"), Status.CURRENT),
        version=version(child(data, "version")),
        created=maybe_text(child(data, "history"), "createdDate"),
    )


def page(data: Json) -> Page:
    """A page or post with text and labels."""
    return Page(row(data), storage(data), global_labels(child(data, "metadata", "labels")))


def version(data: Json) -> Version:
    """A version, its author by user key."""
    return Version(
        number=maybe_number(data, "number") or 0,
        author=AccountId(maybe_text(child(data, "by"), "userKey")),
        when=maybe_text(data, "when"),
        message=maybe_text(data, "message"),
        minor=bool(data.get("minorEdit")),
    )


def user(data: Json) -> User:
    """A person; the key is what Data Center knows them by for good, user names can change."""
    key = text(data, "userKey")
    return User(AccountId(key), maybe_text(data, "displayName") or key)
