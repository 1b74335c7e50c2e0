"""Inline content of Markdown as atoms in normal form."""

import html
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from markdown_it.token import Token

from confsync.convert.markdown.attributes import write_attributes
from confsync.convert.markdown.directive import Directive
from confsync.convert.markdown.normal_form import normal_form
from confsync.convert.markdown.parser import References, parse_inline_text
from confsync.convert.markdown.target import canonical
from confsync.convert.rules.marks import MARKS
from confsync.convert.rules.tokens import TOKENS
from confsync.convert.runs import BREAK_SIGN, atoms_of_signs, runs_of
from confsync.convert.spaces import without_line_ends
from confsync.convert.storage.parse import MAX_DEPTH
from confsync.convert.tree import CLOSE, FIELD, OPEN, TOKEN, WORDED, Atom, Item, closing, opening, token
from confsync.errors import MalformedMarkdown

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)((?:\s[^>]*)?)(/?)>", re.DOTALL)
_ATTRIBUTES = re.compile(
    r"^\{\s*([A-Za-z][\w.-]*=(?:\"[^\"]*\"|[^\s\"`{}]+)(?:\s+[A-Za-z][\w.-]*=(?:\"[^\"]*\"|[^\s\"`{}]+))*)\s*\}"
)
_UNSPACED = "[\u2e80-\u312f\u3190-\u4dbf\u4e00-\ua4cf\uf900-\ufaff\uff00-\uffdf\U00020000-\U0003ffff]"
"""Chinese and Japanese: a formatter that wraps such lines adds no space, and takes none away."""
_BEGINS_UNSPACED = re.compile(_UNSPACED)
_JOINED = re.compile(f"{_UNSPACED}\n|\n{_UNSPACED}")
_MARKUP = re.compile(r"[\\`*_\[~<&$]|:[a-z]|  \n")
_IMAGE = TOKEN + "image"
_UNSEEN = frozenset(
    ("p", "div", "section", "article", "main", "header", "footer", "nav", "aside", "center", "figure",
     "figcaption", "picture", "source", "font", "small", "big", "samp", "var", "tt", "abbr", "cite",
     "q", "dfn", "bdi", "bdo", "label", "wbr", "nobr", "h1", "h2", "h3", "h4", "h5", "h6")
)  # fmt: skip
"""Tags of HTML that readers never see; others may be what somebody wants to show."""
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Control characters: signs among the parts, and without a place in XML."""


def attribute(tag: str, name: str) -> str | None:
    """The value of an attribute of an HTML tag, decoded."""
    found = re.search(rf"""\s{name}\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", tag, re.IGNORECASE)
    return html.unescape(found[1] or found[2] or found[3] or "") if found else None


