"""Markdown to storage."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from confsync.convert.growth import growing
from confsync.convert.headings import headings_in
from confsync.convert.lens.copies import renumbered
from confsync.convert.lens.get import Base, read_base
from confsync.convert.lens.handwritten import recognise, writes_macros
from confsync.convert.lens.losses import Loss, LossKind, comment_losses, label_losses, placeholder_losses
from confsync.convert.lens.neutral import neutral
from confsync.convert.lens.patch import Patcher
from confsync.convert.lens.region import edited_region
from confsync.convert.lens.tidy import tidied
from confsync.convert.markdown.blocks import MarkdownReader
from confsync.convert.markdown.front_matter import read, split
from confsync.convert.rules.link import unresolved_target
from confsync.convert.rules.preview import without_previews
from confsync.convert.storage.page import Page
from confsync.convert.storage.parse import check_well_formed, parse
from confsync.convert.tree import OPEN, SPACE, TOKEN, Item, fields_of, levels
from confsync.errors import FrontMatterError, MalformedMarkdown, WouldLose
from confsync.model.block import Block
from confsync.model.links import Links

_ALLOW = "put the text back, or allow the loss (`--allow-loss`)"
_REPAIR = "put the text back; edit the page in Confluence, which repairs it when it is saved, and pull"
_SHALLOW = 25
"""Blocks inside each other that make no more elements inside each other than may be."""
_LINK = OPEN + "a\x1f"


@dataclass(frozen=True, slots=True)
class Put:
    """The storage that says what a Markdown text says."""

    storage: str
    losses: tuple[Loss, ...] = ()
    """What this costs; severe losses only where they were allowed."""
    unchanged: bool = False
    """The storage is the base, byte for byte."""
    unresolved: tuple[str, ...] = ()
    """Targets of links, as written, that lead to a Markdown file that no page is; those of the base are not
    counted. They were written as relative addresses, which go nowhere in Confluence."""


@growing
def put(
    markdown: str,
    base: str | None,
    links: Links | None = None,
    *,
    allow_loss: bool = False,
    library: Mapping[str, str] | None = None,
) -> Put:
    """Convert a text back.

    Args:
        markdown: the text; front matter is passed over.
        base: the body the text was made from; None for a new page.
        links: the page's neighbourhood.
        allow_loss: go on where something unseen would be destroyed.
        library: bytes of placeholders of other pages, by `#id`: what `get(body).placeholders` says of the
            other pages of the space. It is asked only for ids that this page does not know, so it may be a
            mapping that looks them up when asked; copies from it get no ids of the page they come from.

    Raises:
        MalformedMarkdown: a directive cannot be read.
        WouldLose: an edit would destroy something that Markdown does not show.
        MalformedStorage: the result would not be well-formed; nothing may be sent.
    """
    links, library = links or Links(), library or {}
    document = split(markdown)
    body = document.body.removeprefix("\n")
    read_from = read_base(base if base is not None else "", links)
    if read_from.reason:
        return _carried(read_from, body, allow_loss=allow_loss)
    if base is not None and body == read_from.markdown:
        return Put(base, unchanged=True)
    base_items, edited = _blocks(read_from, markdown, body)
    ignored = label_losses(read_from.page, read_from.markdown, body)
    if base is not None and _equal(base_items, edited):
        return Put(base, tuple(ignored), unchanged=True)
    if ":::decisions" in body:
        _check_decisions(edited)
    read_from.page.headings = headings_in(edited) if _names_heading(body) else {}
    patcher = Patcher(read_from.page, base_items, edited, library)
    storage = patcher.storage()
    check_well_formed(storage)
    if levels(edited) > _SHALLOW:
        parse(storage)
    losses = comment_losses(base or "", storage) + ignored
    if read_from.page.placeholders or "{#" in body:
        losses = placeholder_losses(read_from.page, base_items, edited, library) + losses
    _refuse(losses, allow_loss=allow_loss)
    lost = _unresolved(read_from.page, base_items, edited) if ".md" in body else ()
    return Put(storage, tuple(losses), unchanged=storage == base, unresolved=lost)


def _blocks(base: Base, markdown: str, body: str) -> tuple[list[Item], list[Item]]:
    """The blocks of the base and those of the text, which are shared where the text is."""
    pair = None if _may_have_title(markdown, body) else edited_region(base, body)
    known, edited = pair or (list(base.items), _edited(markdown))
    if "{#" in body:
        edited = renumbered(edited, base.page.placeholders)
    if base.page.placeholders and writes_macros(body):
        recognise(base.page, edited)
    if base.page.previews:
        edited = without_previews(edited, base.page.previews)
    return known, edited


def _may_have_title(markdown: str, body: str) -> bool:
    """Whether a first heading could be the title that the front matter says."""
    return len(markdown) > len(body) + 1 and any(line.startswith(("# ", "=")) for line in body.splitlines())


def _check_decisions(items: Sequence[Item]) -> None:
    """Confluence keeps nothing but decisions in a list of decisions, and none inside another."""
    for item in (one for top in items for one in top.walk()):
        if item.kind == "macro" and item.props["name"] == "decisions":
            kids = item.children or []
            tasks = [task for kid in kids if kid.kind == "tasks" for task in kid.children or ()]
            nested = [kid for task in tasks for kid in task.children or () if kid.kind == "tasks"]
            strangers = [kid for kid in kids if kid.kind != "tasks"] + nested
            if strangers or not kids:
                raise MalformedMarkdown(
                    "`:::decisions` holds one list with boxes and nothing else"
                    + (f", but this one holds more: {_words(strangers[0])}" if strangers else ""),
                    hint="write other text before or behind it; delete its two lines with its last decision",
                )


def _words(item: Item) -> str:
    atoms = (atom for one in item.walk() for atom in one.atoms or () if atom[0] >= SPACE)
    return "".join(atoms)[:40] or item.kind


def _names_heading(body: str) -> bool:
    return "](#" in body or 'href="#' in body


def _unresolved(page: Page, base: Sequence[Item], edited: Sequence[Item]) -> tuple[str, ...]:
    """Link targets that the edit brings and that no page answers to."""
    new = dict.fromkeys(target for target in _targets(edited) if unresolved_target(page, target))
    return tuple(new.keys() - set(_targets(base))) if new else ()


def _targets(items: Sequence[Item]) -> Iterator[str]:
    for item in (one for top in items for one in top.walk()):
        if target := item.props.get("target"):
            yield target
        for atom in item.atoms or ():
            if atom.startswith(_LINK):
                yield fields_of(atom)[1]


def _equal(base: Sequence[Item], edited: Sequence[Item]) -> bool:
    """Whether an edited text says what the base says; an alignment written by hand has to be looked at."""
    if len(base) != len(edited):
        return False
    differ = [(one, other) for one, other in zip(base, edited, strict=True) if one is not other]
    if not all(one.says(other) for one, other in differ):
        return False
    return not any(item.hint and item.kind != "cell" for _, top in differ for item in top.walk())


def _carried(base: Base, body: str, *, allow_loss: bool) -> Put:
    source = base.page.source
    if body.strip() == base.markdown.strip():
        return Put(source, unchanged=True)
    loss = Loss(LossKind.READ_ONLY, f"the page is carried whole: {base.reason}")
    _refuse([loss], allow_loss=allow_loss, hint=_REPAIR)
    storage = Patcher(base.page, (), _edited(body), {}).storage()
    return Put(storage.removeprefix(source), (loss,))


def _refuse(losses: Sequence[Loss], *, allow_loss: bool, hint: str = _ALLOW) -> None:
    severe = tuple(loss.text for loss in losses if loss.severe)
    if severe and not allow_loss:
        raise WouldLose(
            "this edit would destroy something that Markdown does not show: " + "; ".join(severe),
            losses=severe,
            hint=hint,
        )


def _edited(markdown: str) -> list[Item]:
    """The blocks of a text, without a first heading that is the title."""
    items = _document(markdown)
    title = _title(markdown)
    if title and items and items[0].kind == "heading" and items[0].props["level"] == "1":
        words = "".join(
            atom for atom in items[0].atoms or () if atom[0] not in (OPEN, TOKEN) and atom[0] > TOKEN
        )
        if words.split() == title.split():
            items = items[1:]
    return tidied(items)


def _document(markdown: str) -> list[Item]:
    document = split(markdown)
    return MarkdownReader(document.body, document.body_offset, document.body_line).document()


def _title(markdown: str) -> str:
    try:
        return read(markdown).title or ""
    except FrontMatterError:
        return ""


def blocks_of(markdown: str, base: str | None = None, links: Links | None = None) -> tuple[Block, ...]:
    """The neutral tree of a text, comparable by key with that of its base.

    `base` and `links` are accepted for symmetry with `put`; keys do not depend on them.

    Raises:
        MalformedMarkdown: a directive cannot be read.
    """
    del base, links
    return neutral(_edited(markdown))
