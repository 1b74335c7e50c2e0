"""The entries of a leaf, for whoever changes it."""

from confsync.convert.storage.inline import InlineReader
from confsync.convert.storage.leaf import settle
from confsync.convert.storage.page import Page
from confsync.convert.storage.parse import Node
from confsync.convert.tree import Entry, Item


def entries_of(page: Page, item: Item) -> list[Entry]:
    """A leaf's entries; those of most leaves are read only now."""
    if not item.entries:
        reader = InlineReader(page)
        counted = dict(page.constructs)
        reader.run(*item.inner, [kid for kid in item.source_kids if isinstance(kid, Node)])
        page.constructs = counted
        item.entries, item.marks = settle(reader)
    return item.entries
