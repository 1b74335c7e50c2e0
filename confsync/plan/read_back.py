"""What Confluence made of a text that was sent: normalising it is its right, anything else is told."""

from itertools import zip_longest

from confsync.convert import get, inline_comment_refs
from confsync.convert.sameness import says_the_same
from confsync.model.content import Page
from confsync.model.ids import PageId, RelPath
from confsync.model.record import Record
from confsync.plan.copy import fingerprint
from confsync.plan.operation import Refused

_HINT = (
    "`confsync diff` shows the difference. Write it as Confluence keeps it, or in other words:"
    " it is not sent again as it stands."
)
_LINE = 80


def difference(title: str, body: str, stored: Page) -> str:
    """How a stored page differs from the title and storage that were sent; empty where it says the same.

    Ids, entity spellings and the like are Confluence's own affair (`says_the_same`); markers of inline
    comments are not.
    """
    if stored.title != title:
        return f"its title is “{stored.title}” there, not “{title}”"
    lost = inline_comment_refs(body) - inline_comment_refs(stored.body)
    if lost:
        return f"the markers of {len(lost)} inline comments are gone"
    return "" if says_the_same(body, stored.body) else _first_line(body, stored.body)


def _first_line(sent: str, stored: str) -> str:
    pairs = zip_longest(*(get(one).markdown.splitlines() for one in (sent, stored)), fillvalue="")
    for number, (mine, theirs) in enumerate(pairs, start=1):
        if mine != theirs:
            return f"line {number} of the text is “{theirs[:_LINE]}” there, not “{mine[:_LINE]}”"
    return "its bytes differ"


def stored_otherwise(path: RelPath, page: PageId, how: str) -> Refused:
    """The report of such a page."""
    return Refused(path, f"Confluence does not keep it as it was sent: {how}", page, _HINT)


def sent_mark(record: Record, title: str, markdown: str) -> str:
    """What a base and a text that Confluence would not keep are remembered by."""
    return fingerprint(record, f"{title}\0{markdown}".encode())
