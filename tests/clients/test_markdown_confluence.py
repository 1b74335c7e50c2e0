"""@markdown-confluence/cli publishes a folder as documents of the editor, twice."""

import shutil
from pathlib import Path

from confsync.sandbox import SandboxServer
from tests.clients.conftest import FOLDERS, PIXEL, installed, node, run


def test_a_folder_comes_back_as_it_was_sent(server: SandboxServer, tmp_path: Path) -> None:
    cli = installed("npm") / "node_modules" / "@markdown-confluence" / "cli" / "dist" / "index.js"
    folder = tmp_path / "vault" / "Docs"
    shutil.copytree(FOLDERS / "markdown", folder)
    (folder / "pixel.png").write_bytes(PIXEL)
    home = server.store.spaces.by_key("DOCS").homepage or 0
    environ = {
        "CONFLUENCE_BASE_URL": server.url.removesuffix("/wiki"),
        "CONFLUENCE_PARENT_ID": str(home),
        "ATLASSIAN_USERNAME": server.username,
        "ATLASSIAN_API_TOKEN": server.token,
        "FOLDER_TO_PUBLISH": "Docs",
        "CONFLUENCE_CONTENT_ROOT": str(folder.parent),
    }
    said = run([node(), cli], folder.parent, environ)
    store = server.store
    pages = {page.title: page for page in store.tree.children(home)}
    assert set(pages) == {"Guide", "Install"}, said
    body = store.contents.body(pages["Guide"].id)
    assert '<ac:structured-macro ac:name="note"' in body
    assert '<ac:adf-node type="panel"><ac:adf-attribute key="panel-type">note</ac:adf-attribute>' in body
    assert '<ac:parameter ac:name="language">python</ac:parameter>' in body
    assert f"/pages/{pages['Install'].id}" in body
    (picture,) = store.files.of(pages["Guide"].id)
    assert f'<ri:attachment ri:filename="{picture.title}" />' in body
    assert {row.name for row in store.labels.of(pages["Guide"].id)} == {"runbook", "guide"}

    # What it reads back equals what it would send: nothing is written a second time.
    server.site.journal.reset()
    run([node(), cli], folder.parent, environ)
    written = [one.path for one in server.site.journal.all() if one.method != "GET"]
    assert written == []
    assert store.contents.get(pages["Guide"].id).version.number == 2
