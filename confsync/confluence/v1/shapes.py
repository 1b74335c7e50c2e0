"""From the JSON of v1's Content object to our nouns."""

from confsync.confluence.payload import Json, child, maybe_number, maybe_text, objects, text
from confsync.confluence.shapes import content_type, global_labels, status, storage, v1_version
from confsync.errors import RemoteError
from confsync.model.content import ContentType, Page, Row
from confsync.model.ids import PageId

ROW = "version,ancestors,history,extensions.position"
"""What has to be expanded for a row."""
WHOLE = f"{ROW},body.storage,metadata.labels"
"""What has to be expanded for a page."""


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
        parent_type=content_type(maybe_text(above[-1], "type")) or ContentType.PAGE if above else None,
        position=maybe_number(child(data, "extensions"), "position"),
        status=status(data),
        version=v1_version(child(data, "version")),
        created=maybe_text(child(data, "history"), "createdDate"),
    )


def page(data: Json) -> Page:
    """A page or post with text and labels."""
    return Page(row(data), storage(data), global_labels(child(data, "metadata", "labels")))
