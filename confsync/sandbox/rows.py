"""The rows of the store as values."""

import sqlite3
from dataclasses import dataclass
from typing import Self

TREE_TYPES = ("page", "folder", "whiteboard", "database", "embed")
"""Content that stands in the page tree."""


@dataclass(frozen=True, slots=True)
class Person:
    """A user. `user_key` and `username` are their names on Data Center."""

    account_id: str
    user_key: str
    username: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class SpaceRow:
    """A space."""

    id: int
    key: str
    name: str
    type: str
    status: str
    homepage: int | None
    author: str
    created: str
    description: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version without its text."""

    content: int
    number: int
    title: str
    author: str
    created: str
    message: str
    minor: bool

    @classmethod
    def of(cls, row: sqlite3.Row) -> Self:
        """Read a row of the table `version`."""
        return cls(
            content=row["content"],
            number=row["number"],
            title=row["title"],
            author=row["author"],
            created=row["created"],
            message=row["message"],
            minor=bool(row["minor"]),
        )


@dataclass(frozen=True, slots=True)
class Content:
    """Any content without its text: page, post, folder, comment, attachment and so on."""

    id: int
    type: str
    subtype: str
    status: str
    space: int
    parent: int | None
    """The parent in the tree, or the comment this one answers."""
    container: int | None
    """The page of a comment or attachment."""
    position: int | None
    title: str
    author: str
    owner: str
    created: str
    version: VersionRow

    @classmethod
    def of(cls, row: sqlite3.Row) -> Self:
        """Read a row of the table `content`."""
        return cls(
            id=row["id"],
            type=row["type"],
            subtype=row["subtype"],
            status=row["status"],
            space=row["space"],
            parent=row["parent"],
            container=row["container"],
            position=row["position"],
            title=row["title"],
            author=row["author"],
            owner=row["owner"],
            created=row["created"],
            version=VersionRow(
                content=row["id"],
                number=row["number"],
                title=row["title"],
                author=row["editor"],
                created=row["modified"],
                message=row["message"],
                minor=bool(row["minor"]),
            ),
        )


@dataclass(frozen=True, slots=True)
class FileRow:
    """The bytes behind one version of an attachment."""

    content: int
    number: int
    file_id: str
    media_type: str
    size: int
    comment: str


@dataclass(frozen=True, slots=True)
class LabelRow:
    """A label; `prefix` is `global`, `my`, `team` or `system`."""

    id: int
    prefix: str
    name: str


@dataclass(frozen=True, slots=True)
class PropertyRow:
    """A content or space property; `value` is JSON text."""

    id: int
    owner_kind: str
    owner: int
    key: str
    value: str
    number: int
    author: str
    created: str
    message: str


@dataclass(frozen=True, slots=True)
class CommentRow:
    """What a comment has besides being content."""

    content: int
    location: str
    """`footer` or `inline`."""
    ref: str
    """The `ac:ref` of an inline comment's marker."""
    selection: str
    resolution: str
    """`open`, `reopened`, `resolved` or `dangling`."""
    resolver: str
    resolved: str
    """When the resolution last changed, ISO; empty where never."""
