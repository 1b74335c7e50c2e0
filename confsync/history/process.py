"""Running git.

Every call of git goes through here, with an environment of its own: messages in English, no locks taken for
reading, and nothing inherited of a hook that may have started us (its GIT_DIR and GIT_INDEX_FILE would
point commands at the wrong repository). GitPython's launcher only adds to the inherited environment, and
importing it costs a status run a fifth of its time, so the processes are started directly.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from confsync.errors import GitMissing, HistoryError, HookRefused

# Set by git for its hooks; a repository of their own is what commands here need.
_OF_A_HOOK = {
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_QUARANTINE_PATH",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_LITERAL_PATHSPECS",
    "GIT_GLOB_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
    "GIT_REFLOG_ACTION",
    "GIT_EXTERNAL_DIFF",
}
_ALWAYS = ("git", "--literal-pathspecs", "-c", "core.quotePath=false", "-c", "advice.detachedHead=false")


_TIGHT = 256 * 1024
"""With fewer bytes free, a failure of git is the disk's: git says so in many words, or in none."""


class GitFailed(HistoryError):
    """git ended with an error that no caller had expected; `code` is its exit code, `said` its own words."""

    def __init__(self, command: str, code: int, said: str, *, folder: Path) -> None:
        first = next((line for line in said.splitlines() if line.strip()), f"exit code {code}")
        if shutil.disk_usage(folder).free < _TIGHT:
            hint = "Make room, then run again: nothing is half-written."
            super().__init__(f"git {command} failed because the disk is full: {first}", hint=hint)
        else:
            super().__init__(f"git {command} failed: {first}")
        self.code = code
        self.said = said


class Git:
    """git in one folder.

    Args:
        folder: where the commands run; path arguments are relative to it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def run(
        self,
        *arguments: str,
        stdin: bytes | BinaryIO = b"",
        env: Mapping[str, str] | None = None,
        allow: Sequence[int] = (),
        reading: bool = False,
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a command to its end and return what it wrote.

        Args:
            arguments: the command and its arguments.
            stdin: what it reads, as bytes or an open file.
            env: variables to set on top.
            allow: exit codes besides 0 that are answers, not failures.
            reading: leave the index alone, so that nobody's lock is disturbed.

        Raises:
            GitMissing: there is no git on the PATH.
            GitFailed: any other exit code.
        """
        try:
            done = subprocess.run(
                [*_ALWAYS, *arguments],
                cwd=self._folder,
                env=environment(env or {}, reading=reading),
                capture_output=True,
                check=False,
                input=stdin if isinstance(stdin, bytes) else None,
                stdin=None if isinstance(stdin, bytes) else stdin,
            )
        except FileNotFoundError as error:
            raise missing(self._folder) from error
        if done.returncode not in {0, *allow}:
            said = done.stderr.decode("utf-8", "replace").strip()
            raise GitFailed(arguments[0], done.returncode, said, folder=self._folder)
        return done

    def feed(self, *arguments: str, chunks: Iterable[bytes]) -> None:
        """Run a command that swallows a long stream and prints nothing, holding one chunk at a time.

        Raises:
            GitMissing: there is no git on the PATH.
            HookRefused: it was about to move a ref, and a hook of the user's said no.
            GitFailed: it ended with another error.
        """
        with tempfile.TemporaryFile() as said:
            try:
                process = subprocess.Popen(
                    [*_ALWAYS, *arguments],
                    cwd=self._folder,
                    env=environment({}),
                    stdin=subprocess.PIPE,
                    stdout=said,
                    stderr=said,
                )
            except FileNotFoundError as error:
                raise missing(self._folder) from error
            with process, suppress(BrokenPipeError):  # it died: its exit code and words say why
                assert process.stdin is not None  # noqa: S101  # because of PIPE above
                process.stdin.writelines(chunks)
                process.stdin.close()
            if process.returncode != 0:
                said.seek(0)
                words = said.read().decode("utf-8", "replace")
                if "aborted by hook" in words:
                    raise HookRefused("your reference-transaction hook refused", hint=words)
                raise GitFailed(arguments[0], process.returncode, words, folder=self._folder)

    def write(self, *arguments: str, to: BinaryIO) -> None:
        """Run a command that only looks, its output streamed into an open file.

        Raises:
            GitMissing: there is no git on the PATH.
            GitFailed: it ended with an error.
        """
        command = [*_ALWAYS, *arguments]
        try:
            done = subprocess.run(
                command,
                cwd=self._folder,
                env=environment({}, reading=True),
                stdin=subprocess.DEVNULL,
                stdout=to,
                stderr=subprocess.PIPE,
                check=False,
            )
        except FileNotFoundError as error:
            raise missing(self._folder) from error
        if done.returncode != 0:
            said = done.stderr.decode("utf-8", "replace").strip()
            raise GitFailed(arguments[0], done.returncode, said, folder=self._folder)

    def read(self, *arguments: str, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> bytes:
        """Run a command that only looks, and return its output."""
        return self.run(*arguments, stdin=stdin, env=env, reading=True).stdout

    def line(self, *arguments: str, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> str:
        """Run a command and return the one line it prints, without its end."""
        return (
            self.run(*arguments, stdin=stdin, env=env).stdout.decode("utf-8", "surrogateescape").rstrip("\n")
        )


def environment(extra: Mapping[str, str], *, reading: bool = False) -> dict[str, str]:
    """Return the environment for one git process."""
    env = {key: value for key, value in os.environ.items() if key not in _OF_A_HOOK}
    env |= {"LC_ALL": "C", "LANGUAGE": "C", "GIT_TERMINAL_PROMPT": "0"}
    if reading:
        env["GIT_OPTIONAL_LOCKS"] = "0"
    return env | dict(extra)


def missing(folder: Path) -> GitMissing:
    """Return the error for a machine without git, or a folder that is gone."""
    if not folder.is_dir():
        return GitMissing(f"the folder {folder} does not exist")
    return GitMissing("git is not installed or not on the PATH", hint="Install git 2.34 or newer.")


def decode_path(raw: bytes) -> str:
    """Return a path as git wrote it; bytes that are no UTF-8 come back the same way."""
    return raw.decode("utf-8", "surrogateescape")


def encode_path(path: str) -> bytes:
    """Return the bytes git knows a path by."""
    return path.encode("utf-8", "surrogateescape")
