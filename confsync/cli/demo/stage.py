"""Where the demo plays: a folder of its own and an environment that needs nothing of this machine's."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from confsync.cli.terminal import tidy
from confsync.errors import UsageError
from confsync.history import init_repository
from confsync.history.process import Git
from confsync.sandbox import SandboxServer

MARK: Final = "confsync-demo"
"""A file below `.git` that says: this folder was made by the demo, and may be replaced by it."""

_CONFIGURATION: Final = {
    "user.name": "You",
    "user.email": "you@example.com",
    "commit.gpgsign": "false",
    "core.hooksPath": os.devnull,
}


def clear(folder: Path, *, replace: bool) -> None:
    """Make sure the demo's folder is free, removing only what an earlier demo made.

    Raises:
        UsageError: something else is there, or an earlier demo that may not be replaced.
    """
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if not (folder / ".git" / MARK).is_file():
        raise UsageError(f"{tidy(folder)} is there already, and no demo made it", hint="Name another folder.")
    if not replace:
        raise UsageError(f"{tidy(folder)} holds an earlier demo", hint="--replace makes it anew.")
    shutil.rmtree(folder)


def prepare(folder: Path) -> None:
    """Make the folder a repository with an identity of its own, marked as the demo's."""
    init_repository(folder, "main")
    (folder / ".git" / MARK).write_text("Made by `confsync demo`.\n", encoding="utf-8")
    for key, value in _CONFIGURATION.items():
        Git(folder).run("config", "--local", key, value)


@contextmanager
def environment(server: SandboxServer) -> Iterator[None]:
    """The environment of the demo's commands: its own credentials, nobody's git configuration."""
    wanted = {
        "CONFSYNC_USERNAME": server.username,
        "CONFSYNC_TOKEN": server.token,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
