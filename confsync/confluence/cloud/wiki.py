"""What all concerns of the dialect share: the transport, the space, and what kind of content an id is.

v2 has one route per kind of content and answers 404 on the others; whoever has only an id has to know which.
"""

from collections.abc import Collection, Mapping
from typing import Final

from confsync.confluence.paging import every
from confsync.confluence.payload import Json, as_object, child, maybe_text, results, text
from confsync.confluence.routes import V2, checked, is_id
from confsync.confluence.shapes import content_type
from confsync.confluence.transport import Transport
from confsync.confluence.v1.server import whoami
from confsync.errors import NotFound
from confsync.model.content import ContentType, Space
from confsync.model.ids import PageId, SpaceId, SpaceKey

ROUTES: Final[Mapping[ContentType, str]] = {
    ContentType.PAGE: f"{V2}/pages",
    ContentType.BLOGPOST: f"{V2}/blogposts",
    ContentType.FOLDER: f"{V2}/folders",
    ContentType.WHITEBOARD: f"{V2}/whiteboards",
    ContentType.DATABASE: f"{V2}/databases",
    ContentType.EMBED: f"{V2}/embeds",
}


class Wiki:
    """One space of a Cloud site.

    Args:
        transport: the site.
        key: the space's key, or its alias.
        space_id: saves asking for it.
    """

    def __init__(self, transport: Transport, key: SpaceKey, space_id: SpaceId | None = None) -> None:
        self.transport = transport
        self._key = key
        self._space_id = space_id
        self._space: Space | None = None
        self._kinds: dict[PageId, ContentType] = {}

    # --------------------------------------------------------------------------------- the space

    @property
    def space_id(self) -> SpaceId:
        """The numeric id."""
        return self._space_id or self.space().id

    @property
    def key(self) -> SpaceKey:
        """The key, for CQL."""
        return self._space.key if self._space else self._key

    def space(self, *, afresh: bool = False) -> Space:
        """The space; asked for once, unless `afresh`.

        Raises:
            NotFound: there is no such space for these credentials.
        """
        if self._space is None or afresh:
            self._space = self._find_space()
            self._space_id = self._space.id
        return self._space

    def _find_space(self) -> Space:
        try:
            if self._space_id:
                found = as_object(self.transport.get(f"{V2}/spaces/{self._space_id}").data)
                return _space(found)
            rows = results(self.transport.get(f"{V2}/spaces", [("keys", self._key), ("limit", "25")]).data)
            rows = rows or self._by_alias()
        except NotFound:
            # v2 also says 404 to strangers; this tells them apart by raising AuthenticationFailed.
            whoami(self.transport)
            raise
        if not rows:
            raise NotFound(
                f"There is no space {self._key} here for these credentials",
                status=404,
                hint="check the key in the URL, and whether this account may see the space",
            )
        return _space(rows[0])

    def _by_alias(self) -> list[Json]:
        """Browser URLs may carry the space's alias, which no filter knows."""
        spaces = every(self.transport, f"{V2}/spaces", [("limit", "250")])
        return [row for row in spaces if maybe_text(row, "currentActiveAlias") == self._key]

    # ----------------------------------------------------------------------------------- kinds

    def note(self, page: PageId, kind: ContentType) -> None:
        """Remember what an id is."""
        self._kinds[page] = kind

    def known(self, page: PageId) -> ContentType | None:
        """What an id is, if we met it."""
        return self._kinds.get(page)

    def met(self) -> frozenset[PageId]:
        """All pages and posts met so far."""
        return frozenset(page for page, kind in self._kinds.items() if kind.has_text)

    def kinds(self, pages: Collection[PageId]) -> Mapping[PageId, ContentType]:
        """What these are, asking for those we never met; what the server does not know is left out."""
        strangers = [page for page in pages if page not in self._kinds and is_id(page)]
        if strangers:
            answer = self.transport.ask(f"{V2}/content/convert-ids-to-types", {"contentIds": strangers})
            for page, name in child(as_object(answer.data), "results").items():
                kind = content_type(name) if isinstance(name, str) else None
                if kind is not None:
                    self._kinds[PageId(page)] = kind
        return {page: self._kinds[page] for page in pages if page in self._kinds}

    def route(self, page: PageId) -> str:
        """The v2 route of one piece of content: `/api/v2/blogposts/123`."""
        kind = self.kinds([page]).get(page, ContentType.PAGE)
        return v2_path(kind, page)


def v2_path(kind: ContentType, page: PageId) -> str:
    """The v2 route of one piece of content.

    Raises:
        NotFound: this is no id; it must not become part of a URL.
    """
    return f"{ROUTES[kind]}/{checked(page)}"


def _space(data: Json) -> Space:
    home = maybe_text(data, "homepageId")
    return Space(
        id=SpaceId(text(data, "id")),
        key=SpaceKey(text(data, "key")),
        name=maybe_text(data, "name"),
        homepage=PageId(home) if home else None,
    )
