"""Rows in the shape of REST v2, with exactly the fields its schemas have."""

from collections.abc import Mapping
from datetime import datetime

from confsync.sandbox.rows import (
    CommentRow,
    Content,
    FileRow,
    LabelRow,
    Person,
    PropertyRow,
    SpaceRow,
    VersionRow,
)
from confsync.sandbox.wire import links

Wire = dict[str, object]


def version(row: VersionRow) -> Wire:
    """Schema Version."""
    return {
        "number": row.number,
        "message": row.message,
        "minorEdit": row.minor,
        "authorId": row.author,
        "createdAt": row.created,
    }


def storage(value: str) -> Wire:
    """A body in storage format."""
    return {"storage": {"representation": "storage", "value": value}}


def page(content: Content, space: SpaceRow, parent_type: str | None, body: Mapping[str, object]) -> Wire:
    """Schema PageBulk, and the part of PageSingle that is always there."""
    gone = content.status == "trashed"
    row: Wire = {
        "parentType": None if gone else parent_type,
        "parentId": None if gone or content.parent is None else str(content.parent),
        "ownerId": content.owner,
        "lastOwnerId": None,
        "createdAt": content.created,
        "authorId": content.author,
        "position": None if gone else content.position,
        "version": version(content.version),
        "body": dict(body),
        "id": str(content.id),
        "spaceId": str(content.space),
        "status": content.status,
        "title": content.title,
        "_links": links.page_links(content, space),
    }
    if content.subtype:
        row["subtype"] = content.subtype
    return row


def post(content: Content, space: SpaceRow, body: Mapping[str, object]) -> Wire:
    """Schema BlogPostBulk."""
    return {
        "createdAt": content.created,
        "authorId": content.author,
        "version": version(content.version),
        "body": dict(body),
        "id": str(content.id),
        "spaceId": str(content.space),
        "status": content.status,
        "title": content.title,
        "_links": links.page_links(content, space),
    }


def folder(content: Content, space: SpaceRow, parent_type: str | None, created_ms: int) -> Wire:
    """Schema FolderSingle, for whiteboards and databases too; `createdAt` is in milliseconds, as live."""
    gone = content.status == "trashed"
    return {
        "id": str(content.id),
        "type": content.type,
        "status": content.status,
        "title": content.title,
        "parentId": None if gone or content.parent is None else str(content.parent),
        "parentType": None if gone else parent_type,
        "position": None if gone else content.position,
        "authorId": content.author,
        "ownerId": content.owner,
        "createdAt": created_ms,
        "spaceId": str(content.space),
        "version": version(content.version),
        "_links": {"webui": links.webui(content, space)},
    }


def attachment(content: Content, file: FileRow, container_type: str) -> Wire:
    """Schema AttachmentBulk."""
    holder = "blogPostId" if container_type == "blogpost" else "pageId"
    download, webui = links.download(content, file), links.preview(content)
    return {
        "id": f"att{content.id}",
        "status": content.status,
        "title": content.title,
        "createdAt": content.version.created,
        holder: str(content.container),
        "mediaType": file.media_type,
        "mediaTypeDescription": None,
        "comment": file.comment,
        "fileId": file.file_id,
        "fileSize": file.size,
        "webuiLink": webui,
        "downloadLink": download,
        "version": version(content.version),
        "_links": {"webui": webui, "download": download},
    }


def label(row: LabelRow) -> Wire:
    """Schema Label."""
    return {"id": str(row.id), "name": row.name, "prefix": row.prefix}


def prop(row: PropertyRow, value: object) -> Wire:
    """Schemas ContentProperty and SpaceProperty."""
    if row.owner_kind == "space":
        when = {"createdAt": row.created, "createdBy": row.author}
        version: Wire = {**when, "message": row.message, "number": row.number}
        return {"id": str(row.id), "key": row.key, "value": value, **when, "version": version, "_links": {}}
    return {
        "id": str(row.id),
        "key": row.key,
        "value": value,
        "version": {
            "number": row.number,
            "message": row.message,
            "minorEdit": False,
            "authorId": row.author,
            "createdAt": row.created,
        },
        "_links": {},
    }


def space(row: SpaceRow) -> Wire:
    """Schema SpaceBulk."""
    said: Wire = {
        "id": str(row.id),
        "key": row.key,
        "name": row.name,
        "type": row.type,
        "status": row.status,
        "authorId": row.author,
        "spaceOwnerId": row.author,
        "currentActiveAlias": row.key,
        "createdAt": row.created,
        "description": None,
        "icon": None,
        "_links": {"webui": f"/spaces/{row.key}"},
    }
    if row.homepage is not None:
        said["homepageId"] = str(row.homepage)
    return said


def comment(
    content: Content, details: CommentRow, page_webui: str, body: Mapping[str, object], holder: str
) -> Wire:
    """Schemas FooterCommentModel and InlineCommentModel."""
    said: Wire = {
        "id": str(content.id),
        "status": content.status,
        "title": content.title,
        holder: str(content.container),
        "version": version(content.version),
        "body": dict(body),
        "_links": {"webui": f"{page_webui}?focusedCommentId={content.id}"},
    }
    if content.parent is not None:
        said["parentCommentId"] = str(content.parent)
    if details.location == "inline":
        said["resolutionStatus"] = details.resolution
        said["properties"] = {
            "inlineMarkerRef": details.ref,
            "inlineOriginalSelection": details.selection,
            "inline-marker-ref": details.ref,
            "inline-original-selection": details.selection,
        }
        if details.resolver:
            said["resolutionLastModifierId"] = details.resolver
            said["resolutionLastModifiedAt"] = details.resolved
    return said


def user(row: Person) -> Wire:
    """Schema User."""
    return {
        "accountId": row.account_id,
        "accountStatus": "active",
        "accountType": "atlassian",
        "displayName": row.name,
        "email": row.email,
        "publicName": row.name,
        "personalSpaceId": None,
        "timeZone": None,
        "isExternalCollaborator": False,
        "profilePicture": {"path": "/wiki/aa-avatar/default", "isDefault": True},
    }


def epoch(when: str) -> int:
    """An ISO date in milliseconds since 1970."""
    return int(datetime.fromisoformat(when).timestamp() * 1000)


def based(said: Wire, base: str) -> Wire:
    """An outermost answer: its links say what they are relative to."""
    links = said.get("_links")
    return said | {"_links": {**(links if isinstance(links, dict) else {}), "base": base}}


def child(content: Content) -> Wire:
    """What lists of children say of each."""
    return {
        "id": str(content.id),
        "status": content.status,
        "title": content.title,
        "type": content.type,
        "childPosition": content.position,
    }
