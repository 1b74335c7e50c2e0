"""Directive paragraphs become `directive_open`, `directive_close` and `directive_leaf` tokens.

Runs between the block and the inline parser, so that a container's text is parsed like any other. Whatever
is wrong (never closed, closed without having been opened) is mended, and said.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from markdown_it.token import Token

from confsync.convert.markdown.directive import Close, Directive, Shape, parse_directive, split_close
from confsync.errors import MalformedMarkdown

OPEN, CLOSE, LEAF = "directive_open", "directive_close", "directive_leaf"


@dataclass(frozen=True, slots=True)
class _Opened:
    directive: Directive
    level: int
    line: int


class Containers:
    """Reads the directives of one page; `complaints` says what was wrong, with line numbers."""

    def __init__(self) -> None:
        self.complaints: list[str] = []
        self._out: list[Token] = []
        self._open: list[_Opened] = []
        self._waiting: Counter[int] = Counter()
        """How many are open, by their colons."""
        self._late: list[_Opened] = []
        """Closed inside a deeper block, as Prettier writes it after a list; their end comes with its end."""

    def read(self, tokens: list[Token]) -> list[Token]:
        """Return the tokens with directives in place of their paragraphs."""
        at = 0
        while at < len(tokens):
            token = tokens[at]
            if token.type == "paragraph_open":
                self._paragraph(tokens[at : at + 3])
                at += 3
                continue
            if token.nesting < 0:
                self._abandon(token.level)
            self._out.append(token)
            if token.nesting < 0:
                self._end_late(token.level)
            at += 1
        self._abandon(-1)
        return self._out

    def _paragraph(self, paragraph: list[Token]) -> None:
        opening, inline, _ = paragraph
        line = opening.map[0] + 1 if opening.map else 0
        try:
            found = parse_directive(inline.content, line=line)
        except MalformedMarkdown as error:
            self.complaints.append(error.message)
            found = None
        match found:
            case None:
                self._text(paragraph, inline.content)
            case Close(colons=colons):
                self._close(colons, opening.level, line)
            case Directive(shape=Shape.CONTAINER):
                self._begin(found, paragraph, line)
            case Directive():
                self._out.append(_token(LEAF, 0, found, opening.level))

    def _text(self, paragraph: list[Token], content: str) -> None:
        """An ordinary paragraph; a formatter may have joined the closing colons to it."""
        opened = self._open[-1] if self._open else None
        before = split_close(content, opened.directive.colons) if opened else None
        if opened is None or before is None:
            self._out.extend(paragraph)
            return
        self._written(paragraph, before)
        self._close(opened.directive.colons, paragraph[0].level, 0)

    def _written(self, paragraph: list[Token], content: str) -> None:
        if content:
            inline = paragraph[1].copy(content=content)
            self._out.extend((paragraph[0], inline, paragraph[2]))

    def _begin(self, found: Directive, paragraph: list[Token], line: int) -> None:
        level = paragraph[0].level
        self._out.append(_token(OPEN, 1, found, level))
        self._open.append(_Opened(found, level, line))
        self._waiting[found.colons] += 1
        if found.body:
            self._written(paragraph, found.body)
        if found.closed:
            self._close(found.colons, level, line)

    def _close(self, colons: int, level: int, line: int) -> None:
        if not self._waiting[colons]:
            self.complaints.append(f"line {line}: these {colons} colons close nothing")
            return
        while self._open[-1].directive.colons != colons:
            self._abandon_one()
        opened = self._pop()
        if opened.level < level:
            self._late.append(opened)
        else:
            self._out.append(_token(CLOSE, -1, opened.directive, opened.level))

    def _abandon(self, level: int) -> None:
        """End what was opened inside a block that ends now."""
        while self._open and self._open[-1].level > level:
            self._abandon_one()

    def _abandon_one(self) -> None:
        opened = self._pop()
        self.complaints.append(f"line {opened.line}: :::{opened.directive.name} is never closed")
        self._out.append(_token(CLOSE, -1, opened.directive, opened.level))

    def _pop(self) -> _Opened:
        opened = self._open.pop()
        self._waiting[opened.directive.colons] -= 1
        return opened

    def _end_late(self, level: int) -> None:
        while self._late and self._late[-1].level >= level:
            opened = self._late.pop()
            self._out.append(_token(CLOSE, -1, opened.directive, opened.level))


def _token(kind: str, nesting: Literal[-1, 0, 1], directive: Directive, level: int) -> Token:
    return Token(kind, "", nesting, block=True, level=level, meta={"directive": directive})
