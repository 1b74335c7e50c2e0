"""Applying many changes in an order in which a crash never leaves a page without its file."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from confsync.errors import WorkTreeError, WriteFailed
from confsync.model.ids import RelPath
from confsync.ports import FileChange
from confsync.worktree import atomic
from confsync.worktree.paths import Root
from confsync.worktree.quirks import Folding


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
    touched: set[Path] = set()
    for change in in_order(changes):
        if _apply_one(root, change, targets[change.path], respelled.get(change.path)):
            touched.add(targets[change.path].parent)
        if change.content is None:
            _drop_empty_folders(root, targets[change.path].parent)
    for folder in touched:
        atomic.sync_folder(folder)


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


def in_order(changes: Sequence[FileChange]) -> list[FileChange]:
    """Return changes in the order of `apply`: writes, removals, then writes that needed those removals."""
    removals = [change for change in changes if change.content is None]
    gone = {removal.path for removal in removals}
    folders = {parent for path in gone for parent in _parents(path)}
    early: list[FileChange] = []
    late: list[FileChange] = []
    for change in changes:
        if change.content is not None:
            blocked = change.path in folders or any(parent in gone for parent in _parents(change.path))
            (late if blocked else early).append(change)
    return [*early, *removals, *late]


def _parents(path: RelPath) -> list[RelPath]:
    parts = path.split("/")
    return [RelPath("/".join(parts[:end])) for end in range(1, len(parts))]


def _apply_one(root: Root, change: FileChange, target: Path, old_name: RelPath | None) -> bool:
    """Return whether anything had to be done."""
    if change.content is None:
        if not target.is_file():
            return False
        atomic.remove(change.path, target, change.expected)
        return True
    with atomic.explaining(change.path):
        if atomic.current(target) == atomic.checksum(change.content) and old_name is None:
            return False
        _make_room(change.path, target)
    atomic.replace(change.path, target, change.content, change.expected)
    if old_name is not None:
        with atomic.explaining(change.path):
            _respell(root, change.path)
    return True


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
