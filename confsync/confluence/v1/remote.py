"""`V1Remote`: the Remote port, each call handed to the file of its concern."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from confsync.confluence.files import Sending, streamed_down, streamed_up
from confsync.confluence.paging import every
from confsync.confluence.payload import as_object, child, maybe_text, number, text
from confsync.confluence.routes import V1, checked, v1_path
from confsync.confluence.shapes import attachment_id
from confsync.confluence.transport import Transport
from confsync.confluence.v1 import index, listing, pages
from confsync.confluence.v1.edition import Edition
from confsync.confluence.v1.server import Server
from confsync.errors import NotFound, VersionConflict
from confsync.model.content import Attachment, InlineComment, Page, Row, Space, User
from confsync.model.ids import AccountId, AttachmentId, PageId, SpaceKey
from confsync.model.record import Record
from confsync.ports import Fate, Glance, Listing, PageVersion, Place, Sighting

_MANY = ("limit", "100")


class V1Remote:
    """One space over REST v1 alone; see `confsync.ports.Remote` for what the methods promise.

    Args:
        transport: the site.
        key: the space's key.
        edition: which v1 the site speaks.
    """

    def __init__(self, transport: Transport, key: SpaceKey, edition: Edition) -> None:
        self._transport = transport
        self._server = Server(transport, key, edition)

    def close(self) -> None:
        """Let go of connections and threads."""
        self._transport.close()

    def allowance(self) -> int | None:
        """Requests or points that the server still allows for."""
        return self._transport.left

    def space(self) -> Space:
        """The space itself."""
        return self._server.space()

    def me(self) -> User:
        """Whose credentials these are."""
        return self._server.me()

    def users(self, ids: Collection[AccountId]) -> Mapping[AccountId, User]:
        """People by user key."""
        return self._server.users(ids)

    def find_user(self, name: str) -> Sequence[User]:
        """People by exact full name or user name."""
        return self._server.find_user(name)

    def listing(self, *, since: str = "") -> Listing:
        """All current content, without texts."""
        return listing.listing(self._server, since)

    def glance(self, since: str, *, most: int = 250) -> Glance:
        """What was saved last, as far as the index knows: nothing else can tell in v1."""
        return listing.glance(self._server, since, most)

    def survey(self, known: Sequence[Record], requests: int) -> Mapping[PageId, Sighting]:
        """What the index says of labels, attachments and restrictions."""
        return index.survey(self._transport, known, requests)

    def fetch(self, ids: Sequence[PageId], known: Mapping[PageId, Record] | None = None) -> Iterator[Record]:
        """Texts, labels and attachments of many pages, all from the database."""
        del known
        return listing.fetch(self._server, ids)

    def read(self, page: PageId, *, draft: bool = False) -> Page:
        """One page afresh."""
        return pages.read(self._server, page, draft=draft)

    def attachments(self, page: PageId) -> Sequence[Attachment]:
        """The attachments of one page."""
        return listing.attachments(self._server, page)

    def labels(self, ids: Collection[PageId]) -> Mapping[PageId, frozenset[str]]:
        """Global labels of many pages."""
        return listing.labels(self._server, ids)

    def properties(self, page: PageId, keys: Collection[str]) -> Mapping[str, object]:
        """The content properties with these keys."""
        if not keys:
            return {}
        rows = every(self._transport, f"{v1_path(page)}/property", [_MANY])
        return {text(row, "key"): row.get("value") for row in rows if row.get("key") in keys}

    def fates(self, ids: Collection[PageId]) -> Mapping[PageId, Fate]:
        """What became of each of these."""
        return listing.fates(self._server, ids)

    def restricted(self, ids: Collection[PageId] | None = None) -> frozenset[PageId]:
        """Pages with a view restriction of their own."""
        return listing.restricted(self._server) if ids is None else index.restricted(self._transport, ids)

    def versions(self, page: PageId, after: int, upto: int) -> Sequence[PageVersion]:
        """Versions with their texts, oldest first."""
        return pages.versions(self._server, page, after, upto)

    def inline_comments(self, page: PageId) -> Sequence[InlineComment]:
        """The inline comments of a page."""
        expand = ("expand", "extensions.inlineProperties,extensions.resolution")
        query = [("location", "inline"), ("location", "resolved"), expand, _MANY]
        found = []
        for row in every(self._transport, f"{v1_path(page)}/child/comment", query):
            more = child(row, "extensions", "inlineProperties")
            settled = maybe_text(child(row, "extensions", "resolution"), "status") == "resolved"
            selection = maybe_text(more, "originalSelection")
            found.append(InlineComment(maybe_text(more, "markerRef"), selection, open=not settled))
        return [one for one in found if one.ref]

    def children(self, page: PageId) -> Sequence[Row]:
        """Direct children."""
        return listing.children(self._server, page)

    def create_draft(self, row: Row, body: str) -> PageId:
        """Make an invisible draft."""
        return pages.create_draft(self._server, row, body)

    def publish(self, row: Row, body: str, *, message: str) -> Page:
        """Make a draft current."""
        return pages.publish(self._server, row, body, message)

    def find_created(self, row: Row, body: str, since: str) -> PageId | None:
        """What an unfinished create left behind."""
        return pages.find_created(self._server, row, body, since)

    def update(self, row: Row, body: str, *, message: str) -> Page:
        """Write a version and read it back."""
        return pages.update(self._server, row, body, message)

    def move(self, page: PageId, place: Place, target: PageId) -> None:
        """Put a page somewhere else."""
        pages.move(self._server, page, place, target)

    def move_to_top(self, page: PageId) -> None:
        """Put a page beside the home page."""
        pages.move_to_top(self._server, page)

    def trash(self, page: PageId) -> None:
        """Move a page to the trash."""
        self._transport.delete(v1_path(page))

    def restore(self, page: PageId) -> Page:
        """Bring a page back from the trash."""
        return pages.restore(self._server, page)

    def add_labels(self, page: PageId, labels: Collection[str]) -> None:
        """Add global labels; those already there do no harm."""
        if labels:
            named = [{"prefix": "global", "name": name} for name in sorted(labels)]
            self._transport.post(f"{v1_path(page)}/label", named)

    def remove_label(self, page: PageId, label: str) -> None:
        """Remove one label; one that is gone already is as good as removed."""
        try:
            self._transport.delete(f"{v1_path(page)}/label", [("name", label)])
        except NotFound:
            if label in listing.labels_of(self._server, page):
                raise

    def set_property(self, page: PageId, key: str, value: object) -> None:
        """Create or update; a property may appear by itself while we look away, so look twice."""
        try:
            self._upsert(page, key, value)
        except VersionConflict:
            self._upsert(page, key, value)

    def _upsert(self, page: PageId, key: str, value: object) -> None:
        path = f"{v1_path(page)}/property/{quote(key, safe='')}"
        try:
            there = as_object(self._transport.get(path, [("expand", "version")]).data)
        except NotFound:
            self._transport.post(f"{v1_path(page)}/property", {"key": key, "value": value})
            return
        version = {"number": number(child(there, "version"), "number") + 1, "minorEdit": True}
        self._transport.put(path, {"key": key, "value": value, "version": version})

    def download(self, page: PageId, attachment: Attachment, to: Path) -> str:
        """Stream an attachment into a new file."""
        if self._server.edition.downloads:
            path = f"{v1_path(page)}/child/attachment/att{checked(PageId(attachment.id))}/download"
        else:
            path = f"/download/attachments/{checked(page)}/{quote(attachment.name, safe='')}"
        return streamed_down(self._transport, path, attachment, to)

    def upload(self, page: PageId, name: str, source: Path, *, comment: str, media_type: str) -> Attachment:
        """Upload a file, streamed."""
        path = f"{v1_path(page)}/child/attachment"
        rows = every(self._transport, path, [("filename", name), _MANY])
        old = next((attachment_id(text(row, "id")) for row in rows if row.get("title") == name), None)
        if old is not None:
            path = f"{path}/att{old}/data"
        sending = Sending(page, name, source, comment, media_type)
        return streamed_up(self._transport, path, sending)

    def remove_attachment(self, page: PageId, attachment: AttachmentId) -> None:  # noqa: ARG002 - the port's
        """Move an attachment to the trash."""
        self._transport.delete(f"{V1}/content/att{checked(PageId(attachment))}")
