"""confluence-markdown-exporter exports a space."""

import json
from pathlib import Path

import pytest

from confsync.sandbox import Flavour, SandboxServer
from tests.clients.conftest import installed, run


@pytest.mark.parametrize("flavour", list(Flavour))
def test_exporting_a_space(server: SandboxServer, tmp_path: Path, flavour: Flavour) -> None:
    home = installed("exporter")
    robin = server.colleague()
    page = robin.create("DOCS", "Release process", "<h2>Steps</h2><p>Tag, <strong>build</strong>.</p>")
    robin.create("DOCS", "Rollback", "<p>Go back.</p>", parent=page.id)
    robin.attach(page.id, "plan.txt", b"the plan")
    robin.edit(
        page.id,
        robin.body(page.id) + '<p><ac:link><ri:attachment ri:filename="plan.txt" /></ac:link></p>',
    )
    robin.label(page.id, "runbook")
    login = {"username": server.username, "api_token": server.token}
    settings = tmp_path / "settings.json"
    site = server.url.removesuffix("/wiki")
    settings.write_text(json.dumps({"auth": {"confluence": {site: login, server.url: login}}}))
    out = tmp_path / "out"
    environ = {"CME_CONFIG_PATH": str(settings), "CME_EXPORT__OUTPUT_PATH": str(out), "CI": "true"}
    run([home / "bin" / "cme", "spaces", f"{site}/display/DOCS"], tmp_path, environ)
    texts = {path.stem: path.read_text() for path in out.rglob("*.md")}
    assert {"Docs Home", "Release process", "Rollback"} <= set(texts)
    assert "**build**" in texts["Release process"]
    assert "runbook" in texts["Release process"]
    assert [path.read_bytes() for path in out.rglob("*.txt")] == [b"the plan"]