class InlineReader:
    """Collects what one leaf says, as `runs_of` wants it."""

    def __init__(self, references: References | None = None) -> None:
        self.references = references
        self.parts: list[str] = []
        """Text, and the signs of marks, tokens and breaks."""
        self.said: list[Atom] = []
        """The atoms of marks and tokens."""
        self.marks: list[str] = []
        """The names of the marks now open."""
        self._open = Counter[str]()

    def tokens(self, tokens: Sequence[Token]) -> None:  # noqa: C901, PLR0912  (one branch per kind)
        """Read tokens of the parser."""
        skip_until = -1
        for index, tok in enumerate(tokens):
            if index <= skip_until:
                continue
            kind = tok.type
            if kind == "text":
                self.text(tok.content)
            elif kind == "softbreak":
                if not (self._ends_wide() and _begins_wide(tokens, index + 1)):
                    self.text(" ")
            elif kind == "hardbreak":
                self.parts.append(BREAK_SIGN)
            elif kind == "link_open":
                skip_until = self._link(tokens, index)
            elif kind == "image":
                self._image(tok)
            elif kind == "code_inline":
                self.add(token("code", without_line_ends(tok.content)))
            elif kind == "html_inline":
                self.tag(tok.content)
            elif kind == "directive":
                self.directive(tok.meta["directive"])
            elif kind == "math":
                self.add(token("math", tok.content))
            elif kind in _MARK_TOKENS:
                name, opens = _MARK_TOKENS[kind]
                self.mark(name) if opens else self.unmark(name)
            else:
                self.text(tok.content)

    def text(self, text: str) -> None:
        """Add plain text."""
        if text.startswith("{") and self.said and self.parts[-1] == TOKEN:
            text = self._image_attributes(text)
        self.parts.append(text if text.isprintable() else _NO_TEXT.sub("\ufffd", without_line_ends(text)))

    def _image_attributes(self, text: str) -> str:
        """Take the attribute list off the text behind an image."""
        found = _ATTRIBUTES.match(text)
        if found is None or not self.said[-1].startswith(_IMAGE):
            return text
        pairs = dict(pair.split("=", 1) for pair in re.findall(r'[\w.-]+=(?:"[^"]*"|\S+)', found[1]))
        said = write_attributes([(key, value.strip('"')) for key, value in pairs.items()])
        head, _, title = self.said[-1].rpartition(FIELD)
        self.said[-1] = head + FIELD + (f"{title[:-1]} {said[1:]}" if title else said)
        return text[found.end() :]

    def add(self, atom: Atom) -> None:
        """Add a token."""
        self.parts.append(TOKEN)
        self.said.append(atom)

    def _ends_wide(self) -> bool:
        """Whether the last character is of a script that writes no spaces."""
        said = next((part for part in reversed(self.parts) if part and part[0] not in (OPEN, CLOSE)), " ")
        return _BEGINS_UNSPACED.match(said[-1]) is not None

    def mark(self, name: str, *said: str) -> None:
        """Open a mark."""
        if len(self.marks) > MAX_DEPTH:
            raise MalformedMarkdown(f"marks nest more than {MAX_DEPTH} deep", hint="take some of them away")
        self.marks.append(name)
        self._open[name] += 1
        self.parts.append(OPEN)
        self.said.append(opening(name, *said))

    def unmark(self, name: str) -> None:
        """Close a mark; a stray end is dropped, a crossing one closes what it crosses."""
        while self._open[name]:
            opened = self.marks.pop()
            self._open[opened] -= 1
            self.parts.append(CLOSE)
            self.said.append(closing(opened))
            if opened == name:
                return

    def tag(self, raw: str) -> None:
        """Read one HTML tag or comment."""
        if raw.startswith("<!--"):
            return
        found = _TAG.fullmatch(raw)
        name = found[2].lower() if found else ""
        if name == "br":
            self.parts.append(BREAK_SIGN)
        elif found and name in MARKS:
            self.unmark(MARKS[name]) if found[1] else self.mark(MARKS[name])
        elif found and name == "span":
            self.unmark("span") if found[1] else self.mark("span", attribute(raw, "style") or "")
        elif found and name == "a":
            self._html_anchor(raw, closes=bool(found[1]))
        elif found and name == "img":
            source = attribute(raw, "src") or ""
            said = {name: attribute(raw, name) or "" for name in ("title", "width", "height", "align")}
            self.add(token("image", canonical(source), attribute(raw, "alt") or "", _said(said)))
        elif not (found and name in _UNSEEN):
            self.text(raw)

    def _html_anchor(self, raw: str, *, closes: bool) -> None:
        if closes:
            self.unmark("a")
            return
        identity = attribute(raw, "id") or attribute(raw, "name")
        target = attribute(raw, "href")
        if target:
            self.mark("a", canonical(target))
        elif identity:
            self.add(token("anchor", identity))

    def directive(self, found: Directive) -> None:
        """Read an inline directive."""
        rule = TOKENS.directives.get(found.name)
        if rule is not None and rule.from_directive is not None:
            atom = rule.from_directive(found)
            if atom is not None:
                self.add(atom)
        elif found.id and found.name != "macro":
            self._around(found, WORDED, found.id, found.name)
        elif found.id:
            self.add(token("macro", found.id))
        elif found.name == "excerpt":
            hidden = "hidden" if found.get("hidden") is not None else ""
            self._around(found, "excerpt", found.get("name") or "", hidden)
        else:
            said = write_attributes(found.attributes)
            self.add(token("macro", "", found.label or "", said))

    def _around(self, found: Directive, name: str, *said: str) -> None:
        """Read a directive around words."""
        self.mark(name, *said)
        self.tokens(parse_inline_text(found.raw_label, self.references))
        self.unmark(name)

    def _link(self, tokens: Sequence[Token], index: int) -> int:
        """Read a link; where it is a token the index of its end is returned, else -1."""
        tok = tokens[index]
        target = canonical(str(tok.attrGet("href") or ""))
        end = next((at for at in range(index, len(tokens)) if tokens[at].type == "link_close"), len(tokens))
        if tok.info == "auto" and not target.startswith("mailto:"):
            self.add(token("url", target))
            return end
        for scheme, rule in TOKENS.schemes:
            if target.startswith(scheme) and rule.from_link is not None:
                text = "".join(
                    one.content if one.type != "softbreak" else " " for one in tokens[index + 1 : end]
                )
                atom = rule.from_link(target, text)
                if atom is not None:
                    self.add(atom)
                    return end
        self.mark("a", target)
        return -1

    def _image(self, tok: Token) -> None:
        source = canonical(str(tok.attrGet("src") or ""))
        alt = " ".join(_plain(tok.children or ()).split())
        self.add(token("image", source, alt, _said({"title": str(tok.attrGet("title") or "")})))

    def finish(self, item: Item) -> None:
        """Give a leaf what was read, in normal form."""
        self.close_all()
        say(item, "".join(self.parts), self.said)

    def close_all(self) -> None:
        """Close the marks that are still open."""
        for name in self.marks[::-1]:
            self.unmark(name)


