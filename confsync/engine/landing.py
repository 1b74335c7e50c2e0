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

_Planned = tuple[RelPath, str | None, str | None, str]
"""A file of a landing: its path, its checksum before and after (None: no such file), and whose page it is."""


def land(
    session: Session,
    transaction: Transaction,
    changes: Sequence[FileChange],
    owners: Mapping[RelPath, PageId] | None = None,
    vacated: Sequence[FileChange] = (),
) -> None:
    """Write files and move HEAD to the commit that holds them; all or, after a crash, by and by all.

    `vacated` are places that files leave because other changes move them; only recovery looks at those.
    Files that sparse checkout keeps away change in the commit alone.

    Raises:
        FileChanged: somebody edited a file meanwhile; HEAD has not moved.
    """
    key = f"land:{transaction.commit}"
    state = session.history.state()
    session.journal.intend(
        {
            "key": key,
            "op": "land",
            "commit": transaction.commit,
            "onto": state.head,
            "files": [_item(change, (owners or {}).get(change.path)) for change in (*changes, *vacated)],
        }
    )
    try:
        session.tree.apply([change for change in changes if change.path not in state.absent])
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
    onto = str(intent.get("onto") or commit)
    if onto != commit and not session.history.is_ancestor(onto, head):
        spoilt = {page for *_, page in files}  # history was rewound: what was to be recorded is no longer so
    elsewhere = _unfinishable(session, commit, [(path, new) for path, _, new, _ in files])
    spoilt |= {page for path, _, new, page in files if path in elsewhere and now[path] != new}
    wrote = _settle_spoilt(session, commit, head, [item for item in files if item[3] in spoilt], now)
    wanted = [(path, new) for path, _, new, page in files if page not in spoilt and (page or not spoilt)]
    contents = _contents(session, commit, wanted)
    if not contents:
        return wrote
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


def _settle_spoilt(
    session: Session,
    commit: CommitId,
    head: CommitId,
    files: Sequence[_Planned],
    now: Mapping[RelPath, str | None],
) -> bool:
    """Leave no page half moved, which would look like a copy; its record stays behind, which is safe.

    Where somebody went on with the file in its new place, the rest follows it; else all goes back.
    """
    ahead = {
        page
        for path, old, new, page in files
        if old is None and path.endswith(".md") and now[path] not in (None, new)
    }
    follow = [
        (path, new)
        for path, old, new, page in files
        if page in ahead and now[path] == old != new and not path.startswith(".confsync/")
    ]
    found = _contents(session, commit, follow)
    session.tree.apply([FileChange(path, content, now[path]) for path, content in found.items()])
    back = [item[:3] for item in files if item[3] not in ahead and now[item[0]] == item[2] != item[1]]
    return _put_back(session, head, back) or bool(found)


def _put_back(
    session: Session, head: CommitId, files: Sequence[tuple[RelPath, str | None, str | None]]
) -> bool:
    """Undo what had landed of pages that somebody edited since: half a rename would look like a copy."""
    tree = session.history.files(head)
    blobs = session.history.blobs({tree[path] for path, old, _ in files if old and path in tree})
    changes = [
        FileChange(path, blobs[tree[path]] if old else None, new)
        for path, old, new in files
        if old is None or (path in tree and sha256(blobs[tree[path]]) == old)
    ]
    session.tree.apply(changes)
    return bool(changes)


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


def _planned(item: list[object]) -> _Planned:
    path, old, new, page = item
    return (
        RelPath(str(path)),
        None if old is None else str(old),
        None if new is None else str(new),
        str(page),
    )
