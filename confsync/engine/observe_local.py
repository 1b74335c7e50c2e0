"""Reading the working copy: the base from HEAD, the files from the work tree."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice

from confsync.engine import read_back
from confsync.engine.session import Session
from confsync.errors import RecordError
from confsync.model.config import FILE
from confsync.model.ids import CommitId, PageId, RelPath
from confsync.model.record import Record, load_record
from confsync.names import ASSETS
from confsync.plan.copy import Copy
from confsync.plan.references import may_be_attached, references
from confsync.ports import ConflictState, RepoState

RECORDS = ".confsync/pages/"
_AT_ONCE = 1000


def observe_copy(session: Session, warnings: list[str] | None = None) -> Copy:
    """The working copy as it is now.

    A record in HEAD that does not match its own checksum is treated as if there were none: the page is
    adopted or conflicts, and is never deleted or pushed on its ground.
    """
    state = session.history.state()
    records, base_texts = read_commit(session, state.head, warnings)
    files, assets, others = _read_files(session, state, base_texts)
    held = _held(session, base_texts)
    doubled = Copy(session.settings, records, base_texts, {}, {}, held=held)
    copy = Copy(
        settings=session.settings,
        records=records,
        base_texts=base_texts,
        files=files,
        assets=assets,
        frozen=_doubtful(doubled, files) | _frozen(session, state, base_texts),
        held=held,
        media=_media(session, files, others),
        absent=state.absent,
        unordered=_unordered(session, state, doubled),
        clean=frozenset(session.cache.recall("clean").split()),
        altered=read_back.altered(session),
    )
    unreadable = {item.page: item.reason for item in copy.unreadable if item.page in records}
    return replace(copy, frozen={**unreadable, **copy.frozen}) if unreadable else copy


def _held(session: Session, base_texts: Mapping[RelPath, bytes]) -> dict[PageId, RelPath]:
    """Of several files with one id, the one that the tracking branch knows as the page's.

    It must not change from run to run which of them is the page: what a pull merged into one would be missing
    from the other, and look like an edit.
    """
    here = Copy(session.settings, {}, base_texts, {}, {})
    several = {page: paths for page, paths in here.claims.items() if len(paths) > 1}
    tracking = session.history.tracking() if several else None
    if tracking is None:
        return {}
    tree = session.history.files(tracking)
    wanted = {path for paths in several.values() for path in paths if path in tree}
    blobs = session.history.blobs({tree[path] for path in wanted})
    there = Copy(session.settings, {}, {path: blobs[tree[path]] for path in wanted}, {}, {})
    return {page: paths[0] for page, paths in there.claims.items() if page in several and len(paths) == 1}


def _unordered(session: Session, state: RepoState, here: Copy) -> frozenset[PageId]:
    """Pages whose file had `children:` when all was in step, and has it no more."""
    tracking = session.history.tracking()
    if tracking is None or tracking == state.head:
        return frozenset()
    tree, now = session.history.files(tracking), session.history.files()
    changed = {path for path in here.base_texts if path in tree and tree[path] != now.get(path)}
    blobs = session.history.blobs({tree[path] for path in changed})
    there = Copy(session.settings, {}, {}, {path: blobs[tree[path]] for path in changed}, {})
    ordered = {local.page for local in there.unbound if local.front.children is not None}
    return frozenset(page for page in ordered if page is not None)


def _doubtful(copy: Copy, files: Mapping[RelPath, bytes]) -> dict[PageId, str]:
    """Pages of which nobody can say which of several files is theirs."""
    return {
        page: f"several files carry its id ({', '.join(paths)}); take the `id` line out of all but one"
        for page, paths in copy.claims.items()
        if len(paths) > 1 and page in copy.records and page not in copy.held and set(paths) <= files.keys()
    }


def read_commit(
    session: Session, commit: CommitId | None, warnings: list[str] | None = None
) -> tuple[dict[PageId, Record], dict[RelPath, bytes]]:
    """The records and the Markdown files of a commit."""
    if commit is None:
        return {}, {}
    tree = session.history.files(commit)
    wanted = {path: blob for path, blob in tree.items() if path.startswith(RECORDS)}
    # Records first, and their bytes let go of, before the texts come: a space has as much of both.
    records = _records(session, wanted, warnings)
    texts = {path: blob for path, blob in tree.items() if path.endswith(".md") and path not in wanted}
    blobs = {
        blob: data for part in _parts(texts.values()) for blob, data in session.history.blobs(part).items()
    }
    return records, {path: blobs[blob] for path, blob in texts.items()}


def _parts(blobs: Iterable[str]) -> Iterator[list[str]]:
    """Some blobs at a time: git hands out all that it is asked for in one piece."""
    waiting = iter(dict.fromkeys(blobs))
    while part := list(islice(waiting, _AT_ONCE)):
        yield part


def _records(
    session: Session, wanted: Mapping[RelPath, str], warnings: list[str] | None
) -> dict[PageId, Record]:
    paths = {blob: path for path, blob in wanted.items()}
    for part in _parts(paths.keys() - session.known.keys()):
        for blob, data in session.history.blobs(part).items():
            try:
                session.known[blob] = load_record(data)
            except RecordError as error:
                if warnings is not None:
                    warnings.append(
                        f"{paths[blob]}: {error.message}; the page is treated as if it had no base"
                    )
    found = (session.known[blob] for blob in wanted.values() if blob in session.known)
    return {record.id: record for record in found}


def _read_files(
    session: Session, state: RepoState, base_texts: Mapping[RelPath, bytes]
) -> tuple[dict[RelPath, bytes], dict[RelPath, str], frozenset[RelPath]]:
    """Markdown files, the checksums of files in `.assets` folders, and what else there is to refer to."""
    found = [path for path, fact in session.tree.scan().items() if not fact.symlink]
    files = {
        path: _shared(session.tree.read(path), base_texts.get(path)) for path in found if path.endswith(".md")
    }
    # Also those of pages whose file is gone: it may come back, and must not be written over them.
    assets = {path: session.tree.sha256(path) for path in found if f"{ASSETS}/" in path}
    # What sparse checkout keeps away is not deleted: it is what HEAD says.
    for path in state.absent:
        if path in base_texts:
            files[path] = base_texts[path]
    return files, assets, frozenset(path for path in found if may_be_attached(path))


def _shared(data: bytes, known: bytes | None) -> bytes:
    """The same bytes once: nearly all files are as HEAD has them."""
    return known if data == known and known is not None else data


def _media(
    session: Session, files: Mapping[RelPath, bytes], others: frozenset[RelPath]
) -> dict[RelPath, str]:
    """Files outside the `.assets` folders that a text refers to."""
    wanted = {
        reference.path
        for path, data in (files.items() if others - {RelPath(FILE)} else ())
        if b"](" in data or b"src=" in data or b"]:" in data
        for reference in references(data.decode("utf-8", "replace"), path)
    }
    return {path: session.tree.sha256(path) for path in sorted(wanted & others)}


def _frozen(session: Session, state: RepoState, base_texts: Mapping[RelPath, bytes]) -> dict[PageId, str]:
    """Pages that a run must not touch, with the reason."""
    frozen: dict[PageId, str] = {}
    base = Copy(session.settings, {}, base_texts, {}, {})
    for page, path in base.base_paths.items():
        if path in state.half_staged:
            frozen[page] = "has staged and unstaged changes; commit or unstage them first"
        elif path in state.unmerged:
            frozen[page] = "is unmerged in git"
    for page, conflict in session.history.pending().items():
        what = "has a conflict" if conflict.state is ConflictState.MARKED else "has a deferred conflict"
        frozen[page] = f"{what} that waits for `confsync resolve {conflict.path}`"
    return frozen
