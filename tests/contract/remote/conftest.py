"""Every implementation of the Remote port, each on a Confluence of its own."""

from collections.abc import Iterable, Iterator

import pytest

from confsync.model.content import Attachment, ContentType, User
from confsync.model.ids import PageId
from confsync.ports import Place, Remote
from confsync.sandbox import Flavour, SandboxServer
from tests.contract.remote.datacenter import DataCenterStage
from tests.contract.remote.fake import FakeRemote
from tests.contract.remote.sandbox import SandboxStage
from tests.contract.remote.site import COLLEAGUE, FakeSite
from tests.contract.remote.stage import Stage


class FakeStage:
    """The Confluence in memory."""

    def __init__(self) -> None:
        self.site = FakeSite()
        self.remote: Remote = FakeRemote(self.site)
        self.home = self.site.home
        self.colleague: User = COLLEAGUE

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
        return self.site.page(title, body, parent=parent, top=top, type=type, labels=labels)

    def edit(
        self, page: PageId, body: str | None = None, *, title: str | None = None, message: str = ""
    ) -> None:
        self.site.edit(page, body, title=title, message=message)

    def move(self, page: PageId, place: Place, target: PageId) -> None:
        self.site.move(page, place, target)

    def trash(self, page: PageId) -> None:
        self.site.trash(page)

    def purge(self, page: PageId) -> None:
        self.site.trash(page)
        self.site.purge(page)

    def label(self, page: PageId, *names: str) -> None:
        self.site.label(page, *names)

    def comment(self, page: PageId, selection: str) -> str:
        return self.site.comment(page, selection)

    def attach(self, page: PageId, name: str, data: bytes) -> Attachment:
        return self.site.attach(page, name, data)

    def restrict(self, page: PageId) -> None:
        self.site.restrict(page)

    def now(self) -> str:
        return self.site.now()


@pytest.fixture(scope="session")
def sandbox() -> Iterator[SandboxServer]:
    """One running server for all tests; each has a space of its own on it."""
    with SandboxServer() as server:
        yield server


@pytest.fixture(scope="session")
def data_center() -> Iterator[SandboxServer]:
    """One running Data Center for all tests."""
    with SandboxServer(flavour=Flavour.DATA_CENTER, context="/confluence") as server:
        yield server


@pytest.fixture(params=["fake", "cloud", "datacenter"])
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    """A Confluence with an empty space."""
    if request.param == "fake":
        yield FakeStage()
        return
    made: SandboxStage | DataCenterStage
    if request.param == "cloud":
        made = SandboxStage(request.getfixturevalue("sandbox"))
    else:
        made = DataCenterStage(request.getfixturevalue("data_center"))
    try:
        yield made
    finally:
        made.close()


@pytest.fixture
def folders(stage: Stage) -> None:
    """Only where the tree has more than pages."""
    if isinstance(stage, DataCenterStage):
        pytest.skip("Data Center has no folders")
