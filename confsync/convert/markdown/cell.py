"""Content of a table's cell that stands on one line: paragraphs, breaks and lists, in Markdown or HTML."""

import html
import re
from collections.abc import Sequence

from markdown_it.token import Token

from confsync.convert.markdown.directive import parse_inline
from confsync.convert.markdown.inline import InlineReader, attribute, normal_form
from confsync.convert.markdown.parser import INLINE_DIRECTIVES, parse_inline_text
from confsync.convert.markdown.target import canonical
from confsync.convert.rules.tokens import TOKENS
from confsync.convert.tree import BREAK, SPACE, Atom, Item, closing, token

_LIST_TAG = re.compile(r"<(/?)(ul|ol|li|p)\b[^>]*>", re.IGNORECASE)
_HTML = re.compile(r"<!--.*?-->|</?[A-Za-z][^<>]*>|:(?=[a-z])|\$`[^`\n]+`\$", re.DOTALL)
_APART = "\x00"


class CellReader(InlineReader):
    """Reads a cell's content into blocks."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[Item] = []
        self.stack: list[list[Item]] = [self.blocks]

    def tag(self, raw: str) -> None:
        """Read a tag; those of lists and paragraphs make blocks."""
        found = _LIST_TAG.fullmatch(raw)
        if found is None:
            if raw.startswith("<!--") and self.atoms and self.atoms[-1] == BREAK:
                self.atoms.append(_APART)
            super().tag(raw)
            return
        self.flush()
        closes, name = found[1], found[2].lower()
        if name == "p":
            return
        if closes:
            if len(self.stack) > 1:
                self.stack.pop()
            return
        ordered = {"ordered": "1"} if name == "ol" else {}
        item = Item("item") if name == "li" else Item("list", ordered)
        item.children = []
        self.stack[-1].append(item)
        self.stack.append(item.children)

    def flush(self) -> None:
        """End the paragraphs read so far."""
        while self.marks:
            self.atoms.append(closing(self.atoms[self.marks.pop()][1:].split("\x1f")[0]))
        part: list[Atom] = []
        for index, atom in enumerate(self.atoms):
            if atom == BREAK and _next_visible(self.atoms, index) == BREAK:
                self._paragraph(part)
                part = []
            else:
                part.append(atom)
        self._paragraph(part)
        self.atoms = []

    def _paragraph(self, atoms: list[Atom]) -> None:
        found = normal_form([atom for atom in atoms if atom != _APART])
        if found:
            item = Item("paragraph")
            item.atoms = found
            self.stack[-1].append(item)

    def cell_blocks(self) -> list[Item]:
        """The blocks, sealed."""
        self.flush()
        for block in self.blocks:
            _seal(block)
        return self.blocks


def _next_visible(atoms: Sequence[Atom], index: int) -> Atom:
    for atom in atoms[index + 1 :]:
        if atom != SPACE:
            return atom
    return ""


def _seal(item: Item) -> None:
    for kid in item.children or ():
        _seal(kid)
    item.seal()


def pipe_cell(tokens: Sequence[Token]) -> list[Item]:
    """The blocks of a pipe table's cell."""
    reader = CellReader()
    reader.tokens(tokens)
    return reader.cell_blocks()


def html_cell(text: str) -> list[Item]:
    """The blocks of an HTML table's cell that holds no blank line."""
    reader = CellReader()
    at = 0
    for found in _HTML.finditer(text):
        if found.start() < at:
            continue
        reader.text(html.unescape(text[at : found.start()]))
        at = found.end()
        raw = found[0]
        if raw == ":":
            directive = parse_inline(text, found.start())
            if directive is not None and (directive.name in INLINE_DIRECTIVES or directive.id):
                reader.directive(directive)
                at = directive.span[1]
            else:
                reader.text(":")
        elif raw[0] == "$":
            reader.atoms.append(token("math", html.unescape(raw[2:-2])))
        elif raw.lower().startswith("<code"):
            end = text.find("</code>", at)
            if end >= 0 and "<" not in text[at:end]:
                reader.atoms.append(f"\x04code\x1f{' '.join(html.unescape(text[at:end]).splitlines())}")
                at = end + len("</code>")
            else:
                reader.tag(raw)
        elif raw.lower().startswith("<a") and _read_link(reader, raw, text, at):
            at = text.find("</a>", at) + len("</a>")
        else:
            reader.tag(raw)
    reader.text(html.unescape(text[at:]))
    return reader.cell_blocks()


def _read_link(reader: CellReader, raw: str, text: str, at: int) -> bool:
    """Read a link that stands for a token: a mention, an issue, a bare URL."""
    end = text.find("</a>", at)
    if end < 0 or "<" in text[at:end]:
        return False

    target = canonical(attribute(raw, "href") or "")
    label = html.unescape(text[at:end])
    for scheme, rule in TOKENS.schemes:
        if target.startswith(scheme) and rule.from_link is not None:
            atom = rule.from_link(target, label)
            if atom is not None:
                reader.atoms.append(atom)
                return True
    if target and target == label and target.startswith(("http:", "https:")):
        reader.atoms.append(f"\x04url\x1f{target}")
        return True
    return False


def html_inline(text: str) -> list[Item]:
    """Markdown that the block parser took for HTML, as paragraphs."""
    reader = CellReader()
    reader.tokens(parse_inline_text(text))
    return reader.cell_blocks()
