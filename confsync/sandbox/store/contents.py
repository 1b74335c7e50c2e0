"""Pages, posts and folders: create, edit, publish, rename, with Confluence's rules on titles and numbers."""

from dataclasses import dataclass

from confsync.sandbox.refusals import Invalid, Missing, StaleVersion
from confsync.sandbox.rows import Content, VersionRow
from confsync.sandbox.store.database import Database
from confsync.sandbox.store.keeping import Keeping
from confsync.sandbox.store.titles import Titles, fold
from confsync.sandbox.store.tree import Tree


@dataclass(frozen=True, slots=True)
class New:
    """Content to be made."""

    type: str
    space: int
    title: str
    author: str
    body: str = ""
    parent: int | None = None
    status: str = "current"
    subtype: str = ""
    container: int | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """What an update wants. None keeps what is there."""

    by: str
    number: int | None = None
    """The number of the new version; None takes the next one without asking."""
    title: str | None = None
    body: str | None = None
    message: str = ""
    minor: bool = False


class Contents:
    """All content by id."""

    def __init__(
        self, database: Database, tree: Tree, *, named_entities: bool = True, rewrite_links: bool = False
    ) -> None:
        self._db = database
        self._tree = tree
        self._rewrite_links = rewrite_links
        self._titles = Titles(database)
        self._keeping = Keeping(database, named_entities=named_entities)

    # ------------------------------------------------------------------------------------- reading

    def get(self, content: int, *types: str, kind: str = "content") -> Content:
        """One piece of content, whatever its status.

        Raises:
            Missing: no such id, or it is of another type than asked for.
        """
        row = self._db.one("SELECT * FROM content WHERE id = ?", content)
        if row is None or (types and row["type"] not in types):
            raise Missing(kind, str(content))
        return Content.of(row)

    def body(self, content: int, number: int | None = None) -> str:
        """The storage of one version, the current one by default; empty where there is none."""
        row = self._db.one(
            "SELECT body FROM version WHERE content = ? "
            "AND number = coalesce(?, (SELECT number FROM content WHERE id = ?))",
            content,
            number,
            content,
        )
        return "" if row is None else str(row["body"])

    def versions(self, content: int) -> list[VersionRow]:
        """All versions, newest first."""
        rows = self._db.all(
            "SELECT content, number, title, author, created, message, minor FROM version "
            "WHERE content = ? ORDER BY number DESC",
            content,
        )
        return [VersionRow.of(row) for row in rows]

    def version(self, content: int, number: int) -> VersionRow:
        """One version.

        Raises:
            Missing: there is no such number.
        """
        for version in self.versions(content):
            if version.number == number:
                return version
        raise Missing("version", f"{content}/{number}")

    def draft(self, content: int) -> tuple[str, str] | None:
        """Title and body of the unpublished changes of a published page."""
        row = self._db.one("SELECT title, body FROM draft WHERE content = ?", content)
        return None if row is None else (str(row["title"]), str(row["body"]))

    # ------------------------------------------------------------------------------------- writing

    def create(self, new: New) -> Content:
        """Make content as version 1.

        Raises:
            TitleExists: another page has the title.
            Invalid: no title, a title over 255 characters, a parent that cannot be one.
            Malformed: the body is not storage.
        """
        with self._db.write():
            title = self._titles.checked(new.title, new.type, new.space, new.status, None)
            if new.container is None:
                self._tree.check_parent(new.space, new.parent, None)
            created = self._db.next_id()
            now = self._db.now()
            self._db.insert(
                "content",
                id=created,
                type=new.type,
                subtype=new.subtype,
                status=new.status,
                space=new.space,
                parent=new.parent,
                container=new.container,
                position=None,
                title=title,
                folded=fold(title),
                author=new.author,
                owner=new.author,
                created=now,
                number=1,
                editor=new.author,
                modified=now,
                message=new.message,
                minor=0,
            )
            self.put_version(
                VersionRow(created, 1, title, new.author, now, new.message, minor=False),
                self.saved(new.body, new.space),
            )
            if new.container is None and new.type != "blogpost":
                self._tree.append(created, new.parent)
        return self.get(created)

    def update(self, content: int, edit: Edit) -> Content:
        """Make the next version of current content.

        Raises:
            StaleVersion: `edit.number` is not the next number.
            TitleExists, Invalid, Malformed: as in `create`.
        """
        with self._db.write():
            now = self.get(content)
            number = self._next_number(now, edit)
            title = now.title if edit.title is None else edit.title
            title = self._titles.checked(title, now.type, now.space, now.status, content)
            body = self.body(content) if edit.body is None else self.saved(edit.body, now.space)
            if self._rewrite_links and title != now.title:
                self._keeping.follow(now, title)
            self._become(
                now,
                VersionRow(content, number, title, edit.by, self._db.now(), edit.message, edit.minor),
                body,
            )
        return self.get(content)

    def publish(self, content: int, edit: Edit) -> Content:
        """Turn a draft into the current version 1.

        Raises:
            StaleVersion: a number other than 1 was sent.
            TitleExists, Invalid, Malformed: as in `create`.
        """
        with self._db.write():
            draft = self.edit_draft(content, edit)
            self._titles.checked(draft.title, draft.type, draft.space, "current", content)
            self._db.run("UPDATE content SET status = 'current' WHERE id = ?", content)
        return self.get(content)

    def edit_draft(self, content: int, edit: Edit) -> Content:
        """Write into a draft that was never published; its number stays 1."""
        with self._db.write():
            now = self.get(content)
            if edit.number not in (None, 1):
                raise StaleVersion(1, edit.number or 0)
            title = self._titles.checked(
                now.title if edit.title is None else edit.title, now.type, now.space, "draft", content
            )
            body = self.body(content) if edit.body is None else self.saved(edit.body, now.space)
            self._become(
                now, VersionRow(content, 1, title, edit.by, self._db.now(), edit.message, edit.minor), body
            )
        return self.get(content)

    def save_draft(self, content: int, edit: Edit) -> None:
        """Keep changes to a published page that only a publish will show."""
        with self._db.write():
            now = self.get(content)
            body = self.body(content) if edit.body is None else self.saved(edit.body, now.space)
            self._db.run("DELETE FROM draft WHERE content = ?", content)
            self._db.insert(
                "draft",
                content=content,
                title=now.title if edit.title is None else edit.title,
                body=body,
                author=edit.by,
                created=self._db.now(),
            )

    def discard_draft(self, content: int) -> None:
        """Forget the unpublished changes of a published page."""
        self._db.run("DELETE FROM draft WHERE content = ?", content)

    def overwrite_body(self, content: int, body: str) -> None:
        """Change the stored text of the current version without making a new one, as inline comments do."""
        self._db.run(
            "UPDATE version SET body = ? WHERE content = ? "
            "AND number = (SELECT number FROM content WHERE id = ?)",
            body,
            content,
            content,
        )

    def restore_version(
        self, content: int, number: int, *, by: str, message: str, with_title: bool
    ) -> Content:
        """Append a new version with the text of an old one."""
        old = self.version(content, number)
        title = old.title if with_title else None
        return self.update(
            content, Edit(by=by, title=title, body=self.body(content, number), message=message)
        )

    def remove_version(self, content: int, number: int) -> None:
        """Delete an old version; later ones are renumbered without gaps.

        Raises:
            Invalid: it is the current one.
        """
        with self._db.write():
            self.version(content, number)
            if number == self.get(content).version.number:
                raise Invalid("Cannot delete the current version of content")
            self._db.run("DELETE FROM version WHERE content = ? AND number = ?", content, number)
            for later in sorted(v.number for v in self.versions(content) if v.number > number):
                self._db.run(
                    "UPDATE version SET number = ? WHERE content = ? AND number = ?",
                    later - 1,
                    content,
                    later,
                )
            self._db.run("UPDATE content SET number = number - 1 WHERE id = ?", content)

    # --------------------------------------------------------------------------------------- rules

    def saved(self, body: str, space: int) -> str:
        """A body as the server would store it.

        Raises:
            Malformed: it is not well-formed.
        """
        return self._keeping.saved(body, space)

    def put_version(self, version: VersionRow, body: str) -> None:
        """Store the text of a version, as it is."""
        self._db.insert(
            "version",
            content=version.content,
            number=version.number,
            title=version.title,
            author=version.author,
            created=version.created,
            message=version.message,
            minor=int(version.minor),
            body=body,
        )

    def check_title_free(self, content: Content, space: int) -> None:
        """Raise `TitleExists` where this content in that space would make two pages of one title."""
        self._titles.checked(content.title, content.type, space, "current", content.id)

    def _become(self, now: Content, version: VersionRow, body: str) -> None:
        self._db.run("DELETE FROM version WHERE content = ? AND number = ?", now.id, version.number)
        self.put_version(version, body)
        self._db.run(
            "UPDATE content SET title = ?, folded = ?, number = ?, editor = ?, modified = ?, message = ?, "
            "minor = ? WHERE id = ?",
            version.title,
            fold(version.title),
            version.number,
            version.author,
            version.created,
            version.message,
            int(version.minor),
            now.id,
        )
        self.discard_draft(now.id)

    def _next_number(self, now: Content, edit: Edit) -> int:
        following = now.version.number + 1
        if edit.number not in (None, following):
            raise StaleVersion(now.version.number, edit.number or 0)
        return following
