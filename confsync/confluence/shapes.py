"""From JSON to our nouns: what v1 says on Cloud and on Data Center, and what v2 says in the same words."""

from confsync.confluence.payload import Json, child, maybe_number, maybe_text, number, objects, text
from confsync.model.content import Attachment, ContentType, Row, Status, User, Version
from confsync.model.ids import AccountId, AttachmentId, PageId

_STATUSES = {
    "draft": Status.DRAFT,
    "archived": Status.ARCHIVED,
    "trashed": Status.TRASHED,
    "deleted": Status.TRASHED,
}


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
        status=status(data),
        version=v1_version(child(data, "version")),
    )


def storage(data: Json) -> str:
    """The text of an answer in storage format; empty where there is none."""
    return maybe_text(child(data, "body", "storage"), "value")


def global_labels(listed: Json) -> frozenset[str]:
    """Names of the global labels of a list answer: `my:` and `team:` labels are private."""
    rows = objects(listed.get("results") or [], "labels")
    return frozenset(text(row, "name") for row in rows if row.get("prefix", "global") == "global")


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
    """A person, by their public name."""
    account = person(data)
    return User(account, maybe_text(data, "displayName") or maybe_text(data, "publicName") or account)


def person(data: Json) -> AccountId:
    """What somebody is known by for good: the account id on Cloud, the key on Data Center.

    Empty for strangers; user names can change and are never it.
    """
    return AccountId(maybe_text(data, "accountId") or maybe_text(data, "userKey"))


def content_type(name: str) -> ContentType | None:
    """The noun for a type name; None for attachments, comments and whatever is invented next."""
    return next((kind for kind in ContentType if kind.value == name), None)


def v1_version(data: Json) -> Version:
    """A v1 Version."""
    return Version(
        number=maybe_number(data, "number") or 0,
        author=person(child(data, "by")),
        when=maybe_text(data, "when"),
        message=maybe_text(data, "message"),
        minor=bool(data.get("minorEdit")),
    )


def status(data: Json) -> Status:
    """Where content is in its life; what we have no noun for counts as current."""
    return _STATUSES.get(maybe_text(data, "status"), Status.CURRENT)
