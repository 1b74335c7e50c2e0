"""`DataCenterRemote` on the sandbox as a Data Center; the colleague works on its store."""

import itertools
from collections.abc import Iterable
from datetime import UTC, datetime

from confsync.confluence import Credentials, connect
from confsync.model.content import Attachment, ContentType, User
from confsync.model.ids import AccountId, AttachmentId, PageId, SpaceKey
from confsync.ports import Place, Remote
from confsync.sandbox import SandboxServer
from confsync.sandbox.store.contents import New

_numbers = itertools.count(1)


class DataCenterStage:
    """A new space on a running sandbox."""

    def __init__(self, server: SandboxServer) -> None:
        self._robin = server.colleague("Second Writer")
        self._store = server.store
        person = self._robin.person
        self.key = f"D{next(_numbers)}"
        space = self._store.spaces.create(self.key, "Engineering", author=person.account_id)
        self._space = space.id
        home = self._store.contents.create(New("page", space.id, "Engineering Home", person.account_id))
        self._store.spaces.set_homepage(space.id, home.id)
        self.home = PageId(str(home.id))
        self.colleague = User(AccountId(person.user_key), person.name)
        self.client = connect(server.url, SpaceKey(self.key), Credentials("", server.token))
        self.remote: Remote = self.client

    def close(self) -> None:
        self.client.close()

    def page(
        self,
        title: str,
        body: str = "<p>Hello</p>",
        *,
        parent: PageId | None = None,
        top: bool = False,
        type: ContentType = ContentType.PAGE,  # noqa: A002 - the noun of the API
        labels: Iterable[str] = (),
    ) -> PageId:
        loose = top or type is ContentType.BLOGPOST
        below = None if loose else int(parent or self.home)
        author = self._robin.person.account_id
        made = self._store.contents.create(New(type.value, self._space, title, author, body, below))
        page = PageId(str(made.id))
        self.label(page, *labels)
        return page

    def edit(
        self, page: PageId, body: str | None = None, *, title: str | None = None, message: str = ""
    ) -> None:
        self._robin.edit(page, body, title=title, message=message)

    def move(self, page: PageId, place: Place, target: PageId) -> None:
        if place is Place.APPEND:
            self._robin.move(page, below=target)
        else:
            self._robin.move_beside(page, target, before=place is Place.BEFORE)

    def trash(self, page: PageId) -> None:
        self._robin.trash(page)

    def purge(self, page: PageId) -> None:
        self._robin.trash(page)
        self._robin.purge(page)

    def label(self, page: PageId, *names: str) -> None:
        if names:
            self._robin.label(page, *names)

    def comment(self, page: PageId, selection: str) -> str:
        return self._robin.comment(page, selection)

    def attach(self, page: PageId, name: str, data: bytes) -> Attachment:
        made = self._robin.attach(page, name, data)
        return Attachment(AttachmentId(str(made.id)), name, made.version.number, len(data), "")

    def restrict(self, page: PageId) -> None:
        me = self._store.people.by_key(self.remote.me().id).account_id
        people = [("user", me), ("user", self._robin.person.account_id)]
        self._store.restrictions.put(int(page), "read", people)

    def now(self) -> str:
        return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
