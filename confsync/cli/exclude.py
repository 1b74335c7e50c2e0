"""What git ignores: the base must not be, the site that an export writes should be."""

from pathlib import Path

from confsync.errors import GitMissing
from confsync.history.place import find_place
from confsync.history.process import Git


def leave_out(source: Path, made: Path) -> bool:
    """Make this clone of the repository pass over a folder that was just made in it.

    Nothing is done where the folder lies outside, is ignored already, or holds files that git knows: then
    somebody wants it committed.

    Returns:
        Whether a line was added to `info/exclude`.
    """
    try:
        place = find_place(source, "any")
    except GitMissing:
        return False
    made = made.resolve()
    if not made.is_relative_to(place.top.resolve()) or made == place.top.resolve():
        return False
    path = made.relative_to(place.top.resolve()).as_posix()
    if ignores(place.top, f"{path}/index.html") or Git(place.top).read("ls-files", "-z", "--", path):
        return False
    _append(place.common_dir / "info" / "exclude", f"/{path}/")
    return True


def ignores(folder: Path, path: str) -> bool:
    """Whether git's ignore rules hide a path below a folder, tracked or not."""
    # check-ignore knows no literal pathspecs; the paths asked for here have no magic in them.
    command = ("--no-literal-pathspecs", "check-ignore", "--quiet", "--no-index", "--", path)
    return Git(folder).run(*command, allow=(1,), reading=True).returncode == 0


def hides_base(folder: Path) -> bool:
    """Whether git would ignore the records of a working copy, as a `.gitignore` with `.*` makes it."""
    return ignores(folder, ".confsync/pages/00/100.page")


def _append(file: Path, line: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    text = file.read_text(encoding="utf-8", errors="surrogateescape") if file.exists() else ""
    text += "\n" if text and not text.endswith("\n") else ""
    file.write_text(f"{text}{line}\n", encoding="utf-8", errors="surrogateescape")
