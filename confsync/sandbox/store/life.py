"""Trash, restore, archive, purge."""

from confsync.sandbox.refusals import Invalid, Missing, StaleVersion
from confsync.sandbox.rows import Content
from confsync.sandbox.store.contents import Contents, Edit
from confsync.sandbox.store.database import Database, marks
from confsync.sandbox.store.tree import Tree

_TABLES = ("version", "file", "labelling", "comment", "restriction", "draft", "todo")


class Life:
    """How content goes and comes back."""

    def __init__(
        self, database: Database, contents: Contents, tree: Tree, *, orphans: str, cascade: bool
    ) -> None:
        self._db = database
        self._contents = contents
        self._tree = tree
        self._orphans = orphans
        self._cascade = cascade

    def trash(self, content: Content) -> None:
        """Move current or archived content to the trash; its number stays.

        Pages below move up to the grandparent (or are archived, by habit); folders go along with all in them.

        Raises:
            Missing: it is in the trash already.
        """
        if content.status == "trashed":
            raise Missing(content.type, str(content.id))
        with self._db.write():
            for child in self._tree.children(content.id):
                self._orphan(content, child)
            self._bin(content)

    def trash_tree(self, content: Content) -> int:
        """Trash content and everything below it; returns how many."""
        with self._db.write():
            below = [d.content for d in self._tree.descendants(content.id, 1000)]
            for child in [*reversed(below), content]:
                self._bin(child)
        return len(below) + 1

    def restore(self, content: Content, number: int | None, by: str) -> Content:
        """Bring trashed content back, at the top of its space, as its next version.

        Raises:
            StaleVersion: `number` is not the next one.
            TitleExists: the title has been taken meanwhile.
        """
        with self._db.write():
            if number not in (None, content.version.number + 1):
                raise StaleVersion(content.version.number, number or 0)
            self._contents.check_title_free(content, content.space)
            self._db.run("UPDATE content SET status = 'current' WHERE id = ?", content.id)
            if content.container is None and content.type != "blogpost":
                self._tree.append(content.id, None)
            return self._contents.update(content.id, Edit(by=by))

    def archive(self, content: Content) -> None:
        """Archive a current page; it keeps its parent and its title stays taken."""
        if content.status != "current" or content.type != "page":
            raise Invalid(f"Cannot archive content with id {content.id}")
        self._db.run("UPDATE content SET status = 'archived' WHERE id = ?", content.id)

    def unarchive(self, content: Content) -> None:
        """Make an archived page current again."""
        self._db.run("UPDATE content SET status = 'current' WHERE id = ?", content.id)

    def purge(self, content: Content) -> None:
        """Delete for good, with attachments, comments and history."""
        with self._db.write():
            attached = [
                int(row["id"])
                for row in self._db.all("SELECT id FROM content WHERE container = ?", content.id)
            ]
            gone = [content.id, *attached]
            owned = marks(gone)
            files = f"SELECT file_id FROM file WHERE content IN ({owned})"  # noqa: S608 - placeholders
            self._db.run(f"DELETE FROM chunk WHERE file_id IN ({files})", *gone)  # noqa: S608 - placeholders
            for table in _TABLES:
                self._db.run(f"DELETE FROM {table} WHERE content IN ({owned})", *gone)  # noqa: S608 - fixed names
            own = f"owner_kind = 'content' AND owner IN ({owned})"
            self._db.run(f"DELETE FROM property WHERE {own}", *gone)  # noqa: S608 - placeholders
            self._db.run(f"DELETE FROM content WHERE id IN ({owned})", *gone)  # noqa: S608 - placeholders

    def purge_space(self, space: int) -> None:
        """Delete a space with everything in it, for good."""
        with self._db.write():
            held = self._db.all("SELECT id FROM content WHERE space = ? AND container IS NULL", space)
            for row in held:
                self.purge(self._contents.get(int(row["id"])))
            self._db.run("DELETE FROM property WHERE owner_kind = 'space' AND owner = ?", space)
            self._db.run("DELETE FROM space WHERE id = ?", space)

    def _bin(self, content: Content) -> None:
        """Put one piece of content into the trash; a space whose home page it was has none any more."""
        self._db.run(
            "UPDATE content SET status = 'trashed', parent = NULL, position = NULL WHERE id = ?", content.id
        )
        self._db.run("UPDATE space SET homepage = NULL WHERE homepage = ?", content.id)

    def _orphan(self, trashed: Content, child: Content) -> None:
        if child.type != "page" and self._cascade:
            self.trash_tree(child)
        elif self._orphans == "archive":
            self._db.run("UPDATE content SET status = 'archived', parent = NULL WHERE id = ?", child.id)
        else:
            self._tree.append(child.id, trashed.parent)
