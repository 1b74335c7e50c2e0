"""Leaves put back: text spliced word by word, code and images revised in their own bytes."""

import re
from collections.abc import Sequence

from confsync.convert.lens.known import without_known
from confsync.convert.lens.remnants import Remnants
from confsync.convert.lens.shells import Shells
from confsync.convert.lens.writer import Writer
from confsync.convert.rules.labels import MACROS as MACRO_ELEMENTS
from confsync.convert.rules.macro import Form
from confsync.convert.rules.macros import MACROS
from confsync.convert.rules.parameters import Splice
from confsync.convert.rules.tokens import TOKENS
from confsync.convert.spaces import WIDE
from confsync.convert.storage.inline import InlineReader
from confsync.convert.storage.leaf import settle, units
from confsync.convert.storage.page import Page
from confsync.convert.storage.parse import Node, check_well_formed, child, parse
from confsync.convert.storage.text import cdata
from confsync.convert.tree import TOKEN, Atom, Item, fields_of
from confsync.errors import MalformedStorage

_UNSEEN = re.compile(rf"<br\b|&nbsp;|&#|[{WIDE}]")
_MACRO = TOKEN + "macro"
_LAST_LINE_END = re.compile(r"\n(?:\]\]>\s*)?\Z")


class Leaves:
    """Revises leaves; each method returns replacements in the page's source."""

    def __init__(self, page: Page, shells: Shells, inline: Writer, remnants: Remnants) -> None:
        self.page = page
        self.remnants = remnants
        self.shells = shells
        self.inline = inline

    def text(self, base: Item, edited: Item) -> list[Splice]:
        """A paragraph, heading or caption with other words, or of another kind."""
        start, end = base.inner
        splices = self._image(base, edited) if base.kind == "figure" else []
        text = self.words(base, edited)
        if base.kind != "figure" and (base.kind != edited.kind or base.props != edited.props):
            tag = f"h{edited.props['level']}" if edited.kind == "heading" else "p"
            if not base.bare:
                splices += self.shells.retagged(base, tag)
            elif edited.kind == "heading":
                text = f"<{tag}>{text}</{tag}>"
        if base.bare and is_media(base) and edited.kind == "paragraph" and not is_media(edited):
            # An image between blocks is no paragraph; with text beside it, it stands in one.
            text = f"<p>{text}</p>"
        if text != self.page.source[start:end]:
            splices.append((start, end, text))
        return splices

    def words(self, base: Item | None, edited: Item) -> str:
        """The bytes of a leaf's content, where the base's has these words now, or none was there."""
        entries, marks = self.remnants.entries(base, edited)
        if not entries:
            return self.inline.atoms(edited.atoms or ())
        atoms = without_known(edited.atoms or [], marks)
        text = self.inline.splice(entries, marks, atoms)
        quiet = [entry for entry in entries if entry.atom or not _UNSEEN.search(entry.raw)]
        if len(quiet) == len(entries):
            return text if _is_well_formed(text) else self.inline.atoms(edited.atoms or ())
        # A break or wide space at an edge was not shown; what now stands beside it would bring it out.
        if not self._shows(text, atoms):
            text = self.inline.splice(quiet, marks, atoms)
        return text if self._shows(text, atoms) else self.inline.atoms(edited.atoms or ())

    def _shows(self, text: str, atoms: Sequence[Atom]) -> bool:
        """Whether bytes read back as these atoms; ids of placeholders aside, which count from the page."""
        page = Page(text, self.page.links)
        try:
            root = parse(text)
        except MalformedStorage:
            return False
        reader = InlineReader(page)
        reader.run(0, len(text), root.kids)
        entries, _ = settle(reader)
        shown = [atom for atom, _, _ in units(entries)]
        return [_nameless(atom) for atom in shown] == [_nameless(atom) for atom in atoms]

    def _image(self, base: Item, edited: Item) -> list[Splice]:
        old, new = base.props["image"], edited.props["image"]
        revise = TOKENS.kinds["image"].revise
        node = base.source_node
        caption = child(node, "ac:caption") if isinstance(node, Node) else None
        if old == new or revise is None or caption is None:
            return []
        raw = self.page.source[base.start : caption.start]
        revised = revise(raw, fields_of(old)[1:], fields_of(new)[1:], self.page)
        return [(base.start, caption.start, revised or raw)]

    def code(self, base: Item, edited: Item) -> list[Splice] | None:
        """A block of code with other text or options; None where it must be made anew."""
        node = base.source_node
        source = self.page.source
        start, end = base.inner
        if not isinstance(node, Node) or ("pre" in base.props) != ("pre" in edited.props):
            return None
        if _fence_macro(base) != _fence_macro(edited):
            return None
        splices = self.shells.parameters(node, base, edited, cleared=("language",))
        if base.text == edited.text:
            return splices
        if start == end and source[start - 2 : start] == "/>":
            return None
        if start == node.close_start and node.tag in MACRO_ELEMENTS:
            return [
                *splices,
                (start, end, f"<ac:plain-text-body>{cdata(edited.text or '')}</ac:plain-text-body>"),
            ]
        raw = source[start:end]
        last = "\n" if _LAST_LINE_END.search(raw) else ""
        text = (edited.text or "") + (last or ("\n" if (edited.text or "").endswith("\n") else ""))
        if "\r\n" in raw:
            text = text.replace("\n", "\r\n")
        if "<![CDATA[" not in raw and raw.strip():
            new = self.page.spelling.revise(raw, (base.text or "") + last, text)
        else:
            new = _recast(raw, text)
        return [*splices, (start, end, new)]


def _fence_macro(item: Item) -> str:
    """The macro that a block of code is, by its fence's word; empty for code."""
    rule = MACROS.by_directive.get(item.props.get("language", ""))
    return rule.name if rule is not None and rule.form is Form.FENCE else ""


def _is_well_formed(text: str) -> bool:
    try:
        check_well_formed(text)
    except MalformedStorage:
        return False
    return True


def _nameless(atom: Atom) -> Atom:
    return _MACRO if atom.startswith(_MACRO) else atom


def is_media(item: Item) -> bool:
    """Whether a leaf is one image and nothing else."""
    return len(item.atoms or ()) == 1 and (item.atoms or [""])[0].startswith(TOKEN + "image")


def _recast(raw: str, text: str) -> str:
    """Code in CDATA, with the space that stood around it."""
    lead = raw[: len(raw) - len(raw.lstrip())]
    tail = raw[len(raw.rstrip()) :] if raw.strip() else ""
    return lead + cdata(text) + tail
