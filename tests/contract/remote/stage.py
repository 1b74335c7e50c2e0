"""What the contract needs of a Confluence besides the port: a colleague's hands."""

from collections.abc import Iterable
from typing import Protocol

from confsync.model.content import Attachment, ContentType, User
from confsync.model.ids import PageId
from confsync.ports import Place, Remote


class Stage(Protocol):
    """One Confluence with one space, our own remote, and a colleague who works beside us."""

    remote: Remote
    home: PageId
    colleague: User

    def page(
        self,
        title: str,
        body: str = "<p>Hello</p>",
        *,
        parent: PageId | None = None,
        top: bool = False,
        type: ContentType = ContentType.PAGE,  # noqa: A002 - the noun of the API
        labels: Iterable[str] = (),
    ) -> PageId: ...

    def edit(
        self, page: PageId, body: str | None = None, *, title: str | None = None, message: str = ""
    ) -> None: ...

    def move(self, page: PageId, place: Place, target: PageId) -> None: ...

    def trash(self, page: PageId) -> None: ...

    def purge(self, page: PageId) -> None: ...

    def label(self, page: PageId, *names: str) -> None: ...

    def comment(self, page: PageId, selection: str) -> str: ...

    def attach(self, page: PageId, name: str, data: bytes) -> Attachment: ...

    def restrict(self, page: PageId) -> None: ...

    def now(self) -> str: ...
