"""What all concerns of the dialect share: the transport, the space, the people."""

from collections.abc import Collection, Mapping

from confsync.confluence.cloud.shapes import V1
from confsync.confluence.cloud.wiki import v1_path
from confsync.confluence.datacenter import shapes
from confsync.confluence.paging import every
from confsync.confluence.payload import Json, as_object, child, maybe_text, text
from confsync.confluence.transport import Query, Transport
from confsync.errors import AuthenticationFailed, NotFound
from confsync.model.content import Space, User
from confsync.model.ids import AccountId, PageId, SpaceId, SpaceKey


class Server:
    """One space of a Data Center site.

    Args:
        transport: the site.
        key: the space's key.
    """

    def __init__(self, transport: Transport, key: SpaceKey) -> None:
        self.transport = transport
        self.key = key
        self._everybody: list[Json] | None = None

    def space(self) -> Space:
        """The space.

        Raises:
            NotFound: there is no such space for these credentials.
        """
        data = as_object(self.transport.get(f"{V1}/space/{self.key}", [("expand", "homepage")]).data)
        home = maybe_text(child(data, "homepage"), "id")
        return Space(
            id=SpaceId(text(data, "id")),
            key=SpaceKey(text(data, "key")),
            name=maybe_text(data, "name"),
            homepage=PageId(home) if home else None,
        )

    def content(self, page: PageId, query: Query) -> Json:
        """One piece of content by id.

        Raises:
            NotFound: not there for these credentials.
        """
        return as_object(self.transport.get(v1_path(page), query).data)

    # ------------------------------------------------------------------------------------- people

    def me(self) -> User:
        """Whose credentials these are.

        Raises:
            AuthenticationFailed: nobody's.
        """
        return whoami(self.transport)

    def users(self, ids: Collection[AccountId]) -> Mapping[AccountId, User]:
        """People by key; the unknown are named by it."""
        wanted = sorted({one for one in ids if one})
        found = self.transport.gather(self._user, wanted)
        return {**{one: User(one, one) for one in ids}, **dict(zip(wanted, found, strict=True))}

    def _user(self, key: AccountId) -> User:
        try:
            return shapes.user(as_object(self.transport.get(f"{V1}/user", [("key", key)]).data))
        except NotFound:
            return User(key, key)

    def find_user(self, name: str) -> list[User]:
        """People whose full name or user name is exactly this; everybody is listed once to know."""
        if self._everybody is None:
            query = [("limit", "100")]
            self._everybody = every(self.transport, f"{V1}/user/list", query, key="userKey")
        found = [one for one in self._everybody if name in (one.get("displayName"), one.get("username"))]
        return [shapes.user(one) for one in found]


def whoami(transport: Transport) -> User:
    """Whose credentials these are.

    Raises:
        AuthenticationFailed: nobody's.
    """
    data = as_object(transport.get(f"{V1}/user/current").data)
    if data.get("type") == "anonymous" or not data.get("userKey"):
        raise AuthenticationFailed(
            "Confluence takes us for anonymous",
            hint="run `confsync auth login`, or check CONFSYNC_USERNAME and CONFSYNC_TOKEN",
        )
    return shapes.user(data)
