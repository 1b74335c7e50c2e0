"""The site as seen from one page: for documents of the editor and for pages as HTML."""

from collections.abc import Sequence

from confsync.sandbox.adf.places import Media
from confsync.sandbox.call import Call
from confsync.sandbox.refusals import Missing
from confsync.sandbox.rows import Content, SpaceRow
from confsync.sandbox.store.titles import fold
from confsync.sandbox.view import Linked
from confsync.sandbox.wire import links


class SiteSeen:
    """Answers what a body asks about files, pages and people; hidden pages are not found."""

    def __init__(self, call: Call, content: Content | None) -> None:
        self._call = call
        self._store = call.store
        self._content = content
        if content is not None and content.type == "comment" and content.container is not None:
            self._content = call.store.contents.get(content.container)

    @property
    def id(self) -> str:
        """The page's own id."""
        return "0" if self._content is None else str(self._content.id)

    # ------------------------------------------------------------------------------------- documents

    def media(self, filename: str) -> Media | None:
        """The file of this name on the page."""
        found = self._attachment(filename)
        if found is None:
            return None
        return Media(self._store.files.file(found.id).file_id, f"contentId-{found.container}")

    def filename(self, file_id: str) -> str | None:
        """The name of the attachment one of whose versions has this id."""
        row = self._store.database.one(
            "SELECT c.title FROM file f JOIN content c ON c.id = f.content WHERE f.file_id = ?", file_id
        )
        return None if row is None else str(row["title"])

    def page_address(self, title: str, space_key: str) -> str | None:
        """The absolute address of a page."""
        found = self.page(title, space_key)
        return None if found is None else self._call.base + found.address

    def person_name(self, account_id: str) -> str:
        """What a user is called."""
        return self.person(account_id)

    # ------------------------------------------------------------------------------------------ HTML

    def page(self, title: str, space_key: str) -> Linked | None:
        """A current page or post by title."""
        found = self._titled(title, space_key)
        return None if found is None else self._linked(found)

    def file(self, filename: str) -> Linked | None:
        """An attachment of the page."""
        found = self._attachment(filename)
        if found is None:
            return None
        file = self._store.files.file(found.id)
        return Linked(f"att{found.id}", links.download(found, file), found.title)

    def person(self, account_id: str) -> str:
        """What a user is called."""
        try:
            return self._store.people.get(account_id).name
        except Missing:
            return "Former user"

    def children(self) -> Sequence[Linked]:
        """The pages directly below that the caller may see."""
        if self._content is None:
            return ()
        hidden = self._store.restrictions.hidden_from(self._call.viewer)
        rows = self._store.tree.children(self._content.id)
        return [self._linked(c) for c in rows if c.type == "page" and c.id not in hidden]

    def storage(self, title: str, space_key: str) -> str | None:
        """The storage of a page, for what includes it."""
        found = self._titled(title, space_key)
        return None if found is None else self._store.contents.body(found.id)

    # ----------------------------------------------------------------------------------------- finding

    def _attachment(self, filename: str) -> Content | None:
        return None if self._content is None else self._store.files.named(self._content.id, filename)

    def _linked(self, content: Content) -> Linked:
        address = links.webui(content, self._store.spaces.get(content.space))
        return Linked(str(content.id), address, content.title)

    def _space(self, key: str) -> SpaceRow | None:
        try:
            if key:
                return self._store.spaces.by_key(key)
            return None if self._content is None else self._store.spaces.get(self._content.space)
        except Missing:
            return None

    def _titled(self, title: str, key: str) -> Content | None:
        space = self._space(key)
        row = space and self._store.database.one(
            "SELECT * FROM content WHERE space = ? AND folded = ? AND type IN ('page', 'blogpost') "
            "AND status = 'current' ORDER BY type DESC LIMIT 1",
            space.id,
            fold(title),
        )
        if not row or row["id"] in self._store.restrictions.hidden_from(self._call.viewer):
            return None
        return Content.of(row)
