"""The sandbox in the foreground: what it says, and until when it stays."""

import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from confsync.errors import ConfsyncError
from confsync.sandbox.accounts import Login
from confsync.sandbox.options import Options
from confsync.sandbox.server import SandboxServer


def run(
    options: Options,
    *,
    say: Callable[[str], None] = print,
    as_json: bool = False,
    ready_file: Path | None = None,
) -> None:
    """Serve until Ctrl-C or SIGTERM; `say` takes the lines to print, the first of them JSON if `as_json`.

    A ready file holds the same JSON as soon as requests are answered, and is gone when they no longer are.

    Raises:
        ConfsyncError: it cannot start.
    """
    with SandboxServer(options) as server, _announced(server, ready_file):
        lines = [json.dumps(facts(server))] if as_json else greeting(server)
        for line in lines:
            say(line)
        try:
            with _terminable():
                forever()
        except KeyboardInterrupt:
            return


def forever() -> None:
    """Wait until Ctrl-C."""
    threading.Event().wait()


def facts(server: SandboxServer) -> dict[str, object]:
    """All that a program needs to use it."""
    said: dict[str, object] = {
        "url": server.url,
        "username": server.username,
        "token": server.token,
        "spaces": server.spaces,
        "gateway": server.gateway,
        "oauth": {
            "client_id": server.oauth_app.client_id,
            "client_secret": server.oauth_app.client_secret,
        },
    }
    if found := others(server):
        said["users"] = [{"username": login.username, "token": login.token} for login in found]
    return said


def others(server: SandboxServer) -> list[Login]:
    """Who may log in besides the ready login."""
    return [login for login in server.site.accounts.all() if login.username != server.username]


def greeting(server: SandboxServer) -> list[str]:
    """The URL and a login to paste."""
    lines = [
        f"Sandbox Confluence at {server.url}",
        "",
        f"  export CONFSYNC_USERNAME={server.username}",
        f"  export CONFSYNC_TOKEN={server.token}",
    ]
    lines += [f"  confsync clone {server.url}/spaces/{key}" for key in server.spaces]
    lines += [f"  {login.username} may log in, too, with the token {login.token}" for login in others(server)]
    return [*lines, "", "Ctrl-C stops it."]


@contextmanager
def _announced(server: SandboxServer, ready_file: Path | None) -> Iterator[None]:
    """Keep a file with the facts while the block runs; it is never seen half written."""
    if ready_file is None:
        yield
        return
    half = ready_file.with_name(f"{ready_file.name}.{os.getpid()}")
    try:
        half.touch(mode=0o600)
        half.write_text(json.dumps(facts(server)) + "\n", encoding="utf-8")
        half.replace(ready_file)
    except OSError as error:
        raise ConfsyncError(
            f"{ready_file} cannot be written: {error.strerror}", hint="Name a file in a folder that exists."
        ) from error
    try:
        yield
    finally:
        ready_file.unlink(missing_ok=True)


@contextmanager
def _terminable() -> Iterator[None]:
    """Let SIGTERM end the block as Ctrl-C does, where this thread can hear it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
