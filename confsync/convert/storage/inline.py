"""Inline content of storage as entries: every byte accounted for, what Markdown shows in normal form."""

import re

from confsync.convert.markdown.target import canonical, has_scheme
from confsync.convert.rules.excerpt import excerpt_fields, inline_body
from confsync.convert.rules.labels import MACROS as MACRO_ELEMENTS
from confsync.convert.rules.labels import label_of
from confsync.convert.rules.link import body_of, implicit_text, link_target
from confsync.convert.rules.marks import MARKS
from confsync.convert.rules.mention import read_user
from confsync.convert.rules.parameters import macro_name
from confsync.convert.rules.tokens import TOKENS
from confsync.convert.spaces import LINE_ENDS
from confsync.convert.storage.page import Page
from confsync.convert.storage.parse import Node
from confsync.convert.storage.text import decode
from confsync.convert.tree import BREAK, FIELD, SPACE, WORDED, Entry, Hidden, closing, opening, token

_BLANKS = f" \t\r\n{LINE_ENDS}"
_PIECES = re.compile(f"[{_BLANKS}]+|[^{_BLANKS}]+")
_BLANK = rf"(?:[{_BLANKS}]|&#0{{0,6}}(?:9|1[03]|32|133|823[23]);|&#[xX]0{{0,6}}(?:9|[aAdD]|20|85|202[89]);)"
_REFERENCES = re.compile(rf"{_BLANK}+|(?:(?!{_BLANK}).)+", re.DOTALL)
"""Words and spaces where spaces may be written as numbers."""
_CODE_SPACE = re.compile(rf"[\t\r\n]+|[{LINE_ENDS}]")
_URL_SAFE = re.compile(r"https?://[^\s<>\\\x00-\x20]+")
_MAY_HOLD_WORDS = re.compile(r"(?!(?:status|date|emoji|macro|excerpt|placeholder)$)[a-z][a-z0-9-]*")
"""Names of macros that can be the name of a directive in a line."""
_COMMENT = "ac:inline-comment-marker"


