"""New files whose titles Confluence has given away meanwhile: titles are unique in a space."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from confsync.convert.markdown import front_matter
from confsync.model.content import ContentType
from confsync.model.ids import PageId, RelPath
from confsync.model.record import Record
from confsync.plan.copy import Copy, LocalPage
from confsync.plan.edits import new_title
from confsync.plan.heading import retitled
from confsync.plan.layout import node_folders
from confsync.plan.operation import ById, Top
from confsync.plan.tree import LocalTree


def twins(copy: Copy, news: Mapping[PageId, Record]) -> dict[PageId, LocalPage]:
    """Files without a base that are pages which a pull brings, by id.

    Either they name the page (the base was lost, or the file comes from elsewhere), or a colleague has made
    the same: a page of the same title below the same parent.
    """
    made = {
        record.page.title.casefold(): record
        for page, record in news.items()
        if page not in copy.records and page not in copy.paths and record.row.type is ContentType.PAGE
    }
    found: dict[PageId, LocalPage] = {}
    for local in copy.unbound:
        if local.page in news and local.page not in copy.records:
            page = PageId(str(local.page))
            if page not in found or copy.base_paths.get(page) == local.path:
                found[page] = local
    for local in _nameless(copy) if made else ():
        record = made.get(new_title(local).casefold())
        if record is not None and record.id not in found:
            parent = LocalTree(copy, node_folders(copy)).parent(local)
            if parent == (ById(record.row.parent) if record.row.parent else Top()):
                found[record.id] = local
    return found


@dataclass(frozen=True, slots=True)
class Yielded:
    """A new file that gave way to a page of its title."""

    path: RelPath
    text: str
    note: str


def yielding(copy: Copy, news: Mapping[PageId, Record], after: Mapping[PageId, Record]) -> Iterator[Yielded]:
    """New files with a title that a pull brings: they get another one, `Title (2)`.

    Args:
        copy: the working copy before the pull.
        news: what the pull brings.
        after: the base as it will be.
    """
    fresh = {
        record.page.title.casefold()
        for page, record in news.items()
        if record.row.type is ContentType.PAGE
        and (page not in copy.records or copy.records[page].page.title != record.page.title)
    }
    if not fresh:
        return
    twin_paths = {local.path for local in twins(copy, news).values()}
    taken = {record.page.title.casefold() for record in after.values()}
    for local in _nameless(copy):
        title = new_title(local)
        if title.casefold() in fresh and local.path not in twin_paths:
            other = next(name for n in range(2, 10_000) if (name := f"{title} ({n})").casefold() not in taken)
            taken.add(other.casefold())
            text = retitled(local.body, title, other)
            text = local.text[: len(local.text) - len(local.body)] + text
            text = front_matter.edit(text, {"title": other}, copy.settings.front_matter)
            note = f"a page in Confluence has taken its title “{title}” meanwhile; it is “{other}” now"
            yield Yielded(local.path, text, note)


def _nameless(copy: Copy) -> Iterator[LocalPage]:
    for local in copy.unbound:
        if local.page is None and (local.front.type or ContentType.PAGE) == ContentType.PAGE:
            yield local
