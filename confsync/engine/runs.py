"""The runs people start: status, pull, push, sync, resolve."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from confsync.engine import quiet, silent
from confsync.engine.apply_pull import apply_pull
from confsync.engine.apply_push import Pusher
from confsync.engine.conflicts import (
    Resolution,
    find_conflict,
    mark,
    raise_conflict,
    resolve,
    settle_conflicts,
)
from confsync.engine.edits import commit_edits, only_committed
from confsync.engine.gatekeeper import Run, check_state
from confsync.engine.mentions import complete_people
from confsync.engine.observe_local import observe_copy
from confsync.engine.observe_remote import UNSEEN, Seen, observe_lately, observe_pages, observe_space
from confsync.engine.outcome import Log, Outcome
from confsync.engine.recover import recover
from confsync.engine.session import Options, Session
from confsync.engine.still import is_still, remember_still
from confsync.model.ids import PageId, RelPath
from confsync.model.record import Record, load_record
from confsync.plan.copy import Copy, fingerprint
from confsync.plan.gates import Allowed, questions, stopped, vanished
from confsync.plan.incoming import Incoming
from confsync.plan.links import LinkIndex
from confsync.plan.operation import PullPlan, PushPlan, Refused
from confsync.plan.pull import plan_pull
from confsync.plan.push import PushOptions, plan_push
from confsync.ports import ConflictState, PendingConflict

ROUNDS = 5
"""How often a sync goes back to the merge because pages change under it, before it leaves them for later."""


def status(session: Session) -> Outcome:
    """What a push would send, what waits, what cannot be read: local against base, nothing written."""
    log = Log()
    if is_still(session.history, session.cache):
        return log.outcome((), dry_run=True)
    copy = observe_copy(session, log.warnings)
    plan = _push_plan(session, copy, Options())
    _tell(log, plan)
    log.warnings.extend(f"{copy.paths.get(page, page)}: {why}" for page, why in copy.frozen.items())
    outcome = log.outcome(_pending(session), dry_run=True)
    if not (outcome.planned or outcome.refused or outcome.warnings or outcome.conflicts):
        remember_still(session.history, session.cache)
    return outcome


def incoming(session: Session) -> Outcome:
    """What a pull would write: base against server, nothing written."""
    log = Log()
    copy = observe_copy(session, log.warnings)
    seen = observe_space(session, copy)
    plan = plan_pull(copy, seen.incoming)
    _tell_pull(log, plan, seen)
    return log.outcome(_pending(session), dry_run=True)


def pull(session: Session, options: Options) -> Outcome:
    """Merge what changed in Confluence into the files."""
    with _run(session, Run.PULL, options) as log:
        looked = _looked(session, options, log)
        if looked is None or not looked.nothing:
            copy = _begin(session, options, log)
            after = _pull(session, copy, options, log, looked)
            _converge(session, options, log, after)
    return log.outcome(_pending(session), dry_run=options.dry_run)


def push(session: Session, options: Options) -> Outcome:
    """Send local edits; pages that changed in Confluence meanwhile are reported and left alone."""
    with _run(session, Run.PUSH, options) as log:
        copy = _begin(session, options, log)
        pusher = _push(session, copy, options, log)
        if pusher is not None and pusher.stale and _recognise(session, sorted(pusher.stale), options, log):
            pusher = _push(session, observe_copy(session), options, log)
        for page in sorted(pusher.stale if pusher else ()):
            path = copy.paths.get(page, RelPath(page))
            log.refused.append(
                Refused(path, "changed in Confluence since the last pull", page, "Run `confsync sync`.")
            )
        _converge(session, options, log)
        state = session.history.state() if options.publish and not options.dry_run else None
        if state is not None and state.branch is None and state.head is not None:
            session.history.leave(state.head)
    return log.outcome(_pending(session), dry_run=options.dry_run)


def _recognise(session: Session, stale: list[PageId], options: Options, log: Log) -> bool:
    """Take what we pushed ourselves for the base: a job that cannot write back must not run into itself."""
    copy = observe_copy(session)
    news = observe_pages(session, copy, stale)
    ours = {page: record for page, record in news.records.items() if page in news.ours}
    if ours:
        _merge(session, copy, replace(news, records=ours, fates={}, frozen={}), options, log)
    return bool(ours)


def sync(session: Session, options: Options) -> Outcome:
    """Pull, then push what still differs, and again for pages that change meanwhile."""
    with _run(session, Run.SYNC, options) as log:
        looked = _looked(session, options, log)
        if looked is not None and looked.nothing:
            return log.outcome((), dry_run=False)
        copy = _begin(session, options, log)
        after = _pull(session, copy, options, log, looked)
        pusher = _push(session, after, options, log)
        for _ in range(ROUNDS):
            if pusher is None or not pusher.stale:
                break
            copy = observe_copy(session)
            _merge(session, copy, observe_pages(session, copy, sorted(pusher.stale)), options, log)
            pusher = _push(session, observe_copy(session), options, log)
        _converge(session, options, log)
    return log.outcome(_pending(session), dry_run=options.dry_run)


def _looked(session: Session, options: Options, log: Log) -> quiet.Look | None:
    """The first look of a run that may find that there is nothing to do."""
    if options.dry_run or options.full or options.quick:
        return None
    looked = quiet.look(session)
    if looked is not None and looked.nothing:
        log.restricted.extend(row.title for row in looked.withheld)
    return looked


def resolve_conflicts(session: Session, wanted: tuple[str, ...], how: Resolution | None) -> Outcome:
    """Settle conflicts by name; without a resolution, take the file as it is, or show the markers."""
    options = Options()
    with _run(session, Run.RESOLVE, options) as log:
        for name in wanted:
            conflict = find_conflict(session, name)
            if how is None and conflict.state is ConflictState.DEFERRED:
                mark(session, conflict)
            else:
                resolve(session, conflict, how or Resolution.EDITED)
    return log.outcome(_pending(session), dry_run=False)


@contextmanager
def _run(session: Session, run: Run, options: Options) -> Iterator[Log]:
    """Hold the lock, look at the state of git, leave a log."""
    if options.dry_run:
        yield Log()
        return
    with session.tree.lock():
        session.history.install()
        session.history.recover()
        check_state(session, run, options)
        yield Log()


def _begin(session: Session, options: Options, log: Log) -> Copy:
    """Recover, settle, commit: afterwards HEAD holds what the user wrote."""
    if not options.dry_run:
        settle_conflicts(session, log)
    copy = observe_copy(session, log.warnings)
    if options.dry_run:
        return copy
    if recover(session, copy, log):
        copy = observe_copy(session)
    return commit_edits(session, copy, options, log)


def _pull(session: Session, copy: Copy, options: Options, log: Log, looked: quiet.Look | None = None) -> Copy:
    if options.quick:
        session.reporter.note(UNSEEN)
        seen = observe_lately(session, copy)
    else:
        seen = observe_space(session, copy, full=options.full, looked=looked)
    log.restricted.extend(row.title for row in seen.restricted)
    if doubt := vanished(copy, seen.incoming.fates):
        log.doubts.append(doubt)
    copy = _retry_deferred(session, copy, seen.incoming, options)
    after = _merge(session, copy, seen.incoming, options, log)
    if not options.dry_run and not options.quick:
        silent.remember_traces(session, seen.recent, after.frozen.keys())
        quiet.remember(session, after, seen.restricted)
    return after


def _retry_deferred(session: Session, copy: Copy, news: Incoming, options: Options) -> Copy:
    """A deferred conflict is tried again once Confluence has moved on from the version it was about."""
    moved = [
        page
        for page, conflict in session.history.pending().items()
        if conflict.state is ConflictState.DEFERRED
        and page in news.records
        and _has_moved(news.records[page], load_record(conflict.record))
    ]
    if not options.dry_run:
        for page in moved:
            session.history.settle(page)
    return replace(copy, frozen={page: why for page, why in copy.frozen.items() if page not in moved})


def _has_moved(now: Record, then: Record) -> bool:
    """Whether the text or title of a page is not what a conflict was about; the rest never conflicts."""
    return (now.row.version.number, now.page.title, now.page.body) != (
        then.row.version.number,
        then.page.title,
        then.page.body,
    )


def _merge(session: Session, copy: Copy, news: Incoming, options: Options, log: Log) -> Copy:
    """Plan a pull and carry it out; return the working copy as it is then (in a dry run: would be)."""
    plan = plan_pull(copy, news)
    _tell_pull(log, plan, None)
    if options.dry_run:
        return _as_if(copy, plan)
    if not plan.empty:
        pushed = _nothing_unpushed(session, copy)
        apply_pull(session, copy, plan, news, pushed=pushed)
        for conflict in plan.conflicts:
            raise_conflict(session, copy, conflict, options)
    after = observe_copy(session)
    if fresh := _fresh(plan, after):
        after = replace(after, clean=after.clean | fresh)
        session.cache.remember("clean", " ".join(sorted(after.clean)))
    gone = copy.gone | plan.frozen.keys() - news.frozen.keys()
    return replace(after, frozen={**copy.frozen, **after.frozen, **plan.frozen}, gone=gone)


def _fresh(plan: PullPlan, after: Copy) -> frozenset[str]:
    """New files say what their pages say, by the law of the lens: nothing was there that could say more."""
    return frozenset(
        fingerprint(after.records[item.page], after.files[item.path])
        for item in plan.pulled
        if item.did == "new"
        and item.page in after.records
        and item.path in after.files
        and after.files[item.path] == plan.texts.get(item.path)
    )


def _as_if(copy: Copy, plan: PullPlan) -> Copy:
    """The working copy as a pull would leave it; attachments to come count as present."""
    files = {**copy.files, **{path: data for path, data in plan.texts.items() if data is not None}}
    records = {
        **copy.records,
        **{page: record for page, record in plan.records.items() if record is not None},
    }
    for path, data in plan.texts.items():
        if data is None:
            files.pop(path, None)
    for page, record in plan.records.items():
        if record is None:
            records.pop(page, None)
    frozen = {conflict.page: "has a conflict" for conflict in plan.conflicts}
    return replace(
        copy,
        files=files,
        base_texts={**copy.base_texts, **files},
        records=records,
        frozen={**copy.frozen, **plan.frozen, **frozen},
        gone=copy.gone | plan.frozen.keys(),
    )


def _push(session: Session, copy: Copy, options: Options, log: Log) -> Pusher | None:
    copy = complete_people(session, copy, options, log)
    plan = _push_plan(session, copy, options)
    log.refused = [item for item in log.refused if item not in plan.refused] + list(plan.refused)
    if options.dry_run:
        log.planned.extend(plan.operations)
        return None
    plan = only_committed(session, plan, log)
    first = session.cache.recall("pushed") == ""
    allowed = Allowed(options.create, options.delete, options.allow_deletes)
    pages = sum(record.row.type.has_text for record in copy.records.values())
    asked = questions(plan.operations, allowed, first_push=first, pages=pages)
    for question in (*(log.doubts if plan.operations else ()), *asked):
        if not session.person.agrees(question):
            raise stopped(question)
    pusher = Pusher(session, copy, options, log)
    if plan.operations:
        pusher.run(plan.operations)
        session.cache.remember("pushed", "yes")
    return pusher


def _push_plan(session: Session, copy: Copy, options: Options) -> PushPlan:
    wanted = PushOptions(options.allow_loss, frozenset(RelPath(path) for path in options.only))
    plan = plan_push(copy, LinkIndex.of(copy), wanted)
    if plan.clean - copy.clean and not options.dry_run:
        session.cache.remember("clean", " ".join(sorted(plan.clean)))
    return plan


def _nothing_unpushed(session: Session, copy: Copy) -> bool:
    """Whether HEAD says nothing that Confluence does not say."""
    if copy.frozen or session.history.pending():
        return False
    if session.history.tracking() == session.history.state().head:
        return True
    plan = _push_plan(session, copy, Options(dry_run=True))
    return not plan.operations and not plan.refused


def _converge(session: Session, options: Options, log: Log, seen: Copy | None = None) -> None:
    """Where nothing is left to send or to decide, the tracking branch is HEAD; `seen` saves another look."""
    if options.dry_run or log.refused:
        return
    head = session.history.state().head
    if head is None or head == session.history.tracking():
        return
    if _nothing_unpushed(session, seen or observe_copy(session)):
        session.history.set_tracking(head)


def _tell(log: Log, plan: PushPlan) -> None:
    log.planned.extend(plan.operations)
    log.refused.extend(plan.refused)


def _tell_pull(log: Log, plan: PullPlan, seen: Seen | None) -> None:
    log.pulled.extend(item for item in plan.pulled if item.did != "recorded")
    log.warnings.extend(plan.warnings)
    if seen is not None:
        log.restricted.extend(row.title for row in seen.restricted)


def _pending(session: Session) -> tuple[PendingConflict, ...]:
    return tuple(session.history.pending().values())
