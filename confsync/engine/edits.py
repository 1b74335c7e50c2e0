"""Committing the user's own edits before anything else happens to them.

Nothing uncommitted is ever overwritten, and nothing unconfirmed is ever pushed: edited pages go through
`git commit` with the user's hooks and identity, or stay dirty and are left out of the run.
"""

from dataclasses import replace

from confsync.engine.observe_local import observe_copy
from confsync.engine.outcome import Log
from confsync.engine.session import Options, Session
from confsync.errors import HistoryError, HookRefused
from confsync.model.ids import PageId, RelPath
from confsync.names import ASSETS
from confsync.plan.copy import Copy
from confsync.plan.operation import PushPlan
from confsync.plan.push import has_markers


def commit_edits(session: Session, copy: Copy, options: Options, log: Log) -> Copy:
    """Commit edited, new and deleted pages and attachments; return the copy, with what could not be frozen.

    Raises:
        HistoryError: there are uncommitted edits and `--no-commit` forbids to commit them.
    """
    halves = session.history.state().half_staged & set(copy.paths.values())
    why = "left alone, for it has staged and unstaged changes; commit or unstage them"
    log.warnings.extend(f"{path}: {why}" for path in sorted(halves))
    dirty = _dirty_pages(session, copy)
    if not dirty:
        return copy
    if not options.commit:
        names = ", ".join(sorted(dirty)[:3])
        raise HistoryError(
            f"{len(dirty)} edited files are not committed ({names})", hint="Commit them, or drop --no-commit."
        )
    message = options.message or _message(dirty)
    try:
        done = session.history.commit_edits(sorted(dirty), message)
    except HookRefused as error:
        log.warnings.append(f"not pushed: {error.message}")
        return _freeze(copy, dirty, "is not committed: your git hook refused")
    if done.commit is None:
        return copy
    log.committed = done.commit
    return observe_copy(session)  # a hook may have changed files


def only_committed(session: Session, plan: PushPlan, log: Log) -> PushPlan:
    """A push without what HEAD does not hold: somebody typed while the run was under way.

    A record must never be committed ahead of its text: were the file put back to what HEAD says, the next
    push would take that for an edit and revert Confluence.
    """
    if not plan.operations:
        return plan
    dirty = session.history.edited()
    dirty |= {RelPath(_page_of(path)) for path in dirty}
    late = sorted({op.path for op in plan.operations if op.path in dirty})
    log.late.extend(late)
    sent = tuple(op for op in plan.operations if op.path not in dirty)
    return replace(plan, operations=sent)


def _dirty_pages(session: Session, copy: Copy) -> set[RelPath]:
    ours = {local.path for page, local in copy.pages.items() if page not in copy.frozen}
    ours |= {local.path for local in copy.unbound if local.page not in copy.frozen}
    marked = {local.path for local in (*copy.pages.values(), *copy.unbound) if has_markers(copy, local)}
    pages = (*copy.pages.values(), *copy.unbound)
    referred = {path for local in pages for path in copy.outside(local).values()} if copy.media else set()
    gone = {
        path
        for path, page in copy.base_ids.items()
        if page in copy.records and page not in copy.frozen and path not in copy.files
    }
    return {
        path
        for path in session.history.edited()
        if (path in ours and path not in marked) or path in gone | referred or _page_of(path) in ours | gone
    }


def _page_of(path: RelPath) -> str:
    """The file of the page whose attachment folder a path lies in; empty where it lies in none."""
    folder, found, _ = path.rpartition(f"{ASSETS}/")
    return f"{folder}.md" if found else ""


def _freeze(copy: Copy, paths: set[RelPath], reason: str) -> Copy:
    frozen = dict(copy.frozen)
    for page, path in copy.paths.items():
        if path in paths:
            frozen[PageId(page)] = reason
    return replace(copy, frozen=frozen)


def _message(paths: set[RelPath]) -> str:
    names = sorted(paths)
    return f"Edit {names[0]}" if len(names) == 1 else f"Edit {len(names)} files"
