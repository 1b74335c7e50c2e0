"""Who stands below whom, in which order."""

from dataclasses import dataclass

from confsync.sandbox.refusals import Invalid, Missing
from confsync.sandbox.rows import TREE_TYPES, Content
from confsync.sandbox.store.database import Database, marks

_GAP = 1000
"""Between the positions of neighbours after a renumbering."""

_ORDER = "ORDER BY position IS NULL, position, folded, id"


@dataclass(frozen=True, slots=True)
class Descendant:
    """A piece of content below another one; direct children have depth 1."""

    content: Content
    depth: int


class Tree:
    """The page tree of all spaces."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def children(self, parent: int, *, statuses: tuple[str, ...] = ("current",)) -> list[Content]:
        """Direct children of any type, in the order of the tree."""
        where = f"parent = ? AND container IS NULL AND status IN ({marks(statuses)})"
        rows = self._db.all(f"SELECT * FROM content WHERE {where} {_ORDER}", parent, *statuses)  # noqa: S608 - fixed parts
        return [Content.of(row) for row in rows]

    def top(self, space: int) -> list[Content]:
        """What stands at the top of a space."""
        where = f"space = ? AND parent IS NULL AND status = 'current' AND type IN ({marks(TREE_TYPES)})"
        rows = self._db.all(f"SELECT * FROM content WHERE {where} {_ORDER}", space, *TREE_TYPES)  # noqa: S608 - fixed parts
        return [Content.of(row) for row in rows]

    def ancestors(self, content: Content) -> list[Content]:
        """From the top down to the parent, itself left out."""
        found: list[Content] = []
        parent = content.parent
        while parent is not None:
            row = self._db.one("SELECT * FROM content WHERE id = ?", parent)
            if row is None:
                break
            found.append(Content.of(row))
            parent = row["parent"]
        return found[::-1]

    def descendants(self, root: int, depth: int) -> list[Descendant]:
        """Everything current below, breadth first, down to `depth` levels."""
        found: list[Descendant] = []
        level = [root]
        for below in range(1, depth + 1):
            children = [child for parent in level for child in self.children(parent)]
            found.extend(Descendant(child, below) for child in children)
            level = [child.id for child in children]
            if not level:
                break
        return found

    def check_parent(self, space: int, parent: int | None, content: int | None) -> None:
        """Return where `parent` may hold `content` (None: something new) of this space.

        Raises:
            Invalid: another space, a loop, or nothing that can have children.
            Missing: no such parent.
        """
        if parent is None:
            return
        row = self._db.one("SELECT * FROM content WHERE id = ?", parent)
        if row is None or row["status"] == "trashed":
            raise Missing("parent", str(parent))
        if row["type"] not in TREE_TYPES:
            raise Invalid(f"Content of type {row['type']} cannot be a parent")
        if row["space"] != space:
            raise Invalid("Parent page must be in the same space")
        if content == parent:
            raise Invalid("Can not set page as its own parent")
        if content is not None and any(a.id == content for a in self.ancestors(Content.of(row))):
            raise Invalid("Can not set page as its own parent: it is a descendant")

    def append(self, content: int, parent: int | None) -> None:
        """Put content behind the last child of a parent, or at the end of the top of its space."""
        row = self._db.one(
            "SELECT max(position) AS last FROM content WHERE parent IS ? AND container IS NULL AND id != ? "
            "AND space = (SELECT space FROM content WHERE id = ?)",
            parent,
            content,
            content,
        )
        last = row["last"] if row is not None else None
        position = 0 if last is None else int(last) + _GAP
        self._db.run("UPDATE content SET parent = ?, position = ? WHERE id = ?", parent, position, content)

    def move_below(self, content: Content, parent: Content) -> None:
        """Move below a parent, behind its last child; its space becomes the parent's.

        Raises:
            Invalid: a loop, or nothing that can have children.
        """
        with self._db.write():
            self.check_parent(parent.space, parent.id, content.id)
            self._change_space(content, parent.space)
            self.append(content.id, parent.id)

    def move_beside(self, content: Content, target: Content, *, before: bool) -> None:
        """Move directly before or behind a sibling-to-be, which may stand at the top of its space.

        Raises:
            Invalid: a loop.
        """
        with self._db.write():
            if content.id == target.id:
                raise Invalid("Can not move a page relative to itself")
            self.check_parent(target.space, target.parent, content.id)
            self._change_space(content, target.space)
            siblings = self.children(target.parent) if target.parent is not None else self.top(target.space)
            order = [s.id for s in siblings if s.id != content.id]
            order.insert(order.index(target.id) + (0 if before else 1), content.id)
            self._db.run("UPDATE content SET parent = ? WHERE id = ?", target.parent, content.id)
            for rank, sibling in enumerate(order):
                self._db.run("UPDATE content SET position = ? WHERE id = ?", rank * _GAP, sibling)

    def move_to_top(self, content: Content) -> None:
        """Put content at the end of the top of its space."""
        with self._db.write():
            self.append(content.id, None)

    def subtree(self, root: int) -> list[int]:
        """Ids of everything below, whatever its status, comments and attachments included."""
        rows = self._db.all(
            "WITH RECURSIVE below (id) AS (SELECT id FROM content WHERE parent = ?1 OR container = ?1 "
            "UNION SELECT c.id FROM content c JOIN below b ON c.parent = b.id "
            "UNION SELECT c.id FROM content c JOIN below b ON c.container = b.id) SELECT id FROM below",
            root,
        )
        return [int(row["id"]) for row in rows]

    def _change_space(self, content: Content, space: int) -> None:
        if content.space == space:
            return
        for moved in (content.id, *self.subtree(content.id)):
            self._db.run("UPDATE content SET space = ? WHERE id = ?", space, moved)