_MARK_TOKENS = {
    "strong_open": ("strong", True),
    "strong_close": ("strong", False),
    "em_open": ("em", True),
    "em_close": ("em", False),
    "s_open": ("del", True),
    "s_close": ("del", False),
    "link_close": ("a", False),
}


def _begins_wide(tokens: Sequence[Token], start: int) -> bool:
    """Whether the text behind a soft break begins with a character of a script that writes no spaces."""
    said = next((tok for tok in tokens[start:] if tok.nesting == 0), None)
    return said is not None and said.type == "text" and _BEGINS_UNSPACED.match(said.content) is not None


def _said(values: Mapping[str, str]) -> str:
    """What is said of an image besides its address and text, as an attribute list."""
    return write_attributes([(name, " ".join(value.split())) for name, value in values.items() if value])


def _plain(tokens: Sequence[Token]) -> str:
    return "".join(
        " " if tok.type in ("softbreak", "hardbreak") else tok.content or _plain(tok.children or ())
        for tok in tokens
    )


def _cleaned(text: str) -> str:
    """Control characters are the atoms' own syntax and have no place in XML."""
    return re.sub(r"[\x00-\x1f\x7f]", "\ufffd", text)


def say(item: Item, text: str, said: Sequence[Atom]) -> None:
    """Give a leaf its content: text with signs, and the atoms that they stand for."""
    item.runs = runs_of(text, said)
    if item.runs is None:
        item.atoms = normal_form(atoms_of_signs(text, said))


def plain_runs(text: str) -> list[str] | None:
    """Text without markup as runs; None where it may hold some: then a parser has to look."""
    if _MARKUP.search(text) or (not text.isascii() and "\n" in text and _JOINED.search(text)):
        return None
    return runs_of(without_line_ends(text))


def fill(item: Item, text: str, references: References | None = None) -> Sequence[Token]:
    """Give a leaf the content that its Markdown says; returns the parser's tokens, if it was asked."""
    item.runs = plain_runs(text)
    if item.runs is not None:
        return ()
    tokens = parse_inline_text(text, references)
    reader = InlineReader(references)
    reader.tokens(tokens)
    reader.finish(item)
    return tokens


def read_inline(text: str) -> list[Atom]:
    """The atoms of one leaf's Markdown."""
    item = Item("paragraph")
    fill(item, text)
    return item.atoms or []
