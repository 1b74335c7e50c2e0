"""markdown-to-confluence publishes a folder, twice."""

import os
from pathlib import Path

import pytest

from confsync.sandbox import SandboxServer
from tests.clients.conftest import PIXEL, installed, run


def write(folder: Path, root: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.md").write_text(
        f"<!-- confluence-page-id: {root} -->\n<!-- confluence-space-key: DOCS -->\n\n# Guide\n\nSee [install](install.md).\n"
    )
    (folder / "install.md").write_text(
        "---\ntitle: Install\ntags:\n  - runbook\n---\n\n# Install\n\nRun it.\n\n![a pixel](pixel.png)\n"
    )
    (folder / "pixel.png").write_bytes(PIXEL)


@pytest.mark.parametrize("api", ["v2"])
def test_publishing_a_folder_and_publishing_it_again(
    server: SandboxServer, tmp_path: Path, *, api: str
) -> None:
    home = installed("md2conf")
    root = server.colleague().create("DOCS", "Guide").id
    folder = tmp_path / "docs"
    write(folder, str(root))
    host = server.url.partition("//")[2].partition("/")[0]
    environ = {
        "CONFLUENCE_API_URL": server.url + "/",
        "CONFLUENCE_DOMAIN": host.partition(":")[0],
        "CONFLUENCE_PATH": "/wiki/",
        "CONFLUENCE_SPACE_KEY": "DOCS",
        "CONFLUENCE_USER_NAME": server.username,
        "CONFLUENCE_API_KEY": server.token,
        "CONFLUENCE_API_VERSION": api,
    }
    command: list[str | Path] = [home / "bin" / "python", "-m", "md2conf", folder]
    run(command, tmp_path, environ)
    store = server.store
    made = next(c for c in store.tree.children(root) if c.title == "Install")
    body = store.contents.body(made.id)
    assert "Run it." in body
    assert "pixel.png" in body
    assert [row.name for row in store.labels.of(made.id)] == ["runbook"]
    assert len(store.files.of(made.id)) == 1

    before = store.contents.get(made.id).version.number
    install = folder / "install.md"
    install.write_text(install.read_text().replace("Run it.", "Run it twice."))
    os.utime(install)
    run(command, tmp_path, environ)
    assert "Run it twice." in store.contents.body(made.id)
    assert store.contents.get(made.id).version.number == before + 1
