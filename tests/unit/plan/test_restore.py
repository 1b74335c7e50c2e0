"""What brings a page of a commit back, row by row."""

import pytest

from confsync.model.content import ContentType, Page, Row, Status, Version
from confsync.model.ids import AccountId, PageId
from confsync.model.record import Record
from confsync.plan.restore import Target, Way, plan_restore
from confsync.ports import Fate

HOME, GUIDE, INSTALL, SECRET = (PageId(str(number)) for number in (1, 2, 3, 4))


def record(
    page: PageId,
    parent: PageId | None = None,
    *,
    kind: ContentType = ContentType.PAGE,
    status: Status = Status.CURRENT,
    restricted: bool = False,
    body: str = "<p>words</p>",
) -> Record:
    row = Row(
        id=page,
        type=kind,
        title=f"Page {page}",
        parent=parent,
        parent_type=ContentType.PAGE if parent else None,
        position=int(page),
        status=status,
        version=Version(1, AccountId("ann"), "2026-11-01T10:00:00.000Z"),
        created="2026-11-01T10:00:00.000Z",
    )
    return Record(Page(row, body), restricted=restricted)


def space(*records: Record) -> dict[PageId, Record]:
    return {one.id: one for one in records}


@pytest.mark.parametrize(
    ("fate", "unnamed", "named"),
    [
        (Fate.CURRENT, None, Way.BACK),
        (Fate.TRASHED, Way.TRASH, Way.TRASH),
        (Fate.HIDDEN, Way.NEW, Way.NEW),
        (Fate.ARCHIVED, "archived", "archived"),
        (Fate.MOVED_OUT, "another space", "another space"),
        (Fate.DRAFT, "draft", "draft"),
    ],
)
def test_what_became_of_a_page_decides(
    fate: Fate, unnamed: Way | str | None, named: Way | str | None
) -> None:
    for wanted, expected in ((frozenset[PageId](), unnamed), (frozenset({GUIDE}), named)):
        plan = plan_restore(space(record(GUIDE)), Target({GUIDE: fate}), wanted=wanted)
        if isinstance(expected, Way):
            assert [step.way for step in plan.steps] == [expected]
        elif expected is None:
            assert not plan.steps
            assert not plan.left
        else:
            assert not plan.steps
            assert expected in plan.left[0].reason


def test_parents_come_before_children_and_know_all_above() -> None:
    pages = space(record(INSTALL, GUIDE), record(GUIDE, HOME), record(HOME))
    plan = plan_restore(pages, Target({}))
    assert [step.record.id for step in plan.steps] == [HOME, GUIDE, INSTALL]
    assert plan.steps[2].above == (GUIDE, HOME)


def test_a_ring_of_parents_ends() -> None:
    plan = plan_restore(space(record(GUIDE, INSTALL), record(INSTALL, GUIDE)), Target({}))
    assert {step.record.id for step in plan.steps} == {GUIDE, INSTALL}


def test_a_restricted_page_does_not_become_public_without_a_word() -> None:
    pages = space(record(SECRET, restricted=True))
    plan = plan_restore(pages, Target({}))
    assert not plan.steps
    assert "--include-restricted" in plan.left[0].reason
    agreed = plan_restore(pages, Target({}), include_restricted=True)
    assert [step.way for step in agreed.steps] == [Way.NEW]
    assert any("restriction" in item.reason for item in agreed.lost)


def test_from_the_trash_a_restricted_page_keeps_its_restriction() -> None:
    plan = plan_restore(space(record(SECRET, restricted=True)), Target({SECRET: Fate.TRASHED}))
    assert [step.way for step in plan.steps] == [Way.TRASH]
    assert not plan.lost


@pytest.mark.parametrize("kind", [ContentType.WHITEBOARD, ContentType.DATABASE, ContentType.EMBED])
def test_what_only_confluence_has_is_named(kind: ContentType) -> None:
    plan = plan_restore(space(record(GUIDE, kind=kind)), Target({}))
    assert "only Confluence has" in plan.left[0].reason


def test_what_a_new_page_cannot_have_is_listed() -> None:
    commented = '<p><ac:inline-comment-marker ac:ref="x">words</ac:inline-comment-marker></p>'
    post = record(INSTALL, kind=ContentType.BLOGPOST)
    plan = plan_restore(space(record(GUIDE, body=commented), post), Target({}))
    assert [item.reason for item in plan.lost] == ["its inline comment", "the day it was posted, 2026-11-01"]


def test_an_empty_space_gives_its_home_page() -> None:
    pages = space(record(HOME), record(GUIDE, HOME))
    fresh = Target({}, PageId("77"), elsewhere=True, fresh=True)
    plan = plan_restore(pages, fresh, home=HOME)
    assert [(step.way, step.onto) for step in plan.steps] == [(Way.HOME, PageId("77")), (Way.NEW, None)]
    full = Target({}, PageId("77"), elsewhere=True)
    assert [step.way for step in plan_restore(pages, full, home=HOME).steps] == [Way.NEW, Way.NEW]
