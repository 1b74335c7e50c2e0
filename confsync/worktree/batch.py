"""Applying many changes in an order in which a crash never leaves a page without its file."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from confsync.errors import WorkTreeError, WriteFailed
from confsync.model.ids import RelPath
from confsync.ports import FileChange
from confsync.worktree import atomic
from confsync.worktree.paths import Root
from confsync.worktree.quirks import Folding

_AT_ONCE = 500
"""Files that may lie on the disk twice for a moment."""


def apply(root: Root, folding: Folding, changes: Sequence[FileChange]) -> None:
    """Write, then remove: a renamed page is on disk twice for a moment, but never not at all.

    Only where a file has to give way to a folder of its name (or a folder to a file) do removals come
    first. Where the file system takes the old and the new name for one (`Api.md`, `api.md`), the file is
    rewritten under its old name and then renamed.
    """
    targets = {change.path: root.resolve_file(change.path) for change in changes}
    if len(targets) != len(changes):
        raise WorkTreeError("two changes of one file in one batch")
    respelled, changes = _respelled(folding, changes)
    early, removals, late = in_order(changes)
    for writes in (early, late):
        for at in range(0, len(writes), _AT_ONCE):
            _write(root, writes[at : at + _AT_ONCE], targets, respelled)
        if writes is early:
            _remove(root, removals, targets)


def _respelled(
    folding: Folding, changes: Sequence[FileChange]
) -> tuple[dict[RelPath, RelPath], list[FileChange]]:
    """Join each removal with the write that this file system takes for the same file."""
    if not (folding.case or folding.unicode):
        return {}, list(changes)
    removed = {folding.key(change.path): change for change in changes if change.content is None}
    old_names: dict[RelPath, RelPath] = {}
    joined: list[FileChange] = []
    for change in changes:
        old = removed.get(folding.key(change.path))
        if change.content is not None and old is not None:
            old_names[change.path] = old.path
            joined.append(FileChange(change.path, change.content, old.expected))
        elif change.content is not None:
            joined.append(change)
    swallowed = set(old_names.values())
    joined += [c for c in changes if c.content is None and c.path not in swallowed]
    return old_names, joined


def in_order(changes: Sequence[FileChange]) -> tuple[list[FileChange], list[FileChange], list[FileChange]]:
    """Split changes as `apply` does them: writes, removals, then writes that needed those removals."""
    removals = [change for change in changes if change.content is None]
    gone = {removal.path for removal in removals}
    folders = {parent for path in gone for parent in _parents(path)}
    early: list[FileChange] = []
    late: list[FileChange] = []
    for change in changes:
        if change.content is not None:
            blocked = change.path in folders or any(parent in gone for parent in _parents(change.path))
            (late if blocked else early).append(change)
    return early, removals, late


def _parents(path: RelPath) -> list[RelPath]:
    parts = path.split("/")
    return [RelPath("/".join(parts[:end])) for end in range(1, len(parts))]


def _write(
    root: Root,
    changes: Sequence[FileChange],
    targets: Mapping[RelPath, Path],
    respelled: Mapping[RelPath, RelPath],
) -> None:
    """Write files side by side, make them durable together, then give each its name."""
    waiting: list[atomic.Waiting] = []
    try:
        for change in changes:
            if (one := _laid_out(change, targets[change.path], respelled)) is not None:
                waiting.append(one)  # noqa: PERF401  # what an error leaves behind has to be known
        atomic.make_durable(waiting)
        for one in waiting:
            atomic.swap_in(one)
            if one.path in respelled:
                with atomic.explaining(one.path):
                    _respell(root, one.path)
    finally:
        for one in waiting:
            one.discard()
    for folder in {one.target.parent for one in waiting}:
        atomic.sync_folder(folder)


def _laid_out(
    change: FileChange, target: Path, respelled: Mapping[RelPath, RelPath]
) -> atomic.Waiting | None:
    """Return what is to be given its name; None where the file is at its goal."""
    if change.content is None:
        return None
    with atomic.explaining(change.path):
        found = atomic.current(target)
        at_goal = found is not None and found == atomic.checksum(change.content)
        if at_goal and change.path not in respelled:
            return None
        atomic.require(change.path, found, change.expected)
        _make_room(change.path, target)
    return atomic.lay_out(change.path, target, change.content, change.expected)


def _remove(root: Root, removals: Sequence[FileChange], targets: Mapping[RelPath, Path]) -> None:
    folders: set[Path] = set()
    for change in removals:
        target = targets[change.path]
        if target.is_file():
            atomic.remove(change.path, target, change.expected)
            folders.add(target.parent)
        _drop_empty_folders(root, target.parent)
    for folder in folders:
        atomic.sync_folder(folder)


def _make_room(path: RelPath, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_dir():
        with suppress(OSError):
            target.rmdir()
            return
        raise WriteFailed(
            "cannot be written: a folder of this name is in the way",
            hint="Move what is in that folder elsewhere and run again.",
            page=path,
        )


def _respell(root: Root, path: RelPath) -> None:
    """Give every part of a path the spelling it has in `path`, on a file system that does not tell."""
    here = root.folder
    for part in path.split("/"):
        names = {entry.name for entry in here.iterdir()}
        wanted = here / part
        if part not in names:
            old = next(here / name for name in names if (here / name).samefile(wanted))
            old.rename(wanted)
        here = wanted


def _drop_empty_folders(root: Root, folder: Path) -> None:
    # rmdir refuses a folder with anything in it: foreign files are safe without our looking.
    with suppress(OSError):
        while folder != root.folder:
            folder.rmdir()
            folder = folder.parent
