"""`CloudRemote`: the Remote port, each call handed to the file of its concern."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from confsync.confluence.cloud import attachments, bodies, comments, listing, pages, people, recovery
from confsync.confluence.cloud import labels as _labels
from confsync.confluence.cloud.wiki import Wiki
from confsync.confluence.transport import Transport
from confsync.confluence.v1 import index
from confsync.confluence.v1.server import whoami
from confsync.model.content import Attachment, InlineComment, Page, Row, Space, User
from confsync.model.ids import AccountId, AttachmentId, PageId, SpaceId, SpaceKey
from confsync.model.record import Record
from confsync.ports import Fate, Glance, Listing, PageVersion, Place, Sighting


class CloudRemote:
    """One space of Confluence Cloud; see `confsync.ports.Remote` for what the methods promise.

    Args:
        transport: the site.
        key: the space's key, or its alias.
        space_id: the space's numeric id, where known: saves a request.
    """

    def __init__(self, transport: Transport, key: SpaceKey, *, space_id: SpaceId | None = None) -> None:
        self._transport = transport
        self._wiki = Wiki(transport, key, space_id)

    def close(self) -> None:
        """Let go of connections and threads."""
        self._transport.close()

    def allowance(self) -> int | None:
        """Requests or points that the server still allows for."""
        return self._transport.left

    def space(self) -> Space:
        """The space itself."""
        return self._wiki.space(afresh=True)

    def me(self) -> User:
        """Whose credentials these are."""
        return whoami(self._transport)

    def users(self, ids: Collection[AccountId]) -> Mapping[AccountId, User]:
        """People by account id."""
        return people.by_ids(self._wiki, ids)

    def find_user(self, name: str) -> Sequence[User]:
        """People by exact name or e-mail."""
        return people.by_name(self._wiki, name)

    def listing(self, *, since: str = "") -> Listing:
        """All current content, without texts."""
        return listing.listing(self._wiki, since)

    def glance(self, since: str, *, most: int = 250) -> Glance:
        """What was saved last."""
        return listing.glance(self._wiki, since, most)

    def survey(self, known: Sequence[Record], requests: int) -> Mapping[PageId, Sighting]:
        """What the index says of labels, attachments and restrictions."""
        return index.survey(self._transport, known, requests)

    def fetch(self, ids: Sequence[PageId], known: Mapping[PageId, Record] | None = None) -> Iterator[Record]:
        """Texts, labels and attachments of many pages."""
        return bodies.fetch(self._wiki, ids, known or {})

    def read(self, page: PageId, *, draft: bool = False) -> Page:
        """One page afresh."""
        return pages.read(self._wiki, page, draft=draft)

    def attachments(self, page: PageId) -> Sequence[Attachment]:
        """The attachments of one page."""
        return attachments.of_page(self._wiki, page)

    def labels(self, ids: Collection[PageId]) -> Mapping[PageId, frozenset[str]]:
        """Global labels of many pages."""
        return _labels.labels(self._wiki, ids)

    def properties(self, page: PageId, keys: Collection[str]) -> Mapping[str, object]:
        """The content properties with these keys."""
        return comments.properties(self._wiki, page, keys)

    def fates(self, ids: Collection[PageId]) -> Mapping[PageId, Fate]:
        """What became of each of these."""
        return listing.fates(self._wiki, ids)

    def restricted(self, ids: Collection[PageId] | None = None) -> frozenset[PageId]:
        """Pages with a view restriction of their own."""
        return listing.restricted(self._wiki) if ids is None else index.restricted(self._transport, ids)

    def versions(self, page: PageId, after: int, upto: int) -> Sequence[PageVersion]:
        """Versions with their texts, oldest first."""
        return pages.versions(self._wiki, page, after, upto)

    def inline_comments(self, page: PageId) -> Sequence[InlineComment]:
        """The inline comments of a page."""
        return comments.inline(self._wiki, page)

    def children(self, page: PageId) -> Sequence[Row]:
        """Direct children of any type."""
        return listing.children(self._wiki, page)

    def create_draft(self, row: Row, body: str) -> PageId:
        """Make an invisible draft."""
        return pages.create_draft(self._wiki, row, body)

    def publish(self, row: Row, body: str, *, message: str) -> Page:
        """Make a draft current."""
        return pages.publish(self._wiki, row, body, message)

    def find_created(self, row: Row, body: str, since: str) -> PageId | None:
        """What an unfinished create left behind."""
        return recovery.find_created(self._wiki, row, body, since)

    def update(self, row: Row, body: str, *, message: str) -> Page:
        """Write a version and read it back."""
        return pages.update(self._wiki, row, body, message)

    def move(self, page: PageId, place: Place, target: PageId) -> None:
        """Put a page somewhere else."""
        pages.move(self._wiki, page, place, target)

    def move_to_top(self, page: PageId) -> None:
        """Put a page beside the home page."""
        pages.move_to_top(self._wiki, page)

    def trash(self, page: PageId) -> None:
        """Move a page to the trash."""
        pages.trash(self._wiki, page)

    def restore(self, page: PageId) -> Page:
        """Bring a page back from the trash."""
        return pages.restore(self._wiki, page)

    def add_labels(self, page: PageId, labels: Collection[str]) -> None:
        """Add global labels."""
        _labels.add(self._wiki, page, labels)

    def remove_label(self, page: PageId, label: str) -> None:
        """Remove one global label."""
        _labels.remove(self._wiki, page, label)

    def set_property(self, page: PageId, key: str, value: object) -> None:
        """Create or update a content property."""
        comments.set_property(self._wiki, page, key, value)

    def download(self, page: PageId, attachment: Attachment, to: Path) -> str:
        """Stream an attachment into a new file."""
        return attachments.download(self._wiki, page, attachment, to)

    def upload(self, page: PageId, name: str, source: Path, *, comment: str, media_type: str) -> Attachment:
        """Upload a file, streamed."""
        return attachments.upload(self._wiki, page, name, source, comment=comment, media_type=media_type)

    def remove_attachment(self, page: PageId, attachment: AttachmentId) -> None:  # noqa: ARG002 - the port's
        """Move an attachment to the trash."""
        attachments.remove(self._wiki, attachment)
