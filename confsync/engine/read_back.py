"""After a write: whether what was meant is what is there, and whether a comment lost its place by it."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from confsync.convert import get, inline_comment_refs, put
from confsync.convert.sameness import says_the_same
from confsync.engine.session import Session
from confsync.errors import ConvertError
from confsync.model.content import InlineComment, Page, Row

_NAME = "altered"
_KEPT = 1000


def altered(session: Session) -> frozenset[str]:
    """Marks of texts that Confluence stored as something else."""
    return frozenset(session.cache.recall(_NAME).split())


def remember_altered(session: Session, mark: str) -> None:
    """Do not send this again; the oldest of very many are forgotten."""
    known = [one for one in session.cache.recall(_NAME).split() if one != mark]
    session.cache.remember(_NAME, " ".join([*known, mark][-_KEPT:]))


@dataclass(frozen=True, slots=True)
class Written:
    """A write as it was sent, and the page it made."""

    row: Row
    body: str
    after: Page


def overwritten_comments(session: Session, before: Page, after: Page) -> tuple[InlineComment, ...]:
    """Open inline comments without a marker that had one when `before` was read or since.

    No version and no lock tells of a comment that comes between the last look at a page and the write.
    """
    present = inline_comment_refs(before.body) | inline_comment_refs(after.body)
    comments = session.remote.inline_comments(after.id)
    return tuple(one for one in comments if one.open and one.ref not in present)


def put_back(
    session: Session, written: Written, comments: Collection[InlineComment], message: str
) -> Written | None:
    """Write once more, with the markers that the version before had; None where there were none to lose.

    Raises:
        ConvertError: the words that were commented on are gone.
        VersionConflict: somebody has saved the page since.
    """
    number = written.row.version.number
    history = session.remote.versions(written.after.id, number - 2, number - 1)
    overwritten = history[-1].body if history else ""
    lost = inline_comment_refs(overwritten) & {one.ref for one in comments}
    if not lost:
        return None  # they had lost their places before
    body = put(get(written.body).markdown, overwritten).storage
    if lost - inline_comment_refs(body) or not says_the_same(body, written.body):
        raise ConvertError("the words it is about are gone")
    row = replace(written.after.row, version=replace(written.row.version, number=number + 1))
    return Written(row, body, session.remote.update(row, body, message=message))
