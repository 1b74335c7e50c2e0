"""Finding what an unfinished create of ours left behind, by looking and not by title."""

from datetime import timedelta

from confsync.confluence.cloud.listing import newest
from confsync.confluence.cloud.pages import single
from confsync.confluence.cloud.shapes import page
from confsync.confluence.cloud.wiki import Wiki
from confsync.confluence.payload import maybe_text, text
from confsync.confluence.spelling import plain
from confsync.confluence.v1.search import moment, quoted, search, since
from confsync.confluence.v1.server import whoami
from confsync.errors import NotFound, Rejected
from confsync.model.content import Row
from confsync.model.ids import PageId

_SKEW = timedelta(minutes=5)
_NEWEST = 50


def find_created(wiki: Wiki, row: Row, body: str, when: str) -> PageId | None:
    """The page whose first version is our text, else a draft of ours with our title and text."""
    me = whoami(wiki.transport).id
    earliest = moment(when) - _SKEW
    for found in newest(wiki, row.type, _NEWEST):
        mine = not found.created or moment(found.created) >= earliest
        if mine and _same(wiki, found.id, body, [("version", "1")], me):
            return found.id
    return _draft(wiki, row, body, when, me)


def _draft(wiki: Wiki, row: Row, body: str, when: str, me: str) -> PageId | None:
    """Drafts are in no list; search shows one's own where it is asked to. Finding none does no harm."""
    cql = f"space = {quoted(wiki.key)} and type = {row.type.value} and created >= {since(when)}"
    try:
        answers = search(wiki.transport, f"{cql} and creator = currentUser()", ["version"], drafts=True)
        rows = [one for answer in answers for one in answer]
    except Rejected:
        return None
    for one in rows:
        found = PageId(text(one, "id"))
        ours = one.get("status") == "draft" and maybe_text(one, "title") == row.title
        if ours and _same(wiki, found, body, [("get-draft", "true")], me):
            wiki.note(found, row.type)
            return found
    return None


def _same(wiki: Wiki, found: PageId, body: str, query: list[tuple[str, str]], me: str) -> bool:
    try:
        data, kind = single(wiki, found, [("body-format", "storage"), *query])
    except NotFound:
        return False
    there = page(data, kind)
    author = maybe_text(data, "authorId") or there.row.version.author
    return author == me and plain(there.body) == plain(body)
