"""docs/sandbox.md says what there is, and its examples work as printed."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from confsync.sandbox import SandboxServer
from confsync.sandbox.faults import Trouble
from confsync.sandbox.faults.deeds import DEEDS
from confsync.sandbox.faults.fault import REASONS
from confsync.sandbox.routes.control import ENDPOINTS

PAGE = (Path(__file__).parents[3] / "docs" / "sandbox.md").read_text(encoding="utf-8")
OUTSIDE = PAGE.partition("## From outside")[2].partition("\n## ")[0]
EXAMPLES = re.findall(r"^([^\n]+):\n\n```console\n(.*?)```", OUTSIDE, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def server() -> Iterator[SandboxServer]:
    with SandboxServer(generate=10) as running:
        yield running


@pytest.mark.parametrize("name", [*Trouble, *DEEDS, *REASONS])
def test_every_kind_of_trouble_is_described(name: str) -> None:
    assert f"`{name}`" in PAGE


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=" ".join)
def test_every_endpoint_is_described(endpoint: tuple[str, str]) -> None:
    assert f"`{' '.join(endpoint)}" in PAGE or f", {' '.join(endpoint)}" in PAGE


@pytest.mark.parametrize(("title", "block"), EXAMPLES, ids=[title for title, _ in EXAMPLES])
def test_examples_work_as_printed(server: SandboxServer, title: str, block: str) -> None:
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("no curl to run the examples with: install it")
    server.site.faults.clear()
    server.site.journal.reset()
    environment = {
        **os.environ,
        "SANDBOX": server.origin,
        "LOGIN": f"{server.username}:{server.token}",
        "NO_PROXY": "*",
    }
    for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, expected = step.partition("\n")
        ran = subprocess.run(
            ["bash", "-c", command], check=False, env=environment, capture_output=True, text=True
        )
        assert ran.stdout.strip() == expected.strip(), f"{title}: {command}\n{ran.stderr}"


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 6
