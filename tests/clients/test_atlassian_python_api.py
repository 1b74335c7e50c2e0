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
    assert "@@@hl@@@Release@@@endhl@@@ process" in said["found"]
    assert said["below"] == ["Moving"]
    assert {"Created or updated", "Docs Home", "Release process"} <= set(said["pages"])
    assert said["spaces"] == ["DOCS", "GEN"]
    assert said["space"] == "Docs Home"
    assert said["gone"]


@pytest.mark.parametrize("flavour", list(Flavour))
@pytest.mark.parametrize("generation", ["4", "5"])
def test_each_method_once(
    server: SandboxServer, tmp_path: Path, *, flavour: Flavour, generation: str
) -> None:
    environ = {**login(server), "GENERATION": generation, "FLAVOUR": flavour}
    told = job(f"atlassian{generation}", "atlassian_python_methods", tmp_path, environ)
    assert told["failed"] == []
    said = told["said"]
    assert (said["child_titles"], said["regex"], said["prepend"]) == (["Below"], ["42"], 2)
    assert said["wiki"] == "<h1>One</h1><ul><li><strong>two</strong></li></ul>"
    assert said["downloaded"] == "one"
    assert said["groups"] == ["confluence-administrators", "confluence-users"]
    assert "You" in said["members"]
    assert said.get("left", 2) == 2
    assert (said["trash"], said["empty"]) == (["Going"], [])
    assert said["new_space"] == "New"
