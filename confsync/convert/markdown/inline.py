"""Inline content of Markdown as atoms in normal form."""

import html
import re
from collections.abc import Sequence

from markdown_it.token import Token

from confsync.convert.markdown.directive import Directive, write_attributes
from confsync.convert.markdown.parser import parse_inline_text
from confsync.convert.markdown.target import canonical
from confsync.convert.rules.marks import MARKS
from confsync.convert.rules.tokens import TOKENS
from confsync.convert.spaces import WIDE
from confsync.convert.tree import (
    BREAK,
    CLOSE,
    OPEN,
    SPACE,
    SPECIAL,
    TOKEN,
    WORDED,
    Atom,
    closing,
    opening,
    token,
)

_PIECES = re.compile(r"[ \t\r\n]+|[^ \t\r\n]+")
_WIDE = re.compile(f"[{WIDE}]")
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)((?:\s[^>]*)?)(/?)>", re.DOTALL)
_STYLE = re.compile(r"""\s(?:style|href|id|name|src|alt)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ATTRIBUTES = re.compile(
    r"^\{\s*([A-Za-z][\w.-]*=(?:\"[^\"]*\"|[^\s\"`{}]+)(?:\s+[A-Za-z][\w.-]*=(?:\"[^\"]*\"|[^\s\"`{}]+))*)\s*\}"
)
_UNSPACED = re.compile(
    "[\u2e80-\u312f\u3190-\u4dbf\u4e00-\ua4cf\uf900-\ufaff\uff00-\uffdf\U00020000-\U0003ffff]"
)
"""Chinese and Japanese: a formatter that wraps such lines adds no space, and takes none away."""
BREAK_TAG = re.compile(r"<br\s*/?>", re.IGNORECASE)


def attribute(tag: str, name: str) -> str | None:
    """The value of an attribute of an HTML tag, decoded."""
    found = re.search(rf"""\s{name}\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", tag, re.IGNORECASE)
    return html.unescape(found[1] or found[2] or found[3] or "") if found else None


class InlineReader:
    """Collects the atoms of one leaf."""

    def __init__(self) -> None:
        self.atoms: list[Atom] = []
        self.marks: list[int] = []
        """Where the marks now open were opened."""

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
                self.atoms.append(BREAK)
            elif kind == "link_open":
                skip_until = self._link(tokens, index)
            elif kind == "image":
                self._image(tok)
            elif kind == "code_inline":
                self.atoms.append(token("code", tok.content))
            elif kind == "html_inline":
                self.tag(tok.content)
            elif kind == "directive":
                self.directive(tok.meta["directive"])
            elif kind == "math":
                self.atoms.append(token("math", tok.content))
            elif kind in _MARK_TOKENS:
                name, opens = _MARK_TOKENS[kind]
                self.mark(name) if opens else self.unmark(name)
            else:
                self.text(tok.content)

    def text(self, text: str) -> None:
        """Add plain text."""
        atoms = self.atoms
        if text.startswith("{") and atoms and atoms[-1].startswith(TOKEN + "image"):
            found = _ATTRIBUTES.match(text)
            if found:
                pairs = [
                    tuple(pair.split("=", 1)) for pair in re.findall(r'[\w.-]+=(?:"[^"]*"|\S+)', found[1])
                ]
                said = write_attributes([(key, value.strip('"')) for key, value in pairs])
                atoms[-1] = atoms[-1].rpartition("\x1f")[0] + "\x1f" + said
                text = text[found.end() :]
        for piece in _PIECES.findall(text):
            if piece[0] in " \t\r\n":
                if not atoms or atoms[-1] != SPACE:
                    atoms.append(SPACE)
            elif atoms and atoms[-1][0] not in SPECIAL:
                atoms[-1] += _cleaned(piece)
            else:
                atoms.append(_cleaned(piece))

    def _ends_wide(self) -> bool:
        """Whether the last character is of a script that writes no spaces."""
        said = next((atom for atom in reversed(self.atoms) if atom[0] not in (OPEN, CLOSE)), " ")
        return said[0] != TOKEN and _UNSPACED.match(said[-1]) is not None

    def mark(self, name: str, *said: str) -> None:
        """Open a mark."""
        self.marks.append(len(self.atoms))
        self.atoms.append(opening(name, *said))

    def unmark(self, name: str) -> None:
        """Close a mark; a stray end is dropped, a crossing one closes what it crosses."""
        if not any(self.atoms[at][1:].split("\x1f")[0] == name for at in self.marks):
            return
        while self.marks:
            at = self.marks.pop()
            opened = self.atoms[at][1:].split("\x1f")[0]
            self.atoms.append(closing(opened))
            if opened == name:
                return

    def tag(self, raw: str) -> None:
        """Read one HTML tag or comment."""
        if raw.startswith("<!--"):
            return
        found = _TAG.fullmatch(raw)
        name = found[2].lower() if found else ""
        if name == "br":
            self.atoms.append(BREAK)
        elif found and name in MARKS:
            self.unmark(MARKS[name]) if found[1] else self.mark(MARKS[name])
        elif found and name == "span":
            self.unmark("span") if found[1] else self.mark("span", attribute(raw, "style") or "")
        elif found and name == "a":
            self._html_anchor(raw, closes=bool(found[1]))
        elif found and name == "img":
            source = attribute(raw, "src") or ""
            self.atoms.append(token("image", canonical(source), attribute(raw, "alt") or "", ""))
        else:
            self.text(raw)

    def _html_anchor(self, raw: str, *, closes: bool) -> None:
        if closes:
            if any(self.atoms[at].startswith(OPEN + "a\x1f") for at in self.marks):
                self.unmark("a")
            return
        identity = attribute(raw, "id") or attribute(raw, "name")
        target = attribute(raw, "href")
        if target:
            self.mark("a", canonical(target))
        elif identity:
            self.atoms.append(token("anchor", identity))

    def directive(self, found: Directive) -> None:
        """Read an inline directive."""
        rule = TOKENS.directives.get(found.name)
        if rule is not None and rule.from_directive is not None:
            atom = rule.from_directive(found)
            if atom is not None:
                self.atoms.append(atom)
        elif found.id and found.name != "macro":
            self.mark(WORDED, found.id, found.name)
            self.tokens(parse_inline_text(found.raw_label))
            self.unmark(WORDED)
        elif found.id:
            self.atoms.append(token("macro", found.id))
        elif found.name == "excerpt":
            self.mark("excerpt", found.get("name") or "", "hidden" if found.get("hidden") is not None else "")
            self.tokens(parse_inline_text(found.raw_label))
            self.unmark("excerpt")
        else:
            said = write_attributes(found.attributes)
            self.atoms.append(token("macro", "", found.label or "", said))

    def _link(self, tokens: Sequence[Token], index: int) -> int:
        """Read a link; where it is a token the index of its end is returned, else -1."""
        tok = tokens[index]
        target = canonical(str(tok.attrGet("href") or ""))
        end = next((at for at in range(index, len(tokens)) if tokens[at].type == "link_close"), len(tokens))
        if tok.info == "auto":
            self.atoms.append(token("url", target))
            return end
        for scheme, rule in TOKENS.schemes:
            if target.startswith(scheme) and rule.from_link is not None:
                text = "".join(
                    one.content if one.type != "softbreak" else " " for one in tokens[index + 1 : end]
                )
                atom = rule.from_link(target, text)
                if atom is not None:
                    self.atoms.append(atom)
                    return end
        self.mark("a", target)
        return -1

    def _image(self, tok: Token) -> None:
        source = canonical(str(tok.attrGet("src") or ""))
        alt = " ".join(_plain(tok.children or ()).split())
        self.atoms.append(token("image", source, alt, ""))

    def finish(self) -> list[Atom]:
        """The atoms in normal form."""
        while self.marks:
            self.atoms.append(closing(self.atoms[self.marks.pop()][1:].split("\x1f")[0]))
        return normal_form(self.atoms)


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
    return said is not None and said.type == "text" and _UNSPACED.match(said.content) is not None


def _plain(tokens: Sequence[Token]) -> str:
    return "".join(
        " " if tok.type in ("softbreak", "hardbreak") else tok.content or _plain(tok.children or ())
        for tok in tokens
    )


def _cleaned(text: str) -> str:
    """Control characters are the atoms' own syntax and have no place in XML."""
    return re.sub(r"[\x00-\x1f\x7f]", "\ufffd", text)


def read_inline(text: str) -> list[Atom]:
    """The atoms of one leaf's Markdown."""
    reader = InlineReader()
    reader.tokens(parse_inline_text(text))
    return reader.finish()


def atoms_of(tokens: Sequence[Token]) -> list[Atom]:
    """The atoms of a leaf's inline tokens."""
    reader = InlineReader()
    reader.tokens(tokens)
    return reader.finish()


def normal_form(atoms: list[Atom]) -> list[Atom]:
    """Trim, collapse, drop empty marks and artefacts, order marks over the same text."""
    if not any(atom[0] in (OPEN, TOKEN) or atom == BREAK or _WIDE.search(atom) for atom in atoms):
        start = 1 if atoms and atoms[0] == SPACE else 0
        end = len(atoms) - (1 if len(atoms) > start and atoms[-1] == SPACE else 0)
        return atoms[start:end]
    atoms = _without_empty_marks(atoms)
    atoms = _without_artefacts(atoms)
    atoms = _trimmed(atoms)
    return _ordered(atoms)


def _without_empty_marks(atoms: list[Atom]) -> list[Atom]:
    out: list[Atom] = []
    for atom in atoms:
        if atom[0] == CLOSE and out:
            at = len(out) - 1
            while at >= 0 and out[at] == SPACE:
                at -= 1
            if at >= 0 and out[at][0] == OPEN and out[at][1:].split("\x1f")[0] == atom[1:]:
                del out[at]
                continue
        out.append(atom)
    return out


def _without_artefacts(atoms: list[Atom]) -> list[Atom]:
    if not any(_WIDE.search(atom) for atom in atoms if atom[0] not in (TOKEN, OPEN)):
        return atoms
    words: list[Atom] = []
    for atom in atoms:
        if atom[0] in SPECIAL or not _WIDE.search(atom):
            words.append(atom)
            continue
        core = atom.strip()
        if not core:
            words.append(atom)
            continue
        head = len(atom) - len(atom.lstrip())
        words.extend(part for part in (atom[:head], core, atom[head + len(core) :]) if part)
    for _ in range(2):
        words.reverse()
        words = _seen(words)
    merged: list[Atom] = []
    for atom in words:
        if merged and merged[-1][0] not in SPECIAL and atom[0] not in SPECIAL:
            merged[-1] += atom
        else:
            merged.append(atom)
    return merged


def _seen(atoms: list[Atom]) -> list[Atom]:
    out, after_space = [], True
    for atom in atoms:
        if atom[0] in (OPEN, CLOSE):
            out.append(atom)
            continue
        if atom in (SPACE, BREAK):
            after_space = True
        elif atom[0] != TOKEN and atom.isspace():
            if after_space:
                continue
        else:
            after_space = False
        out.append(atom)
    return out


def _trimmed(atoms: list[Atom]) -> list[Atom]:
    out: list[Atom] = []
    last = ""
    for atom in atoms:
        if atom[0] in (OPEN, CLOSE):
            out.append(atom)
            continue
        if atom == SPACE and last in ("", SPACE, BREAK):
            continue
        if atom == BREAK:
            if not last:
                continue
            if last == SPACE:
                _drop_last_space(out)
        out.append(atom)
        last = atom
    at = len(out) - 1
    while at >= 0 and (out[at] in (SPACE, BREAK) or out[at][0] in (OPEN, CLOSE)):
        if out[at] in (SPACE, BREAK):
            del out[at]
        at -= 1
    return out


def _drop_last_space(out: list[Atom]) -> None:
    for at in range(len(out) - 1, -1, -1):
        if out[at] == SPACE:
            del out[at]
            return


def _ordered(atoms: list[Atom]) -> list[Atom]:
    strong, em = opening("strong"), opening("em")
    if strong not in atoms or em not in atoms:
        return atoms
    partner: dict[int, int] = {}
    stack: list[int] = []
    for index, atom in enumerate(atoms):
        if atom[0] == OPEN:
            stack.append(index)
        elif atom[0] == CLOSE:
            partner[stack.pop()] = index
    out = list(atoms)
    for index in range(len(out) - 1):
        if out[index] == strong and out[index + 1] == em:
            last = partner[index]
            if partner[index + 1] == last - 1:
                out[index], out[index + 1] = em, strong
                out[last - 1], out[last] = closing("strong"), closing("em")
    return out