class InlineReader:
    """Reads the inline content of one leaf."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.source = page.source
        self.entries: list[Entry] = []
        self.marks: list[Hidden] = []
        self.hidden: tuple[int, ...] = ()

    def content(self, node: Node) -> None:
        """Read everything between an element's tags."""
        self.run(node.open_end, node.close_start, node.kids)

    def run(self, start: int, end: int, kids: list[Node]) -> None:
        """Read `source[start:end]`, whose elements are `kids`."""
        at = start
        for kid in kids:
            if kid.start > at:
                self.text(self.source[at : kid.start])
            self.element(kid)
            at = kid.end
        if end > at:
            self.text(self.source[at:end])

    def text(self, raw: str) -> None:
        """Read character data, with whatever comments and CDATA stand in it."""
        if "<" not in raw:
            self._words(raw)
            return
        at = 0
        while (sign := raw.find("<", at)) >= 0:
            self._words(raw[at:sign])
            if raw.startswith("<![CDATA[", sign):
                at = raw.index("]]>", sign) + 3
                self._invisible("<![CDATA[")
                self._words(raw[sign + 9 : at - 3], form="cdata")
                self._invisible("]]>")
            else:
                at = raw.index("-->" if raw.startswith("<!--", sign) else "?>", sign)
                at += 3 if raw.startswith("-->", at) else 2
                self._invisible(raw[sign:at])
        self._words(raw[at:])

    def _words(self, raw: str, form: str = "") -> None:
        entries, hidden = self.entries, self.hidden
        if form or "&" not in raw:
            entries.extend(
                [
                    Entry(SPACE if piece[0] in _BLANKS else piece, piece, hidden, form)
                    for piece in _PIECES.findall(raw)
                ]
            )
            return
        for piece in (_REFERENCES if "&#" in raw else _PIECES).findall(raw):
            text = decode(piece)
            entries.append(Entry(SPACE if text[0] in _BLANKS else text, piece, hidden))

    def _invisible(self, raw: str) -> None:
        self.entries.append(Entry("", raw, self.hidden))

    def element(self, node: Node) -> None:
        """Read one element."""
        tag = node.tag
        mark = MARKS.get(tag)
        if mark is not None:
            self._mark(node, mark)
        elif tag == "br":
            self._add(BREAK, node)
        elif tag == "a":
            self._anchor(node)
        elif tag == "ac:link":
            self._link(node)
        elif tag == _COMMENT:
            self._hide(node, "comment")
        elif tag in _HIDDEN and node.close_start < node.end:
            self._hide(node, tag)
        elif tag in MACRO_ELEMENTS:
            self._macro(node)
        elif (rule := TOKENS.elements.get(tag)) is not None and rule.read is not None:
            atom = rule.read(self.page, node)
            self._add(atom, node) if atom else self.opaque(node)
        else:
            self._unknown(node, tag.lower())

    def _unknown(self, node: Node, name: str) -> None:
        """An element nobody knows by this spelling: its text is shown where that is what it is for."""
        if name in MARKS:
            self._mark(node, MARKS[name])
        elif name not in _NOT_INLINE and ":" not in name and node.close_start < node.end:
            self._hide(node, name)
        else:
            self.opaque(node)

    def _add(self, atom: str, node: Node) -> None:
        self._sign(atom, node.start, node.end)

    def _sign(self, atom: str, start: int, end: int, form: str = "") -> None:
        self.entries.append(Entry(atom, self.source[start:end], self.hidden, form))

    def _enclosed(self, node: Node, body: Node, opened: str, form: str = "") -> None:
        """Read a mark: `node`, whose text stands in `body`."""
        self._sign(opened, node.start, body.open_end, form)
        if body.close_start < body.end:
            self.content(body)
        self._sign(closing(opened[1:].partition(FIELD)[0]), body.close_start, node.end, form)

    def _count(self, construct: str) -> None:
        self.page.count(construct)

    def _mark(self, node: Node, name: str) -> None:
        if name == "code" and not node.kids and (text := self._code(node)):
            self._add(token("code", text), node)
            return
        self._enclosed(node, node, opening(name))

    def _code(self, node: Node) -> str:
        raw = self.page.inside(node)
        return "" if "<" in raw or not raw.strip() else _CODE_SPACE.sub(" ", decode(raw))

    def _hide(self, node: Node, kind: str) -> None:
        page = self.page
        if kind == "comment":
            self._count("inline comment")
        self.marks.append(Hidden(kind, page.start_tag(node), page.end_tag(node)))
        outer, self.hidden = self.hidden, (*self.hidden, len(self.marks) - 1)
        self.content(node)
        if not self.entries or self.entries[-1].hidden != self.hidden:
            self.entries.append(Entry("", "", self.hidden))
        self.hidden = outer

    def _anchor(self, node: Node) -> None:
        page = self.page
        said = page.attributes(node)
        target = said.get("href", "")
        if not node.kids and not page.inside(node).strip():
            self._empty_anchor(node, said.get("name") or said.get("id") or "")
            return
        if not target.strip():
            self._hide(node, "a")
            return
        if not node.kids and decode(page.inside(node)) == target and _URL_SAFE.fullmatch(target):
            self._add(token("url", canonical(target)), node)
            return
        self._enclosed(node, node, opening("a", canonical(target)))

    def _empty_anchor(self, node: Node, name: str) -> None:
        """A place that links jump to; a link without a text shows nothing at all."""
        if name.strip():
            self._add(token("anchor", name), node)
        else:
            self._invisible(self.page.raw(node))

    def _link(self, node: Node) -> None:
        page = self.page
        body = body_of(node)
        if (user := read_user(page, node)) is not None:
            self._add(user, node)
            return
        target = link_target(page, node)
        text = implicit_text(page, node) if body is None else ""
        if target is None or (body is None and not text.strip()):
            self.opaque(node)
            return
        if body is None:
            self._implicit(node, target, text)
        else:
            plain = body.tag == "ac:plain-text-link-body"
            self._enclosed(node, body, opening("a", target), "cdata" if plain else "")

    def _implicit(self, node: Node, target: str, text: str) -> None:
        """A link that shows the title of its target."""
        self._sign(opening("a", target), node.start, node.end, "implicit")
        for index, word in enumerate(text.split()):
            if index:
                self.entries.append(Entry(SPACE, "", self.hidden, "implicit"))
            self.entries.append(Entry(word, "", self.hidden, "implicit"))
        self._sign(closing("a"), node.end, node.end, "implicit")

    def _macro(self, node: Node) -> None:
        name = macro_name(self.page, node)
        body = inline_body(self.page, node)
        if body is not None and (name == "excerpt" or _MAY_HOLD_WORDS.fullmatch(name)):
            self._worded(node, body, name)
            return
        rule = TOKENS.macros.get(name)
        atom = rule.read(self.page, node) if rule is not None and rule.read is not None else None
        if atom is None and name and not node.kids and not self.page.inside(node).strip():
            atom = token("macro", "", name, "")
        if atom is None:
            self.opaque(node)
            return
        self._count(name)
        self._add(atom, node)

    def _worded(self, node: Node, body: Node, name: str) -> None:
        """A macro around words of a line."""
        if name == "excerpt":
            opened = opening("excerpt", *excerpt_fields(self.page, node))
        else:
            head = self.source[node.start : body.open_end] + self.source[body.close_start : node.end]
            opened = opening(WORDED, self.page.identify(self.page.raw(node), name, said=head), name)
        self._enclosed(node, body, opened)

    def opaque(self, node: Node) -> None:
        """What Markdown cannot say becomes a placeholder."""
        page = self.page
        raw = page.raw(node)
        label = label_of(page, node)
        page.opaque.append(label.partition(":")[0])
        self.entries.append(Entry(token("macro", page.identify(raw, label)), raw, self.hidden))


_HIDDEN = frozenset(
    ("span", "font", "small", "big", "cite", "abbr", "q", "kbd", "tt", "samp", "var", "dfn", "bdi", "bdo",
     "label", "center", "nobr", "time-range", "ac:link-body")
)  # fmt: skip
"""Elements whose text is shown and whose tags stay in the base; so do those of elements nobody knows."""

_NOT_INLINE = frozenset(
    ("p", "div", "ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tfoot", "tr", "td", "th",
     "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "hr", "img", "script", "style", "iframe",
     "object", "embed", "svg", "math", "form", "input", "select", "button", "textarea", "audio", "video",
     "canvas")
)  # fmt: skip
"""Elements of HTML whose text is not simply shown in a line."""


def is_relative(target: str) -> bool:
    """Whether a link's target is a path."""
    return not has_scheme(target) and not target.startswith("#")
