"""atlassian-python-api of both generations, at every address the sandbox has."""

from pathlib import Path

import pytest

from confsync.sandbox import Flavour, SandboxServer
from tests.clients.conftest import job, login

PLACES = [(Flavour.CLOUD, ""), (Flavour.CLOUD, "/wiki"), (Flavour.DATA_CENTER, "")]


@pytest.mark.parametrize(("flavour", "context"), PLACES)
@pytest.mark.parametrize("generation", ["4", "5"])
def test_a_day_of_scripting(
    server: SandboxServer, tmp_path: Path, *, flavour: Flavour, generation: str, context: str
) -> None:
    site = server.url.removesuffix("/wiki") + context
    said = job(
        f"atlassian{generation}",
        "atlassian_python_api",
        tmp_path,
        {**login(server, site), "GENERATION": generation, "FLAVOUR": flavour},
    )
    assert said["missing"] is False
    assert said["ancestors"] == ["Docs Home"]
    assert said["body"] == "<p>two</p><p>three</p>"
    assert said["version"] == said["history"] == 3
    assert said.get("old", 2) == 2
    assert said["labels"] == ["runbook"]
    assert said.get("labelled", [said["page"]]) == [said["page"]]
    assert said["files"] == ["drawing.svg"]
    assert said["bytes"] == ("<svg></svg>" if generation == "4" else "<svg/>")
    assert said["property"] == {"rev": 2}
    assert said["comments"] == 1
    assert "Release process" in said["found"]
    assert said["below"] == ["Moving"]
    assert {"Created or updated", "Docs Home", "Release process"} <= set(said["pages"])
    assert said["spaces"] == ["DOCS", "GEN"]
    assert said["space"] == "Docs Home"
    assert said["gone"]
