"""Storage to Markdown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from confsync.convert.growth import growing
from confsync.convert.lens.neutral import neutral
from confsync.convert.lens.settle import Settler, forget_leaves
from confsync.convert.markdown.blocks import MarkdownReader
from confsync.convert.markdown.write_blocks import BlockWriter
from confsync.convert.storage.blocks import BlockReader
from confsync.convert.storage.page import Page
from confsync.convert.storage.parse import Node, forget_attributes, parse
from confsync.convert.tree import Item, digest
from confsync.errors import MalformedStorage
from confsync.model.block import Block
from confsync.model.links import Links


@dataclass(frozen=True, slots=True)
class Got:
    """A page's body as Markdown."""

    markdown: str
    """Ends with a line break unless empty; no front matter, no title."""
    opaque: tuple[str, ...] = ()
    """What is shown as a placeholder and cannot be edited, by kind, in order."""
    reason: str = ""
    """Not empty: the page is carried whole, read-only, and this is why."""
    placeholders: Mapping[str, str] = field(default_factory=dict)
    """The bytes behind each `#id`."""
    constructs: Mapping[str, int] = field(default_factory=dict)
    """How often each construct was met."""

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The neutral tree, with spans into `markdown`; read afresh on every use."""
        return neutral(MarkdownReader(self.markdown).document())


@dataclass(frozen=True, slots=True)
class Base:
    """A body, read and settled, with all that put needs of it."""

    page: Page
    items: Sequence[Item]
    markdown: str
    reason: str = ""
    parts: Sequence[str] = ()
    """The Markdown of each item, with the blank lines behind it."""


def get(storage: str, links: Links | None = None) -> Got:
    """Convert a body.

    Args:
        storage: the body as the server gave it.
        links: the page's neighbourhood.

    Returns:
        Its Markdown; a body that is not well-formed becomes one placeholder with a reason.
    """
    base = read_base(storage, links or Links())
    page = base.page
    return Got(base.markdown, tuple(page.opaque), base.reason, page.placeholders, page.constructs)


_RECENT: dict[str, tuple[Links, Base]] = {}
_REMEMBERED = 8
_WORTH = 500_000
"""Characters; larger bodies are not remembered."""


def forget() -> None:
    """Forget all that earlier pages left in memory; for measurements."""
    _RECENT.clear()
    forget_leaves()
    forget_attributes()


def read_base(storage: str, links: Links) -> Base:
    """Read a body as the base of an edit; the last few are remembered, as `put` mostly follows `get`."""
    known = _RECENT.get(storage)
    if known is not None and known[0] == links:
        return known[1]
    base = _read_afresh(storage, links)
    if len(storage) < _WORTH:
        for old in list(_RECENT)[: max(0, len(_RECENT) + 1 - _REMEMBERED)]:
            _RECENT.pop(old, None)
        _RECENT[storage] = (links, base)
    return base


@growing
def _read_afresh(storage: str, links: Links) -> Base:
    try:
        root = parse(storage)
    except MalformedStorage as error:
        return _carried(storage, links, error.message)
    try:
        return _read(storage, links, root)
    except RecursionError:
        return _carried(storage, links, "the body nests too deeply")


def _read(storage: str, links: Links, root: Node) -> Base:
    page = Page(storage, links)
    reader = BlockReader(page)
    items = reader.sequence(0, len(storage), root.kids)
    Settler(page, reader).all(items, top=True)
    parts = BlockWriter(page).document(items)
    return Base(page, items, "".join(parts), parts=parts)


def _carried(storage: str, links: Links, reason: str) -> Base:
    """A page that cannot be parsed: one placeholder and the reason."""
    page = Page(storage, links)
    identity = digest(storage)[:6]
    page.placeholders[identity] = storage
    page.opaque.append("page")
    said = " ".join(reason.replace("`", "'").split())
    markdown = (
        f"::macro[page: cannot be read]{{#{identity}}}\n\n<!-- read-only: {said.replace('--', '- -')} -->\n"
    )
    return Base(page, (), markdown, reason)
