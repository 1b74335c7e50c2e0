"""mcp-atlassian, which lets assistants read and write Confluence."""

from pathlib import Path

import pytest

from confsync.sandbox import Flavour, SandboxServer
from tests.clients.conftest import job, login


@pytest.mark.parametrize(("flavour", "basic"), [(Flavour.CLOUD, True), (Flavour.DATA_CENTER, False)])
def test_an_assistants_day(server: SandboxServer, tmp_path: Path, *, flavour: Flavour, basic: bool) -> None:
    home = server.store.spaces.by_key("DOCS").homepage
    environ = {**login(server), "HOMEPAGE": str(home), "BASIC": "1" if basic else ""}
    said = job("mcp", "mcp_atlassian", tmp_path, environ)
    page = int(said["page"])
    assert "**build**" in said["read"]
    assert said["by_title"] == said["page"]
    assert "ship" in server.store.contents.body(page)
    assert server.store.contents.get(page).version.number == 2
    assert "build" in str(said["history"])
    assert "ship" in str(said["diff"])
    assert [row.name for row in server.store.labels.of(page)] == ["runbook"]
    assert "Looks right" in str(said["comments"])
    assert "Release process" in str(said["children"])
    assert "Release process" in str(said["tree"])
    assert [c.title for c in server.store.files.of(page)] == ["plan.txt"]
    assert "plan.txt" in str(said["files"])
    assert "Release process" in str(said["found"])
    assert "Moving" in str(said["below"])
    assert server.store.tree.children(page) == []
    others = said["others"]
    assert [text for text in others.values() if text.startswith("error")] == []
    assert "runbook" in others["get_labels"]
    assert '"You"' in others["search_user"]
    assert "Page copied" in others["copy_page"]
