"""One running sandbox per test module, one client that speaks to it."""

from collections.abc import Iterator

import httpx
import pytest

from confsync.sandbox import SandboxServer
from tests.described.fixtures import answers_are_as_described, judge

__all__ = ["answers_are_as_described", "judge"]

HOME = 100_000_001
"""The home page of the generated space."""


@pytest.fixture(scope="module")
def server() -> Iterator[SandboxServer]:
    with SandboxServer(generate=30) as running:
        yield running


@pytest.fixture
def api(server: SandboxServer) -> Iterator[httpx.Client]:
    """A logged-in client; faults and the journal are clean when it starts and when it ends."""
    login = (server.username, server.token)
    headers = {"X-Atlassian-Token": "no-check"}
    with httpx.Client(base_url=server.url, auth=login, headers=headers) as client:
        server.site.faults.clear()
        server.site.journal.reset()
        yield client
        server.site.faults.clear()


@pytest.fixture
def space(api: httpx.Client) -> str:
    """The id of the generated space."""
    return str(api.get("/api/v2/spaces", params={"keys": "GEN"}).json()["results"][0]["id"])
