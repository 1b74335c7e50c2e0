"""Content of a table's cell that stands on one line: paragraphs, breaks and lists, in Markdown or HTML."""

import html
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from confsync.convert.markdown.directive import parse_inline
from confsync.convert.markdown.inline import InlineReader, attribute, plain_runs, say
from confsync.convert.markdown.parser import INLINE_DIRECTIVES, References, parse_inline_text
from confsync.convert.markdown.target import canonical
from confsync.convert.rules.tokens import TOKENS
from confsync.convert.runs import BREAK_SIGN
from confsync.convert.storage.parse import MAX_DEPTH
from confsync.convert.tree import CLOSE, OPEN, TOKEN, Atom, Item, closing, fields_of, token
from confsync.errors import MalformedMarkdown

_BLOCK_TAG = re.compile(
    r"<(/?)(ul|ol|li|p|div|section|article|main|header|footer|center|figure|h[1-6])\b[^>]*>", re.IGNORECASE
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_LISTS = ("ul", "ol", "li")
Finder = Callable[[str], Iterator[re.Match[str]]]
_APART = "\x00"
"""Between two breaks that are no end of a paragraph."""
_TWO_BREAKS = re.compile(rf"{BREAK_SIGN}(?=[ \t\r\n]*{BREAK_SIGN})")


class CellReader(InlineReader):
    """Reads a cell's content into blocks."""

    def __init__(self, references: References | None = None) -> None:
        super().__init__(references)
        self.blocks: list[Item] = []
        self.stack: list[list[Item]] = [self.blocks]
        self.level = ""
        """Of the heading that is open."""

    def tag(self, raw: str) -> None:
        """Read a tag; those of blocks make some."""
        found = _BLOCK_TAG.fullmatch(raw)
        if found is None:
            if raw.startswith("<!--") and self.parts[-1:] == [BREAK_SIGN]:
                self.parts.append(_APART)
            super().tag(raw)
            return
        self.flush()
        closes, name = found[1], found[2].lower()
        if name not in _LISTS:
            self.level = name[1:] if name in _HEADINGS and not closes else ""
            return
        if closes:
            if len(self.stack) > 1:
                self.stack.pop()
            return
        ordered = {"ordered": "1"} if name == "ol" else {}
        item = Item("item") if name == "li" else Item("list", ordered)
        item.children = []
        if len(self.stack) > MAX_DEPTH:
            raise MalformedMarkdown(f"lists in a cell nest more than {MAX_DEPTH} deep")
        self.stack[-1].append(item)
        self.stack.append(item.children)

    def flush(self) -> None:
        """End the paragraphs read so far: two breaks in a row end one."""
        self.close_all()
        text, waiting = "".join(self.parts), iter(self.said)
        self.parts, self.said = [], []
        still: list[Atom] = []
        for part in _TWO_BREAKS.split(text):
            count = sum(map(part.count, (OPEN, CLOSE, TOKEN)))
            said = list(islice(waiting, count))
            item = Item("heading", {"level": self.level}) if self.level else Item("paragraph")
            before, still = still, _still_open(still, said)
            # A mark around several paragraphs is one around each of them.
            ends = [closing(fields_of(atom)[0]) for atom in reversed(still)]
            inside = part.replace(_APART, "")
            say(item, OPEN * len(before) + inside + CLOSE * len(ends), [*before, *said, *ends])
            if item.shows:
                self.stack[-1].append(item)

    def cell_blocks(self) -> list[Item]:
        """The blocks, sealed."""
        self.flush()
        for block in self.blocks:
            _seal(block)
        return self.blocks


def with_comments(tags: str) -> Finder:
    """Find comments and whatever else a pattern describes, in linear time."""
    both = re.compile(f"<!--.*?-->|{tags}", re.DOTALL | re.IGNORECASE)
    alone = re.compile(tags, re.DOTALL | re.IGNORECASE)

    def find(text: str) -> Iterator[re.Match[str]]:
        # Behind the last end of a comment none is looked for: each would look to the end of the text.
        last = text.rfind("-->") + len("-->") if "-->" in text else 0
        yield from both.finditer(text, 0, last)
        yield from alone.finditer(text, last)

    return find


def _still_open(before: Sequence[Atom], said: Sequence[Atom]) -> list[Atom]:
    """The marks that are open behind a piece of text."""
    out = list(before)
    for atom in said:
        if atom[0] == OPEN:
            out.append(atom)
        elif atom[0] == CLOSE:
            out.pop()
    return out


def _seal(item: Item) -> None:
    for kid in item.children or ():
        _seal(kid)
    item.seal()


def pipe_cell(text: str, references: References) -> list[Item]:
    """The blocks of a pipe table's cell."""
    item = Item("paragraph")
    item.runs = plain_runs(text)
    if item.runs is None:
        return html_inline(text, references)
    return [item] if item.shows else []


_html = with_comments(r"</?[A-Za-z][^<>]*>|:(?=[a-z])|\$`[^`\n]+`\$")


def html_cell(text: str) -> list[Item]:
    """The blocks of an HTML table's cell that holds no blank line."""
    reader = CellReader()
    at = 0
    for found in _html(text):
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
            reader.add(token("math", html.unescape(raw[2:-2])))
        elif raw.lower().startswith("<code"):
            end = text.find("</code>", at)
            if end >= 0 and "<" not in text[at:end]:
                reader.add(token("code", " ".join(html.unescape(text[at:end]).splitlines())))
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
                reader.add(atom)
                return True
    if target and target == label and target.startswith(("http:", "https:")):
        reader.add(token("url", target))
        return True
    return False


def html_inline(text: str, references: References) -> list[Item]:
    """Markdown that the block parser took for HTML, as paragraphs."""
    reader = CellReader(references)
    reader.tokens(parse_inline_text(text, references))
    return reader.cell_blocks()
