"""What a person changed in one file since the base: the part of a page that a push would send."""

from collections.abc import Mapping
from dataclasses import dataclass

from confsync.convert import Put, put
from confsync.errors import ConvertError
from confsync.model.content import Attachment
from confsync.model.ids import PageId, RelPath
from confsync.model.record import Record
from confsync.plan.attachments import places
from confsync.plan.copy import Copy, LocalPage
from confsync.plan.heading import first_heading, without_title
from confsync.plan.library import Library
from confsync.plan.links import LinkIndex


@dataclass(frozen=True, slots=True)
class AttachmentEdits:
    """Attachment files that differ from the base."""

    changed: Mapping[str, tuple[RelPath, str]]
    """New or changed: path and sha256 by attachment name."""
    removed: tuple[tuple[Attachment, RelPath], ...]
    """In the base, held here once, and gone."""

    def __bool__(self) -> bool:
        return bool(self.changed or self.removed)


def title_of(local: LocalPage, record: Record | None) -> str:
    """The title a file means: its front matter's, else the base's."""
    return local.front.title or (record.page.title if record else "")


def new_title(local: LocalPage) -> str:
    """The title that a file without a page means: front matter, else its opening H1, else its name."""
    return local.front.title or first_heading(local.body) or _title_from(local.path)


def labels_of(local: LocalPage) -> frozenset[str]:
    """The labels a file means; no key means no labels. Confluence keeps labels in lower case."""
    return frozenset(label.lower() for label in local.front.labels or ())


def body_edit(local: LocalPage, record: Record | None, links: LinkIndex, *, allow_loss: bool = False) -> Put:
    """The storage that a file's body means, on its base; without one, as a page of its own.

    Raises:
        ConvertError: it cannot be said, or would destroy something unseen.
    """
    base = record.page.body if record else None
    markdown = without_title(local.body, title_of(local, record) if record else new_title(local))
    here = links.links(local.path, base or "", markdown)
    try:
        return put(markdown, base, here, allow_loss=allow_loss, library=Library(links.records))
    except ConvertError as error:
        error.page = error.page or local.path
        raise


def attachment_edits(copy: Copy, page: PageId, path: RelPath) -> AttachmentEdits:
    """How a page's `.assets` folder differs from the attachments of its record."""
    record = copy.records[page]
    known = {a.name: a for a in record.attachments}
    outside = copy.outside(copy.pages.get(page))
    known_places = places(path, known, outside)
    by_place = {place: name for name, place in known_places.items()}
    changed: dict[str, tuple[RelPath, str]] = {}
    elsewhere = {place: copy.media[place] for place in outside.values()}
    for place, sha256 in {**copy.assets_of(path), **elsewhere}.items():
        name = by_place.get(place, place.rpartition("/")[2])
        if name not in known or known[name].sha256 != sha256:
            changed[name] = (place, sha256)
    removed = tuple(
        (known[name], place)
        for name, place in known_places.items()
        if known[name].sha256 and not copy.has_file(place)
    )
    return AttachmentEdits(changed, removed)


def _title_from(path: RelPath) -> str:
    stem = path.rpartition("/")[2].removesuffix(".md")
    if stem.lower() in ("index", "readme"):
        stem = path.split("/")[-2] if "/" in path else stem
    return stem.replace("-", " ").replace("_", " ").strip().capitalize()
