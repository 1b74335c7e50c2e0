"""confluence.js 3.x: its schemas refuse an answer that lacks a field or has it in another type."""

import json
from pathlib import Path

from confsync.sandbox import SandboxServer
from tests.clients.conftest import JOBS, installed, login, node, run


def test_every_answer_fits_the_schemas_of_confluence_js(server: SandboxServer, tmp_path: Path) -> None:
    modules = installed("npm")
    environ = {**login(server, server.url.removesuffix("/wiki")), "MODULES": str(modules)}
    said = json.loads(run([node(), JOBS / "confluence_js.mjs"], tmp_path, environ).splitlines()[-1])
    assert not said["failed"], "\n".join(said["failed"])
    assert said["title"] == "How we release"
    assert said["labels"] == ["runbook"]
    assert "<ac:task-status>complete</ac:task-status>" in said["ticked"]
    assert json.loads(said["document"])["content"][0]["attrs"] == {"panelType": "info"}
