"""The person's own editor."""

import os
import shlex
import subprocess
from pathlib import Path

from confsync.errors import UsageError


def edit(path: Path) -> None:
    """Open a file in the editor that `VISUAL` or `EDITOR` names, and wait until it is closed.

    Raises:
        UsageError: no editor is named, or it cannot be started, or it failed.
    """
    named = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    if not named:
        raise UsageError(
            "no editor is named", hint="Set EDITOR, or edit the file and run `confsync resolve` again."
        )
    try:
        code = subprocess.run([*shlex.split(named), str(path)], check=False).returncode
    except OSError as error:
        raise UsageError(f"the editor {named} cannot be started: {error.strerror}") from error
    if code != 0:
        raise UsageError(f"the editor {named} ended with exit code {code}; the conflict waits as before")
