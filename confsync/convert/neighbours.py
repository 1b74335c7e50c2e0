"""The pages of the working copy as links name them: by title, id, path or folder of attachments."""

import posixpath
import unicodedata
from functools import cached_property

from confsync.model.content import ContentType
from confsync.model.links import Links, LinkTarget


class Neighbourhood:
    """Looks up what links mean."""

    def __init__(self, links: Links) -> None:
        self.links = links

    @cached_property
    def _pages(self) -> dict[str, LinkTarget]:
        """Pages by folded title: Confluence finds a page whatever the case."""
        found: dict[str, LinkTarget] = {}
        for target in self.links.pages:
            if target.type is not ContentType.BLOGPOST:
                found.setdefault(_fold(target.title), target)
        return found

    @cached_property
    def _ids(self) -> dict[str, LinkTarget]:
        return {target.id: target for target in reversed(self.links.pages)}

    @cached_property
    def _paths(self) -> dict[str, LinkTarget]:
        return {self._place(target.path): target for target in reversed(self.links.pages)}

    @cached_property
    def _folders(self) -> dict[str, LinkTarget]:
        return {
            self._place(target.attachments): target
            for target in reversed(self.links.pages)
            if target.attachments
        }

    def page(self, title: str) -> LinkTarget | None:
        """The page of this title."""
        return self._pages.get(_fold(title))

    def post(self, title: str, day: str) -> LinkTarget | None:
        """The post of this title; of several the one posted on that day, `YYYY/MM/DD`."""
        wanted = _fold(title)
        posts = {
            target.id: target
            for target in reversed(self.links.pages)
            if target.type is ContentType.BLOGPOST and _fold(target.title) == wanted
        }
        if len(posts) == 1:
            return next(iter(posts.values()))
        return next((target for target in posts.values() if target.day == day), None)

    def content(self, identity: str) -> LinkTarget | None:
        """The page or post with this id."""
        return self._ids.get(identity)

    def at(self, path: str) -> LinkTarget | None:
        """The page in the file that a decoded relative path leads to."""
        return self._paths.get(self._place(path))

    def with_folder(self, folder: str) -> LinkTarget | None:
        """The page whose attachments lie in the folder that a decoded relative path leads to."""
        return self._folders.get(self._place(folder))

    def _place(self, path: str) -> str:
        joined = posixpath.normpath(posixpath.join(self.links.folder, path)).lstrip("/")
        return unicodedata.normalize("NFC", joined)


def _fold(title: str) -> str:
    return unicodedata.normalize("NFC", title).strip().casefold()
