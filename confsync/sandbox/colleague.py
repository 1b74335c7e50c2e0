"""Somebody else at work on the same site, without HTTP: for tests and for the demo."""

from confsync.sandbox.rows import Content, Person
from confsync.sandbox.store import Store
from confsync.sandbox.store.comments import Selection
from confsync.sandbox.store.contents import Edit, New
from confsync.sandbox.store.files import Upload


class Colleague:
    """A user who edits. Ids are taken as strings or numbers; every method works at once, on the store."""

    def __init__(self, store: Store, person: Person) -> None:
        self.store = store
        self.person = person

    def body(self, page: str | int) -> str:
        """The storage of a page."""
        return self.store.contents.body(int(page))

    def edit(
        self, page: str | int, body: str | None = None, *, title: str | None = None, message: str = ""
    ) -> Content:
        """Save a page as its next version."""
        return self.store.contents.update(int(page), Edit(self.person.account_id, None, title, body, message))

    def replace(self, page: str | int, old: str, new: str, *, message: str = "") -> Content:
        """Save a page with the first `old` in its storage replaced.

        Raises:
            ValueError: `old` is not in it.
        """
        body = self.body(page)
        if old not in body:
            raise ValueError(f"{old!r} is not on page {page}")
        return self.edit(page, body.replace(old, new, 1), message=message)

    def create(
        self,
        space: str,
        title: str,
        body: str = "",
        *,
        parent: str | int | None = None,
        type: str = "page",  # noqa: A002 - the API's word
    ) -> Content:
        """Make a page (below the home page unless a parent is given), blog post or folder."""
        row = self.store.spaces.by_key(space)
        below = row.homepage if parent is None else int(parent)
        new = New(type, row.id, title, self.person.account_id, body, None if type == "blogpost" else below)
        return self.store.contents.create(new)

    def comment(self, page: str | int, words: str, said: str = "<p>Why?</p>", *, index: int = 0) -> str:
        """Comment inline on words of a page and return the marker's `ac:ref`. No version is made."""
        content = self.store.contents.get(int(page))
        made = self.store.comments.add(
            content, said, self.person.account_id, selection=Selection(words, index)
        )
        return self.store.comments.details(made.id).ref

    def move(self, page: str | int, *, below: str | int) -> None:
        """Move a page below another one. No version is made."""
        contents = self.store.contents
        self.store.tree.move_below(contents.get(int(page)), contents.get(int(below)))

    def move_beside(self, page: str | int, other: str | int, *, before: bool) -> None:
        """Move a page directly before or behind another one. No version is made."""
        contents = self.store.contents
        self.store.tree.move_beside(contents.get(int(page)), contents.get(int(other)), before=before)

    def trash(self, page: str | int) -> None:
        """Move a page to the trash."""
        self.store.life.trash(self.store.contents.get(int(page)))

    def archive(self, page: str | int) -> None:
        """Archive a page."""
        self.store.life.archive(self.store.contents.get(int(page)))

    def purge(self, page: str | int) -> None:
        """Delete a page for good."""
        self.store.life.purge(self.store.contents.get(int(page)))

    def label(self, page: str | int, *names: str) -> None:
        """Add global labels."""
        self.store.labels.add(int(page), [("global", name) for name in names])

    def unlabel(self, page: str | int, name: str) -> None:
        """Remove a global label."""
        self.store.labels.remove(int(page), name)

    def attach(self, page: str | int, name: str, data: bytes, *, comment: str = "") -> Content:
        """Attach a file, or a new version of the one with this name."""
        container = self.store.contents.get(int(page))
        upload = Upload(name, [data], self.person.account_id, comment=comment)
        existing = self.store.files.named(container.id, name)
        return (
            self.store.files.replace(existing, upload)
            if existing
            else self.store.files.add(container, upload)
        )

    def detach(self, page: str | int, name: str) -> None:
        """Move an attachment to the trash.

        Raises:
            ValueError: the page has no such attachment.
        """
        existing = self.store.files.named(int(page), name)
        if existing is None:
            raise ValueError(f"page {page} has no attachment {name}")
        self.store.life.trash(existing)

    def restrict(self, page: str | int) -> None:
        """Hide a page, and everything below it, from everybody but this colleague."""
        self.store.restrictions.put(int(page), "read", [("user", self.person.account_id)])
