"""What a push would run into: pages that colleagues have edited since the last pull."""

from confsync.engine.observe_local import observe_copy
from confsync.engine.observe_remote import observe_pages
from confsync.engine.outcome import Outcome
from confsync.engine.session import Session
from confsync.plan.operation import Create, Pulled
from confsync.plan.pull import plan_pull


def expected(session: Session, outcome: Outcome) -> tuple[Pulled, ...]:
    """How each page that a dry run would write to merges with what Confluence has of it now; writes nothing.

    Pages that nobody has touched there are left out.
    """
    copy = observe_copy(session)
    pages = {op.page for op in outcome.planned if not isinstance(op, Create) and op.page in copy.records}
    news = observe_pages(session, copy, sorted(pages))
    if not (news.records or news.fates):
        return ()
    return tuple(item for item in plan_pull(copy, news).pulled if item.page in pages)
