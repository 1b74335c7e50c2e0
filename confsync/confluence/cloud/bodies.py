"""Texts, labels and attachments of many pages, in as few requests as can be trusted.

Few pages are read one by one: exact, and two requests each. Many come by id in batches whose size follows
what the server copes with; their labels and attachments come from the index, doubted where it may err.
"""

import html
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from confsync.confluence.cloud import attachments, labels, pages
from confsync.confluence.cloud.believe import believable
from confsync.confluence.cloud.shapes import page
from confsync.confluence.cloud.wiki import ROUTES, Wiki
from confsync.confluence.payload import as_object, child, maybe_text, results
from confsync.confluence.routes import is_id
from confsync.errors import NotFound, RemoteError, Unreachable
from confsync.model.content import Attachment, ContentType, Page, Status
from confsync.model.ids import PageId
from confsync.model.record import Record

_FEW = 8
_SMALLEST, _FIRST, _LARGEST = 1, 50, 250
_HEAVY = 4 * 1024 * 1024
_SLOW = 3.0
_TOO_MUCH = frozenset({413, 500, 502, 503, 504})
_OWN_FILE = re.compile(r'<ri:attachment\b[^>]*?\bri:filename="([^"]*)"[^>]*/>')


class BatchSize:
    """How many texts to ask for at once: doubled while answers stay small and fast, halved on trouble.

    What the server could not cope with once is not tried again in the same fetch.
    """

    def __init__(self) -> None:
        self.now = _FIRST
        self._most = _LARGEST
        self._lock = threading.Lock()

    def went_well(self, asked: int, size: int, seconds: float) -> None:
        """An answer to `asked` ids came: its bytes, its time."""
        with self._lock:
            if asked >= self.now and size < _HEAVY and seconds < _SLOW:
                self.now = min(self._most, self.now * 2)
            elif size > 2 * _HEAVY or seconds > 2 * _SLOW:
                self.now = max(_SMALLEST, self.now // 2)

    def went_wrong(self, asked: int) -> None:
        """The server could not cope with `asked` ids."""
        with self._lock:
            self._most = max(_SMALLEST, min(self._most, asked // 2))
            self.now = min(self.now, self._most)


def fetch(wiki: Wiki, ids: Sequence[PageId], known: Mapping[PageId, Record]) -> Iterator[Record]:
    """Records of what is current among these, in the order of the batches."""
    ids = [one for one in ids if is_id(one)]
    if len(ids) <= _FEW:
        singles = wiki.transport.gather(lambda one: _alone(wiki, one), ids)
        yield from (record for record in singles if record is not None)
        return
    size = BatchSize()
    for records in wiki.transport.gather(
        lambda batch: _together(wiki, batch, size, known), _batches(wiki, ids, size)
    ):
        yield from records


def _batches(wiki: Wiki, ids: Sequence[PageId], size: BatchSize) -> Iterator[Sequence[PageId]]:
    """Posts and the rest apart, for they have routes of their own; cut as late as possible."""
    posts = [one for one in ids if wiki.known(one) is ContentType.BLOGPOST]
    rest = [one for one in ids if wiki.known(one) is not ContentType.BLOGPOST]
    for group in (rest, posts):
        at = 0
        while at < len(group):
            batch = group[at : at + size.now]
            at += len(batch)
            yield batch


def _together(
    wiki: Wiki, ids: Sequence[PageId], size: BatchSize, known: Mapping[PageId, Record]
) -> list[Record]:
    try:
        found = _bodies(wiki, ids, size)
    except RemoteError as error:
        if len(ids) == 1 or not (isinstance(error, Unreachable) or error.status in _TOO_MUCH):
            raise
        size.went_wrong(len(ids))
        half = len(ids) // 2
        return [record for part in (ids[:half], ids[half:]) for record in _together(wiki, part, size, known)]
    records = _with_rest(wiki, found, known)
    missing = [one for one in ids if one not in found]
    singles = [_alone(wiki, one) for one in missing]
    return [*records, *(record for record in singles if record is not None)]


def _bodies(wiki: Wiki, ids: Sequence[PageId], size: BatchSize) -> dict[PageId, Page]:
    kind = wiki.known(ids[0]) or ContentType.PAGE
    query: list[tuple[str, str]] = [("id", one) for one in ids]
    query += [("body-format", "storage"), ("status", "current"), ("limit", str(max(len(ids), 1)))]
    # One second try only: a batch that is too large is better halved than repeated.
    answer = wiki.transport.get(ROUTES[kind], query, tries=2)
    size.went_well(len(ids), answer.size, answer.seconds)
    # Rows that an answer leaves for a `next` part are read singly, like all that are missing.
    if maybe_text(child(as_object(answer.data), "_links"), "next"):
        size.went_wrong(len(ids))
    found = [page(row, kind) for row in results(answer.data)]
    for one in found:
        wiki.note(one.id, kind)
    return {one.id: one for one in found if one.row.status is Status.CURRENT}


def _with_rest(wiki: Wiki, found: dict[PageId, Page], known: Mapping[PageId, Record]) -> list[Record]:
    if not found:
        return []
    names = labels.swept(wiki, found.keys())
    files = attachments.swept(wiki, found.keys())
    records = []
    for one in found.values():
        base = known.get(one.id)
        own: Sequence[Attachment] = files.get(one.id, ())
        if _refers_beyond(one.body, own) or (base and _forgets(own, base)):
            own = _files(wiki, one.id)
        carried = names.get(one.id, frozenset())
        if base and base.page.labels - carried:
            carried = labels.all_of(wiki, one.id)
        records.append(Record(believable(wiki, replace(one, labels=carried)), tuple(own)))
    return records


def _forgets(own: Sequence[Attachment], base: Record) -> bool:
    """Whether the index tells of less than we know: it may lag, and what it forgets is not gone."""
    told = {item.id: item.version for item in own}
    return any(told.get(item.id, 0) < item.version for item in base.attachments)


def _alone(wiki: Wiki, one: PageId) -> Record | None:
    try:
        found = pages.read(wiki, one)
    except NotFound:
        return None
    if found.row.status is not Status.CURRENT:
        return None
    return Record(found, tuple(_files(wiki, one)))


def _files(wiki: Wiki, one: PageId) -> Sequence[Attachment]:
    try:
        return attachments.of_page(wiki, one)
    except NotFound:
        return ()  # Gone since we read it; the next listing will tell.


def _refers_beyond(body: str, files: Sequence[Attachment]) -> bool:
    """Whether a text shows files of its own page that the index has not heard of."""
    known = {item.name for item in files}
    return any(html.unescape(name) not in known for name in _OWN_FILE.findall(body))
