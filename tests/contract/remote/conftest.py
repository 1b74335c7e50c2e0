"""Every implementation of the Remote port, each on a Confluence of its own."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from functools import cache

import pytest

from confsync.confluence.oauth import SCOPES
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


CLOUDS = {"cloud": None, "cloud elsewhere": "/team/docs"}
DATA_CENTERS = {"datacenter": "/confluence", "datacenter below /wiki": "/wiki"}


@pytest.fixture(scope="session")
def sandboxes() -> Iterator[Callable[[str], SandboxServer]]:
    """Running servers, one for each flavour; each test has a space of its own on them."""
    with ExitStack() as stack:

        @cache
        def running(flavour: str) -> SandboxServer:
            if flavour in DATA_CENTERS:
                server = SandboxServer(flavour=Flavour.DATA_CENTER, context=DATA_CENTERS[flavour])
            else:
                server = SandboxServer(context=CLOUDS[flavour])
            return stack.enter_context(server)

        yield running


@pytest.fixture
def sandbox(sandboxes: Callable[[str], SandboxServer]) -> SandboxServer:
    """A Cloud."""
    return sandboxes("cloud")


@pytest.fixture(params=["fake", *CLOUDS, "cloud v1", "gateway", *DATA_CENTERS])
def stage(request: pytest.FixtureRequest, sandboxes: Callable[[str], SandboxServer]) -> Iterator[Stage]:
    """A Confluence with an empty space."""
    flavour: str = request.param
    if flavour == "fake":
        yield FakeStage()
        return
    made: SandboxStage | DataCenterStage
    if flavour in DATA_CENTERS:
        made = DataCenterStage(sandboxes(flavour))
    else:
        server = sandboxes(flavour if flavour in CLOUDS else "cloud")
        token = server.add_token(server.username, SCOPES).token if flavour == "gateway" else ""
        made = SandboxStage(server, v2=flavour != "cloud v1", token=token)
    try:
        yield made
    finally:
        made.close()


@pytest.fixture
def folders(stage: Stage) -> None:
    """Only where the tree has more than pages."""
    if isinstance(stage, DataCenterStage):
        pytest.skip("Data Center has no folders")


@pytest.fixture
def database(stage: Stage) -> None:
    """Only where the pages saved last can be had from the database."""
    if not isinstance(stage, FakeStage) and not (isinstance(stage, SandboxStage) and stage.v2):
        pytest.skip("REST v1 has no list by date")


@pytest.fixture
def makes_folders(stage: Stage) -> None:
    """Only where folders can be made."""
    if isinstance(stage, SandboxStage) and not stage.v2:
        pytest.skip("only v2 can make folders")
