"""Which file events matter."""

from confsync.model.ids import RelPath
from confsync.worktree.junk import is_junk


def matters(path: str) -> bool:
    """Whether an event at a path (relative, `/` between names) may concern a page or an attachment.

    Not: dot folders (git's and ours among them), litter of editors and mergetools, our temporary files.
    """
    parts = path.split("/")
    return bool(path) and not any(part.startswith(".") for part in parts) and not is_junk(parts[-1])


def relevant(paths: list[str]) -> list[RelPath]:
    """The paths that matter."""
    return [RelPath(path) for path in paths if matters(path)]
