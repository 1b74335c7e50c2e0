"""What a leaf shows, without accounting for its bytes.

Most leaves are only read, never edited: their atoms are found from one string in which every sign stands as
one character. Where marks and spaces have to be put in order first, the entries of the leaf tell instead.
"""

from confsync.convert.rules.marks import MARKS
from confsync.convert.runs import BREAK_SIGN, runs_of
from confsync.convert.spaces import without_line_ends
from confsync.convert.storage.inline import InlineReader
from confsync.convert.storage.page import Page
from confsync.convert.storage.parse import Node
from confsync.convert.storage.text import decode
from confsync.convert.tree import BREAK, CLOSE, OPEN, SPECIAL, TOKEN, Atom, closing, opening, token

_SIGNS = {name: (opening(name), closing(name)) for name in MARKS.values()}


class _Intricate(Exception):
    """The entries of this leaf have to be looked at."""


def shown_runs(page: Page, start: int, end: int, kids: list[Node]) -> list[str] | None:
    """What a leaf shows, as runs of text, marks and tokens; None where only its entries can tell."""
    if not kids:
        raw = page.source[start:end]
        if "<" not in raw and "&#" not in raw:
            return runs_of(without_line_ends(decode(raw)))
    reader = _Shown(page)
    try:
        reader.run(start, end, kids)
    except _Intricate:
        return None
    runs = runs_of("".join(reader.parts), reader.said)
    if runs is not None:
        for construct in reader.counted:
            page.count(construct)
    return runs


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
        self.parts.append(without_line_ends(raw))

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
            self.parts.append(BREAK_SIGN)
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
