"""What a leaf shows, without accounting for its bytes.

Most leaves are only read, never edited: their atoms are found from one string in which every sign stands as
one character. Where marks and spaces have to be put in order first, the entries of the leaf tell instead.
"""

import re

from confsync.convert.rules.marks import MARKS
from confsync.convert.spaces import WIDE
from confsync.convert.storage.inline import InlineReader
from confsync.convert.storage.page import Page
from confsync.convert.storage.parse import Node
from confsync.convert.storage.text import decode
from confsync.convert.tree import BREAK, CLOSE, OPEN, SPACE, SPECIAL, TOKEN, Atom, closing, opening, token

_BREAK = "\x01"
_SPACES = re.compile(r"[ \t\r\n]+")
_BESIDE_BREAK = re.compile(f" *{_BREAK} *")
_RUNS = re.compile("[\x01-\x04]|[^\x01-\x04]+")
_INTRICATE = re.compile(f"{OPEN}[ {_BREAK}{OPEN}{CLOSE}]|[ {_BREAK}]{CLOSE}|{CLOSE}{OPEN}")
_WIDE = re.compile(f"[{WIDE}]")
_ARTEFACT = re.compile(rf"[{WIDE}](?:$|[ {_BREAK}{OPEN}{CLOSE}])|(?:^|[ {_BREAK}{OPEN}{CLOSE}])[{WIDE}]")
"""A wide space beside another space, a sign or an edge may be one."""
_SIGNS = {name: (opening(name), closing(name)) for name in MARKS.values()}


class _Intricate(Exception):
    """The entries of this leaf have to be looked at."""


def shown_runs(page: Page, start: int, end: int, kids: list[Node]) -> list[str] | None:
    """What a leaf shows, as runs of text, marks and tokens; None where only its entries can tell."""
    if not kids:
        raw = page.source[start:end]
        if "<" not in raw and "&#" not in raw:
            text = _collapsed(decode(raw))
            return None if _has_artefact(text) else [text] if text else []
    reader = _Shown(page)
    try:
        reader.run(start, end, kids)
    except _Intricate:
        return None
    text = _collapsed("".join(reader.parts))
    if (reader.said and _INTRICATE.search(text)) or _has_artefact(text):
        return None
    for construct in reader.counted:
        page.count(construct)
    if not reader.said and _BREAK not in text:
        return [text] if text else []
    waiting = iter(reader.said)
    return [run if run >= SPACE else BREAK if run == _BREAK else next(waiting) for run in _RUNS.findall(text)]


def _has_artefact(text: str) -> bool:
    return not text.isascii() and _WIDE.search(text) is not None and _ARTEFACT.search(text) is not None


def _collapsed(text: str) -> str:
    if "  " in text or "\n" in text or "\t" in text or "\r" in text:
        text = _SPACES.sub(" ", text)
    if _BREAK in text:
        text = _BESIDE_BREAK.sub(_BREAK, text)
    return text.strip(" \x01")


class _Shown(InlineReader):
    """Collects what is shown."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.source = page.source
        self.parts: list[str] = []
        self.said: list[Atom] = []
        self.counted: list[str] = []

    def _words(self, raw: str, form: str = "") -> None:
        if "&" in raw and not form:
            if "&#" in raw:
                raise _Intricate
            raw = decode(raw)
        self.parts.append(raw)

    def _invisible(self, _raw: str) -> None:
        """Shows nothing."""

    def _mark(self, node: Node, name: str) -> None:
        parts, said = self.parts, self.said
        if name == "code" and not node.kids and (text := self._code(node)):
            parts.append(TOKEN)
            said.append(token("code", text))
            return
        opened, closed = _SIGNS[name]
        parts.append(OPEN)
        said.append(opened)
        self.run(node.open_end, node.close_start, node.kids)
        parts.append(CLOSE)
        said.append(closed)

    def _sign(self, atom: str, _start: int, _end: int, _form: str = "") -> None:
        sign = atom[0]
        if sign == BREAK:
            self.parts.append(_BREAK)
        elif sign in SPECIAL:
            self.parts.append(sign)
            self.said.append(atom)
        else:
            self.parts.append(atom)

    def _hide(self, node: Node, kind: str) -> None:
        if kind == "comment":
            self._count("inline comment")
        self.content(node)

    def _implicit(self, _node: Node, target: str, text: str) -> None:
        self._sign(opening("a", target), 0, 0)
        self.parts.append(" ".join(text.split()))
        self._sign(closing("a"), 0, 0)

    def _count(self, construct: str) -> None:
        self.counted.append(construct)

    def _worded(self, node: Node, body: Node, name: str) -> None:
        if name != "excerpt":
            raise _Intricate
        super()._worded(node, body, name)

    def opaque(self, _node: Node) -> None:
        """A placeholder is identified once, with its bytes."""
        raise _Intricate
