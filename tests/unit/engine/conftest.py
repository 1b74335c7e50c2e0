from pathlib import Path

import pytest

from tests.contract.remote.site import FakeSite
from tests.unit.engine.world import World, clone, git_environment


@pytest.fixture(autouse=True)
def _git(monkeypatch: pytest.MonkeyPatch) -> None:
    git_environment(monkeypatch)


@pytest.fixture
def site() -> FakeSite:
    site = FakeSite()
    guide = site.page("Guide", "<p>Read this first.</p><p>Then that, slowly.</p>")
    site.page("Install", "<p>Run the installer.</p><p>Restart now.</p>", parent=guide)
    site.page("Notes", "<p>Nothing of note.</p>")
    return site


@pytest.fixture
def world(site: FakeSite, tmp_path: Path) -> World:
    return clone(site, tmp_path / "docs")
