"""What the front matter of a merged file says, and what counts as content when a file is gone."""

from dataclasses import replace

from confsync.convert.markdown import front_matter
from confsync.merge import Both, Local, merge_field, merge_labels
from confsync.model.ids import PageId
from confsync.model.record import Record
from confsync.plan.copy import LocalPage
from confsync.plan.edits import labels_of, title_of
from confsync.plan.render import front_values, parent_value


def as_pushed(base: Record, record: Record) -> Record:
    """The base of a page whose newer versions are our own: their text and title, and nothing else.

    Versions do not cover labels, parents and attachments: what colleagues did to those is merged as ever.
    """
    row = replace(base.row, title=record.row.title, version=record.row.version)
    return replace(base, page=replace(base.page, row=row, body=record.page.body))


def same_content(new: Record, old: Record) -> bool:
    """Whether nothing changed that a person wrote; a move or an order is no content."""
    same_page = (new.page.title, new.page.body, new.page.labels) == (
        old.page.title,
        old.page.body,
        old.page.labels,
    )
    return same_page and new.attachments == old.attachments


def merged_front(
    record: Record, base: Record | None, local: LocalPage, home: PageId | None
) -> tuple[dict[str, front_matter.Value | None], str]:
    """The keys of the merged file, and a note where a local title gave way."""
    keys = dict(front_values(record, home, None))
    del keys["children"], keys["type"]
    note = ""
    if base is not None:
        title = merge_field(base.page.title, title_of(local, base), record.page.title)
        if isinstance(title, Local):
            keys["title"] = title.value
        elif isinstance(title, Both):
            note = f"both sides renamed it; it is “{title.remote}” now, your “{title.local}” gave way"
        labels = merge_labels(base.page.labels, labels_of(local), record.page.labels)
        keys["labels"] = tuple(sorted(labels)) or None
        if labels == labels_of(local):
            keys["labels"] = local.front.labels or None
        if base.row.parent == record.row.parent and parent_value(base.row, home) == keys["parent"]:
            keys["parent"] = local.front.parent
    return keys, note
