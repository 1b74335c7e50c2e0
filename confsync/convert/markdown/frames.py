"""What is open while Markdown is read, and where blocks stand in the text."""

import re
from dataclasses import dataclass, field

from confsync.convert.cells import normalise_heads
from confsync.convert.markdown.parser import parse_blocks, too_deep
from confsync.convert.storage.parse import MAX_DEPTH
from confsync.convert.tree import Item
from confsync.errors import MalformedMarkdown

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(slots=True)
class Frame:
    """Something open that collects blocks: a directive, a column, a cell."""

    item: Item | None
    items: list[Item]
    end: str = ""
    """What closes it: colons, or the name of a tag or comment."""
    line: int = 0
    table: Item | None = None
    text: list[str] = field(default_factory=list)
    """Inline HTML of a cell, before any blank line."""


class FrameReader:
    """Reads one text: lines, offsets and what is open."""

    def __init__(self, text: str, offset: int = 0, first_line: int = 0) -> None:
        # One for one, so that offsets stay: XML has no place for these, and atoms use some as signs.
        self.text = text = _FORBIDDEN.sub("\ufffd", text)
        self.offset = offset
        self.first_line = first_line
        self.starts = [0, *(found.end() for found in re.finditer(r"\r\n|\n|\r", text))]
        self.tokens, self.references = parse_blocks(text)
        if (deep := too_deep(self.tokens)) is not None:
            raise self._too_deep(deep.map[0] if deep.map else 0)
        self.at = 0
        self.open_colons: list[int] = []
        self.pending: list[tuple[int, int]] = []
        """Closing colons found deeper than what they close: (colons, line)."""

    def _too_deep(self, line: int) -> MalformedMarkdown:
        return MalformedMarkdown(
            f"blocks nest more than {MAX_DEPTH} deep",
            line=self._line(line),
            hint="Confluence would not take them either; say it with fewer levels",
        )

    def _push(self, frames: list[Frame], frame: Frame) -> None:
        if len(frames) > MAX_DEPTH:
            raise self._too_deep(frame.line)
        frames.append(frame)

    def _line(self, number: int) -> int:
        """A line's number in the whole file, 1-based."""
        return number + self.first_line + 1

    # ---------------------------------------------------------------------------------------- spans

    def _place(self, item: Item, lines: tuple[int, int], prefix: str, first: int = -1) -> Item:
        """Note where a block stands: whole lines, less what containers put before them."""
        start_line, end_line = lines
        while end_line > start_line + 1 and not self._source_line(end_line - 1).strip("> \t"):
            end_line -= 1
        start = self.starts[start_line]
        start += first if first >= 0 else min(len(prefix), len(self._source_line(start_line)))
        end = self.starts[end_line] if end_line < len(self.starts) else len(self.text)
        while end > start and self.text[end - 1] in "\r\n":
            end -= 1
        item.span = (start + self.offset, max(start, end) + self.offset)
        item.prefix = prefix
        return item

    def _source_line(self, number: int) -> str:
        end = self.starts[number + 1] if number + 1 < len(self.starts) else len(self.text)
        return self.text[self.starts[number] : end].rstrip("\r\n")

    def _pop(self, frames: list[Frame], lines: tuple[int, int]) -> None:
        frame = frames.pop()
        if frame.end.isdigit() and self.open_colons:
            self.open_colons.pop()
        if frame.item is None:
            return
        frame.item.children = frame.items
        start = frame.item.span[0]
        prefix = frame.item.prefix
        self._place(frame.item, (frame.line, lines[1]), prefix)
        frame.item.span = (start, frame.item.span[1])
        if frame.item.props.get("name") == "align":
            where = next((key[1:] for key in frame.item.props if key[0] == "@"), "center")
            for kid in frame.items:
                kid.hint = where if re.fullmatch(r"[a-z]+", where) else ""
            frames[-1].items += frame.items
            return
        if frame.item.kind == "column":
            # Between its markers; the markers themselves are the layout's.
            behind = self.starts[min(frame.line + 1, len(self.starts) - 1)] + self.offset
            first, last = (frame.items[0], frame.items[-1]) if frame.items else (None, None)
            frame.item.span = (first.span[0], last.span[1]) if first and last else (behind, behind)
            layout = frames[-1]
            layout.items.append(frame.item.seal())
            return
        made = _finished(frame.item)
        if made is not None:
            frames[-1].items.append(made)


def _finished(item: Item) -> Item | None:
    """Seal what has just been closed."""
    if item.kind == "table":
        item.children = [row for row in item.children or () if row.children]
        if not item.children:
            return None
        normalise_heads(item)
        for row in item.children:
            for cell in row.children or ():
                cell.seal()
            row.seal()
    return item.seal()
