"""Footer and inline comments. An inline comment puts its marker into the page without a new version."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass, replace

from confsync.sandbox.refusals import Invalid, Missing
from confsync.sandbox.rows import CommentRow, Content
from confsync.sandbox.saving.markers import mark
from confsync.sandbox.store.contents import Contents, New
from confsync.sandbox.store.database import Database


@dataclass(frozen=True, slots=True)
class Selection:
    """The words an inline comment is about: match number `index`, from 0."""

    text: str
    index: int = 0


class Comments:
    """All comments."""

    def __init__(self, database: Database, contents: Contents) -> None:
        self._db = database
        self._contents = contents

    def of(self, page: int, locations: Collection[str] = ("footer", "inline")) -> list[Content]:
        """The comments on a page that answer no other comment, oldest first."""
        rows = self._db.all(
            "SELECT * FROM content WHERE container = ? AND type = 'comment' AND parent IS NULL ORDER BY id",
            page,
        )
        return [c for c in map(Content.of, rows) if self.details(c.id).location in locations]

    def all(self, location: str) -> list[Content]:
        """Every comment of one location on current content, answers included, oldest first."""
        rows = self._db.all(
            "SELECT c.* FROM content c JOIN comment m ON m.content = c.id "
            "JOIN content p ON p.id = c.container "
            "WHERE m.location = ? AND p.status = 'current' ORDER BY c.id",
            location,
        )
        return [Content.of(row) for row in rows]

    def replies(self, comment: int) -> list[Content]:
        """Direct answers to a comment, oldest first."""
        rows = self._db.all(
            "SELECT * FROM content WHERE parent = ? AND type = 'comment' ORDER BY id", comment
        )
        return [Content.of(row) for row in rows]

    def details(self, comment: int) -> CommentRow:
        """Where a comment stands and whether it is resolved, or dangling: open without its marker.

        Raises:
            Missing: no such comment.
        """
        row = self._db.one("SELECT * FROM comment WHERE content = ?", comment)
        if row is None:
            raise Missing("comment", str(comment))
        said = CommentRow(*row)
        if said.ref and said.resolution in ("open", "reopened") and not self._anchored(said):
            return replace(said, resolution="dangling")
        return said

    def _anchored(self, comment: CommentRow) -> bool:
        """Whether the marker of an inline comment is still in the page."""
        page = self._contents.get(comment.content).container
        return page is not None and f'ac:ref="{comment.ref}"' in self._contents.body(page)

    def add(self, page: Content, body: str, by: str, *, selection: Selection | None = None) -> Content:
        """Comment on a page, inline where a selection is given.

        Raises:
            Invalid: the words are not on the page.
            Malformed: the body is not storage.
        """
        with self._db.write():
            ref = str(uuid.uuid4()) if selection else ""
            if selection:
                marked = mark(self._contents.body(page.id), selection.text, selection.index, ref)
                if marked is None:
                    raise Invalid("The text selection was not found on the page")
                self._contents.overwrite_body(page.id, marked)
            place = "inline" if selection else "footer"
            return self._store(page, None, body=body, by=by, location=place, ref=ref, selection=selection)

    def reply(self, comment: Content, body: str, by: str) -> Content:
        """Answer a comment."""
        page, place = self._contents.get(comment.container or 0), self.details(comment.id).location
        with self._db.write():
            return self._store(page, comment.id, body=body, by=by, location=place, ref="", selection=None)

    def adopt(self, page: Content, ref: str, selection: str, by: str, *, resolution: str = "open") -> Content:
        """Record the comment behind a marker that is in the page already, as old as the page's version."""
        with self._db.write():
            found = self._store(
                page,
                None,
                body="<p>See here.</p>",
                by=by,
                location="inline",
                ref=ref,
                selection=Selection(selection),
            )
            self._db.run("UPDATE comment SET resolution = ? WHERE content = ?", resolution, found.id)
            when = page.version.created
            self._db.run("UPDATE content SET created = ?, modified = ? WHERE id = ?", when, when, found.id)
            self._db.run("UPDATE version SET created = ? WHERE content = ?", when, found.id)
        return found

    def resolve(self, comment: Content, by: str, *, resolved: bool) -> None:
        """Close an inline comment, or open it again."""
        self._db.run(
            "UPDATE comment SET resolution = ?, resolver = ?, resolved = ? WHERE content = ?",
            "resolved" if resolved else "reopened",
            by,
            self._db.now(),
            comment.id,
        )

    def _store(
        self,
        page: Content,
        parent: int | None,
        *,
        body: str,
        by: str,
        location: str,
        ref: str,
        selection: Selection | None,
    ) -> Content:
        made = self._contents.create(
            New("comment", page.space, f"Re: {page.title}"[:255], by, body, parent=parent, container=page.id)
        )
        self._db.insert(
            "comment",
            content=made.id,
            location=location,
            ref=ref,
            selection=selection.text if selection else "",
            resolution="open",
            resolver="",
            resolved="",
        )
        return made
