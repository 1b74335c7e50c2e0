"""Sphinx publishes a project through confluencebuilder, twice; what has gone from it goes from the space."""

import shutil
from pathlib import Path

import pytest

from confsync.sandbox import SandboxServer
from tests.clients.conftest import FOLDERS, PIXEL, installed, login, run


@pytest.mark.parametrize("editor", ["v1", "v2"])
def test_publishing_a_project_again_and_again(server: SandboxServer, tmp_path: Path, editor: str) -> None:
    home = installed("confluencebuilder")
    project = tmp_path / "docs"
    shutil.copytree(FOLDERS / "sphinx", project)
    (project / "pixel.png").write_bytes(PIXEL)
    environ = {**login(server), "EDITOR_VERSION": editor}
    python = home / "bin" / "python"
    command: list[str | Path] = [python, "-m", "sphinx", "-E", "-b", "confluence", project, tmp_path / "out"]
    run(command, tmp_path, environ)

    store = server.store
    root = store.spaces.by_key("DOCS").homepage or 0
    (pumps,) = [page for page in store.tree.children(root) if page.title == "Pumps"]
    (valves,) = store.tree.children(pumps.id)
    assert valves.title == "Valves"
    body = store.contents.body(valves.id)
    assert 'print("open")' in body
    assert "<strong>Hot</strong>" in body
    assert [file.title for file in store.files.of(valves.id)] == ["pixel.png"]
    assert [row.name for row in store.labels.of(valves.id)] == ["pumps"]

    run(command, tmp_path, environ)
    assert store.contents.get(valves.id).version.number == valves.version.number
    assert store.contents.body(valves.id) == body

    (project / "valves.rst").unlink()
    index = project / "index.rst"
    index.write_text(index.read_text().replace(" See :doc:`valves`.", "").replace("   valves\n", ""))
    run(command, tmp_path, environ)
    assert store.contents.get(valves.id).status == "trashed"
    assert store.contents.get(pumps.id).version.number > pumps.version.number
