"""Which working copy a command means."""

from pathlib import Path

from confsync.errors import NotAWorkingCopy
from confsync.model.config import FILE


def find_folder(start: Path) -> Path:
    """The working copy around a folder: the nearest one, upwards, that holds confsync.toml.

    Raises:
        NotAWorkingCopy: there is none.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / FILE).is_file():
            return folder
    raise NotAWorkingCopy(
        f"{start} is no working copy: there is no {FILE} here or in any folder above",
        hint="`confsync clone URL` makes one; `confsync init URL` makes one of a git repository.",
    )
