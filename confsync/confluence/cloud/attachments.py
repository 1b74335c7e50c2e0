"""Attachments: listed from v2 or the index, moved as streams, written through v1."""

from collections.abc import Collection
from pathlib import Path

from confsync.confluence.cloud.shapes import v2_attachment
from confsync.confluence.cloud.wiki import Wiki
from confsync.confluence.files import Sending, streamed_down, streamed_up
from confsync.confluence.paging import every
from confsync.confluence.payload import text
from confsync.confluence.routes import V2, checked, v1_path
from confsync.confluence.shapes import attachment_id, container, v1_attachment
from confsync.confluence.v1.search import one_of, search
from confsync.model.content import Attachment
from confsync.model.ids import AttachmentId, PageId

_EXPAND = ("container", "version", "metadata", "extensions")


def of_page(wiki: Wiki, page: PageId) -> list[Attachment]:
    """The attachments of one page from the database, sorted by name."""
    query = [("status", "current"), ("limit", "250")]
    rows = every(wiki.transport, f"{wiki.route(page)}/attachments", query)
    return sorted((v2_attachment(row) for row in rows), key=lambda item: item.name)


def swept(wiki: Wiki, pages: Collection[PageId]) -> dict[PageId, list[Attachment]]:
    """The attachments of many pages as the index knows them, sorted by name."""
    found: dict[PageId, dict[AttachmentId, Attachment]] = {page: {} for page in pages}
    cql = f"type = attachment and {one_of('container', pages)}"
    for rows in search(wiki.transport, cql, _EXPAND):
        for row in rows:
            page = container(row)
            if page in found:
                item = v1_attachment(row)
                found[page][item.id] = item
    return {page: sorted(items.values(), key=lambda item: item.name) for page, items in found.items()}


def download(wiki: Wiki, page: PageId, item: Attachment, to: Path) -> str:
    """Stream the bytes of this very version into a new file; the sha256 is of what was written.

    The media host that serves them gets no credentials of ours.
    """
    path = f"{v1_path(page)}/child/attachment/att{_number(item.id)}/download"
    return streamed_down(wiki.transport, path, item, to)


def upload(wiki: Wiki, page: PageId, name: str, source: Path, *, comment: str, media_type: str) -> Attachment:
    """Upload a file as a new attachment, or as the next version of the one with this name."""
    old = _named(wiki, page, name)
    path = f"{v1_path(page)}/child/attachment{f'/att{old}/data' if old else ''}"
    return streamed_up(wiki.transport, path, Sending(page, name, source, comment, media_type))


def remove(wiki: Wiki, attachment: AttachmentId) -> None:
    """To the trash."""
    wiki.transport.delete(f"{V2}/attachments/att{_number(attachment)}")


def _named(wiki: Wiki, page: PageId, name: str) -> AttachmentId | None:
    query = [("filename", name), ("status", "current"), ("limit", "250")]
    rows = every(wiki.transport, f"{wiki.route(page)}/attachments", query)
    # Names differ by case on the server, filters may not.
    return next((attachment_id(text(row, "id")) for row in rows if row.get("title") == name), None)


def _number(attachment: AttachmentId) -> str:
    return checked(PageId(attachment))
