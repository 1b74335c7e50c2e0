"""Verify or fence: give every leaf its Markdown, and make a placeholder of what does not read back."""

import re
from collections.abc import Sequence
from functools import lru_cache

from confsync.convert.cells import cell_mode, is_simple, normalise_heads
from confsync.convert.lens.relaxed import relaxed
from confsync.convert.markdown.cell import html_cell
from confsync.convert.markdown.escape import is_plain, line_start
from confsync.convert.markdown.inline import read_inline
from confsync.convert.markdown.write_inline import InlineWriter
from confsync.convert.storage.blocks import BlockReader
from confsync.convert.storage.page import Page
from confsync.convert.tree import CLOSE, OPEN, SPACE, TOKEN, WORDED, Atom, Item, runs_of_atoms

MAX_ROW = 400
"""Characters of a pipe table's row; longer rows read better as HTML, one cell per line."""


_EXCERPTS = (OPEN + "excerpt", OPEN + WORDED)
_FENCE = re.compile(r"^~~~", re.MULTILINE)
"""Two strikes at the start of a line would open a block of code."""


class Settler:
    """Settles one page's items."""

    def __init__(self, page: Page, reader: BlockReader) -> None:
        self.page = page
        self.reader = reader

    def all(self, items: list[Item], mode: str = "text", *, top: bool = False) -> None:
        """Settle a sequence in place."""
        for index, item in enumerate(items):
            if item.kind == "layout" and not top:
                items[index] = self._fenced(item)
            else:
                self._one(items, index, mode)

    def _one(self, items: list[Item], index: int, mode: str) -> None:
        item = items[index]
        if item.is_leaf:
            written = self._leaf("heading" if item.kind == "heading" else mode, item)
            if written is None:
                items[index] = item = self._fenced(item)
            else:
                item.written = self._relaxed(item, written, mode)
        elif item.kind == "table":
            self._table(item)
        elif item.children is not None:
            self.all(item.children, mode)
        item.seal()

    def _fenced(self, item: Item) -> Item:
        words = " ".join(atom for atom in item.atoms or () if atom[0] > TOKEN and atom != SPACE)
        made = self.reader.placeholder(item.start, item.end, f"{item.kind}: {words[:40]}".rstrip(": "))
        made.own_end = item.own_end
        return made.seal()

    def _leaf(self, mode: str, item: Item) -> str | None:
        """The Markdown of a leaf; None where none can be found that reads back."""
        runs = item.runs if item.runs is not None else runs_of_atoms(item.atoms or ())
        if mode == "html":
            return self._html(item, runs)
        if len(runs) == 1 and is_plain(runs[0]):
            return runs[0] if mode in ("heading", "pipe") else line_start(runs[0], first=True)
        for tags in (False, True):
            writer = InlineWriter(self.page, mode, tags=tags, emphasised=item.kind == "figure")
            text = writer.write_runs(runs)
            if "~~~" in text and _FENCE.search(text):
                continue
            if item.kind == "figure":
                whole = (OPEN + "em", *(item.atoms or ()), CLOSE + "em")
                if "\n" not in text and _read_back(f"*{text}*") == whole:
                    return text
            elif (not writer.doubtful and not tags) or _reads_as(text, mode) == tuple(item.atoms or ()):
                return text
        return None

    def _html(self, item: Item, runs: Sequence[str]) -> str | None:
        """A leaf on a line of HTML; only an excerpt's words are Markdown there, and can be read amiss."""
        text = InlineWriter(self.page, "html").write(runs)
        return text if not _has_excerpt(runs) or _cell_reads_as(text, item.atoms or []) else None

    def _relaxed(self, item: Item, written: str, mode: str) -> str:
        if "\\" not in written or mode == "html" or item.kind == "figure":
            return written
        return relaxed(written, item.atoms or (), lambda text: _reads_as(text, mode))

    def _table(self, table: Item) -> None:
        rows = table.children or []
        normalise_heads(table)
        pipe = self._may_be_pipe(table)
        for form in ("pipe", "html") if pipe else ("html",):
            for row in rows:
                for cell in row.children or ():
                    self.all(cell.children or [], cell_mode(cell, form))
            if form == "html" or (all(self._fits(row) for row in rows)):
                table.props.pop("form", None)
                table.written = form
                break
        for row in rows:
            for cell in row.children or ():
                cell.seal()
            row.seal()

    def _may_be_pipe(self, table: Item) -> bool:
        rows = table.children or []
        width = len(rows[0].children or ())
        if "header" in table.props and not any(cell.children for cell in rows[0].children or ()):
            return False  # An empty head is how a pipe table says that it has none.
        return all(
            len(row.children or ()) == width
            and all(not cell.props and is_simple(cell) for cell in row.children or ())
            for row in rows
        )

    def _fits(self, row: Item) -> bool:
        simple = all(is_simple(cell) for cell in row.children or ())
        return simple and sum(len(leaf.written) + 3 for leaf in row.walk() if leaf.is_leaf) <= MAX_ROW


def _reads_as(text: str, mode: str) -> tuple[Atom, ...]:
    return _read_back(text.replace("\\|", "|") if mode == "pipe" else text)


def _has_excerpt(runs: Sequence[str]) -> bool:
    return any(run[0] == OPEN and run.startswith(_EXCERPTS) for run in runs)


def _cell_reads_as(text: str, atoms: list[Atom]) -> bool:
    read = html_cell(text)
    return len(read) == 1 and read[0].atoms == atoms


@lru_cache(maxsize=8192)
def _read_back(text: str) -> tuple[Atom, ...]:
    return tuple(read_inline(text))


def forget_leaves() -> None:
    """Forget which texts were read back."""
    _read_back.cache_clear()
