"""Labels: read from v2 page by page, or many at a time from the index; written through v1."""

from collections.abc import Collection, Iterable, Mapping

from confsync.confluence.cloud.listing import by_ids
from confsync.confluence.cloud.wiki import Wiki
from confsync.confluence.paging import every
from confsync.confluence.payload import child, objects, text
from confsync.confluence.routes import is_id, v1_path
from confsync.confluence.shapes import global_labels
from confsync.confluence.v1.search import SHARED
from confsync.errors import NotFound
from confsync.model.ids import PageId

_FEW = 4
_CHUNK = 100


def labels(wiki: Wiki, ids: Collection[PageId]) -> Mapping[PageId, frozenset[str]]:
    """Global labels of many pages; ids not found are left out."""
    pages = sorted(page for page in ids if is_id(page))
    if len(pages) <= _FEW:
        return _known(zip(pages, wiki.transport.gather(lambda page: _of(wiki, page), pages), strict=True))
    chunks = [pages[at : at + _CHUNK] for at in range(0, len(pages), _CHUNK)]
    found: dict[PageId, frozenset[str]] = {}
    for part in wiki.transport.gather(lambda chunk: swept(wiki, chunk), chunks):
        found.update(part)
    return found


def swept(wiki: Wiki, ids: Collection[PageId]) -> dict[PageId, frozenset[str]]:
    """Labels of up to a few hundred pages through the index.

    One limit of 200 labels is shared by all rows of an answer, without a word (CONFCLOUD-71415): where it may
    have struck, and where the index has no row, the pages are asked themselves.
    """
    found: dict[PageId, frozenset[str]] = {}
    for rows in by_ids(wiki, ids, ["metadata.labels"]):
        listed = {PageId(text(row, "id")): child(row, "metadata", "labels") for row in rows}
        if sum(len(objects(one.get("results") or [])) for one in listed.values()) < SHARED:
            found.update({page: global_labels(one) for page, one in listed.items()})
    found.update(_known((page, _of(wiki, page)) for page in ids if page not in found))
    return found


def add(wiki: Wiki, page: PageId, names: Collection[str]) -> None:
    """Add global labels; those already there do no harm."""
    if names:
        wiki.transport.post(
            f"{v1_path(page)}/label", [{"prefix": "global", "name": name} for name in sorted(names)]
        )


def remove(wiki: Wiki, page: PageId, name: str) -> None:
    """Remove one label; one that is gone already is as good as removed."""
    try:
        wiki.transport.delete(f"{v1_path(page)}/label", [("name", name)])
    except NotFound:
        have = _of(wiki, page)
        if have is None or name in have:
            raise


def all_of(wiki: Wiki, page: PageId) -> frozenset[str]:
    """The global labels of one page, from the database.

    Raises:
        NotFound: the page is not there.
    """
    rows = every(wiki.transport, f"{wiki.route(page)}/labels", [("prefix", "global"), ("limit", "250")])
    return global_labels({"results": rows})


def _of(wiki: Wiki, page: PageId) -> frozenset[str] | None:
    try:
        return all_of(wiki, page)
    except NotFound:
        return None


def _known(pairs: Iterable[tuple[PageId, frozenset[str] | None]]) -> dict[PageId, frozenset[str]]:
    return {page: one for page, one in pairs if one is not None}
