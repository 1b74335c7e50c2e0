"""A disk that is really full: a small file system of its own, filled up to a few bytes.

Whatever part of a run meets it (git's objects, a file, the journal, the lock), the message says so, both sides
keep what they have, and with room again the same command does its work.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import FAQ, INSTALL, Cli, Colleague, git


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    where = tmp_path / "disk"
    where.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(where)]
    if os.name != "posix" or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("mounting a small disk takes root on Linux: run the tests as root there")
    yield where
    os.chdir(tmp_path)
    subprocess.run(["umount", str(where)], check=True)


@pytest.fixture
def full_copy(copy: Path, small_disk: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The clone, on the small disk."""
    folder = small_disk / "docs"
    shutil.copytree(copy, folder, symlinks=True)
    monkeypatch.chdir(folder)
    return folder


def _fill(disk: Path, leave: int) -> Path:
    """Leave only so many bytes free."""
    filler = disk / "filler"
    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    with filler.open("wb") as stream:
        stream.write(b"\0" * max(0, free - leave))
    return filler


@pytest.mark.parametrize("leave", [0, 4096, 8192, 16384, 32768, 49152, 65536, 98304])
def test_a_sync_on_a_full_disk_says_so_and_loses_nothing(
    leave: int, cli: Cli, full_copy: Path, small_disk: Path, ben: Colleague
) -> None:
    (full_copy / "install.md").write_text(
        (full_copy / "install.md").read_text().replace("Then start it.", "Then start it, gently.")
    )
    ben.edit(FAQ, "Ask one", "Ask every")
    filler = _fill(small_disk, leave)
    ran = cli("sync")
    assert ran.code in (0, 1)
    if ran.code:
        assert "No space left on device" in ran.said or "disk is full" in ran.said
        assert "bug" not in ran.said
        assert "Traceback" not in ran.said
    filler.unlink()
    assert cli("sync").code == 0
    assert "Then start it, gently." in ben.body(INSTALL)
    assert "Ask every" in (full_copy / "questions.md").read_text()
    assert "Ask every" in ben.body(FAQ)
    assert git("status", "--porcelain") == ""
    assert git("fsck", "--no-dangling") == ""
