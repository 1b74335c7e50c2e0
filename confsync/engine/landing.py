"""Files first, then HEAD: the one way in which a commit of ours reaches the working copy.

An old base with newer text is safe; a new base with older text is silent loss. So the files are written by
compare-and-swap, and only then HEAD and index move. What is about to be written is in the journal, because a
merge must not be made twice: after a crash, what had been merged is finished by checksum, never merged again
from the old base.
"""

import hashlib
from collections.abc import Mapping, Sequence

from confsync.engine.outcome import Log
from confsync.engine.session import Session, sha256
from confsync.errors import WorkTreeError
from confsync.model.ids import CommitId, PageId, RelPath
from confsync.ports import Content, FileChange, Transaction


def land(
    session: Session,
    transaction: Transaction,
    changes: Sequence[FileChange],
    owners: Mapping[RelPath, PageId] | None = None,
) -> None:
    """Write files and move HEAD to the commit that holds them; all or, after a crash, by and by all.

    Raises:
        FileChanged: somebody edited a file meanwhile; HEAD has not moved.
    """
    key = f"land:{transaction.commit}"
    session.journal.intend(
        {
            "key": key,
            "op": "land",
            "commit": transaction.commit,
            "files": [_item(change, (owners or {}).get(change.path)) for change in changes],
        }
    )
    try:
        session.tree.apply(changes)
    except BaseException:
        transaction.abandon()
        raise
    transaction.publish()
    session.journal.done(key)


def finish_landing(session: Session, intent: Mapping[str, object], log: Log) -> bool:
    """After a crash: write what is still missing of a landing, except where somebody has edited since."""
    commit = CommitId(str(intent["commit"]))
    head = session.history.state().head
    if head is None or session.history.is_ancestor(commit, head):
        return False  # it had arrived
    files = [_planned(item) for item in _items(intent["files"])]
    now = {path: present(session, path) for path, *_ in files}
    spoilt = {page for path, old, new, page in files if now[path] not in (old, new)}
    elsewhere = _unfinishable(session, commit, [(path, new) for path, _, new, _ in files])
    spoilt |= {page for path, _, new, page in files if path in elsewhere and now[path] != new}
    wanted = [(path, new) for path, _, new, page in files if page not in spoilt and (page or not spoilt)]
    contents = _contents(session, commit, wanted)
    if not contents:
        return False
    changes = [FileChange(path, content, present(session, path)) for path, content in contents.items()]
    transaction = session.history.prepare(contents, "Finish an interrupted run")
    try:
        session.tree.apply([change for change in changes if not _is_there(session, change)])
    except BaseException:
        transaction.abandon()
        raise
    transaction.publish()
    log.warnings.append(f"finished a run that was interrupted: {len(contents)} files")
    return True


def present(session: Session, path: RelPath) -> str | None:
    """The checksum of a file as it is now; None where there is none that we may write over."""
    try:
        return session.tree.sha256(path)
    except WorkTreeError:
        return None


def _contents(
    session: Session, commit: CommitId, wanted: Sequence[tuple[RelPath, str | None]]
) -> dict[RelPath, Content | None]:
    """What the commit holds of these files; big ones only where they have arrived."""
    tree = session.history.files(commit)
    blobs = session.history.blobs({tree[path] for path, new in wanted if new and path in tree})
    contents: dict[RelPath, Content | None] = {}
    for path, new in wanted:
        if new is None:
            contents[path] = None
        elif path in tree and sha256(blobs[tree[path]]) == new:
            contents[path] = blobs[tree[path]]
    return contents


def _unfinishable(
    session: Session, commit: CommitId, wanted: Sequence[tuple[RelPath, str | None]]
) -> set[RelPath]:
    """Files that cannot be had from the commit with the right checksum: a filter keeps them elsewhere."""
    found = _contents(session, commit, wanted)
    return {path for path, _ in wanted if path not in found}


def _is_there(session: Session, change: FileChange) -> bool:
    now = present(session, change.path)
    return now == _checksum(change.content)


def _checksum(content: Content | None) -> str | None:
    if content is None:
        return None
    if isinstance(content, bytes):
        return sha256(content)
    with content.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _item(change: FileChange, page: PageId | None) -> list[str | None]:
    return [change.path, change.expected, _checksum(change.content), page or ""]


def _items(value: object) -> list[list[object]]:
    return [item for item in value if isinstance(item, list)] if isinstance(value, list) else []


def _planned(item: list[object]) -> tuple[RelPath, str | None, str | None, str]:
    path, old, new, page = item
    return (
        RelPath(str(path)),
        None if old is None else str(old),
        None if new is None else str(new),
        str(page),
    )
