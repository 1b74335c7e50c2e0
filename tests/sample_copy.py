"""sample-space/ is what `confsync clone` makes of the sandbox that is seeded from it.

`python -m tests.sample_copy` writes it anew after the lens or the records have changed (`make sample-space`).
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from confsync.sandbox import SandboxServer
from confsync.shipped import sample_space

IDENTITY = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Wanda Writer"), ("EMAIL", "wanda@example.com"))
}


def clone_sample(folder: Path) -> None:
    """Clone the sample space from a sandbox into a folder, by the command line, and give it its own URL back."""
    with SandboxServer(seed=sample_space()) as server:
        environment = {
            **os.environ,
            **IDENTITY,
            "GIT_CONFIG_GLOBAL": os.devnull,
            "CONFSYNC_USERNAME": server.username,
            "CONFSYNC_TOKEN": server.token,
        }
        url = f"{server.url}/spaces/{server.spaces[0]}"
        command = [sys.executable, "-m", "confsync", "clone", url, str(folder), "--include-restricted"]
        subprocess.run(command, check=True, env=environment, capture_output=True)
    settings = folder / "confsync.toml"
    real = re.search(r"^url = .*$", (sample_space() / "confsync.toml").read_text("utf-8"), re.MULTILINE)
    assert real is not None
    text = re.sub(r"^url = .*$", real[0], settings.read_text("utf-8"), count=1, flags=re.MULTILINE)
    settings.write_text(text, encoding="utf-8")


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a working copy by path, git's own aside."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    named = {path.relative_to(folder).as_posix(): path for path in paths}
    return {name: path.read_bytes() for name, path in named.items() if not name.startswith(".git/")}


def rewrite() -> None:
    """Put a fresh clone in the place of sample-space/."""
    with tempfile.TemporaryDirectory() as parent:
        fresh = Path(parent) / "docs"
        clone_sample(fresh)
        shutil.rmtree(fresh / ".git")
        shutil.rmtree(sample_space())
        shutil.copytree(fresh, sample_space())


if __name__ == "__main__":
    rewrite()
