"""What all concerns of the dialect share: the transport, the space, the people."""

from collections.abc import Collection, Mapping

from confsync.confluence.paging import every
from confsync.confluence.payload import Json, as_object, child, maybe_text, results, text
from confsync.confluence.routes import V1, v1_path
from confsync.confluence.shapes import person, user
from confsync.confluence.transport import Query, Transport
from confsync.confluence.v1.edition import Edition
from confsync.confluence.v1.search import quoted
from confsync.errors import AuthenticationFailed, NotFound
from confsync.model.content import Space, User
from confsync.model.ids import AccountId, PageId, SpaceId, SpaceKey

_NAMES = ("displayName", "publicName", "username", "email")


class Server:
    """One space of a site that is spoken to in v1.

    Args:
        transport: the site.
        key: the space's key.
        edition: which v1 it speaks.
    """

    def __init__(self, transport: Transport, key: SpaceKey, edition: Edition) -> None:
        self.transport = transport
        self.key = key
        self.edition = edition
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
            return user(as_object(self.transport.get(f"{V1}/user", [(self.edition.person, key)]).data))
        except NotFound:
            return User(key, key)

    def find_user(self, name: str) -> list[User]:
        """People whose full name or user name is exactly this."""
        people = self._named(name) if self.edition.searches_people else self._listed()
        return [
            user(one) for one in people if person(one) and name in {maybe_text(one, key) for key in _NAMES}
        ]

    def _named(self, name: str) -> list[Json]:
        """Search only narrows it down."""
        query = [("cql", f"user.fullname ~ {quoted(name)}"), ("limit", "50")]
        return [child(row, "user") for row in results(self.transport.get(f"{V1}/search/user", query).data)]

    def _listed(self) -> list[Json]:
        """Everybody, asked for once."""
        if self._everybody is None:
            query = [("limit", "100")]
            self._everybody = every(self.transport, f"{V1}/user/list", query, key="userKey")
        return self._everybody


def whoami(transport: Transport) -> User:
    """Whose credentials these are.

    Raises:
        AuthenticationFailed: nobody's.
    """
    data = as_object(transport.get(f"{V1}/user/current").data)
    if data.get("type") == "anonymous" or not person(data):
        raise AuthenticationFailed(
            "Confluence takes us for anonymous",
            hint="run `confsync auth login`, or check CONFSYNC_USERNAME and CONFSYNC_TOKEN",
        )
    return user(data)
