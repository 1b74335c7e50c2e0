"""Every safety rule of the engine, with a way to switch it off: for tests alone, by name.

A rule that can be taken away without the simulation noticing is either untested or not needed.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

from confsync.engine import (
    apply_push,
    attaching,
    conflicts,
    landing,
    observe_local,
    observe_remote,
    recover,
    runs,
    silent,
)
from confsync.model import record as records
from confsync.model.content import Page, Row, Status
from confsync.model.ids import PageId
from confsync.plan import order_pull, pull, push, tree
from confsync.plan.copy import Copy
from confsync.plan.incoming import Incoming
from confsync.plan.operation import PullPlan
from confsync.ports import Fate, FileChange
from tests.contract.remote.site import FakeSite
from tests.contract.worktree.fake import MemoryWorkTree
from tests.sim.world import SimRemote

Patch = pytest.MonkeyPatch
Off = Callable[[Patch], None]


@dataclass(frozen=True)
class Rule:
    """One rule: what it says, how it is switched off, what puts it to the test, and a seed that notices."""

    says: str
    off: Off
    about: str = ""
    """Kinds of actions that put it to the test."""
    seed: int | None = None
    """A script about those that fails without the rule, and only then."""


def _set(target: object, name: str, value: object) -> Off:
    def off(patch: Patch) -> None:
        patch.setattr(target, name, value)

    return off


def _both(one: Off, other: Off) -> Off:
    """Two guards of one rule: each alone would notice."""

    def off(patch: Patch) -> None:
        one(patch)
        other(patch)

    return off


def _always(*, value: object) -> Callable[..., object]:
    return lambda *_args, **_kwargs: value


def _land_head_first(patch: Patch) -> None:
    def land(session: Any, transaction: Any, changes: Sequence[FileChange], *_: object) -> None:
        transaction.publish()
        session.tree.apply(changes)

    for module in (landing, apply_push, recover, conflicts):
        patch.setattr(module, "land", land)
    patch.setattr("confsync.engine.apply_pull.land", land)


def _no_swap(patch: Patch) -> None:
    original = MemoryWorkTree._apply

    def apply(self: MemoryWorkTree, change: FileChange) -> None:
        found = self.files.get(change.path)
        expected = hashlib.sha256(found).hexdigest() if found is not None else None
        original(self, replace(change, expected=expected))

    patch.setattr(MemoryWorkTree, "_apply", apply)


def _no_lock(patch: Patch) -> None:
    original = FakeSite.edit

    def edit(self: FakeSite, page: PageId, body: str | None = None, **given: Any) -> Page:
        return original(self, page, body, **{**given, "number": None})

    patch.setattr(FakeSite, "edit", edit)


def _no_look(self: apply_push.Pusher, page: PageId) -> Page:
    return self.session.remote.read(page, draft=self._base(page).row.status is Status.DRAFT)


def _record_all(self: apply_push.Pusher, base: Page, row: Row, sent: str, after: Page) -> Page:
    return after


def _records_in_conflict(patch: Patch) -> None:
    original = pull.plan_pull

    def plan_pull(copy: Copy, news: Incoming) -> PullPlan:
        plan = original(copy, news)
        return replace(plan, records={**plan.records, **{one.page: one.record for one in plan.conflicts}})

    patch.setattr(runs, "plan_pull", plan_pull)


def _any_record(patch: Patch) -> None:
    def load_record(data: bytes) -> records.Record:
        covered = data[len(records._MAGIC.encode()) + 65 :]
        return records._parse(covered.decode())

    patch.setattr(observe_local, "load_record", load_record)


def _hidden_is_trashed(patch: Patch) -> None:
    original = SimRemote.fates

    def fates(self: SimRemote, ids: Sequence[PageId]) -> Mapping[PageId, Fate]:
        found = original(self, ids)
        return {p: Fate.TRASHED if fate is Fate.HIDDEN else fate for p, fate in found.items()}

    patch.setattr(SimRemote, "fates", fates)


def _upload_blindly(session: Any, _base: object, operation: Any) -> attaching.Sent:
    return attaching.Sent(attaching.send(session, operation.page, operation.name, operation.path))


def _detach_blindly(session: Any, operation: Any) -> bool:
    there = {item.name: item.id for item in session.remote.attachments(operation.page)}
    if operation.attachment.name in there:
        session.remote.remove_attachment(operation.page, there[operation.attachment.name])
    return True


def _no_children(patch: Patch) -> None:
    patch.setattr(SimRemote, "children", _always(value=[]))


def _settle_any_text(patch: Patch) -> None:
    """A text put back to what HEAD has counts as resolved."""
    original = conflicts.settle_conflicts

    def settle(session: Any, log: Any) -> None:
        for conflict in session.history.pending().values():
            text = conflicts._read(session, conflict.path)
            if text is not None and text == conflict.head_text and conflict.state.value == "marked":
                conflicts.finish(session, conflict, text)
        original(session, log)

    patch.setattr(runs, "settle_conflicts", settle)


def _traces_at_once(patch: Patch) -> None:
    original = observe_remote.observe_space

    def observe(session: Any, copy: Copy, *, full: bool = False) -> observe_remote.Seen:
        seen = original(session, copy, full=full)
        silent.remember_traces(session, seen.recent, ())
        return seen

    patch.setattr(runs, "observe_space", observe)


RULES: Mapping[str, Rule] = {
    "uploads confirmed": Rule(
        "a file attached to a page that was deleted meanwhile stays",
        _set(apply_push.Pusher, "_confirm_uploads", _always(value=None)),
    ),
    "create journal": Rule(
        "a page that a crashed run made is found again",
        _set(recover, "_recover_create", _always(value=False)),
        "create create_child",
    ),
    "landing journal": Rule(
        "files written ahead of HEAD are finished, not merged again",
        _set(recover, "finish_landing", _always(value=False)),
        "edit append",
        26,
    ),
    "pre-read": Rule(
        "a page is compared with its base just before it is written",
        _set(apply_push.Pusher, "_fresh", _no_look),
        "edit append comment",
        43,
    ),
    "version lock": Rule(
        "a write names the version it follows",
        _no_lock,
        "edit append insert",
        17,
    ),
    "base after a write": Rule(
        "what a colleague did at the same time is not taken as known",
        _set(apply_push.Pusher, "_as_sent", _record_all),
        "edit append insert comment",
    ),
    "read-back": Rule(
        "a page that says something else than was sent is told of, and not sent again",
        _set(apply_push, "difference", _always(value="")),
        "edit append",
    ),
    "comments counted": Rule(
        "a comment that comes at the moment of a write keeps its place",
        _set(apply_push, "overwritten_comments", _always(value=())),
        "edit append comment",
    ),
    "post-delete check": Rule(
        "a page edited while it was deleted comes back",
        _set(apply_push, "was_edited", _always(value=False)),
        "delete edit append insert",
        51,
    ),
    "children look": Rule(
        "a page with anything below it is not deleted",
        _no_children,
        "delete folder create move",
        30,
    ),
    "new files look": Rule(
        "a page with new attachments is not deleted",
        _set(apply_push, "has_new_files", _always(value=False)),
        "delete attach",
        44,
    ),
    "compare-and-swap": Rule(
        "a file that somebody edits meanwhile is not written over",
        _no_swap,
        "edit append insert",
        27,
    ),
    "files before HEAD": Rule(
        "HEAD moves when the files are written",
        _land_head_first,
        "edit append",
        7,
    ),
    "withheld record": Rule(
        "a page in conflict keeps its base",
        _records_in_conflict,
        "edit",
        3,
    ),
    "record checksum": Rule(
        "a record that does not match its checksum is none",
        _any_record,
        "damage edit insert",
    ),
    "given up is not resolved": Rule(
        "a text put back settles nothing",
        _settle_any_text,
        "edit give_up insert",
        9,
    ),
    "only committed": Rule(
        "what HEAD does not hold is not sent",
        _set(runs, "only_committed", lambda _s, plan, _l: plan),
        "edit append insert",
    ),
    "markers": Rule(
        "a text with conflict markers is not sent",
        _set(push, "_marker_reason", _always(value="")),
        "edit commit_all",
    ),
    "own pushes": Rule(
        "versions that are our own do not conflict",
        _set(observe_remote, "_ours", _always(value=frozenset())),
        "edit reset_hard append",
    ),
    "attachment compare": Rule(
        "a colleague's attachment is not written over",
        _set(apply_push, "upload", _upload_blindly),
        "attach",
    ),
    "detach compare": Rule(
        "a colleague's attachment is not removed",
        _set(apply_push, "detach", _detach_blindly),
        "attach detach",
    ),
    "edited files of deleted pages": Rule(
        "an edit here wins over a deletion there",
        _set(pull._Pull, "_edited", frozenset()),
        "trash edit",
        1,
    ),
    "edited pages of deleted files": Rule(
        "an edit there wins over a deletion here",
        _set(pull, "same_content", _always(value=True)),
        "delete edit",
        1,
    ),
    "404 is no deletion": Rule(
        "a page that nobody can see keeps its file",
        _hidden_is_trashed,
        "hide edit",
        0,
    ),
    "empty body": Rule(
        "an empty answer is no edit",
        _set(observe_remote, "_unbelievable", _always(value={})),
        "lose_body edit",
        0,
    ),
    "rename order": Rule(
        "titles are freed before they are taken",
        _set(push, "rename_order", lambda ops, _: list(ops)),
        "take_title title",
    ),
    "titles taken": Rule(
        "a new file gives way to a page",
        _set(pull, "yielding", _always(value=())),
        "create take_title",
    ),
    "one draft": Rule(
        "a refused draft is used again",
        _set(apply_push, "refused_draft", _always(value=None)),
        "create take_title archive hide",
    ),
    "order withheld": Rule(
        "an order that no file can be told is not in the base",
        _set(order_pull.OrderPull, "_withhold", _always(value=None)),
        "order reorder edit",
    ),
    "cycles": Rule(
        "a local move that closes a ring gives way",
        _set(pull, "circular_moves", _always(value=frozenset())),
        "move",
    ),
    "archived parents": Rule(
        "nothing is put below an archived page",
        _set(tree.LocalTree, "_is_archived", _always(value=False)),
        "archive create_child",
    ),
    "vanished parents": Rule(
        "nothing is put below a page nobody can see",
        _set(push._Plan, "_unreachable", _always(value="")),
        "hide create_child",
    ),
    "traces": Rule(
        "a comment counts as known when it is recorded",
        _traces_at_once,
        "comment edit",
    ),
    "deferred settling": Rule(
        "a deferred conflict waits for another version",
        _set(runs, "_has_moved", _always(value=True)),
        "edit give_up attach",
    ),
    "rewound history": Rule(
        "an older text is no resolution",
        _both(
            _set(conflicts, "_was_rewound", _always(value=False)),
            _set(conflicts, "_is_older", _always(value=False)),
        ),
        "edit reset_hard checkout_old",
    ),
}
